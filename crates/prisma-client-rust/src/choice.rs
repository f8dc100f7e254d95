//! What `select!` and `include!` make: which part of a row is read, with the type that holds it.
//!
//! The macros are in `select.rs`; here is what they expand to. A field is named by its type alone (`post::title`), so
//! no macro compares names: what may be selected, and what it becomes, is a question of traits.

use std::fmt;
use std::marker::PhantomData;

use crate::columns::Columns;
use crate::fetch::{Fetch, Reading, Selection, With};
use crate::fields::{Named, Related};
use crate::filter::nodes;
use crate::model::Model;
use crate::record::{Item, Place};

/// A part of the rows of `M`, read as `D`: the argument of `.select(..)` and `.include(..)`.
pub struct Choice<M, D> {
    pub(crate) reading: Reading,
    types: PhantomData<fn() -> (M, D)>,
}

impl<M: Model, D> Choice<M, D> {
    /// These parts, and of the columns no others.
    pub fn select(parts: Vec<Part>) -> Self {
        Self::new(Columns::only([]), parts)
    }

    /// Every column and these parts.
    pub fn include(parts: Vec<Part>) -> Self {
        Self::new(Columns::All, parts)
    }

    fn new(columns: Columns, parts: Vec<Part>) -> Self {
        let mut reading = Reading { columns, ..Reading::default() };
        let mut chosen = Vec::new();
        for part in parts {
            match part.0 {
                Kind::Column(column) => chosen.push(column),
                Kind::Relation(fetch) => reading.with.push(*fetch),
                Kind::Counts(fetches) => reading.counts.extend(fetches),
            }
        }
        reading.columns = reading.columns.and(chosen);
        Self { reading, types: PhantomData }
    }
}

/// One field of a selection, with the model forgotten.
#[derive(Debug, Clone)]
pub struct Part(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Column(u16),
    Relation(Box<Fetch>),
    Counts(Vec<Fetch>),
}

impl Part {
    pub(crate) fn of(place: Place) -> Self {
        let fetch = |relation| Fetch { relation, selection: Selection::default() };
        Self(match place {
            Place::Column(column) => Kind::Column(column),
            Place::Relation(relation) => Kind::Relation(Box::new(fetch(relation))),
            Place::Count(relation) => Kind::Counts(vec![fetch(relation)]),
            Place::Row => Kind::Counts(Vec::new()),
        })
    }

    /// A relation with conditions, an order, a page: what `fetch` and the methods after it made.
    pub fn fetch<M>(with: impl Into<With<M>>) -> Self {
        Self(Kind::Relation(Box::new(with.into().fetch)))
    }

    /// A relation of whose rows a part is read.
    pub fn nested<F: Related>(
        with: impl Into<With<F::Model>>,
        choice: Choice<F::Target, ()>,
    ) -> Self {
        let mut fetch = with.into().fetch;
        fetch.selection.reading = choice.reading;
        Self(Kind::Relation(Box::new(fetch)))
    }

    /// Numbers of related rows.
    pub fn counts<M>(counts: Vec<Counting<M>>) -> Self {
        Self(Kind::Counts(counts.into_iter().map(|counting| counting.fetch).collect()))
    }
}

/// The whole of a relation, as [`Part::nested`] takes it.
pub fn whole<F: Related>() -> With<F::Model> {
    With::new(Fetch { relation: F::RELATION, selection: Selection::default() })
}

/// One number of a `_count`.
pub struct Counting<M> {
    fetch: Fetch,
    model: PhantomData<fn() -> M>,
}

/// Counts the related rows that meet all the conditions.
pub fn counting<F: Related>(filters: Vec<<F::Target as Model>::Where>) -> Counting<F::Model> {
    let selection = Selection { filters: nodes::<F::Target>(filters), ..Selection::default() };
    Counting { fetch: Fetch { relation: F::RELATION, selection }, model: PhantomData }
}

/// The field of a relation whose rows are read as `D`.
#[derive(Debug)]
pub struct Nested<F, D>(PhantomData<fn() -> (F, D)>);

/// The field of a relation whose rows are counted.
#[derive(Debug)]
pub struct Counted<F>(PhantomData<fn() -> F>);

/// The field `_count`, whose numbers are read as `D`.
#[derive(Debug)]
pub struct Counts<D>(PhantomData<fn() -> D>);

impl<F: Related, D: Item> Named for Nested<F, D> {
    type Value = F::Of<D>;
    const NAME: &'static str = F::NAME;
    const PLACE: Place = F::PLACE;
}

impl<F: Related> Named for Counted<F> {
    type Value = i64;
    const NAME: &'static str = F::NAME;
    const PLACE: Place = Place::Count(F::RELATION);
}

impl<D: Item> Named for Counts<D> {
    type Value = D;
    const NAME: &'static str = "_count";
    const PLACE: Place = Place::Row;
}

// Written out, since derives would ask the type parameters for the same traits.
impl<M, D> Clone for Choice<M, D> {
    fn clone(&self) -> Self {
        Self { reading: self.reading.clone(), types: PhantomData }
    }
}

impl<M, D> fmt::Debug for Choice<M, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reading.fmt(f)
    }
}

impl<M> fmt::Debug for Counting<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fetch.fmt(f)
    }
}
