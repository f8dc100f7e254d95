//! The connection of one transaction, from BEGIN to its end.
//!
//! Invariants: one statement at a time; the connection goes back to the pool only after the server has answered COMMIT
//! or ROLLBACK, and never after something on it was cancelled. Any other end closes it, which rolls back too.

use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use postgres::driver::Type;
use postgres::driver::tokio_postgres::{self, CancelToken};
use postgres::{ConnectionUrl, PooledConnection};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};
use tokio::time::timeout;

use crate::error::QueryError;

/// How long the server may take to answer ROLLBACK before what it is at is cancelled once more.
const PATIENCE: Duration = Duration::from_millis(500);

/// How long undoing a transaction may take before its connection is closed instead.
const GRACE: Duration = Duration::from_secs(3);

/// Undoes whatever may have been set in a session, in this order: the first would take away a role that the session
/// begins with.
macro_rules! forget {
    () => {
        "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; UNLISTEN *; DISCARD TEMP; DEALLOCATE ALL"
    };
}

/// The connection of a transaction; empty once it has ended.
pub(crate) struct Session {
    connection: Mutex<Option<PooledConnection>>,
    cancel: CancelToken,
    url: ConnectionUrl,
    /// A statement was sent and not answered. It stays so when nobody waits for the answer any more.
    running: AtomicBool,
    /// The server was asked to stop a statement. That may reach it late and stop another one.
    cancelled: AtomicBool,
    /// A statement failed: PostgreSQL refuses everything until the end, and turns COMMIT into ROLLBACK without a word.
    failed: AtomicBool,
    /// Something was prepared that the driver gives up only with the last row of its answer, after the transaction.
    has_prepared: AtomicBool,
    /// The driver has prepared statements of its own, to learn about types, and believes that they stay.
    has_learned: AtomicBool,
    /// Something was said that outlives the transaction and would meet whoever has the connection next.
    has_changed: AtomicBool,
    /// It failed since another transaction was in the way.
    conflicted: AtomicBool,
}

/// The right to send the next statement.
pub(crate) struct Turn<'s> {
    session: &'s Session,
    connection: MappedMutexGuard<'s, PooledConnection>,
    is_quiet: bool,
}

impl Session {
    pub(crate) fn new(connection: PooledConnection, url: ConnectionUrl) -> Self {
        Self {
            url,
            cancel: connection.cancel_token(),
            connection: Mutex::new(Some(connection)),
            running: AtomicBool::new(false),
            cancelled: AtomicBool::new(false),
            failed: AtomicBool::new(false),
            has_prepared: AtomicBool::new(false),
            has_learned: AtomicBool::new(false),
            has_changed: AtomicBool::new(false),
            conflicted: AtomicBool::new(false),
        }
    }

