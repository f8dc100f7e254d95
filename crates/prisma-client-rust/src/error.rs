//! What a query can fail with, under Prisma's codes.

mod kinds;

use std::fmt;

use postgres::driver::{DbError, SqlState, tokio_postgres};

pub use kinds::{PrismaError, prisma_errors};

use crate::read::ReadError;

/// A query that failed. `Display` is the message alone.
///
/// ```no_run
/// # use prisma_client_rust::{QueryError, prisma_errors::query_engine::UniqueKeyViolation};
/// fn is_taken(error: &QueryError) -> bool {
///     error.is_prisma_error::<UniqueKeyViolation>() && error.constraint() == Some("User_email_key")
/// }
/// ```
pub struct QueryError {
    inner: Box<Inner>,
}

struct Inner {
    code: &'static str,
    message: String,
    model: Option<&'static str>,
    constraint: Option<String>,
    database: Option<DbError>,
}

impl QueryError {
    /// Prisma's code, such as `P2002`.
    pub fn code(&self) -> &'static str {
        self.inner.code
    }

    /// Whether this is the error that `T` names, from [`prisma_errors`].
    pub fn is_prisma_error<T: PrismaError>(&self) -> bool {
        self.inner.code == T::CODE
    }

    /// The constraint or unique index that was violated.
    pub fn constraint(&self) -> Option<&str> {
        self.inner.constraint.as_deref()
    }

    /// The model that the query was about.
    pub fn model(&self) -> Option<&'static str> {
        self.inner.model
    }

    /// What the server said.
    pub fn db(&self) -> Option<&DbError> {
        self.inner.database.as_ref()
    }

    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        let inner =
            Inner { code, message: message.into(), model: None, constraint: None, database: None };
        Self { inner: Box::new(inner) }
    }

    /// A row that the query needs is not there (P2025).
    pub(crate) fn not_found(cause: &str) -> Self {
        Self::new(
            "P2025",
            format!(
                "An operation failed because it depends on one or more records that were required but not found. \
                 {cause}"
            ),
        )
    }

    /// The transaction cannot go on (P2028).
    pub(crate) fn transaction(reason: &str) -> Self {
        Self::new("P2028", format!("Transaction API error: {reason}"))
    }

    pub(crate) fn of(mut self, model: &'static str) -> Self {
        self.inner.model.get_or_insert(model);
        self
    }

    /// Whether the same transaction may succeed when it is run again: another one was in the way.
    pub fn is_retryable(&self) -> bool {
        self.inner.code == "P2034"
    }

    pub(crate) fn is_unique_violation(&self) -> bool {
        self.inner.code == "P2002"
    }

    fn from_database(database: DbError) -> Self {
        let column = || database.column().unwrap_or("(not available)").to_owned();
        let constraint = database.constraint().map(str::to_owned);
        let named = constraint.as_deref().unwrap_or("(not available)");
        let (code, message) = match *database.code() {
            SqlState::UNIQUE_VIOLATION => {
                let on = key_fields(database.detail().unwrap_or_default())
                    .map_or_else(|| format!("constraint: `{named}`"), |fields| format!("fields: ({fields})"));
                ("P2002", format!("Unique constraint failed on the {on}"))
            }
            SqlState::FOREIGN_KEY_VIOLATION | SqlState::RESTRICT_VIOLATION => {
                ("P2003", format!("Foreign key constraint violated on the constraint: `{named}`"))
            }
            SqlState::CHECK_VIOLATION | SqlState::EXCLUSION_VIOLATION => {
                ("P2004", format!("A constraint failed on the database: `{named}`"))
            }
            SqlState::NOT_NULL_VIOLATION => {
                ("P2011", format!("Null constraint violation on the fields: (`{}`)", column()))
            }
            SqlState::STRING_DATA_RIGHT_TRUNCATION => {
                ("P2000", format!("The provided value for the column is too long for the column's type. Column: {}", column()))
            }
            SqlState::NUMERIC_VALUE_OUT_OF_RANGE => {
                ("P2020", format!("Value out of range for the type: {}", database.message()))
            }
            SqlState::UNDEFINED_TABLE => {
                ("P2021", format!("The table does not exist in the current database: {}", database.message()))
            }
            SqlState::UNDEFINED_COLUMN => {
                ("P2022", format!("The column does not exist in the current database: {}", database.message()))
            }
            SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => (
                "P2034",
                "Transaction failed due to a write conflict or a deadlock. Please retry your transaction".to_owned(),
            ),
            ref other => ("P2010", format!("Raw query failed. Code: `{}`. Message: `{}`", other.code(), database.message())),
        };
        let inner = Inner { code, message, model: None, constraint, database: Some(database) };
        Self { inner: Box::new(inner) }
    }
}

