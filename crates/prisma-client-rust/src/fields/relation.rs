//! Fields that lead to other models.

use std::marker::PhantomData;

use super::RelationCount;
use crate::aggregate::AggregateOrder;
use crate::fetch::{FetchMany, FetchOne};
use crate::filter::{FilterNode, Quantifier, UniqueFilter, nodes, on};
use crate::model::Model;
use crate::order::{OrderNode, by, order_nodes};
use crate::set::{Insert, NewRow, RelationOp, SetNode, to};

/// Any number of `N`.
#[derive(Debug)]
pub struct Many<M, N, const RELATION: u16>(PhantomData<fn() -> (M, N)>);

/// Exactly one `N`.
#[derive(Debug)]
pub struct One<M, N, const RELATION: u16>(PhantomData<fn() -> (M, N)>);

/// One `N` or none.
#[derive(Debug)]
pub struct OptionalOne<M, N, const RELATION: u16>(PhantomData<fn() -> (M, N)>);

impl<M: Model, N: Model, const RELATION: u16> Many<M, N, RELATION> {
    /// At least one related row meets all the conditions.
    pub fn some(filters: Vec<N::Where>) -> M::Where {
        related::<M, N>(RELATION, Quantifier::Some, filters)
    }

    /// Every related row meets all the conditions; also where there is none.
    pub fn every(filters: Vec<N::Where>) -> M::Where {
        related::<M, N>(RELATION, Quantifier::Every, filters)
    }

    /// No related row meets all the conditions.
    pub fn none(filters: Vec<N::Where>) -> M::Where {
        related::<M, N>(RELATION, Quantifier::None, filters)
    }

    /// Loads the related rows that meet all the conditions.
    pub fn fetch(filters: Vec<N::Where>) -> FetchMany<M, N> {
        FetchMany::new(RELATION, filters)
    }

    /// Sorts by the number of related rows: `user::posts::order(vec![post::_count::order(SortOrder::Desc)])`.
    pub fn order(orders: Vec<AggregateOrder<N>>) -> M::Order {
        let orders = orders.into_iter().map(|by| OrderNode::Count(RELATION, Vec::new(), by.order));
        // The number is all there is to sort by, so that a second criterion finds nothing to decide.
        by::<M>(orders.into_iter().next().unwrap_or(OrderNode::Relation(RELATION, Vec::new())))
    }

    /// How many related rows meet all the conditions, to compare with a number or to sort by.
    pub fn count(filters: Vec<N::Where>) -> RelationCount<M> {
        RelationCount { relation: RELATION, filters: nodes::<N>(filters), model: PhantomData }
    }

    /// Relates these rows too.
    pub fn connect(rows: Vec<N::Unique>) -> M::Set {
        change::<M, N>(RELATION, RelationOp::Connect, rows)
    }

    /// Makes rows and relates them: each a generated `create(..)`, which may have rows of its own among its parameters.
    ///
    /// Where a row needs the one that it is created in, [`nested`](crate::nested) stands for it.
    pub fn create<I: Into<Insert<N>>>(rows: Vec<I>) -> M::Set {
        make::<M, N>(RELATION, rows.into_iter().map(|row| (None, row.into())))
    }

    /// Relates this row, or makes it where it is not there.
    pub fn connect_or_create(row: N::Unique, create: impl Into<Insert<N>>) -> M::Set {
        make::<M, N>(RELATION, [(Some(row.into()), create.into())])
    }

    /// Relates these rows no longer.
    pub fn disconnect(rows: Vec<N::Unique>) -> M::Set {
        change::<M, N>(RELATION, RelationOp::Disconnect, rows)
    }

    /// Relates these rows and no others.
    pub fn set(rows: Vec<N::Unique>) -> M::Set {
        change::<M, N>(RELATION, RelationOp::Set, rows)
    }
}

/// What fields to one row have, whether it must be there or not.
macro_rules! to_one {
    ($name:ident) => {
        impl<M: Model, N: Model, const RELATION: u16> $name<M, N, RELATION> {
            /// There is a related row and it meets all the conditions.
            pub fn is(filters: Vec<N::Where>) -> M::Where {
                related::<M, N>(RELATION, Quantifier::Some, filters)
            }

            /// There is no related row that meets all the conditions.
            pub fn is_not(filters: Vec<N::Where>) -> M::Where {
                related::<M, N>(RELATION, Quantifier::None, filters)
            }

            /// Loads the related row.
            pub fn fetch() -> FetchOne<M, N> {
                FetchOne::new(RELATION)
            }

            /// Sorts by fields of the related row.
            pub fn order(orders: Vec<N::Order>) -> M::Order {
                by::<M>(OrderNode::Relation(RELATION, order_nodes::<N>(orders)))
            }

            /// Relates this row.
            pub fn connect(row: N::Unique) -> M::Set {
                change::<M, N>(RELATION, RelationOp::Connect, vec![row])
            }

            /// Makes a row and relates it: a generated `create(..)`, which may have rows of its own among its parameters.
            pub fn create(row: impl Into<Insert<N>>) -> M::Set {
                make::<M, N>(RELATION, [(None, row.into())])
            }

            /// Relates this row, or makes it where it is not there.
            pub fn connect_or_create(row: N::Unique, create: impl Into<Insert<N>>) -> M::Set {
                make::<M, N>(RELATION, [(Some(row.into()), create.into())])
            }
        }
    };
}

to_one!(One);
to_one!(OptionalOne);

impl<M: Model, N: Model, const RELATION: u16> OptionalOne<M, N, RELATION> {
    /// There is no related row.
    pub fn is_null() -> M::Where {
        related::<M, N>(RELATION, Quantifier::None, Vec::new())
    }

    /// Relates no row.
    pub fn disconnect() -> M::Set {
        change::<M, N>(RELATION, RelationOp::Disconnect, Vec::<N::Unique>::new())
    }
}

fn related<M: Model, N: Model>(
    relation: u16,
    quantifier: Quantifier,
    filters: Vec<N::Where>,
) -> M::Where {
    on::<M>(FilterNode::Relation { relation, quantifier, filters: nodes::<N>(filters) })
}

fn change<M: Model, N: Model>(relation: u16, op: RelationOp, rows: Vec<N::Unique>) -> M::Set {
    // A loop, as in `set_nodes`.
    let mut keys = Vec::with_capacity(rows.len());
    for row in rows {
        keys.push(Into::<UniqueFilter<N>>::into(row).key);
    }
    to::<M>(SetNode::Relation { relation, op, keys })
}

fn make<M: Model, N: Model>(
    relation: u16,
    rows: impl IntoIterator<Item = (Option<UniqueFilter<N>>, Insert<N>)>,
) -> M::Set {
    let rows = rows
        .into_iter()
        .map(|(instead, row)| NewRow {
            instead: instead.map(|row| row.key),
            nodes: row.into_nodes(),
        })
        .collect();
    to::<M>(SetNode::Nested { relation, rows })
}
