//! What a migration holds: looked at every few milliseconds, and once more by a trigger at the very end of its
//! transaction, so that none is missed that is held for less.
//!
//! The trigger is on the history of the copy, in which the end of a script is noted within its transaction. How long a
//! lock is held is known to within one look.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use postgres::Connection;
use postgres::driver::{Client, Statement};

use super::relations::Relations;
use crate::Error;
use crate::history::TABLE;
use crate::quoting::identifier;

/// How often it is looked.
const GLANCE: Duration = Duration::from_millis(3);

/// Modes by their strength, the weakest first, as the server calls them.
const MODES: [&str; 8] = [
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
];

/// A lock on a table that was there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    pub schema: String,
    pub table: String,
    /// As `ACCESS EXCLUSIVE`.
    pub mode: String,
    /// The longest that it can have been held.
    pub held: Duration,
    pub blocks_reads: bool,
    pub blocks_writes: bool,
}

/// Somebody who looks.
#[derive(Debug)]
pub(super) struct Watch<'a> {
    connection: &'a Connection,
    look: Statement,
    /// By table and mode: how long so far.
    seen: BTreeMap<(u32, usize), Duration>,
}

impl<'a> Watch<'a> {
    pub(super) async fn start(connection: &'a Connection) -> Result<Self, Error> {
        let look = connection.prepare(include_str!("locks.sql")).await;
        let look = look.map_err(postgres::Error::from)?;
        Ok(Self { connection, look, seen: BTreeMap::new() })
    }

    /// Looks until it is dropped, or the connection is lost.
    pub(super) async fn run(&mut self) -> Error {
        let client: &Client = self.connection;
        let mut last = Instant::now();
        loop {
            let rows = match client.query(&self.look, &[]).await {
                Ok(rows) => rows,
                Err(error) => return postgres::Error::from(error).into(),
            };
            let now = Instant::now();
            for row in &rows {
                if let Some(mode) = strength(row.get(1)) {
                    *self.seen.entry((row.get(0), mode)).or_default() += now - last;
                }
            }
            last = now;
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// What was seen, with what was held at the end, on tables that were there before.
    pub(super) fn into_locks(
        mut self,
        kept: &[(u32, usize)],
        before: &Relations,
        took: Duration,
    ) -> Vec<Lock> {
        for lock in kept {
            // Not seen in between: then it was held for less than a look, or than all of the migration.
            self.seen.entry(*lock).or_insert(took.min(2 * GLANCE));
        }
        let mut locks: Vec<(usize, Lock)> = Vec::new();
        for ((oid, mode), held) in self.seen {
            let Some((schema, table)) = before.table(oid) else { continue };
            let lock = Lock {
                schema: schema.to_owned(),
                table: table.to_owned(),
                mode: words(MODES[mode]),
                held: held.min(took),
                blocks_reads: mode == 7,
                blocks_writes: mode >= 4,
            };
            locks.push((mode, lock));
        }
        locks.sort_by(|(a, one), (b, other)| {
            b.cmp(a).then_with(|| (&one.schema, &one.table).cmp(&(&other.schema, &other.table)))
        });
        locks.into_iter().map(|(_, lock)| lock).collect()
    }
}

/// Has the end of a script keep what its transaction holds.
pub(super) async fn keep_at_the_end(connection: &Connection, schema: &str) -> Result<(), Error> {
    let table = format!("{}.{}", identifier(schema), identifier(TABLE));
    let has = connection.query_one("SELECT to_regclass($1) IS NOT NULL", &[&table]).await?;
    if !has.get::<_, bool>(0) {
        // The first migration of all: there is no table that it could lock.
        return Ok(());
    }
    let script = format!(include_str!("locks_at_the_end.sql"), table = table);
    Ok(connection.batch_execute(&script).await?)
}

/// What was kept.
pub(super) async fn kept_at_the_end(connection: &Connection) -> Result<Vec<(u32, usize)>, Error> {
    let has = "SELECT to_regclass('_driveflow.rehearsed_locks') IS NOT NULL";
    if !connection.query_one(has, &[]).await?.get::<_, bool>(0) {
        return Ok(Vec::new());
    }
    let rows =
        connection.query("SELECT relation, mode FROM _driveflow.rehearsed_locks", &[]).await?;
    Ok(rows.iter().filter_map(|row| Some((row.get(0), strength(row.get(1))?))).collect())
}

fn strength(mode: &str) -> Option<usize> {
    MODES.iter().position(|known| *known == mode)
}

/// `AccessExclusiveLock` as in SQL: `ACCESS EXCLUSIVE`.
fn words(mode: &str) -> String {
    let mut words = String::new();
    for c in mode.trim_end_matches("Lock").chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_uppercase());
    }
    words
}

#[cfg(test)]
mod tests {
    #[test]
    fn modes_are_called_as_in_sql() {
        let words: Vec<String> = super::MODES.iter().map(|mode| super::words(mode)).collect();
        assert_eq!(words[0], "ACCESS SHARE");
        assert_eq!(words[3], "SHARE UPDATE EXCLUSIVE");
        assert_eq!(words[4], "SHARE");
        assert_eq!(words[7], "ACCESS EXCLUSIVE");
    }
}
