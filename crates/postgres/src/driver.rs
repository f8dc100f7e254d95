//! The driver's types, for crates that build queries and decode rows.
//!
//! Everything that names `tokio_postgres`, `postgres_types` or `deadpool` goes through
//! here, so that changing the driver is a change of this crate.

pub use postgres_types::{self, FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};
pub use tokio_postgres::error::{DbError, ErrorPosition, SqlState};
pub use tokio_postgres::{
    self, Client, GenericClient, IsolationLevel, Row, SimpleQueryMessage, Statement, ToStatement,
    Transaction, types::BorrowToSql,
};
