//! `and`, `or`, `not` as functions; the macros of the same names are shorter.

use crate::filter::Filter;

/// Conditions and how they are to be taken together: what functions ask for that make conditions of any model.
///
/// ```
/// use prisma_client_rust::{Operator, or};
///
/// fn any<T, W: From<Operator<W>>>(values: Vec<T>, equals: fn(T) -> W) -> W {
///     prisma_client_rust::operator::or(values.into_iter().map(equals).collect())
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Operator<T> {
    /// Not all of them.
    Not(Vec<T>),
    /// At least one; none of none.
    Or(Vec<T>),
    /// All of them.
    And(Vec<T>),
}

impl<M> From<Operator<Self>> for Filter<M> {
    fn from(operator: Operator<Self>) -> Self {
        match operator {
            Operator::Not(filters) => Self::Not(filters),
            Operator::Or(filters) => Self::Or(filters),
            Operator::And(filters) => Self::And(filters),
        }
    }
}

/// All of the conditions.
pub fn and<T: From<Operator<T>>>(filters: Vec<T>) -> T {
    Operator::And(filters).into()
}

/// At least one of the conditions; none of none.
pub fn or<T: From<Operator<T>>>(filters: Vec<T>) -> T {
    Operator::Or(filters).into()
}

/// Not all of the conditions.
pub fn not<T: From<Operator<T>>>(filters: Vec<T>) -> T {
    Operator::Not(filters).into()
}