    /// The connection, once nobody waits for an earlier answer.
    pub(crate) async fn turn(&self) -> Result<Turn<'_>, QueryError> {
        let connection = MutexGuard::try_map(self.connection.lock().await, Option::as_mut)
            .map_err(|_| closed())?;
        let is_quiet = !self.running.swap(true, Ordering::Relaxed);
        Ok(Turn { session: self, connection, is_quiet })
    }

    /// Waits for a statement whose future was dropped before its answer, and finds out whether it failed.
    pub(crate) async fn settle(&self) -> Result<(), QueryError> {
        if !self.running.load(Ordering::Relaxed) {
            return Ok(());
        }
        let turn = self.turn().await?;
        let answer = turn.connection().batch_execute("SELECT 1").await;
        // A failure is remembered, and told by the commit that it makes impossible.
        drop(turn.answered(answer));
        Ok(())
    }

    pub(crate) async fn commit(&self) -> Result<(), QueryError> {
        self.settle().await?;
        if self.failed.load(Ordering::Relaxed) {
            self.roll_back().await;
            return Err(QueryError::transaction(
                "Transaction rolled back: one of its queries failed, so nothing of it can be committed.",
            ));
        }
        self.end("COMMIT").await
    }

    /// Undoes everything, soon, whatever the server is at.
    ///
    /// ROLLBACK waits its turn behind a statement that waits for somebody's lock, so that one is cancelled.
    pub(crate) async fn roll_back(&self) {
        let undone = timeout(GRACE, async {
            let mut end = pin!(self.end("ROLLBACK"));
            loop {
                if self.running.load(Ordering::Relaxed) {
                    self.cancelled.store(true, Ordering::Relaxed);
                    // Where the server cannot be told, closing the connection is what is left.
                    let _ = postgres::cancel(&self.cancel, &self.url).await;
                }
                // A failed ROLLBACK has closed the connection.
                if timeout(PATIENCE, &mut end).await.is_ok() {
                    return;
                }
            }
        });
        if undone.await.is_err() {
            self.close();
        }
    }

    /// Whether the transaction is over.
    pub(crate) fn has_ended(&self) -> bool {
        self.connection.try_lock().is_ok_and(|connection| connection.is_none())
    }

    /// Closes the connection, unless a statement is using it at this moment.
    pub(crate) fn close(&self) {
        if let Ok(mut connection) = self.connection.try_lock() {
            discard(&mut connection);
        }
    }

    /// Remembers what the server refused.
    pub(crate) fn failed_by(&self, error: tokio_postgres::Error) -> QueryError {
        let refused = error.as_db_error().is_some();
        let error = QueryError::from(error);
        // A lost connection has taken its transaction along.
        if refused || error.is_lost() {
            self.failed.store(true, Ordering::Relaxed);
        }
        if error.is_retryable() {
            self.conflicted.store(true, Ordering::Relaxed);
        }
        error
    }

    /// Something that was to happen whole has happened in part: it may not be committed.
    pub(crate) fn spoil(&self) {
        self.failed.store(true, Ordering::Relaxed);
    }

    /// A statement was prepared, and types were met. Behind a pooler it goes with the transaction. Where the driver had to
    /// ask the server about a type, its connection goes too, which would look elsewhere for what it prepared for that.
    pub(crate) fn has_met(&self, types: impl IntoIterator<Item = Type>) {
        if !self.url.is_pgbouncer() {
            return;
        }
        self.has_prepared.store(true, Ordering::Relaxed);
        if types.into_iter().any(|ty| Type::from_oid(ty.oid()).is_none()) {
            self.has_learned.store(true, Ordering::Relaxed);
        }
    }

    /// Something is said that outlives the transaction: nobody else gets the connection, nor behind a pooler what it has
    /// become.
    pub(crate) fn changes(&self) {
        self.has_changed.store(true, Ordering::Relaxed);
    }

    /// Whether another transaction was in the way of this one.
    pub(crate) fn is_conflicted(&self) -> bool {
        self.conflicted.load(Ordering::Relaxed)
    }

    async fn end(&self, statement: &'static str) -> Result<(), QueryError> {
        let mut guard = self.connection.lock().await;
        let connection = guard.as_ref().ok_or_else(closed)?;
        self.running.store(true, Ordering::Relaxed);
        let has_learned = self.has_learned.load(Ordering::Relaxed);
        let has_prepared = self.has_prepared.load(Ordering::Relaxed);
        let has_changed = self.has_changed.load(Ordering::Relaxed);
        let statement = match statement {
            // One message each, so that the pooler does not change the connection in between.
            "COMMIT" if has_changed && self.url.is_pgbouncer() => concat!("COMMIT; ", forget!()),
            "ROLLBACK" if has_changed && self.url.is_pgbouncer() => {
                concat!("ROLLBACK; ", forget!())
            }
            "COMMIT" if has_prepared => "DEALLOCATE ALL; COMMIT",
            "ROLLBACK" if has_prepared => "ROLLBACK; DEALLOCATE ALL",
            statement => statement,
        };
        let answer = connection.batch_execute(statement).await;
        self.running.store(false, Ordering::Relaxed);
        let is_as_before = !has_learned && !has_changed;
        if answer.is_ok() && is_as_before && !self.cancelled.load(Ordering::Relaxed) {
            // Back to the pool.
            *guard = None;
        } else {
            discard(&mut guard);
        }
        let ended = answer.map_err(|error| self.failed_by(error));
        ended.map_err(|error| {
            error.in_doubt("It is not known whether the transaction was committed.")
        })
    }
}

impl Turn<'_> {
    pub(crate) fn connection(&self) -> &PooledConnection {
        &self.connection
    }

    /// Whether every answer has come to what was sent before.
    pub(crate) fn is_quiet(&self) -> bool {
        self.is_quiet
    }

    /// The answer has come. What the server refused ends the transaction; what never reached it does not.
    pub(crate) fn answered<T>(
        self,
        answer: Result<T, tokio_postgres::Error>,
    ) -> Result<T, QueryError> {
        self.session.running.store(false, Ordering::Relaxed);
        answer.map_err(|error| self.session.failed_by(error))
    }

    /// A COPY has ended. One that we ended ourselves, since a row was wrong, has failed for the server too.
    pub(crate) fn copied<T>(self, copied: &Result<T, QueryError>) {
        self.session.running.store(false, Ordering::Relaxed);
        if copied.is_err() {
            self.session.failed.store(true, Ordering::Relaxed);
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Dropped before it ended, as when the runtime goes: nobody else gets what is open in there.
        discard(self.connection.get_mut());
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("has_ended", &self.has_ended()).finish_non_exhaustive()
    }
}

/// Takes the connection from the pool for good and closes it.
fn discard(connection: &mut Option<PooledConnection>) {
    drop(connection.take().map(PooledConnection::take));
}

fn closed() -> QueryError {
    QueryError::transaction(
        "Transaction already closed: A query cannot be executed on a closed transaction.",
    )
}
