//! The runtime of the typed client that `cargo xtask generate` writes.
//!
//! Generated code is a thin layer of names over this crate: a field is an alias of one of the generics in [`fields`],
//! a query is one of the generics in [`query`], and SQL is planned from a static description of the tables
//! ([`model`]). Nothing here knows a schema; nothing generated knows SQL.
//!
//! ```text
//! let client = PrismaClient::_builder().build().await?;
//! let owners = client
//!     .user()
//!     .find_many(vec![user::memberships::some(vec![user_org::role::equals(OrgRole::Owner)])])
//!     .with(user::memberships::fetch(vec![]))
//!     .order_by(user::email::order(SortOrder::Asc))
//!     .await?;
//! ```

#![deny(missing_docs)]

pub mod aggregate;
pub mod choice;
pub mod enumeration;
pub mod fetch;
pub mod fetched;
pub mod fields;
pub mod filter;
pub mod generated;
#[cfg(feature = "migrations")]
pub mod migrations;
pub mod model;
pub mod operator;
pub mod order;
pub mod query;
pub mod quote;
pub mod read;
pub mod record;
pub mod serialize;
pub mod set;
pub mod value;
pub mod variants;

mod client;
mod columns;
mod error;
mod ids;
mod keyset;
mod lanes;
mod lent;
mod load;
mod lookup;
mod mock;
mod pipeline;
mod plan;
mod prepared;
mod replicas;
mod schema_hash;
mod select;
mod session;
mod telemetry;
mod transaction;
mod wire;

/// What a query gives.
pub type Result<T> = std::result::Result<T, QueryError>;

/// Where prisma-client-rust has its queries.
pub mod queries {
    pub use crate::query::*;
    pub use crate::{QueryError, Result};
}

/// Where prisma-client-rust has the values of raw queries.
pub mod prisma_models {
    pub use crate::PrismaValue;
}

pub use bigdecimal::{self, BigDecimal};
pub use chrono::{self, DateTime, FixedOffset};
pub use serde;
pub use serde_json;

pub use client::{Builder, Client};
pub use error::{NewClientError, PrismaError, QueryError, prisma_errors};
pub use fetch::LoadStrategy;
pub use filter::{QueryMode, nested};
pub use keyset::{Cursor, CursorError, Page};
pub use mock::MockStore;
pub use operator::Operator;
pub use order::{SortOrder, SortOrder as Direction};
pub use query::{
    BatchContainer, BatchItem, BatchItemParent, BatchResult, Data, ModelQuery, ModelTypes,
    OrderByQuery, PaginatedQuery, Query, Raw, RowStream, WhereQuery, WithQuery,
};
pub use read::RelationNotFetchedError;
pub use schema_hash::schema_hash;
pub use transaction::{
    IsolationLevel, RetryingTransaction, TransactionBuilder, TransactionController,
};
pub use value::PrismaValue;
pub use wire::decode::{Cell, FromColumn, ListItem};

/// For generated code: nothing, without the feature `migrations`.
#[cfg(not(feature = "migrations"))]
#[macro_export]
macro_rules! migrations {
    ($($tokens:tt)*) => {};
}

/// SQL with `{}` for each parameter: `raw!("SELECT {}", PrismaValue::Int(1))`.
#[macro_export]
macro_rules! raw {
    ($text:expr $(,)?) => {
        $crate::Raw::new($text, vec![])
    };
    ($text:expr, $($value:expr),+ $(,)?) => {
        $crate::Raw::new($text, vec![$($value),+])
    };
}

/// All of the conditions: `and![a, b]`.
#[macro_export]
macro_rules! and {
    ($($filter:expr),* $(,)?) => {
        $crate::operator::and(vec![$($filter),*])
    };
}

/// At least one of the conditions: `or![a, b]`.
#[macro_export]
macro_rules! or {
    ($($filter:expr),* $(,)?) => {
        $crate::operator::or(vec![$($filter),*])
    };
}

/// Not all of the conditions: `not![a, b]`.
#[macro_export]
macro_rules! not {
    ($($filter:expr),* $(,)?) => {
        $crate::operator::not(vec![$($filter),*])
    };
}
