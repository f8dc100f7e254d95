//! What goes wrong between us and a server, with Prisma's code.
//!
//! One opaque type: a code, a message for a person and, where the server spoke, the server's own
//! error with its SQLSTATE. A message never holds a password: nothing here is given one.

mod classify;

use std::fmt;
use std::io;

use tokio_postgres::error::DbError;

use crate::ConnectionUrl;

/// What to do where a pooler is in the way.
const DIRECT: &str = "Migrations need a URL that leads to the server itself: `directUrl` beside `url` in the datasource.";

/// A failure to reach, start or use a server.
///
/// `Display` is the message alone; [`Error::code`] says which of Prisma's errors it is.
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    code: &'static str,
    message: String,
    database: Option<DbError>,
    source: Option<io::Error>,
    is_of_connecting: bool,
}

impl Error {
    /// Prisma's code, such as `P1001`; empty where Prisma has none. `P2010` is a statement that the server refused; see [`Error::db`].
    pub fn code(&self) -> &str {
        self.inner.code
    }

    /// What to do next, where there is a command for it.
    pub fn help(&self) -> Option<&'static str> {
        self.is_database_missing().then_some(
            "to make it:\n  cargo xtask db create\n(with --database-url URL, where it is not the project's)",
        )
    }

    /// What the server said: SQLSTATE, detail, hint, position, constraint, table, column.
    pub fn db(&self) -> Option<&DbError> {
        self.inner.database.as_ref()
    }

    /// The user or the password is wrong (P1000).
    pub fn is_authentication(&self) -> bool {
        self.code() == "P1000"
    }

    /// There is no server at that address, or it does not let anyone in (P1001).
    pub fn is_unreachable(&self) -> bool {
        self.code() == "P1001"
    }

    /// The server did not answer in time: at connecting or for a lock (P1002), in a statement
    /// (P1008), or no connection of the pool came free (P2024).
    pub fn is_timeout(&self) -> bool {
        matches!(self.code(), "P1002" | "P1008" | "P2024")
    }

    /// The database does not exist (P1003).
    pub fn is_database_missing(&self) -> bool {
        self.code() == "P1003"
    }

    /// The database exists already (P1009).
    pub fn is_database_existing(&self) -> bool {
        self.code() == "P1009"
    }

    /// The user may not do this (P1010).
    pub fn is_access_denied(&self) -> bool {
        self.code() == "P1010"
    }

    /// The encrypted connection could not be made (P1011).
    pub fn is_tls(&self) -> bool {
        self.code() == "P1011"
    }

    /// The URL cannot be read (P1013).
    pub fn is_invalid_url(&self) -> bool {
        self.code() == "P1013"
    }

    /// It came up before there was a connection, whatever it is.
    pub fn is_of_connecting(&self) -> bool {
        self.inner.is_of_connecting
    }

    /// The connection is gone (P1017).
    pub fn is_closed(&self) -> bool {
        self.code() == "P1017"
    }

    /// The statement was refused by the server: [`Error::db`] says why.
    pub fn is_statement(&self) -> bool {
        self.inner.database.is_some() && self.code() == "P2010"
    }

    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Error {
        Error {
            inner: Box::new(Inner {
                code,
                message: message.into(),
                database: None,
                source: None,
                is_of_connecting: false,
            }),
        }
    }

    /// The project's own server cannot be had; the message says why and what to do.
    pub(crate) fn server(message: impl Into<String>) -> Error {
        Error::new("P1001", message)
    }

    /// An operation on a file or a program failed while the project's own server was handled.
    pub(crate) fn server_io(what: impl fmt::Display, source: io::Error) -> Error {
        let advice = match source.kind() {
            io::ErrorKind::StorageFull => "\n\nThe disk is full: make room and try again.",
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "\n\nThe project's own server keeps its data there. Let this user write there, or set DATABASE_URL to a \
                 server of your own."
            }
            _ => "",
        };
        // No server was asked, so that Prisma's P1001 ("Can't reach database server") would mislead.
        let mut error = Error::new("", format!("{what}: {source}{advice}"));
        error.inner.source = Some(source);
        error
    }

    pub(crate) fn invalid_url(reason: &str) -> Error {
        Error::new(
            "P1013",
            format!(
                "The provided database string is invalid. {reason} in database URL. Please refer to the documentation \
                 in https://www.prisma.io/docs/reference/database-reference/connection-urls for constructing a correct \
                 connection string. In some cases, certain characters must be escaped. Please check the string for any \
                 illegal characters."
            ),
        )
        .of_connecting()
    }

    pub(crate) fn no_schema_behind_a_pooler(url: &ConnectionUrl, found: Option<&str>) -> Error {
        let (wanted, found) = (url.schema(), found.unwrap_or("no schema"));
        Error::new(
            "P1013",
            format!(
                "Behind a pooler in transaction mode (`pgbouncer=true`) no schema can be set for a connection: names \
                 lead to `{found}` there, not to `{wanted}`.\n\n{DIRECT}"
            ),
        )
    }

    pub(crate) fn no_lock_behind_a_pooler() -> Error {
        Error::new(
            "P1013",
            format!(
                "Behind a pooler in transaction mode (`pgbouncer=true`) a lock of one connection would be another's.\n\n\
                 {DIRECT} Or set {}=1 where nothing else runs migrations at the same time.",
                crate::lock::DISABLED_BY
            ),
        )
    }

    pub(crate) fn unreachable(url: &ConnectionUrl) -> Error {
        let at = address(url);
        Error::new(
            "P1001",
            format!(
                "Can't reach database server at {at}\n\nPlease make sure your database server is running at {at}."
            ),
        )
    }

    pub(crate) fn timed_out(url: &ConnectionUrl, context: &str) -> Error {
        let at = address(url);
        Error::new(
            "P1002",
            format!(
                "The database server was reached but timed out.\n\nPlease try again.\n\nPlease make sure your database \
                 server is running at the configured address.\n\nContext: {context}\n\nThe database server is at {at}."
            ),
        )
    }

    pub(crate) fn pool_timed_out(seconds: u64, limit: usize) -> Error {
        Error::new(
            "P2024",
            format!(
                "Timed out fetching a new connection from the connection pool. More info: \
                 http://pris.ly/d/connection-pool (Current connection pool timeout: {seconds}, connection limit: \
                 {limit})"
            ),
        )
    }

    pub(crate) fn database_missing(url: &ConnectionUrl) -> Error {
        let (at, name) = (address(url), url.database());
        Error::new(
            "P1003",
            format!("Database `{name}` does not exist\n\nThe database server is at {at}."),
        )
    }

    pub(crate) fn database_existing(url: &ConnectionUrl) -> Error {
        let (at, name) = (address(url), url.database());
        Error::new(
            "P1009",
            format!(
                "Database `{name}` already exists on the database server\n\nThe database server is at {at}."
            ),
        )
    }

    pub(crate) fn access_denied(url: &ConnectionUrl, reason: &str) -> Error {
        let (user, name) = (shown_user(url), url.database());
        Error::new(
            "P1010",
            format!(
                "User was denied access on the database `{name}`\n\nContext: {reason}\n\nThe user is `{user}`."
            ),
        )
    }

    pub(crate) fn system_database(name: &str) -> Error {
        Error::new(
            "P3004",
            format!(
                "The `{name}` database is a system database, it should not be altered with prisma migrate. Please \
                     connect to another database."
            ),
        )
    }

    pub(crate) fn of_connecting(mut self) -> Error {
        self.inner.is_of_connecting = true;
        self
    }

    /// `self` with the server's error kept, under another code and message.
    pub(crate) fn retold(mut self, code: &'static str, message: String) -> Error {
        self.inner.code = code;
        self.inner.message = message;
        self
    }

    /// `self` with the server's error kept, told in the words of another.
    pub(crate) fn retold_as(self, other: &Error) -> Error {
        self.retold(other.inner.code, other.inner.message.clone())
    }

    /// A failure of the driver while connecting to, or talking to, `url`.
    pub(crate) fn from_driver(error: &tokio_postgres::Error, url: &ConnectionUrl) -> Error {
        classify::classify(error, Some(url))
    }
}

