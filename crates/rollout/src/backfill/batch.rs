//! One batch: the rows of a range are written, what the ledger says of them is written with them, and the next range is
//! claimed, in one transaction of two ways to the server and back.

use std::time::Duration;

use migrate::Progress as Told;
use postgres::Connection;
use postgres::driver::{Row, SimpleQueryMessage, SqlState};
use tokio::time::Instant;

use super::Error;
use super::key::{Target, Values};
use super::ledger::{self, LOCKS};
use super::pace::{Limits, Took};
use super::session::Session;
use super::source::Work;
use crate::Fill;

/// How long a batch that holds rows waits for another one: whoever waits for those would wait as long.
const SHORT: &str = "50ms";
/// And how long one that holds nothing, being of one row.
const LONG: &str = "2s";
/// After which time who is in the way is asked for.
const SOON: Duration = Duration::from_millis(300);

/// A part of which the ledger knows.
#[derive(Debug)]
pub(super) struct Job<'a> {
    pub(super) id: i64,
    pub(super) work: &'a Work,
    pub(super) target: Target,
}

/// Rows that are one worker's.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Claim {
    /// They come after this key, or are the very first.
    pub(super) after: Option<Values>,
    pub(super) upto: Values,
    pub(super) size: u64,
}

/// How a part stands, and what of it was claimed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Standing {
    pub(super) state: String,
    pub(super) seen: u64,
    pub(super) changed: u64,
    pub(super) total: Option<u64>,
    pub(super) rate: Option<f64>,
    /// How many others have batches.
    pub(super) others: u64,
    pub(super) is_taken_over: bool,
    pub(super) claim: Option<Claim>,
}

/// Why a batch was rolled back.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Others had the rows.
    Contention,
    /// It took far longer than it was to take.
    TooLong,
    /// The server refuses what a row would become.
    Refused(Error),
    Other(Error),
}

impl Job<'_> {
    /// The statement that writes the rows of a range.
    fn sql(&self, after: Option<&[String]>, upto: &[String]) -> String {
        let Target { relation, key } = &self.target;
        match self.work {
            Work::Fill(Fill { set, pending, .. }) => {
                let set = set.iter().map(|(column, value)| {
                    format!("{} = ({value})", pg_schema::quote::ident(column))
                });
                let set = set.collect::<Vec<_>>().join(", ");
                let range = key.range("t", after, upto);
                format!("UPDATE {relation} AS t SET {set}\nWHERE {range}\n  AND ({pending})")
            }
            Work::Statement(statement) => {
                statement.over(&key.range(statement.target(), after, upto))
            }
            Work::Finish { .. } => String::new(),
        }
    }

    fn claim_sql(&self, worker: i32, size: u64) -> String {
        let Target { relation, key } = &self.target;
        format!(
            include_str!("ledger/claim.sql"),
            id = self.id,
            worker = worker,
            size = size,
            relation = relation,
            locks = LOCKS,
            texts = key.texts("t"),
            range = key.range_in("t", "b.cursor", "b.upper"),
            order = key.order("t", ""),
            before = size - 1,
        )
    }

    fn note_sql(&self, worker: i32, batch: &Batch<'_>, changed: u64) -> String {
        let id = self.id;
        let claim = match batch.rest {
            None => format!(
                "DELETE FROM _driveflow.batches WHERE backfill = {id} AND worker = {worker} RETURNING size AS seen"
            ),
            Some(_) => format!(
                "UPDATE _driveflow.batches SET after = {upto}, size = greatest(size - {seen}, 0) \
                 WHERE backfill = {id} AND worker = {worker} RETURNING {seen} AS seen",
                upto = ledger::array(batch.upto),
                seen = batch.seen,
            ),
        };
        let size = batch.size;
        format!(
            include_str!("ledger/note.sql"),
            claim = claim,
            changed = changed,
            size = size,
            id = id,
            locks = LOCKS
        )
    }

    /// The last key of the first `size` rows of a claim; none where it has no more than these.
    pub(super) async fn bound(
        &self,
        connection: &Connection,
        claim: &Claim,
        size: u64,
    ) -> Result<Option<Values>, postgres::Error> {
        let Target { relation, key } = &self.target;
        let sql = format!(
            "SELECT {} FROM {relation} AS t WHERE {} ORDER BY {} OFFSET {} LIMIT 1",
            key.texts("t"),
            key.range("t", claim.after.as_deref(), &claim.upto),
            key.order("t", ""),
            size - 1
        );
        let rows = connection.query(&sql, &[]).await?;
        let bound: Option<Values> = rows.first().map(|row| row.get(0));
        Ok(bound.filter(|bound| *bound != claim.upto))
    }
}

/// How many bytes the server has written to its log by now.
const WRITTEN: &str =
    "SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::float8";

/// What is to be written.
#[derive(Debug)]
pub(super) struct Batch<'a> {
    pub(super) after: Option<&'a [String]>,
    pub(super) upto: &'a [String],
    /// How many rows it has.
    pub(super) seen: u64,
    /// What it leaves of its claim.
    pub(super) rest: Option<&'a Claim>,
    /// The size that batches have now.
    pub(super) size: u64,
    /// Whether another range is to be claimed.
    pub(super) goes_on: bool,
}

/// Claims rows, in a transaction of its own.
pub(super) async fn claim(
    session: &Session,
    job: &Job<'_>,
    size: u64,
) -> Result<Standing, postgres::Error> {
    let connection = &session.connection;
    let lock = format!(
        "BEGIN;\nSET LOCAL lock_timeout TO 0;\nSET LOCAL statement_timeout TO 0;\n\
         SELECT FROM _driveflow.backfills WHERE id = {} FOR UPDATE",
        job.id
    );
    let sql = job.claim_sql(session.worker, size);
    let (locked, rows, committed) = tokio::join!(
        biased;
        connection.batch_execute(&lock),
        connection.query(&sql, &[]),
        connection.batch_execute("COMMIT"),
    );
    let rows = match (locked, rows) {
        (Ok(()), Ok(rows)) => rows,
        (Err(error), _) | (_, Err(error)) => return Err(error),
    };
    committed?;
    Ok(rows.first().map_or_else(Standing::gone, Standing::of))
}

