//! The ledger: `_driveflow.backfills` and, of the batches that somebody is at work at, `_driveflow.batches`.
//!
//! Made by the first command that has something to write there. Who only asks finds nothing where there is none.

use std::collections::BTreeMap;

use pg_schema::quote::{ident, literal};
use postgres::Connection;
use postgres::driver::SqlState;

use super::key::{Target, Values};
use super::{Error, State};

/// What the numbers of all advisory locks of ours begin with; the second half is the worker's own.
pub(super) const LOCKS: i32 = 0x6466_6266;

/// By the names of migrations, the attempts that the history counts as applied.
///
/// A migration that is taken back, reset or restored and then applied anew is another attempt: what was filled before is no
/// more what is there.
pub(super) type Attempts = BTreeMap<String, String>;

/// Reads them; none where there is no history.
pub(super) async fn attempts(connection: &Connection) -> Result<Attempts, Error> {
    let sql = format!(
        "SELECT DISTINCT ON (migration_name) migration_name::text, id::text FROM {}._prisma_migrations \
         WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name, started_at DESC, id",
        ident(connection.url().schema())
    );
    match connection.query(&sql, &[]).await {
        Ok(rows) => Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect()),
        Err(error) if error.db().is_some_and(|db| *db.code() == SqlState::UNDEFINED_TABLE) => {
            Ok(Attempts::new())
        }
        Err(error) => Err(error.into()),
    }
}

/// What is to be known of a part before it is begun or gone on with.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) migration: String,
    pub(super) part: i32,
    pub(super) definition: String,
    /// The attempt at the migration that it belongs to, as the history knows it.
    pub(super) attempt: Option<String>,
    pub(super) state: String,
    pub(super) seen: i64,
    pub(super) changed: i64,
    pub(super) total: Option<i64>,
    pub(super) rate: Option<f64>,
    pub(super) workers: i64,
    pub(super) started_at: Option<String>,
    pub(super) updated_at: Option<String>,
    pub(super) done_at: Option<String>,
    pub(super) error: Option<String>,
}

/// Makes the ledger where it is missing.
pub(super) async fn ensure(connection: &Connection) -> Result<(), Error> {
    let row = connection.query_one(include_str!("ledger/standing.sql"), &[]).await?;
    let (has_schema, is_kept) = (row.get::<_, bool>(0), row.get::<_, bool>(3));
    if is_kept {
        return Ok(());
    }
    // Two that begin at once would both find it missing. The right to create is asked for only where something is.
    let schema = if has_schema { "" } else { "CREATE SCHEMA IF NOT EXISTS _driveflow;\n" };
    let make = format!(
        "BEGIN;\nSELECT pg_catalog.pg_advisory_xact_lock({LOCKS}, 0);\n{schema}{}COMMIT",
        include_str!("ledger/create.sql")
    );
    if let Err(error) = connection.batch_execute(&make).await {
        // Whatever it was, nothing of it is left.
        let _ = connection.batch_execute("ROLLBACK").await;
        let what =
            format!("the ledger of backfills, in the schema _driveflow, cannot be made: {error}");
        return Err(Error::from(error).retold(what).with_help(
            "who runs backfills needs the right to make a schema, or one _driveflow of its own",
        ));
    }
    Ok(())
}

/// What the ledger says of a history; nothing where there is none that may be read.
pub(super) async fn read(connection: &Connection) -> Result<Vec<Entry>, Error> {
    let row = connection.query_one(include_str!("ledger/standing.sql"), &[]).await?;
    if !row.get::<_, bool>(2) {
        return Ok(Vec::new());
    }
    let schema = connection.url().schema();
    let rows = connection.query(include_str!("ledger/read.sql"), &[&schema, &LOCKS]).await?;
    let entry = |row: &postgres::driver::Row| Entry {
        migration: row.get("migration"),
        part: row.get("part"),
        definition: row.get("definition"),
        attempt: row.get("attempt"),
        state: row.get("state"),
        seen: row.get("seen"),
        changed: row.get("changed"),
        total: row.get("total"),
        rate: row.get("rate"),
        workers: row.get("workers"),
        started_at: row.get("started_at"),
        updated_at: row.get("updated_at"),
        done_at: row.get("done_at"),
        error: row.get("error"),
    };
    Ok(rows.iter().map(entry).collect())
}

/// An array of text, as SQL.
pub(super) fn array(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| literal(value).to_string()).collect();
    format!("ARRAY[{}]::text[]", values.join(", "))
}

/// A part as it is about to be worked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Begun {
    pub(super) id: i64,
    pub(super) state: String,
    pub(super) size: u64,
}

