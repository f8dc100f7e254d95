//! The ledger `_driveflow.steps`: how far a migration has come that is no single transaction.
//!
//! All steps of an attempt are written down in the transaction that notes its beginning in the history, so that an
//! attempt without them is somebody else's. A step that is a transaction notes its end within it; another one notes its
//! beginning before and its end after. Made when the first such migration is met, and never asked for before.
//!
//! It is written as whoever the connection is, whatever role a script has taken on, and that script goes on in its role.

use std::fmt::Write as _;

use postgres::Connection;
use postgres::driver::SqlState;

use crate::attempt::Attempt;
use crate::steps::entry::Entry;
use crate::{Error, quoting};

/// As whoever the connection is, to the end of the transaction.
const AS_OURSELVES: &str =
    "SET LOCAL session_authorization TO DEFAULT;\nSET LOCAL role TO DEFAULT;\n";

/// Makes the ledger where it is missing; the server's refusal where this user may not.
pub(crate) async fn ensure(connection: &Connection) -> Result<Result<(), String>, Error> {
    let row = connection.query_one(include_str!("ledger/standing.sql"), &[]).await?;
    let (may_enter, is_there, may_keep) = (row.get(0), row.get(1), row.get(2));
    let has_schema: bool = row.get(3);
    match (may_enter, is_there, may_keep) {
        (_, _, true) => return Ok(Ok(())),
        (_, true, false) => {
            return Ok(Err("permission denied for table _driveflow.steps".to_owned()));
        }
        (false, _, _) if has_schema => {
            return Ok(Err("permission denied for schema _driveflow".to_owned()));
        }
        _ => {}
    }
    // Asked for only where it is missing: CREATE SCHEMA IF NOT EXISTS needs the right to create in any case.
    let schema = if has_schema { "" } else { "CREATE SCHEMA IF NOT EXISTS _driveflow;\n" };
    let made =
        connection.batch_execute(&format!("{schema}{}", include_str!("ledger/create.sql"))).await;
    match made {
        Ok(()) => Ok(Ok(())),
        Err(error) => match error.db() {
            Some(db) if *db.code() == SqlState::INSUFFICIENT_PRIVILEGE => {
                Ok(Err(db.message().to_owned()))
            }
            _ => Err(error.into()),
        },
    }
}

/// Whether there is a ledger that this user may keep.
async fn is_kept(connection: &Connection) -> Result<bool, Error> {
    Ok(connection.query_one(include_str!("ledger/standing.sql"), &[]).await?.get(2))
}

/// What is known of an attempt; nothing where there is no ledger, or none that may be read.
pub(crate) async fn read(connection: &Connection, attempt: &str) -> Result<Vec<Entry>, Error> {
    if !is_kept(connection).await? {
        return Ok(Vec::new());
    }
    let rows = connection.query(include_str!("ledger/read.sql"), &[&attempt]).await?;
    let entry = |row: &postgres::driver::Row| Entry {
        checksum: row.get(2),
        steps: usize::try_from(row.get::<_, i32>(1)).unwrap_or_default(),
        summary: row.get(3),
        is_begun: row.get(4),
        is_done: row.get(5),
        before: row.get::<_, Option<Vec<String>>>(6).unwrap_or_default(),
    };
    Ok(rows.iter().map(entry).collect())
}

/// The statement that writes down the steps of an attempt before any of them is begun.
pub(crate) fn plan_sql(attempt: &Attempt<'_>, schema: &str) -> String {
    let of_all = [
        quoting::literal(&attempt.id),
        quoting::literal(schema),
        quoting::literal(&attempt.migration.name),
        quoting::literal(&attempt.migration.checksum()),
    ]
    .join(", ");
    let steps = attempt.steps.len();
    let mut sql = "INSERT INTO _driveflow.steps (attempt, schema, migration, checksum, step, steps, summary) VALUES".to_owned();
    for (at, step) in attempt.steps.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let summary = quoting::literal(&step.summary);
        let _ = write!(sql, "{comma}\n  ({of_all}, {}, {steps}, {summary})", at + 1);
    }
    sql + ";\n"
}

/// Notes that a step begins, and what is there before it.
pub(crate) fn begin_sql(attempt: &str, number: usize, before: &[String]) -> String {
    let before: Vec<String> = before.iter().map(|name| quoting::literal(name)).collect();
    format!(
        "{AS_OURSELVES}UPDATE _driveflow.steps SET begun_at = coalesce(begun_at, clock_timestamp()), \
         before = coalesce(before, ARRAY[{}]::text[]) WHERE attempt = {} AND step = {number};\n",
        before.join(", "),
        quoting::literal(attempt)
    )
}

/// Notes that a step has done its work.
pub(crate) fn done_sql(attempt: &str, number: usize) -> String {
    format!(
        "{AS_OURSELVES}UPDATE _driveflow.steps SET begun_at = coalesce(begun_at, transaction_timestamp()), \
         done_at = clock_timestamp() WHERE attempt = {} AND step = {number};\n",
        quoting::literal(attempt)
    )
}

/// Forgets the attempts of whole histories, for where these are dropped.
pub(crate) async fn forget_all_sql(
    connection: &Connection,
    schemas: &[&str],
) -> Result<Option<String>, Error> {
    if !is_kept(connection).await? {
        return Ok(None);
    }
    let schemas: Vec<String> = schemas.iter().map(|schema| quoting::literal(schema)).collect();
    Ok(Some(format!("DELETE FROM _driveflow.steps WHERE schema IN ({})", schemas.join(", "))))
}

/// Forgets an attempt of which nothing was done.
pub(crate) fn forget_sql(attempt: &str) -> String {
    format!("DELETE FROM _driveflow.steps WHERE attempt = {};\n", quoting::literal(attempt))
}
