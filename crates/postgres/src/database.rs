//! Databases as a whole: making, dropping, looking for one.
//!
//! Each works through the server's `postgres` database (or `template1` where there is none), with
//! the account of the given URL, and acts on the database that the URL names.

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
    refuse_system(url)?;
    let admin = connect_admin(url).await?;
    let dropped =
        admin.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", ident(url.database()))).await;
    admin.close().await;
    dropped.map_err(|error| told(error, url, "P2010", "Failed to drop database"))
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
        Err(error) => Err(error),
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

fn told(error: Error, url: &ConnectionUrl, code: &'static str, what: &str) -> Error {
    let Some(state) = error.db().map(|database| database.code().clone()) else {
        return error;
    };
    let (host, port, name, user) = (url.host(), url.port(), url.database(), url.user());
    if state == SqlState::DUPLICATE_DATABASE || state == SqlState::UNIQUE_VIOLATION {
        let message =
            format!("Database `{name}` already exists on the database server at `{host}:{port}`");
        error.retold("P1009", message)
    } else if state == SqlState::INVALID_CATALOG_NAME {
        let message =
            format!("Database `{name}` does not exist on the database server at `{host}:{port}`.");
        error.retold("P1003", message)
    } else if state == SqlState::INSUFFICIENT_PRIVILEGE {
        let message =
            format!("User `{user}` was denied access on the database `{name}`\n\nContext: {error}");
        error.retold("P1010", message)
    } else {
        let message = format!("{what}: {error}");
        error.retold(code, message)
    }
}
