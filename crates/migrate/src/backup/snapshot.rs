//! One moment of a database: a snapshot that a dump uses too, and what the database holds in it.

use std::collections::BTreeSet;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use postgres::Connection;

use super::manifest::{Manifest, TableRows};
use super::origin::Origin;
use crate::Error;
use crate::history::{History, State};
use crate::quoting::identifier;

/// A transaction that keeps its snapshot for others, until it ends.
#[derive(Debug)]
pub(crate) struct Moment<'a> {
    connection: &'a Connection,
    /// The snapshot's name, for `pg_dump --snapshot`.
    pub(super) snapshot: String,
    /// What the database takes on the server's disk.
    pub(crate) database_size: u64,
    pub(crate) tables: Vec<(String, String)>,
    /// The migrations that are applied, in order.
    pub(crate) migrations: Vec<String>,
}

impl<'a> Moment<'a> {
    /// Begins it. The caller ends it, or drops the connection.
    pub(crate) async fn take(connection: &'a Connection) -> Result<Self, Error> {
        // Row level security would count less than there is: better refused than counted wrongly.
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout TO 0;
                     SET LOCAL idle_in_transaction_session_timeout TO 0; SET LOCAL row_security TO off";
        connection.batch_execute(begin).await?;
        let row = connection
            .query_one(
                "SELECT pg_export_snapshot(), pg_database_size(current_database())::int8",
                &[],
            )
            .await?;
        let (snapshot, size): (String, i64) = (row.get(0), row.get(1));
        let tables = tables(connection).await?;
        let migrations = migrations(connection).await?;
        Ok(Self { connection, snapshot, database_size: size.unsigned_abs(), tables, migrations })
    }

    /// How many rows each table has.
    pub(crate) async fn count_rows(&self) -> Result<Vec<TableRows>, Error> {
        count(self.connection, &self.tables).await
    }

    pub(super) fn manifest(
        &self,
        origin: &Origin,
        tables: Vec<TableRows>,
        dumped_by: &str,
        now: SystemTime,
    ) -> Manifest {
        Manifest {
            id: uuid::Uuid::new_v4().to_string(),
            database: self.connection.url().database().to_owned(),
            origin: Some(origin.clone()),
            taken_at: DateTime::<Utc>::from(now).format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            server_version: self.connection.server_version(),
            dumped_by: dumped_by.to_owned(),
            migrations: self.migrations.clone(),
            tables,
            files: Vec::new(),
        }
    }

    pub(crate) async fn end(self) -> Result<(), Error> {
        Ok(self.connection.batch_execute("ROLLBACK").await?)
    }
}

/// The tables whose rows a dump has, by schema and name.
pub(crate) async fn tables(connection: &Connection) -> Result<Vec<(String, String)>, Error> {
    let rows = connection.query(include_str!("tables.sql"), &[]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Counts the rows of tables, one after the other.
pub(crate) async fn count(
    connection: &Connection,
    tables: &[(String, String)],
) -> Result<Vec<TableRows>, Error> {
    let mut counted = Vec::with_capacity(tables.len());
    for (schema, name) in tables {
        let sql = format!("SELECT count(*) FROM ONLY {}.{}", identifier(schema), identifier(name));
        let rows: i64 = connection.query_one(&sql, &[]).await?.get(0);
        counted.push(TableRows {
            schema: schema.clone(),
            name: name.clone(),
            rows: rows.unsigned_abs(),
        });
    }
    Ok(counted)
}

/// The migrations that are applied, where there is a history that this user may read. In a transaction, so that it is
/// asked first whether it can be.
async fn migrations(connection: &Connection) -> Result<Vec<String>, Error> {
    let schema = identifier(connection.url().schema());
    let ask = "SELECT coalesce(has_table_privilege(to_regclass($1), 'SELECT'), false)";
    let table = format!("{schema}.{}", identifier(crate::history::TABLE));
    if !connection.query_one(ask, &[&table]).await?.get::<_, bool>(0) {
        return Ok(Vec::new());
    }
    let rows = History::new(connection).read().await?.unwrap_or_default();
    let mut seen = BTreeSet::new();
    let applied = rows.into_iter().filter(|row| row.state == State::Applied);
    Ok(applied.map(|row| row.name).filter(|name| seen.insert(name.clone())).collect())
}