/// A failure of the driver on a connection that stands.
impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Error {
        classify::classify(&error, None)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug.field("code", &self.inner.code).field("message", &self.inner.message);
        if let Some(database) = &self.inner.database {
            debug.field("sqlstate", &database.code().code());
        }
        debug.finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Some(database) = &self.inner.database {
            return Some(database);
        }
        self.inner.source.as_ref().map(|source| source as _)
    }
}

/// `` `host:port` ``, as Prisma writes an address.
fn address(url: &ConnectionUrl) -> String {
    format!("`{}:{}`", url.host(), url.port())
}

fn shown_user(url: &ConnectionUrl) -> &str {
    if url.user().is_empty() { "(not available)" } else { url.user() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_written_is_no_server_out_of_reach() {
        let denied = io::Error::from(io::ErrorKind::PermissionDenied);
        let error = Error::server_io("cannot create `.driveflow`", denied);
        assert_eq!(error.code(), "");
        let text = error.to_string();
        assert!(text.starts_with("cannot create `.driveflow`: permission denied\n"), "{text}");
        assert!(text.contains("DATABASE_URL"), "{text}");
    }

    #[test]
    fn a_missing_database_names_what_makes_it() {
        let help = Error::new("P1003", "").help().unwrap_or_default();
        assert!(help.contains("cargo xtask db create"), "{help}");
        assert_eq!(Error::new("P1001", "").help(), None);
    }
}