/// Finds a part in the ledger, and writes it there where it is new or has become another one.
pub(super) async fn entered(
    connection: &Connection,
    migration: &str,
    part: usize,
    definition: &str,
    attempts: &Attempts,
) -> Result<Begun, Error> {
    let part = i32::try_from(part).unwrap_or(i32::MAX);
    let schema = connection.url().schema();
    let attempt = attempts.get(migration);
    let sql = include_str!("ledger/enter.sql");
    let row = loop {
        let found =
            connection.query_opt(sql, &[&schema, &migration, &part, &definition, &attempt]).await?;
        // Not there, and there already: another worker has just written it.
        if let Some(row) = found {
            break row;
        }
    };
    let size = u64::try_from(row.get::<_, i32>(2)).unwrap_or(1);
    Ok(Begun { id: row.get(0), state: row.get(1), size })
}

/// Begins a part that nobody has begun: fixes what there is to go through.
pub(super) async fn start(connection: &Connection, id: i64, target: &Target) -> Result<(), Error> {
    let Target { relation, key } = target;
    let end = async |way: &str| {
        let (texts, order) = (key.texts("t"), key.order("t", way));
        let sql = format!("SELECT {texts} FROM {relation} AS t ORDER BY {order} LIMIT 1");
        let rows = connection.query(&sql, &[]).await?;
        Ok::<Option<Values>, Error>(rows.first().map(|row| row.get(0)))
    };
    let ends = end("").await?.zip(end(" DESC").await?);
    let total = estimate(connection, relation).await?;
    let (lowest, upper) = ends.map_or_else(
        || ("NULL".to_owned(), "NULL".to_owned()),
        |(lowest, upper)| (array(&lowest), array(&upper)),
    );
    let sql = format!(
        include_str!("ledger/start.sql"),
        id = id,
        lowest = lowest,
        upper = upper,
        total = total,
        relation = literal(relation),
        key = array(&key.names()),
    );
    connection.batch_execute(&sql).await?;
    Ok(())
}

/// How many rows the planner thinks there are, which looks at the size of the table as it is now.
async fn estimate(connection: &Connection, relation: &str) -> Result<i64, Error> {
    let rows = connection.query(&format!("EXPLAIN SELECT FROM {relation}"), &[]).await?;
    let line: String = rows.first().map(|row| row.get(0)).unwrap_or_default();
    let count = line.split_once("rows=").map(|(_, rest)| rest);
    let digits = count.and_then(|rest| rest.split(|char: char| !char.is_ascii_digit()).next());
    Ok(digits.and_then(|digits| digits.parse().ok()).unwrap_or_default())
}

/// That a part has reached its end is kept, with all before it, whatever happens to the server from now on.
pub(super) async fn keep(connection: &Connection, id: i64) -> Result<(), postgres::Error> {
    let sql = format!(
        "BEGIN;\nSET LOCAL synchronous_commit TO on;\n\
         UPDATE _driveflow.backfills SET updated_at = clock_timestamp() WHERE id = {id};\nCOMMIT"
    );
    connection.batch_execute(&sql).await
}

/// Notes what has stopped a part.
pub(super) async fn stopped(
    connection: &Connection,
    id: i64,
    error: &str,
) -> Result<(), postgres::Error> {
    let sql =
        "UPDATE _driveflow.backfills SET error = $2, updated_at = clock_timestamp() WHERE id = $1";
    // PostgreSQL has no text with a zero byte.
    connection.execute(sql, &[&id, &error.replace('\0', "")]).await.map(|_| ())
}

/// What is to become of a part.
pub(super) async fn state(connection: &Connection, id: i64) -> Result<State, Error> {
    let sql = "SELECT state FROM _driveflow.backfills WHERE id = $1";
    let row = connection.query_opt(sql, &[&id]).await?;
    Ok(row.map_or(State::Cancelled, |row| State::of(row.get(0))))
}

/// Notes that what follows the fills is under way; false where that is not to be.
pub(super) async fn begin_finish(connection: &Connection, id: i64) -> Result<bool, Error> {
    let sql = "UPDATE _driveflow.backfills SET state = 'running', started_at = coalesce(started_at, clock_timestamp()), \
               updated_at = clock_timestamp(), error = NULL WHERE id = $1 AND state IN ('waiting', 'running')";
    Ok(connection.execute(sql, &[&id]).await? > 0)
}

/// Notes that it is done, unless somebody has paused or cancelled it, and waits until that is kept.
pub(super) async fn end_finish(connection: &Connection, id: i64) -> Result<(), Error> {
    let sql = format!(
        "BEGIN;\nSET LOCAL synchronous_commit TO on;\n\
         UPDATE _driveflow.backfills SET state = 'done', done_at = clock_timestamp(), updated_at = clock_timestamp(), \
         error = NULL WHERE id = {id} AND state = 'running';\nCOMMIT"
    );
    Ok(connection.batch_execute(&sql).await?)
}
