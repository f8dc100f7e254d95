//! The client beneath the generated one: where statements are sent.

use std::pin::pin;
use std::sync::Arc;

use futures_util::TryStreamExt as _;
use postgres::driver::{Row, SqlState, ToSql, tokio_postgres};
use postgres::{ConnectionUrl, Pool, PooledConnection};

use crate::error::{NewClientError, QueryError};
use crate::plan::Statement;
use crate::session::Session;
use crate::wire::encode::Param;

/// A handle on a pool of connections, or on one transaction; cheap to clone.
///
/// Generated code wraps it in `PrismaClient`, which adds a method for each model.
#[derive(Debug, Clone)]
pub struct Client {
    shared: Arc<Shared>,
    session: Option<Arc<Session>>,
}

#[derive(Debug)]
struct Shared {
    pool: Pool,
    /// The schema of models that name none.
    schema: String,
}

/// What a statement gave.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) rows: Vec<Row>,
    /// Rows inserted, changed, deleted or read.
    pub(crate) affected: u64,
}

/// Makes a client: `PrismaClient::_builder()`.
#[derive(Debug, Clone)]
pub struct Builder<C> {
    url: Option<String>,
    env: &'static str,
    client: std::marker::PhantomData<fn() -> C>,
}

impl<C: From<Client>> Builder<C> {
    /// For generated code: `env` is the variable that the schema's datasource names, else `DATABASE_URL`.
    pub fn new(env: &'static str) -> Self {
        Self { url: None, env, client: std::marker::PhantomData }
    }

    /// The database, instead of the one the environment names.
    #[must_use]
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Connects once, so that a wrong URL shows itself here.
    ///
    /// Without [`with_url`](Self::with_url) the URL comes from the environment or from `.env` of the current folder.
    pub async fn build(self) -> Result<C, NewClientError> {
        let url = match self.url {
            Some(url) => url,
            None => from_environment(self.env).ok_or_else(|| NewClientError::no_url(self.env))?,
        };
        let url: ConnectionUrl = url.parse()?;
        let pool = postgres::pool(&url, None)?;
        drop(pool.get().await?);
        Ok(C::from(Client::over(pool)))
    }
}

impl Client {
    /// A client over a pool that is there already.
    pub fn over(pool: Pool) -> Self {
        let schema = pool.url().schema().to_owned();
        Self { shared: Arc::new(Shared { pool, schema }), session: None }
    }

    /// The pool that statements outside a transaction take their connections from.
    pub fn pool(&self) -> &Pool {
        &self.shared.pool
    }

    /// Whether this client speaks for a transaction.
    pub fn is_in_transaction(&self) -> bool {
        self.session.is_some()
    }

    /// The transaction that this client speaks for.
    pub(crate) fn session(&self) -> Option<&Session> {
        self.session.as_deref()
    }

    /// Whether a pooler stands between the client and the server.
    pub(crate) fn is_pooled(&self) -> bool {
        self.shared.pool.url().is_pgbouncer()
    }

    pub(crate) fn schema(&self) -> &str {
        &self.shared.schema
    }

    pub(crate) fn within(&self, session: Arc<Session>) -> Self {
        Self { shared: Arc::clone(&self.shared), session: Some(session) }
    }

    /// Sends a planned statement.
    pub(crate) async fn run(&self, statement: &Statement) -> Result<Outcome, QueryError> {
        let pooler = self.shared.pool.url().is_pgbouncer();
        let Some(session) = &self.session else {
            let connection = self.shared.pool.get().await?;
            return match send(&connection, statement, pooler).await {
                // A migration changed a table that a prepared statement reads: prepare it again.
                Err(error) if is_stale_plan(&error) => {
                    connection.statement_cache.clear();
                    Ok(send(&connection, statement, pooler).await?)
                }
                outcome => Ok(outcome?),
            };
        };
        let turn = session.turn().await?;
        let answer = send(turn.connection(), statement, pooler).await;
        turn.answered(answer)
    }

    /// Sends a text whose parameters the server gives their types.
    pub(crate) async fn run_raw(
        &self,
        text: &str,
        params: &[Param],
    ) -> Result<Outcome, QueryError> {
        let Some(session) = &self.session else {
            let connection = self.shared.pool.get().await?;
            return Ok(send_raw(&connection, text, params).await?);
        };
        let turn = session.turn().await?;
        let answer = send_raw(turn.connection(), text, params).await;
        turn.answered(answer)
    }
}

/// A variable of the environment, else of `.env` in the current folder.
fn from_environment(name: &str) -> Option<String> {
    let set = |name: &str| std::env::var(name).ok();
    set(name).or_else(|| {
        let file = std::fs::read_to_string(".env").ok()?;
        postgres::env::parse(&file, &set).remove(name)
    })
}

pub(crate) async fn send(
    connection: &PooledConnection,
    statement: &Statement,
    pooler: bool,
) -> Result<Outcome, tokio_postgres::Error> {
    // A pooler in transaction mode knows no prepared statements: text and types go in one message.
    if pooler {
        let typed = statement.params.iter().zip(statement.types.iter().cloned());
        return collect(connection.query_typed_raw(&statement.text, typed).await?).await;
    }
    let prepared = connection.prepare_typed_cached(&statement.text, &statement.types).await?;
    collect(connection.query_raw(&prepared, slice(&statement.params)).await?).await
}

async fn send_raw(
    connection: &PooledConnection,
    text: &str,
    params: &[Param],
) -> Result<Outcome, tokio_postgres::Error> {
    let prepared = connection.prepare(text).await?;
    collect(connection.query_raw(&prepared, slice(params)).await?).await
}

fn slice(params: &[Param]) -> impl ExactSizeIterator<Item = &(dyn ToSql + Sync)> {
    params.iter().map(|param| param as &(dyn ToSql + Sync))
}

async fn collect(stream: tokio_postgres::RowStream) -> Result<Outcome, tokio_postgres::Error> {
    let mut stream = pin!(stream);
    let mut rows = Vec::new();
    while let Some(row) = stream.try_next().await? {
        rows.push(row);
    }
    Ok(Outcome { rows, affected: stream.rows_affected().unwrap_or_default() })
}

fn is_stale_plan(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(|error| {
        *error.code() == SqlState::FEATURE_NOT_SUPPORTED && error.message().contains("cached plan")
    })
}
