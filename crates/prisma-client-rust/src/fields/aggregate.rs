//! What can be calculated from a field over many rows, and the number of rows itself.

use std::marker::PhantomData;

use bigdecimal::BigDecimal;
use chrono::{DateTime as Moment, FixedOffset};

use super::presence::Presence;
use super::{
    BigInt, Boolean, Bytes, DateTime, Decimal, Enum, ExactEnum, ExactText, Float, Int, Text,
};
use crate::aggregate::{AggregateOrder, Calculation, Function, GroupKey, Node};
use crate::enumeration::Enumeration;
use crate::filter::{FilterNode, Op, on};
use crate::model::Model;
use crate::order::{OrderNode, SortOrder, by};

/// The number of rows: `post::_count`.
#[derive(Debug)]
pub struct Count<M>(PhantomData<fn() -> M>);

impl<M: Model> Count<M> {
    /// How many rows there are.
    pub fn all() -> Calculation<M, i64> {
        Calculation::new(Node::Rows)
    }

    /// Sorts by the number: of related rows in `user::posts::order(vec![post::_count::order(..)])`, of rows in a group.
    pub fn order(order: SortOrder) -> AggregateOrder<M> {
        AggregateOrder::new(order)
    }
}

/// How many rows a relation of `M` leads to: `user::posts::count(vec![])`.
#[derive(Debug, Clone)]
pub struct RelationCount<M> {
    pub(crate) relation: u16,
    pub(crate) filters: Vec<FilterNode>,
    pub(crate) model: PhantomData<fn() -> M>,
}

macro_rules! compare {
    ($($(#[$doc:meta])* $name:ident $op:ident)+) => {
        impl<M: Model> RelationCount<M> {
            $(
                $(#[$doc])*
                pub fn $name(self, rows: i64) -> M::Where {
                    on::<M>(FilterNode::Count {
                        relation: self.relation,
                        filters: self.filters,
                        op: Op::$op,
                        rows,
                    })
                }
            )+

            /// Sorts by the number of related rows.
            pub fn order(self, order: SortOrder) -> M::Order {
                by::<M>(OrderNode::Count(self.relation, self.filters, order))
            }
        }
    };
}

compare! {
    /// Exactly so many related rows.
    equals Equals
    /// Any other number of related rows.
    not Not
    /// Fewer related rows.
    lt Lt
    /// So many related rows or fewer.
    lte Lte
    /// More related rows.
    gt Gt
    /// So many related rows or more.
    gte Gte
}

/// What every field of one value has.
macro_rules! counted {
    ($name:ident<$($generic:ident: $bound:ident)?>, $value:ty) => {
        impl<M: Model, $($generic: $bound,)? const COLUMN: u16, P: Presence> $name<M, $($generic,)? COLUMN, P> {
            /// How many rows have a value.
            pub fn count() -> Calculation<M, i64> {
                Calculation::new(Node::Of(Function::Count, COLUMN))
            }

            /// How many different values there are.
            pub fn count_distinct() -> Calculation<M, i64> {
                Calculation::new(Node::Of(Function::Distinct, COLUMN))
            }

            /// Groups rows by this field, and gives each group's value.
            pub fn group() -> GroupKey<M, P::Of<$value>> {
                GroupKey::new(COLUMN)
            }
        }
    };
}

/// `min` and `max`: `None` of no rows.
macro_rules! ends {
    ($name:ident<$($generic:ident: $bound:ident)?>, $value:ty) => {
        impl<M: Model, $($generic: $bound,)? const COLUMN: u16, P: Presence> $name<M, $($generic,)? COLUMN, P> {
            /// The least value; `None` where there is none.
            pub fn min() -> Calculation<M, Option<$value>> {
                Calculation::new(Node::Of(Function::Min, COLUMN))
            }

            /// The greatest value; `None` where there is none.
            pub fn max() -> Calculation<M, Option<$value>> {
                Calculation::new(Node::Of(Function::Max, COLUMN))
            }
        }
    };
}

/// `sum` and `avg`: `None` of no rows.
macro_rules! sums {
    ($name:ident, $sum:ty, $avg:ty) => {
        impl<M: Model, const COLUMN: u16, P: Presence> $name<M, COLUMN, P> {
            /// All values together; `None` where there is none.
            pub fn sum() -> Calculation<M, Option<$sum>> {
                Calculation::new(Node::Of(Function::Sum, COLUMN))
            }

            /// The average; `None` where there is no value.
            pub fn avg() -> Calculation<M, Option<$avg>> {
                Calculation::new(Node::Of(Function::Avg, COLUMN))
            }
        }
    };
}

counted! { Text<>, String }
counted! { Int<>, i32 }
counted! { BigInt<>, i64 }
counted! { Float<>, f64 }
counted! { Decimal<>, BigDecimal }
counted! { Boolean<>, bool }
counted! { DateTime<>, Moment<FixedOffset> }
counted! { Bytes<>, Vec<u8> }
counted! { Enum<E: Enumeration>, E }
counted! { ExactText<>, String }
counted! { ExactEnum<E: Enumeration>, E }
ends! { Text<>, String }
ends! { Int<>, i32 }
ends! { BigInt<>, i64 }
ends! { Float<>, f64 }
ends! { Decimal<>, BigDecimal }
ends! { DateTime<>, Moment<FixedOffset> }
ends! { Enum<E: Enumeration>, E }
ends! { ExactText<>, String }
ends! { ExactEnum<E: Enumeration>, E }
sums!(Int, i64, f64);
sums!(BigInt, i64, f64);
sums!(Float, f64, f64);
sums!(Decimal, BigDecimal, BigDecimal);
