//! From the driver's errors to ours: which of Prisma's codes a failure is.
//!
//! The driver tells its kinds of failure apart only in its text, so its fixed texts are compared
//! here, and the tests bring about each of them with the real driver.

use std::error::Error as _;
use std::fmt::Write as _;
use std::io;

use tokio_postgres::error::{DbError, SqlState};

use super::{Error, address, shown_user};
use crate::ConnectionUrl;

pub(super) fn classify(error: &tokio_postgres::Error, url: Option<&ConnectionUrl>) -> Error {
    if let Some(database) = error.as_db_error() {
        return from_server(database, url);
    }
    if error.is_closed() {
        return closed();
    }
    let text = error.to_string();
    let reason = error.source().map_or_else(String::new, ToString::to_string);
    match url {
        Some(url) if text.starts_with("invalid configuration") && reason.contains("password") => {
            authentication(url)
        }
        Some(url) if text.starts_with("authentication error") => authentication(url),
        _ if text.starts_with("error performing TLS handshake") => {
            Error::new("P1011", format!("Error opening a TLS connection: {reason}"))
        }
        Some(url)
            if text.starts_with("error connecting to server")
                || text.starts_with("timeout waiting") =>
        {
            let mut unreachable = Error::unreachable(url);
            if !reason.is_empty() {
                let _ = write!(unreachable.inner.message, "\n\nContext: {reason}");
            }
            unreachable
        }
        _ if error.source().is_some_and(is_broken_connection) => closed(),
        _ if reason.is_empty() => Error::new("P2010", text),
        _ => Error::new("P2010", format!("{text}: {reason}")),
    }
}

fn from_server(database: &DbError, url: Option<&ConnectionUrl>) -> Error {
    let (code, message) = told_anywhere(database)
        .or_else(|| told_of_connecting(database, url?))
        .unwrap_or_else(|| ("P2010", statement(database)));
    let mut error = Error::new(code, message);
    error.inner.database = Some(database.clone());
    error
}

/// The server's errors that Prisma has a text of its own for, whatever was being done.
fn told_anywhere(database: &DbError) -> Option<(&'static str, String)> {
    let (state, words) = (database.code(), database.message());
    let gone = [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN, SqlState::IDLE_SESSION_TIMEOUT];
    if gone.contains(state) {
        Some(("P1017", format!("Server has closed the connection.\n\nContext: {words}")))
    } else if *state == SqlState::QUERY_CANCELED && words.contains("timeout") {
        Some((
            "P1008",
            format!(
                "Operations timed out after the time the server was given.\n\nContext: {words}"
            ),
        ))
    } else if *state == SqlState::TOO_MANY_CONNECTIONS {
        Some(("P2037", format!("Too many database connections opened: {words}")))
    } else {
        None
    }
}

/// Those that mean this only while connecting: in a statement they may be about anything.
fn told_of_connecting(database: &DbError, url: &ConnectionUrl) -> Option<(&'static str, String)> {
    let (state, words) = (database.code(), database.message());
    let error = if *state == SqlState::INVALID_PASSWORD {
        authentication(url)
    } else if *state == SqlState::INVALID_AUTHORIZATION_SPECIFICATION
        || *state == SqlState::INSUFFICIENT_PRIVILEGE
    {
        Error::access_denied(url, words)
    } else if *state == SqlState::INVALID_CATALOG_NAME {
        Error::database_missing(url)
    } else if *state == SqlState::DUPLICATE_DATABASE {
        Error::database_existing(url)
    } else if *state == SqlState::CANNOT_CONNECT_NOW {
        let at = address(url);
        Error::new("P1001", format!("Can't reach database server at {at}\n\nContext: {words}"))
    } else {
        return None;
    };
    Some((error.inner.code, error.inner.message))
}

fn authentication(url: &ConnectionUrl) -> Error {
    let (at, user) = (address(url), shown_user(url));
    Error::new(
        "P1000",
        format!(
            "Authentication failed against database server, the provided database credentials for `{user}` are not \
             valid.\n\nPlease make sure to provide valid database credentials for the database server at the \
             configured address.\n\nThe database server is at {at}."
        ),
    )
}

/// The server's own words, as `psql` would lay them out.
fn statement(database: &DbError) -> String {
    let mut text = format!("{}: {}", database.severity(), database.message());
    for (label, part) in [("DETAIL", database.detail()), ("HINT", database.hint())] {
        if let Some(part) = part {
            let _ = write!(text, "\n{label}: {part}");
        }
    }
    text
}

fn closed() -> Error {
    Error::new("P1017", "Server has closed the connection.")
}

fn is_broken_connection(source: &(dyn std::error::Error + 'static)) -> bool {
    source.downcast_ref::<io::Error>().is_some_and(|source| {
        matches!(
            source.kind(),
            io::ErrorKind::ConnectionReset
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::UnexpectedEof
                | io::ErrorKind::ConnectionAborted
        )
    })
}
