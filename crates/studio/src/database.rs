//! Transactions on the database: whatever only reads does so in one that cannot write, with a limit on its time and with
//! values printed alike whatever the database's settings are.

use std::fmt::Write as _;
use std::pin::pin;

use futures_util::TryStreamExt as _;
use postgres::driver::{Row, SimpleQueryMessage, ToSql};
use postgres::{ConnectionUrl, Pool, PooledConnection};

use crate::failure::Result;
use crate::quoting::Statement;

/// How long a statement of a page may take, in milliseconds. Somebody waits for it.
const PATIENCE: u32 = 10_000;

/// Connections at once: as many as a browser has requests under way.
const MOST: usize = 6;

/// Exports at once, on connections of their own: whoever reads one slowly stops nobody else.
const MOST_EXPORTS: usize = 2;

#[derive(Debug, Clone)]
pub(crate) struct Database {
    pool: Pool,
    exports: Pool,
}

/// One transaction. Dropped without [`Transaction::commit`] it is rolled back before anybody gets its connection.
pub(crate) struct Transaction {
    connection: Option<PooledConnection>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// What a statement gave, as text.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<Option<String>>>,
    /// Whether there were more rows.
    pub(crate) is_cut: bool,
    /// How many rows it gave or touched, as the server counts.
    pub(crate) count: u64,
}

impl Database {
    pub(crate) fn new(url: &ConnectionUrl) -> Result<Self> {
        // What the URL says of connections is for applications.
        let pool = |most| postgres::pool(url, Some(most));
        Ok(Self { pool: pool(MOST)?, exports: pool(MOST_EXPORTS)? })
    }

    pub(crate) fn url(&self) -> &ConnectionUrl {
        self.pool.url()
    }

    pub(crate) async fn begin(&self, access: Access) -> Result<Transaction> {
        Self::begin_on(&self.pool, access).await
    }

    /// For what is read as slowly as somebody takes it.
    pub(crate) async fn begin_export(&self) -> Result<Transaction> {
        Self::begin_on(&self.exports, Access::Read).await
    }

    async fn begin_on(pool: &Pool, access: Access) -> Result<Transaction> {
        let connection = pool.get().await?;
        let mut sql = String::from("BEGIN TRANSACTION ISOLATION LEVEL ");
        sql.push_str(match access {
            // One picture of the database for all of a page.
            Access::Read => "REPEATABLE READ READ ONLY;",
            Access::Write => "READ COMMITTED READ WRITE;",
        });
        let _ = write!(
            sql,
            "SET LOCAL statement_timeout = {PATIENCE}; SET LOCAL lock_timeout = 2000; SET LOCAL TimeZone = 'UTC'; \
             SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'iso_8601'; SET LOCAL bytea_output = 'hex'; \
             SET LOCAL extra_float_digits = 1"
        );
        // Wrapped before it begins: a request that is given up here takes its connection with it.
        let transaction = Transaction { connection: Some(connection) };
        transaction.connection().batch_execute(&sql).await.map_err(postgres::Error::from)?;
        Ok(transaction)
    }
}

impl Transaction {
    fn connection(&self) -> &PooledConnection {
        self.connection.as_ref().expect("it is there until the end")
    }

    pub(crate) async fn query(&self, statement: &Statement) -> Result<Vec<Row>> {
        let values: Vec<&(dyn ToSql + Sync)> =
            statement.values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        let rows = self.connection().query(&statement.text, &values).await;
        Ok(rows.map_err(postgres::Error::from)?)
    }

    pub(crate) async fn execute(&self, statement: &Statement) -> Result<u64> {
        let values: Vec<&(dyn ToSql + Sync)> =
            statement.values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        let count = self.connection().execute(&statement.text, &values).await;
        Ok(count.map_err(postgres::Error::from)?)
    }

    pub(crate) async fn run(&self, script: &str) -> Result<()> {
        Ok(self.connection().batch_execute(script).await.map_err(postgres::Error::from)?)
    }

    /// Does something that may be refused: what was done before stays, and more can be done.
    pub(crate) async fn attempt<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.run("SAVEPOINT attempt").await?;
        let done = work.await;
        let after =
            if done.is_ok() { "RELEASE attempt" } else { "ROLLBACK TO attempt; RELEASE attempt" };
        self.run(after).await?;
        done
    }

    /// Runs a statement whatever it gives, of which at most so many rows are kept.
    pub(crate) async fn ask(&self, sql: &str, most: usize) -> Result<Answer> {
        let stream =
            self.connection().simple_query_raw(sql).await.map_err(postgres::Error::from)?;
        let mut stream = pin!(stream);
        let mut answer = Answer::default();
        while let Some(message) = stream.try_next().await.map_err(postgres::Error::from)? {
            match message {
                SimpleQueryMessage::RowDescription(columns) => {
                    answer.columns =
                        columns.iter().map(|column| column.name().to_owned()).collect();
                }
                SimpleQueryMessage::Row(_) if answer.rows.len() == most => answer.is_cut = true,
                SimpleQueryMessage::Row(row) => {
                    let text = |at| row.get(at).map(str::to_owned);
                    answer.rows.push((0..row.len()).map(text).collect());
                }
                SimpleQueryMessage::CommandComplete(count) => answer.count = count,
                _ => {}
            }
        }
        Ok(answer)
    }

    pub(crate) async fn commit(mut self) -> Result<()> {
        self.run("COMMIT").await?;
        drop(self.connection.take());
        Ok(())
    }

    /// For what has only read, and for what is not to be kept.
    pub(crate) async fn roll_back(mut self) -> Result<()> {
        self.run("ROLLBACK").await?;
        drop(self.connection.take());
        Ok(())
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        // A request that failed or was given up: its connection is in the middle of something, and is closed.
        if let Some(connection) = self.connection.take() {
            drop(PooledConnection::take(connection));
        }
    }
}
