//! `migrate reset`: empties the database's schemas and runs all migrations. Consent is the caller's
//! business.
//!
//! The schemas are emptied rather than dropped: dropping them would lose who may use them, and needs
//! rights that the owner of the tables may not have.

use postgres::{Connection, ConnectionUrl};

use crate::deploy::{apply_pending, connect_or_create};
use crate::folder::Folder;
use crate::locked::locked_for;
use crate::steps::ledger;
use crate::{Error, Options, Progress, namespaces};

/// What a reset did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reset {
    /// Whether the database was not there before.
    pub created_database: bool,
    /// All migrations, in order.
    pub applied: Vec<String>,
}

/// Empties the given schemas (the URL's own is always one of them) and runs all migrations.
pub async fn reset(
    folder: &Folder,
    url: &ConnectionUrl,
    schemas: &[String],
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Reset, Error> {
    let (connection, created_database) = connect_or_create(url, progress).await?;
    let applied = locked_for(folder.scripts(), connection, async |connection| {
        empty(connection, schemas).await?;
        Ok(apply_pending(connection, folder, &Options::default(), progress).await?.applied)
    })
    .await?;
    Ok(Reset { created_database, applied })
}

/// Drops everything in the schemas, all of it or nothing. The schemas themselves stay; the connection's own
/// is made where it is missing, the others are for the migrations to make.
pub(crate) async fn empty(connection: &Connection, schemas: &[String]) -> Result<(), Error> {
    let own = connection.url().schema();
    let others = schemas.iter().map(String::as_str).filter(|name| *name != own);
    let all: Vec<&str> = std::iter::once(own).chain(others).collect();
    let rows = connection.query(include_str!("reset/objects.sql"), &[&all]).await?;
    let mut drops: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    // With the history goes what the ledger has of it.
    drops.extend(ledger::forget_all_sql(connection, &all).await?);
    // Without this the server reports every object that a CASCADE took before.
    connection
        .batch_execute(&format!("SET LOCAL client_min_messages TO warning; {}", drops.join(";\n")))
        .await?;
    namespaces::ensure_own(connection).await
}
