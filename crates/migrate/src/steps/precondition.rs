//! What has to be so before a statement runs that refuses a transaction: nothing half-done of an earlier try is in its way.
//!
//! A half-built index serves nobody and slows down who writes, and with IF NOT EXISTS the server would leave it at that.
//! It is dropped, concurrently, if it is for certain what this statement had begun: of its name or new since it began, on
//! its table, as it defines it.

use postgres::{Connection, Error};

use crate::steps::indexes::{Index, candidates, definition, of_table};
use crate::steps::postcondition::{self, Outcome, WAS_SO};
use crate::steps::statement::{Alone, Build};

/// What is there before a step is run for the first time and might be taken for its work afterwards.
pub(super) async fn before(connection: &Connection, alone: &Alone) -> Result<Vec<String>, Error> {
    match alone {
        Alone::BuildIndex(build) => {
            let found = of_table(connection, &Build { index: None, ..build.clone() }).await?;
            Ok(found.into_iter().map(|index| index.name).collect())
        }
        Alone::Reindex => copies(connection).await,
        Alone::Repeatable => Ok(Vec::new()),
        _ => {
            let is_so = postcondition::look(connection, alone, &[]).await? == Outcome::Done;
            Ok(is_so.then(|| WAS_SO.to_owned()).into_iter().collect())
        }
    }
}

/// Waits until nobody else is at work at what a step is about: whoever was killed may have left the server at it.
pub(super) async fn quiet(connection: &Connection, alone: &Alone) -> Result<(), Error> {
    let Alone::BuildIndex(Build { table, .. }) = alone else { return Ok(()) };
    // The lock of whoever builds. Who waits for it holds no snapshot for which the builder would wait in turn.
    let lock = format!("BEGIN;\nLOCK TABLE ONLY {table} IN SHARE UPDATE EXCLUSIVE MODE;\nCOMMIT");
    let locked = connection.batch_execute(&lock).await;
    if locked.as_ref().is_err_and(Error::is_statement) {
        // Perhaps the table is gone, or not ours to lock; the statement itself will tell.
        return connection.batch_execute("ROLLBACK").await;
    }
    locked
}

/// Clears what an earlier try has left half-done. What is to be run in the place of the statement is returned, if
/// anything.
pub(super) async fn clear(
    connection: &Connection,
    alone: &Alone,
    before: Option<&[String]>,
) -> Result<Option<String>, Error> {
    match alone {
        Alone::BuildIndex(build) => {
            let half_built = half_built(connection, build, before).await?;
            if !half_built.is_empty() {
                quiet(connection, alone).await?;
            }
            for index in self::half_built(connection, build, before).await? {
                drop_index(connection, &index).await?;
            }
        }
        Alone::Reindex => {
            for copy in copies(connection).await? {
                if before.is_some_and(|before| !before.contains(&copy)) {
                    drop_index(connection, &copy).await?;
                }
            }
        }
        Alone::Detach { table, partition } if before.is_some() => {
            // The first half is done and seen by all: what is left has a name of its own.
            let sql = "SELECT FROM pg_catalog.pg_inherits WHERE inhparent = to_regclass($1) AND inhrelid = to_regclass($2) \
                       AND inhdetachpending";
            if connection.server_major() >= 14
                && connection.query_opt(sql, &[table, partition]).await?.is_some()
            {
                return Ok(Some(format!(
                    "ALTER TABLE {table} DETACH PARTITION {partition} FINALIZE"
                )));
            }
        }
        _ => {}
    }
    Ok(None)
}

/// The indexes that this statement has begun and not finished, qualified.
async fn half_built(
    connection: &Connection,
    build: &Build,
    before: Option<&[String]>,
) -> Result<Vec<String>, Error> {
    let found = candidates(connection, build, before).await?;
    let half: Vec<Index> =
        found.into_iter().filter(|index| !index.is_valid && index.is_plain).collect();
    if half.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = definition(connection, build).await?;
    let is_wanted =
        |index: &Index| wanted.as_ref().is_none_or(|wanted| *wanted == index.definition);
    Ok(half.into_iter().filter(is_wanted).map(|index| index.qualified).collect())
}

async fn copies(connection: &Connection) -> Result<Vec<String>, Error> {
    let rows = connection.query(include_str!("precondition/copies.sql"), &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

async fn drop_index(connection: &Connection, qualified: &str) -> Result<(), Error> {
    connection.batch_execute(&format!("DROP INDEX CONCURRENTLY IF EXISTS {qualified}")).await
}