/// The columns of `Key (a, b)=(…) already exists.`; what follows them are values, which are not shown.
fn key_fields(detail: &str) -> Option<String> {
    let columns = detail.strip_prefix("Key (")?.split_once(")=")?.0;
    let quoted: Vec<String> =
        columns.split(", ").map(|column| format!("`{}`", column.trim_matches('"'))).collect();
    Some(quoted.join(","))
}

impl From<tokio_postgres::Error> for QueryError {
    fn from(error: tokio_postgres::Error) -> Self {
        if let Some(database) = error.as_db_error() {
            return Self::from_database(database.clone());
        }
        if error.is_closed() {
            return Self::new("P1017", "Server has closed the connection.");
        }
        // The driver's own words say only where; the reason is beneath.
        let reason = std::error::Error::source(&error)
            .map_or_else(|| error.to_string(), ToString::to_string);
        if error.to_string().starts_with("error serializing parameter") {
            return Self::new("P2019", format!("Input error. {reason}"));
        }
        Self::new("P1017", format!("Server has closed the connection. {reason}"))
    }
}

impl From<postgres::Error> for QueryError {
    fn from(error: postgres::Error) -> Self {
        match error.db() {
            Some(database) if error.is_statement() => Self::from_database(database.clone()),
            _ => Self::new(kinds::known(error.code()), error.to_string()),
        }
    }
}

impl From<ReadError> for QueryError {
    fn from(error: ReadError) -> Self {
        let new = Self::new("P2023", error.to_string());
        match error.model() {
            Some(model) => new.of(model),
            None => new,
        }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)
    }
}

impl fmt::Debug for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("QueryError");
        debug.field("code", &self.inner.code).field("message", &self.inner.message);
        if let Some(model) = self.inner.model {
            debug.field("model", &model);
        }
        if let Some(constraint) = &self.inner.constraint {
            debug.field("constraint", constraint);
        }
        debug.finish()
    }
}

impl std::error::Error for QueryError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.database.as_ref().map(|database| database as _)
    }
}

/// The client could not be made: the URL is wrong or the server cannot be reached.
#[derive(Debug)]
pub struct NewClientError {
    reason: NewClientReason,
}

#[derive(Debug)]
enum NewClientReason {
    NoUrl { variable: &'static str },
    Connection(postgres::Error),
}

impl NewClientError {
    /// Prisma's code, such as `P1001`.
    pub fn code(&self) -> &str {
        match &self.reason {
            NewClientReason::NoUrl { .. } => "P1012",
            NewClientReason::Connection(error) => error.code(),
        }
    }

    pub(crate) fn no_url(variable: &'static str) -> Self {
        Self { reason: NewClientReason::NoUrl { variable } }
    }
}

impl From<postgres::Error> for NewClientError {
    fn from(error: postgres::Error) -> Self {
        Self { reason: NewClientReason::Connection(error) }
    }
}

impl fmt::Display for NewClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            NewClientReason::NoUrl { variable } => {
                write!(
                    f,
                    "Environment variable not found: {variable}.\n\nSet it, or name the database with `with_url`: a \
                     client takes no URL from the schema itself."
                )
            }
            NewClientReason::Connection(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for NewClientError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.reason {
            NewClientReason::NoUrl { .. } => None,
            NewClientReason::Connection(error) => std::error::Error::source(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_a_key_are_told_and_values_are_not() {
        assert_eq!(key_fields("Key (email)=(a)=(b) already exists.").as_deref(), Some("`email`"));
        let detail = "Key (\"userId\", \"orgId\", role)=(u, o, owner) already exists.";
        assert_eq!(key_fields(detail).as_deref(), Some("`userId`,`orgId`,`role`"));
        assert_eq!(key_fields("something else"), None);
    }
}
