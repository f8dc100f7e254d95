//! Transactions: `_transaction().run(..)` and `.begin()`.
//!
//! A transaction owns one connection. Whatever way it ends without a commit (an error, a panic, a timeout, a dropped
//! future) it is rolled back before the connection goes back to the pool; clones of its client are refused from then on.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use postgres::PooledConnection;
use postgres::driver::deadpool_postgres;
use tokio::sync::{Mutex, MutexGuard};

use crate::client::Client;
use crate::error::QueryError;

/// How much of other transactions is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IsolationLevel {
    /// In PostgreSQL the same as [`Self::ReadCommitted`].
    ReadUncommitted,
    /// Each statement sees what was committed before it.
    ReadCommitted,
    /// All statements see what was committed before the first.
    RepeatableRead,
    /// As if the transactions ran one after the other.
    Serializable,
}

/// A transaction to be: `_transaction()`.
#[derive(Debug, Clone)]
pub struct TransactionBuilder<C> {
    client: Client,
    max_wait: Duration,
    timeout: Duration,
    isolation_level: Option<IsolationLevel>,
    generated: PhantomData<fn() -> C>,
}

/// Ends a transaction that was begun by [`TransactionBuilder::begin`].
#[derive(Debug)]
pub struct TransactionController<C> {
    open: Open,
    generated: PhantomData<fn() -> C>,
}

/// The connection of a transaction; empty once it has ended.
#[derive(Debug)]
pub(crate) struct Session {
    connection: Mutex<Option<PooledConnection>>,
    /// A statement failed: PostgreSQL refuses everything until the end, and turns COMMIT into ROLLBACK without a word.
    failed: AtomicBool,
}

impl<C: From<Client>> TransactionBuilder<C> {
    /// For generated code.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            max_wait: Duration::from_secs(2),
            timeout: Duration::from_secs(5),
            isolation_level: None,
            generated: PhantomData,
        }
    }

    /// How many milliseconds to wait for a connection: 2,000 unless said otherwise.
    #[must_use]
    pub fn with_max_wait(mut self, milliseconds: u64) -> Self {
        self.max_wait = Duration::from_millis(milliseconds);
        self
    }

    /// How many milliseconds the transaction may take: 5,000 unless said otherwise.
    #[must_use]
    pub fn with_timeout(mut self, milliseconds: u64) -> Self {
        self.timeout = Duration::from_millis(milliseconds);
        self
    }

    /// How much of other transactions is seen: as the database is configured unless said otherwise.
    #[must_use]
    pub fn with_isolation_level(mut self, level: IsolationLevel) -> Self {
        self.isolation_level = Some(level);
        self
    }

    /// Runs the queries of `body` on a client of the transaction; commits when it gives `Ok`, else rolls back.
    pub async fn run<T, E, F, Fut>(self, body: F) -> Result<T, E>
    where
        E: From<QueryError>,
        F: FnOnce(C) -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        let timeout = self.timeout;
        let open = self.open().await?;
        let client = C::from(open.client.clone());
        match tokio::time::timeout(timeout, body(client)).await {
            Ok(Ok(value)) => {
                open.commit().await?;
                Ok(value)
            }
            Ok(Err(error)) => {
                // What went wrong first is what is told; a failed rollback closes the connection.
                drop(open.end("ROLLBACK").await);
                Err(error)
            }
            Err(_) => {
                drop(open.end("ROLLBACK").await);
                Err(expired(timeout).into())
            }
        }
    }

    /// Begins a transaction that the caller ends. Dropping the controller rolls back.
    pub async fn begin(self) -> Result<(TransactionController<C>, C), QueryError> {
        let open = self.open().await?;
        let client = C::from(open.client.clone());
        Ok((TransactionController { open, generated: PhantomData }, client))
    }

    async fn open(self) -> Result<Open, QueryError> {
        open(&self.client, self.max_wait, self.isolation_level).await
    }
}

impl<C> TransactionController<C> {
    /// Makes what was done in the transaction last.
    pub async fn commit(self, client: C) -> Result<(), QueryError> {
        drop(client);
        self.open.commit().await
    }

    /// Undoes what was done in the transaction.
    pub async fn rollback(self, client: C) -> Result<(), QueryError> {
        drop(client);
        self.open.end("ROLLBACK").await
    }
}

