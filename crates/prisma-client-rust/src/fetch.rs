//! Which relations a query loads beside its rows, and which of their rows.

use std::fmt;
use std::marker::PhantomData;

use crate::columns::Columns;
use crate::filter::{FilterNode, key_node, nodes};
use crate::keyset::Keyset;
use crate::model::{Descriptor, Model};
use crate::order::{Order, OrderNode};

/// A relation to load: `WithParam` in generated code, the argument of `.with(..)`.
pub struct With<M> {
    pub(crate) fetch: Fetch,
    model: PhantomData<fn() -> M>,
}

impl<M> With<M> {
    pub(crate) fn new(fetch: Fetch) -> Self {
        Self { fetch, model: PhantomData }
    }
}

/// A relation to load, with the models forgotten.
#[derive(Debug, Clone)]
pub(crate) struct Fetch {
    pub(crate) relation: u16,
    pub(crate) selection: Selection,
}

/// Which rows, in which order, with what beside them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    pub(crate) filters: Vec<FilterNode>,
    pub(crate) orders: Vec<OrderNode>,
    pub(crate) skip: Option<i64>,
    /// Negative: from the end.
    pub(crate) take: Option<i64>,
    pub(crate) cursor: Option<FilterNode>,
    /// The row before the first.
    pub(crate) after: Option<Keyset>,
    /// Whether the conditions name one row by its key.
    pub(crate) unique: bool,
    pub(crate) strategy: Option<LoadStrategy>,
    pub(crate) reading: Reading,
}

/// How relations come to the rows that they are loaded for. What comes is the same.
///
/// Without one, few rows are joined and many are not: 16 are few, and so is one that a unique key names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadStrategy {
    /// Relations to one row in the statement of the row itself: one way to the server, but a row that many refer to comes
    /// many times. Relations to many rows, and those with Bytes, are queries of their own still.
    Join,
    /// Each relation by a query of its own, for all rows at once.
    Query,
}

/// What is read of each row, and what beside it.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    pub(crate) columns: Columns,
    pub(crate) with: Vec<Fetch>,
    /// Relations whose rows are counted; of their selections only the filters matter.
    pub(crate) counts: Vec<Fetch>,
}

impl Reading {
    /// Whether the row itself is all that is read.
    pub(crate) fn is_flat(&self) -> bool {
        self.with.is_empty() && self.counts.is_empty()
    }

    /// The columns to ask for: the chosen ones, and those that relations find their rows by.
    pub(crate) fn columns(&self, model: &'static Descriptor) -> Columns {
        let beside = self.with.iter().chain(&self.counts);
        let keys = beside.flat_map(|fetch| model.relation(fetch.relation).key().iter().copied());
        let columns = self.columns.clone().and(keys);
        // A row of no columns is no row to RETURNING.
        if columns.count(model) == 0 { columns.and([0]) } else { columns }
    }
}

/// Loads many rows of `N` for each `M`.
pub struct FetchMany<M, N> {
    fetch: Fetch,
    models: PhantomData<fn() -> (M, N)>,
}

/// Loads the one row of `N` for each `M`.
pub struct FetchOne<M, N> {
    fetch: Fetch,
    models: PhantomData<fn() -> (M, N)>,
}

impl<M, N: Model> FetchMany<M, N> {
    pub(crate) fn new(relation: u16, filters: Vec<N::Where>) -> Self {
        let selection = Selection { filters: nodes::<N>(filters), ..Selection::default() };
        Self { fetch: Fetch { relation, selection }, models: PhantomData }
    }

    /// Loads a relation of the related rows too.
    #[must_use]
    pub fn with(mut self, with: impl Into<With<N>>) -> Self {
        self.fetch.selection.reading.with.push(with.into().fetch);
        self
    }

    /// Sorts the rows of each parent; a second call sorts those that are equal by the first.
    #[must_use]
    pub fn order_by(mut self, order: N::Order) -> Self {
        self.fetch.selection.orders.push(Into::<Order<N>>::into(order).node);
        self
    }

    /// Leaves out the first rows of each parent.
    #[must_use]
    pub fn skip(mut self, rows: i64) -> Self {
        self.fetch.selection.skip = Some(rows);
        self
    }

    /// At most so many rows of each parent; negative, from the end.
    #[must_use]
    pub fn take(mut self, rows: i64) -> Self {
        self.fetch.selection.take = Some(rows);
        self
    }

    /// Begins with this row.
    #[must_use]
    pub fn cursor(mut self, row: N::Unique) -> Self {
        self.fetch.selection.cursor = Some(key_node(row.into().key));
        self
    }
}

impl<M, N> FetchOne<M, N> {
    pub(crate) fn new(relation: u16) -> Self {
        Self { fetch: Fetch { relation, selection: Selection::default() }, models: PhantomData }
    }

    /// Loads a relation of the related row too.
    #[must_use]
    pub fn with(mut self, with: impl Into<With<N>>) -> Self {
        self.fetch.selection.reading.with.push(with.into().fetch);
        self
    }
}

impl<M, N> From<FetchMany<M, N>> for With<M> {
    fn from(fetch: FetchMany<M, N>) -> Self {
        Self { fetch: fetch.fetch, model: PhantomData }
    }
}

impl<M, N> From<FetchOne<M, N>> for With<M> {
    fn from(fetch: FetchOne<M, N>) -> Self {
        Self { fetch: fetch.fetch, model: PhantomData }
    }
}

// Written out, since derives would ask the model markers for the same traits.
impl<M> Clone for With<M> {
    fn clone(&self) -> Self {
        Self { fetch: self.fetch.clone(), model: PhantomData }
    }
}

impl<M> fmt::Debug for With<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fetch.fmt(f)
    }
}

impl<M, N> fmt::Debug for FetchMany<M, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fetch.fmt(f)
    }
}

impl<M, N> fmt::Debug for FetchOne<M, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fetch.fmt(f)
    }
}
