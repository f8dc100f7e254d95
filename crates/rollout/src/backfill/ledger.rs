//! The ledger: `_driveflow.backfills` and, of the batches that somebody is at work at, `_driveflow.batches`.
//!
//! Made by the first command that has something to write there. Who only asks finds nothing where there is none.

use postgres::Connection;

use super::Error;

/// What the numbers of all advisory locks of ours begin with; the second half is the worker's own.
pub(super) const LOCKS: i32 = 0x6466_6266;

/// What is to be known of a part before it is begun or gone on with.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) migration: String,
    pub(super) part: i32,
    pub(super) definition: String,
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
pub async fn ensure(connection: &Connection) -> Result<(), Error> {
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
