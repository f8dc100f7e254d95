//! Transactions: `_transaction().run(..)` and `.begin()`.
//!
//! Whatever way a transaction ends without a commit (an error, a panic, a timeout, a dropped future) it is rolled back,
//! and what still runs in it is cancelled; clones of its client are refused from then on.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::error::QueryError;
use crate::session::Session;

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

/// A transaction that is run again where another one was in its way: `_transaction().with_retries(n)`.
#[derive(Debug, Clone)]
pub struct RetryingTransaction<C> {
    builder: TransactionBuilder<C>,
    retries: u32,
}

/// Ends a transaction that was begun by [`TransactionBuilder::begin`].
#[derive(Debug)]
pub struct TransactionController<C> {
    open: Open,
    generated: PhantomData<fn() -> C>,
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

    /// How many milliseconds the body of [`run`](Self::run) may take: 5,000 unless said otherwise. Whatever it waits
    /// for then, on the server too, is given up. [`begin`](Self::begin) leaves the time to the caller.
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

    /// Runs the transaction again, so many times at most, where a serialization failure or a deadlock was in its way.
    ///
    /// Its body is a closure that can be called again, and what it does outside the database is done again too.
    #[must_use]
    pub fn with_retries(self, retries: u32) -> RetryingTransaction<C> {
        RetryingTransaction { builder: self, retries }
    }

    /// Runs the queries of `body` on a client of the transaction; commits when it gives `Ok`, else rolls back.
    pub async fn run<E, T, F, Fut>(self, body: F) -> Result<T, E>
    where
        E: From<QueryError>,
        F: FnOnce(C) -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        if self.client.mock_store().is_some() {
            // There is nothing to commit and nothing to roll back.
            return body(C::from(self.client)).await;
        }
        let open = self.open().await?;
        self.complete(&open, body).await
    }

    async fn complete<T, E, F, Fut>(&self, open: &Open, body: F) -> Result<T, E>
    where
        E: From<QueryError>,
        F: FnOnce(C) -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        let timeout = self.timeout;
        let client = C::from(open.client.clone());
        let body = async {
            let value = body(client).await?;
            // A query that the body began and gave up may still be running, and COMMIT would wait for it.
            open.session.settle().await?;
            Ok(value)
        };
        match tokio::time::timeout(timeout, body).await {
            Ok(Ok(value)) => {
                open.session.commit().await?;
                Ok(value)
            }
            Ok(Err(error)) => {
                open.session.roll_back().await;
                Err(error)
            }
            Err(_) => {
                open.session.roll_back().await;
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

    async fn open(&self) -> Result<Open, QueryError> {
        open(&self.client, self.max_wait, self.isolation_level).await
    }
}

impl<C: From<Client>> RetryingTransaction<C> {
    /// Runs `body` as [`TransactionBuilder::run`] does, each time in a new transaction.
    ///
    /// Gives up with the last error. Whatever type the body's error has, what decides is what the server said.
    pub async fn run<T, E, F, Fut>(self, mut body: F) -> Result<T, E>
    where
        E: From<QueryError>,
        F: FnMut(C) -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        let mut attempt = 0;
        loop {
            let open = self.builder.open().await?;
            let outcome = self.builder.complete(&open, &mut body).await;
            if outcome.is_ok() || attempt == self.retries || !open.session.is_conflicted() {
                return outcome;
            }
            drop(open);
            tokio::time::sleep(pause(attempt)).await;
            attempt += 1;
        }
    }
}

impl<C> TransactionController<C> {
    /// Makes what was done in the transaction last.
    pub async fn commit(self, client: C) -> Result<(), QueryError> {
        drop(client);
        self.open.session.commit().await
    }

    /// Undoes what was done in the transaction.
    pub async fn rollback(self, client: C) -> Result<(), QueryError> {
        drop(client);
        self.open.session.roll_back().await;
        Ok(())
    }
}

/// An open transaction; rolled back when dropped.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) client: Client,
    pub(crate) session: Arc<Session>,
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
    let start = Instant::now();
    match begin(client, max_wait, level).await {
        // Nobody had noticed yet that the connection is dead, and nothing was done on it.
        Err(error) if error.is_cut_off() => {
            client.renew();
            begin(client, max_wait.saturating_sub(start.elapsed()), level).await
        }
        begun => begun,
    }
}

async fn begin(
    client: &Client,
    max_wait: Duration,
    level: Option<IsolationLevel>,
) -> Result<Open, QueryError> {
    let connection =
        tokio::time::timeout(max_wait, client.pool().get()).await.map_err(|_| {
            QueryError::transaction("Unable to start a transaction in the given time.")
        })??;
    // The guard comes before BEGIN: a future dropped in between leaves no open transaction.
    let session = Arc::new(Session::new(connection, client.pool().url().clone()));
    let open = Open { client: client.within(Arc::clone(&session)), session };
    let begin = match level {
        None => "BEGIN",
        Some(IsolationLevel::ReadUncommitted) => "BEGIN ISOLATION LEVEL READ UNCOMMITTED",
        Some(IsolationLevel::ReadCommitted) => "BEGIN ISOLATION LEVEL READ COMMITTED",
        Some(IsolationLevel::RepeatableRead) => "BEGIN ISOLATION LEVEL REPEATABLE READ",
        Some(IsolationLevel::Serializable) => "BEGIN ISOLATION LEVEL SERIALIZABLE",
    };
    let begin = match client.pool().url().local_settings() {
        None => begin.to_owned(),
        Some(settings) => format!("{begin}; {settings}"),
    };
    let turn = open.session.turn().await?;
    let answer = turn.connection().batch_execute(&begin).await;
    turn.answered(answer)?;
    Ok(open)
}

impl Drop for Open {
    fn drop(&mut self) {
        if self.session.has_ended() {
            return;
        }
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                let session = Arc::clone(&self.session);
                drop(runtime.spawn(async move { session.roll_back().await }));
            }
            // Without a runtime nobody can speak to the server: closing the connection rolls back too.
            Err(_) => self.session.close(),
        }
    }
}

/// A while that grows with the attempts, by chance not the same as that of whoever else tries again.
fn pause(attempt: u32) -> Duration {
    let longest = 4_u64 << attempt.min(6);
    let chance = uuid::Uuid::new_v4().as_u64_pair().0;
    Duration::from_millis(1 + chance % longest)
}

fn expired(timeout: Duration) -> QueryError {
    QueryError::transaction(&format!(
        "Transaction already closed: A commit cannot be executed on an expired transaction. The timeout for this \
         transaction was {} ms.",
        timeout.as_millis()
    ))
}
