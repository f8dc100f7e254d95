//! Databases as a whole: making, dropping, looking for one.
//!
//! Each works through the server's `postgres` database (or `template1` where there is none), with
//! the account of the given URL, and acts on the database that the URL names.

use std::fmt;

use pg_schema::quote::ident;
use tokio_postgres::error::SqlState;

use crate::{Connection, ConnectionUrl, Error, connect};

/// Databases that belong to the server.
const SYSTEM: [&str; 3] = ["postgres", "template0", "template1"];

/// Creates the database that `url` names.
///
/// Fails with P3004 for a system database, P1009 where it exists, P1010 without the right to.
pub async fn create_database(url: &ConnectionUrl) -> Result<(), Error> {
    refuse_system(url)?;
    let admin = connect_admin(url).await?;
    let created = create_database_over(&admin, url).await;
    admin.close().await;
    created
}

/// As [`create_database`], over a connection that is there.
pub async fn create_database_over(admin: &Connection, url: &ConnectionUrl) -> Result<(), Error> {
    refuse_system(url)?;
    let created = admin.batch_execute(&format!("CREATE DATABASE {}", ident(url.database()))).await;
    created.map_err(|error| told(error, url, "P3000", "Failed to create database"))
}

/// Drops the database that `url` names, and with it whoever is connected.
///
/// Fails with P3004 for a system database, P1003 where it does not exist, P1010 without the right to.
pub async fn drop_database(url: &ConnectionUrl) -> Result<(), Error> {
    drop(url, " WITH (FORCE)").await
}

/// As [`drop_database`], but fails where anybody is connected.
pub async fn drop_unused_database(url: &ConnectionUrl) -> Result<(), Error> {
    drop(url, "").await
}

/// Who is connected to the database that `url` names, as far as this user may know.
///
/// Fails with P1003 where it does not exist.
pub async fn sessions(url: &ConnectionUrl) -> Result<Vec<Session>, Error> {
    let admin = connect_admin(url).await?;
    let rows = admin.query(include_str!("database/sessions.sql"), &[&url.database()]).await;
    admin.close().await;
    let rows = rows?;
    if rows.is_empty() {
        return Err(Error::database_missing(url));
    }
    // The database itself is a row without a session.
    let sessions = rows.iter().filter_map(|row| {
        Some(Session {
            process: row.get::<_, Option<i32>>(0)?,
            user: row.get(1),
            program: row.get(2),
            address: row.get(3),
            state: row.get(4),
        })
    });
    Ok(sessions.collect())
}

/// Somebody who is connected to a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The server's process for it.
    pub process: i32,
    pub user: String,
    /// What the client calls itself, empty where it does not.
    pub program: String,
    /// Where the client is, empty on a Unix socket.
    pub address: String,
    /// As the server calls it: `active`, `idle in transaction`.
    pub state: String,
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {}: user {}", self.process, self.user)?;
        if !self.program.is_empty() {
            write!(f, ", program {}", self.program)?;
        }
        if !self.address.is_empty() {
            write!(f, ", from {}", self.address)?;
        }
        if self.state.is_empty() { Ok(()) } else { write!(f, ", {}", self.state) }
    }
}

/// Whether the database that `url` names exists.
pub async fn database_exists(url: &ConnectionUrl) -> Result<bool, Error> {
    let admin = connect_admin(url).await?;
    let row =
        admin.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&url.database()]).await;
    admin.close().await;
    Ok(row?.is_some())
}

/// Creates the database that `url` names unless it exists; whether it was created.
pub async fn ensure_database(url: &ConnectionUrl) -> Result<bool, Error> {
    if database_exists(url).await? {
        return Ok(false);
    }
    match create_database(url).await {
        Ok(()) => Ok(true),
        // Another command was faster between the look and the leap.
        Err(error) if error.is_database_existing() => Ok(false),
        Err(error) => Err(error.of_connecting()),
    }
}

/// P3004 where `url` names a database of the server's own.
pub fn refuse_system(url: &ConnectionUrl) -> Result<(), Error> {
    if SYSTEM.contains(&url.database()) {
        Err(Error::system_database(url.database()))
    } else {
        Ok(())
    }
}

/// A connection to a database that is always there, with the account of `url`.
pub async fn connect_admin(url: &ConnectionUrl) -> Result<Connection, Error> {
    match connect(&url.with_database("postgres")).await {
        // Some hosts drop or lock it: the template is always there.
        Err(error) if error.is_database_missing() || error.is_access_denied() => {
            connect(&url.with_database("template1")).await.map_err(|_| error)
        }
        connected => connected,
    }
}

async fn drop(url: &ConnectionUrl, how: &str) -> Result<(), Error> {
    refuse_system(url)?;
    let admin = connect_admin(url).await?;
    let dropped =
        admin.batch_execute(&format!("DROP DATABASE {}{how}", ident(url.database()))).await;
    admin.close().await;
    dropped.map_err(|error| told(error, url, "P2010", "Failed to drop database"))
}

fn told(error: Error, url: &ConnectionUrl, code: &'static str, what: &str) -> Error {
    let Some(state) = error.db().map(|database| database.code().clone()) else {
        return error;
    };
    let known = if state == SqlState::DUPLICATE_DATABASE || state == SqlState::UNIQUE_VIOLATION {
        Error::database_existing(url)
    } else if state == SqlState::INVALID_CATALOG_NAME {
        Error::database_missing(url)
    } else if state == SqlState::INSUFFICIENT_PRIVILEGE {
        Error::access_denied(url, &error.to_string())
    } else {
        let message = format!("{what}: {error}");
        return error.retold(code, message);
    };
    error.retold_as(&known)
}