/// Writes a batch. With it comes how it went, and how all stands where the whole claim is done and it goes on.
pub(super) async fn write(
    session: &mut Session,
    job: &Job<'_>,
    batch: &Batch<'_>,
    limits: &Limits,
    progress: &mut dyn FnMut(Told<'_>),
) -> Result<(Took, Option<Standing>), Trouble> {
    let begin = Instant::now();
    let is_single = batch.seen <= 1;
    let patience = if is_single { LONG } else { SHORT };
    // What takes far longer than it was to take holds rows for as long. On a server that has much to do all take longer:
    // what is rolled back then was done for nothing.
    let longest = if is_single { 0 } else { limits.target.as_millis() * 4 + 300 };
    let sql = format!(
        "BEGIN;\nSET LOCAL lock_timeout TO '{patience}';\nSET LOCAL statement_timeout TO {longest};\n{WRITTEN};\n{}",
        job.sql(batch.after, batch.upto)
    );
    let soon = if is_single { SOON } else { Duration::MAX };
    let Session { connection, watcher, worker } = session;
    // Whoever gives up in the midst of it does not leave it running.
    let guard = connection.cancel_on_drop();
    let written = watcher.watching(connection, soon, progress, rows_of(connection, &sql)).await;
    guard.done();
    let (changed, before) = match written {
        Ok(written) => written,
        Err(error) => return Err(rolled_back(connection, error).await),
    };
    let note = job.note_sql(*worker, batch, changed);
    let claims = batch.rest.is_none() && batch.goes_on;
    let claim = if claims { job.claim_sql(*worker, batch.size) } else { "SELECT".to_owned() };
    let (set, noted, claimed, committed) = tokio::join!(
        biased;
        // The ledger's row is another worker's for a moment only.
        connection.batch_execute("SET LOCAL lock_timeout TO '30s';\nSET LOCAL statement_timeout TO 0"),
        connection.query(&note, &[]),
        connection.query(&claim, &[]),
        connection.batch_execute("COMMIT"),
    );
    let (noted, claimed) = match (set, noted, claimed, committed) {
        (Ok(()), Ok(noted), Ok(claimed), Ok(())) => (noted, claimed),
        (Err(error), ..) | (_, Err(error), ..) | (_, _, Err(error), _) | (.., Err(error)) => {
            return Err(rolled_back(connection, error).await);
        }
    };
    let (after, blocked) =
        noted.first().map_or((before, 0), |row| (row.get::<_, f64>(0), row.get::<_, i64>(1)));
    let took = Took {
        seen: batch.seen,
        changed,
        time: begin.elapsed(),
        written: after - before,
        blocked: u64::try_from(blocked).unwrap_or_default(),
    };
    let standing = claimed.first().filter(|_| claims).map(Standing::of);
    Ok((took, standing))
}

/// Runs statements, and says how many rows the last of them wrote, and the number that the first answer is.
async fn rows_of(connection: &Connection, sql: &str) -> Result<(u64, f64), postgres::Error> {
    let answers = connection.simple_query(sql).await?;
    let (mut rows, mut number) = (0, None);
    for answer in &answers {
        match answer {
            SimpleQueryMessage::CommandComplete(wrote) => rows = *wrote,
            SimpleQueryMessage::Row(row) => {
                number = number.or_else(|| row.get(0)?.parse().ok());
            }
            _ => {}
        }
    }
    Ok((rows, number.unwrap_or_default()))
}

async fn rolled_back(connection: &Connection, error: postgres::Error) -> Trouble {
    let trouble = trouble(error);
    match connection.batch_execute("ROLLBACK").await {
        Ok(()) => trouble,
        Err(error) => Trouble::Other(error.into()),
    }
}

fn trouble(error: postgres::Error) -> Trouble {
    let Some(code) = error.db().map(|db| db.code().clone()) else {
        return Trouble::Other(error.into());
    };
    let contention = [
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::T_R_SERIALIZATION_FAILURE,
    ];
    if contention.contains(&code) {
        return Trouble::Contention;
    }
    if code == SqlState::QUERY_CANCELED {
        return Trouble::TooLong;
    }
    // What the row's own data, a constraint or a trigger have against it.
    if ["22", "23", "P0"].iter().any(|class| code.code().starts_with(class)) {
        return Trouble::Refused(error.into());
    }
    Trouble::Other(error.into())
}

impl Standing {
    fn of(row: &Row) -> Self {
        let count = |number: i64| u64::try_from(number).unwrap_or_default();
        let upto: Option<Values> = row.get("upto");
        Self {
            state: row.get("state"),
            seen: count(row.get("seen")),
            changed: count(row.get("changed")),
            total: row.get::<_, Option<i64>>("total").map(count),
            rate: row.get("rate"),
            others: count(row.get("others")),
            is_taken_over: row.get("is_taken_over"),
            claim: upto.map(|upto| Claim {
                after: row.get("after"),
                upto,
                size: count(row.get("size")).max(1),
            }),
        }
    }

    /// Somebody has taken the row away: as good as given up.
    fn gone() -> Self {
        Self {
            state: "cancelled".to_owned(),
            seen: 0,
            changed: 0,
            total: None,
            rate: None,
            others: 0,
            is_taken_over: false,
            claim: None,
        }
    }
}
