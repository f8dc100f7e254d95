//! The lock under which migrations run, the same as Prisma's: neither tool runs into the other.
//!
//! It is asked for again and again instead of waited for inside the server: a session that waits
//! there holds a snapshot, and `CREATE INDEX CONCURRENTLY` of the lock's holder would wait for it.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use tokio::time::Instant;

use crate::{Connection, Error};

/// Prisma's key.
pub const KEY: i64 = 72_707_369;
/// How long Prisma waits.
pub const TIMEOUT: Duration = Duration::from_secs(10);
/// The environment variable that turns the lock off, for poolers that cannot hold one.
pub const DISABLED_BY: &str = "PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK";

const PAUSE: Duration = Duration::from_millis(50);

/// The held lock. It is given back by [`AdvisoryLock::release`], by dropping, and at the latest by
/// the connection's end.
#[derive(Debug)]
#[must_use = "the lock is released when dropped"]
pub struct AdvisoryLock<'connection> {
    connection: Option<&'connection Connection>,
}

/// Takes the lock, waiting up to [`TIMEOUT`]; at once, and without one, where [`DISABLED_BY`] says so.
///
/// Fails with P1002, naming who holds it, and with P1013 behind a pooler, which cannot hold one.
pub async fn acquire(connection: &Connection) -> Result<AdvisoryLock<'_>, Error> {
    if is_disabled(std::env::var_os(DISABLED_BY).as_deref()) {
        return Ok(AdvisoryLock { connection: None });
    }
    if connection.url().is_pgbouncer() {
        return Err(Error::no_lock_behind_a_pooler());
    }
    acquire_within(connection, TIMEOUT).await
}

/// As [`acquire`], with another patience and whatever the environment says.
pub async fn acquire_within(
    connection: &Connection,
    timeout: Duration,
) -> Result<AdvisoryLock<'_>, Error> {
    let deadline = Instant::now() + timeout;
    let sql = format!("SELECT pg_try_advisory_lock({KEY})");
    loop {
        let row = connection.query_one(&sql, &[]).await?;
        if row.get::<_, bool>(0) {
            return Ok(AdvisoryLock { connection: Some(connection) });
        }
        let now = Instant::now();
        if now >= deadline {
            return Err(timed_out(connection, timeout).await);
        }
        tokio::time::sleep(PAUSE.min(deadline - now)).await;
    }
}

impl AdvisoryLock<'_> {
    /// Gives the lock back and waits until the server has it.
    pub async fn release(mut self) -> Result<(), Error> {
        if let Some(connection) = self.connection.take() {
            connection.query_one(&unlock(), &[]).await?;
        }
        Ok(())
    }
}

impl Drop for AdvisoryLock<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection {
            // The driver hands the statement to its task when first polled; the task sends it.
            let sql = unlock();
            let sent = pin!(connection.batch_execute(&sql));
            let _ = sent.poll(&mut Context::from_waker(Waker::noop()));
        }
    }
}

fn unlock() -> String {
    format!("SELECT pg_advisory_unlock({KEY})")
}

fn is_disabled(value: Option<&OsStr>) -> bool {
    value.is_some_and(|value| !value.is_empty() && value != "0" && value != "false")
}

async fn timed_out(connection: &Connection, timeout: Duration) -> Error {
    let mut context = format!(
        "Timed out trying to acquire a postgres advisory lock (SELECT pg_advisory_lock({KEY})). Timeout: {}ms. See \
         https://pris.ly/d/migrate-advisory-locking for details.",
        timeout.as_millis()
    );
    let holder = "SELECT l.pid, coalesce(nullif(a.application_name, ''), 'unknown program'), \
                  date_trunc('second', now() - a.backend_start)::text \
                  FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid \
                  WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = $1::int8::oid \
                  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    // Who holds it is a courtesy: not knowing must not hide the error itself.
    if let Ok(Some(row)) = connection.query_opt(holder, &[&KEY]).await {
        let (process, program) = (row.get::<_, i32>(0), row.get::<_, String>(1));
        let since = row.get::<_, Option<String>>(2).unwrap_or_default();
        let _ = write!(
            context,
            "\n\nIt is held by process {process} ({program}, connected for {since})."
        );
    }
    Error::timed_out(connection.url(), &context)
}

#[cfg(test)]
mod tests {
    use super::is_disabled;
    use std::ffi::OsStr;

    #[test]
    fn only_a_yes_turns_it_off() {
        for yes in ["1", "true", "yes"] {
            assert!(is_disabled(Some(OsStr::new(yes))), "{yes}");
        }
        for no in ["", "0", "false"] {
            assert!(!is_disabled(Some(OsStr::new(no))), "{no}");
        }
        assert!(!is_disabled(None));
    }
}
