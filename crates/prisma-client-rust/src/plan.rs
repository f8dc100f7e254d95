//! Queries as SQL: pure, and not generic over the model, so it is compiled once.
//!
//! Every value becomes a parameter; only names from the schema and numbers of our own reach the text. Statements of
//! the same shape have the same text, so that prepared statements are found again.

pub(crate) mod aggregate;
mod arrays;
pub(crate) mod changes;
pub(crate) mod condition;
mod defaults;
pub(crate) mod guards;
pub(crate) mod join;
mod keyset;
pub(crate) mod many;
pub(crate) mod new_rows;
pub(crate) mod order;
pub(crate) mod read;
pub(crate) mod relation;
pub(crate) mod scope;
mod shape;
mod sql;
#[cfg(test)]
mod tests;
pub(crate) mod write;

pub(crate) use arrays::Arrays;
pub(crate) use scope::Scope;
pub(crate) use shape::{Enums, Shape};
pub(crate) use sql::{Alias, Statement};
