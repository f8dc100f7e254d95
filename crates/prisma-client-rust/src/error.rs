//! What a query can fail with, under Prisma's codes.

mod help;
mod kinds;
mod words;

use std::fmt;

use postgres::driver::{DbError, SqlState, tokio_postgres};

pub use kinds::{PrismaError, prisma_errors};

use crate::model::Descriptor;
use crate::read::ReadError;
use crate::wire::encode::OUTSIDE;

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
    fields: Vec<String>,
    row: Option<u64>,
    /// What nobody knows, since the connection was lost.
    doubt: Option<&'static str>,
    database: Option<DbError>,
}

const CONFLICT: &str =
    "Transaction failed due to a write conflict or a deadlock. Please retry your transaction";

impl QueryError {
    /// Prisma's code, such as `P2002`.
    pub fn code(&self) -> &'static str {
        self.inner.code
    }

    /// Whether this is the error that `T` names, from [`prisma_errors`].
    pub fn is_prisma_error<T: PrismaError>(&self) -> bool {
        self.inner.code == T::CODE
    }

    /// The constraint or unique index that was violated, by its name in the database.
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
        let inner = Inner {
            code,
            message: message.into(),
            model: None,
            constraint: None,
            fields: Vec::new(),
            row: None,
            doubt: None,
            database: None,
        };
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

    /// A value that cannot be sent (P2019), or that its type has no room for (P2020).
    pub(crate) fn unsendable(details: &str) -> Self {
        if details.contains(OUTSIDE) {
            return Self::new("P2020", format!("Value out of range for the type. {details}"));
        }
        Self::new("P2019", format!("Input error. {details}"))
    }

    /// The transaction lost against another one (P2034).
    pub(crate) fn conflict() -> Self {
        Self::new("P2034", CONFLICT)
    }

    /// The fields that it is about.
    pub(crate) fn on(mut self, fields: &[&str]) -> Self {
        self.inner.fields = fields.iter().map(|field| (*field).to_owned()).collect();
        self
    }

    /// The model that the query was about. With its description the database's names become those of the schema.
    pub(crate) fn of(mut self, place: impl Place) -> Self {
        if self.inner.model.is_none() {
            self.inner.model = Some(place.name());
            if let Some(model) = place.descriptor() {
                self.translate(model);
            }
        }
        self
    }

    /// Which of many new rows was refused, counted from 0, where that is known: of `copy_in`, and of `create_many` where a
    /// value cannot be sent.
    pub fn row(&self) -> Option<u64> {
        self.inner.row
    }

    /// The fields that a constraint is on, or that a tenant's client could not write, by their names in the schema; columns of the database where the schema has
    /// no field for them.
    pub fn fields(&self) -> &[String] {
        &self.inner.fields
    }

    /// Whether the same transaction may succeed when it is run again: another one was in the way.
    pub fn is_retryable(&self) -> bool {
        self.inner.code == "P2034"
    }

    /// There was no connection to send anything on.
    pub(crate) fn is_unreachable(&self) -> bool {
        matches!(self.inner.code, "P1001" | "P1002")
    }

    /// The connection was lost.
    pub(crate) fn is_lost(&self) -> bool {
        self.inner.code == "P1017"
    }

    /// The connection was lost without a word about what was sent on it: most likely it was dead before.
    ///
    /// Where the server itself says that it ends what runs, somebody wants it ended.
    pub(crate) fn is_cut_off(&self) -> bool {
        let said = self.inner.database.as_ref().map(DbError::code);
        self.is_lost() && said.is_none_or(|code| *code == SqlState::IDLE_SESSION_TIMEOUT)
    }

    /// Says what is not known where the connection was lost.
    pub(crate) fn in_doubt(mut self, doubt: &'static str) -> Self {
        if self.is_lost() {
            self.inner.doubt = Some(doubt);
        }
        self
    }

    pub(crate) fn is_unique_violation(&self) -> bool {
        self.inner.code == "P2002"
    }

    fn from_database(database: DbError) -> Self {
        let (code, message, fields) = words::describe(&database);
        let inner = Inner {
            code,
            message,
            model: None,
            constraint: database.constraint().map(str::to_owned),
            fields,
            row: None,
            doubt: None,
            database: Some(database),
        };
        Self { inner: Box::new(inner) }
    }

    /// Says the same by the names of the schema, where the columns are the model's own.
    fn translate(&mut self, model: &'static Descriptor) {
        let Some(database) = &self.inner.database else { return };
        if !words::is_about(database, model) {
            return;
        }
        for name in &mut self.inner.fields {
            if let Some(column) = model.columns.iter().find(|column| column.name == name) {
                column.field.clone_into(name);
            }
        }
        self.inner.message = words::message(database, &self.inner.fields);
        if let Some(row) = self.inner.row.take() {
            self.name_row(row);
        }
    }

    /// Names the row of many that was refused, counted from 0.
    pub(crate) fn in_row(mut self, row: u64) -> Self {
        if self.inner.row.is_none() {
            self.name_row(row);
        }
        self
    }

    fn name_row(&mut self, row: u64) {
        self.inner.row = Some(row);
        let message = &mut self.inner.message;
        message.push_str(" (row ");
        message.push_str(&row.to_string());
        message.push(')');
    }
}

/// What an error is about: a model, or only its name.
pub(crate) trait Place: Copy {
    fn name(self) -> &'static str;
    fn descriptor(self) -> Option<&'static Descriptor>;
}

impl Place for &'static str {
    fn name(self) -> &'static str {
        self
    }

    fn descriptor(self) -> Option<&'static Descriptor> {
        None
    }
}

impl Place for &'static Descriptor {
    fn name(self) -> &'static str {
        self.name
    }

    fn descriptor(self) -> Option<&'static Descriptor> {
        Some(self)
    }
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
        let said = error.to_string();
        if let Some(place) = said.strip_prefix("error serializing parameter ") {
            // A parameter for no field, as of a raw query, is known by its place.
            return match place.parse::<usize>() {
                Ok(place) if !reason.starts_with('`') => {
                    Self::unsendable(&format!("Parameter {}: {reason}", place + 1))
                }
                _ => Self::unsendable(&reason),
            };
        }
        if said == "error encoding message to server" {
            // Too long for the protocol, or a text with a NUL in it: nothing was sent.
            return Self::unsendable(&format!("The statement cannot be sent: {reason}"));
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
        Self::new("P2023", error.to_string()).of(error.model())
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)?;
        match self.inner.doubt {
            Some(doubt) => write!(f, "\n\n{doubt}"),
            None => Ok(()),
        }
    }
}

/// What `fn main() -> Result` and `unwrap` show: the code, what happened, what it is about, what to do next.
impl fmt::Debug for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self}", self.inner.code)?;
        if let Some(model) = self.inner.model {
            write!(f, "\nmodel: {model}")?;
        }
        if let Some(constraint) = &self.inner.constraint {
            write!(f, "\nconstraint: {constraint}")?;
        }
        if !self.inner.fields.is_empty() {
            write!(f, "\nfields: {}", self.inner.fields.join(", "))?;
        }
        help::write(f, self.help())
    }
}

impl std::error::Error for QueryError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.database.as_ref().map(|database| database as _)
    }
}

/// The client could not be made: the URL is wrong or the server cannot be reached.
pub struct NewClientError {
    reason: NewClientReason,
}

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

impl fmt::Debug for NewClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code() {
            "" => write!(f, "{self}")?,
            code => write!(f, "{code}: {self}")?,
        }
        help::write(f, self.help())
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