impl Session {
    /// The connection, once the statements before have been answered.
    pub(crate) async fn connection(
        &self,
    ) -> Result<MutexGuard<'_, Option<PooledConnection>>, QueryError> {
        let connection = self.connection.lock().await;
        if connection.is_none() { Err(Self::closed()) } else { Ok(connection) }
    }

    /// A statement of this transaction failed in the server.
    pub(crate) fn fail(&self) {
        self.failed.store(true, Ordering::Relaxed);
    }

    pub(crate) fn closed() -> QueryError {
        QueryError::transaction(
            "Transaction already closed: A query cannot be executed on a closed transaction.",
        )
    }
}

/// An open transaction; rolled back when dropped.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) client: Client,
    session: Arc<Session>,
}

/// Begins a transaction for statements that belong together.
pub(crate) async fn open(
    client: &Client,
    max_wait: Duration,
    level: Option<IsolationLevel>,
) -> Result<Open, QueryError> {
    if client.is_in_transaction() {
        return Err(QueryError::transaction("Transactions cannot be nested."));
    }
    let connection =
        tokio::time::timeout(max_wait, client.pool().get()).await.map_err(|_| {
            QueryError::transaction("Unable to start a transaction in the given time.")
        })??;
    // The guard comes before BEGIN: a future dropped in between leaves no open transaction.
    let session = Arc::new(Session {
        connection: Mutex::new(Some(connection)),
        failed: AtomicBool::new(false),
    });
    let open = Open { client: client.within(Arc::clone(&session)), session };
    let begin = match level {
        None => "BEGIN",
        Some(IsolationLevel::ReadUncommitted) => "BEGIN ISOLATION LEVEL READ UNCOMMITTED",
        Some(IsolationLevel::ReadCommitted) => "BEGIN ISOLATION LEVEL READ COMMITTED",
        Some(IsolationLevel::RepeatableRead) => "BEGIN ISOLATION LEVEL REPEATABLE READ",
        Some(IsolationLevel::Serializable) => "BEGIN ISOLATION LEVEL SERIALIZABLE",
    };
    {
        let connection = open.session.connection().await?;
        let connection = connection.as_ref().ok_or_else(Session::closed)?;
        connection.batch_execute(begin).await?;
    }
    Ok(open)
}

impl Open {
    pub(crate) async fn commit(self) -> Result<(), QueryError> {
        if self.session.failed.load(Ordering::Relaxed) {
            self.end("ROLLBACK").await?;
            return Err(QueryError::transaction(
                "Transaction rolled back: one of its queries failed, so nothing of it can be committed.",
            ));
        }
        self.end("COMMIT").await
    }

    pub(crate) async fn end(self, statement: &'static str) -> Result<(), QueryError> {
        let mut guard = self.session.connection().await?;
        let connection = guard.as_ref().ok_or_else(Session::closed)?;
        match connection.batch_execute(statement).await {
            Ok(()) => {
                *guard = None;
                Ok(())
            }
            Err(error) => {
                if let Some(connection) = guard.take() {
                    // Whatever state it is in, nobody else gets it.
                    drop(deadpool_postgres::Object::take(connection));
                }
                Err(error.into())
            }
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let session = Arc::clone(&self.session);
        if let Ok(guard) = session.connection.try_lock()
            && guard.is_none()
        {
            return;
        }
        let roll_back = async move {
            let mut guard = session.connection.lock().await;
            if let Some(connection) = guard.take()
                && connection.batch_execute("ROLLBACK").await.is_err()
            {
                drop(deadpool_postgres::Object::take(connection));
            }
        };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(roll_back)),
            // Without a runtime nobody can speak to the server: closing the connection rolls back too.
            Err(_) => {
                if let Ok(mut guard) = self.session.connection.try_lock()
                    && let Some(connection) = guard.take()
                {
                    drop(deadpool_postgres::Object::take(connection));
                }
            }
        }
    }
}

fn expired(timeout: Duration) -> QueryError {
    QueryError::transaction(&format!(
        "Transaction already closed: A commit cannot be executed on an expired transaction. The timeout for this \
         transaction was {} ms.",
        timeout.as_millis()
    ))
}
