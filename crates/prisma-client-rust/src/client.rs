//! The client beneath the generated one: where statements are sent.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use postgres::driver::{Row, SqlState, ToSql, Type, tokio_postgres};
use postgres::{ConnectionUrl, Pool, PooledConnection};

use crate::error::{NewClientError, QueryError};
use crate::lanes::Lanes;
use crate::lent::{self, Lent};
use crate::mock::MockStore;
use crate::plan::Statement;
use crate::prepared::{Shapes, Text};
use crate::replicas::{Replica, Replicas};
use crate::session::Session;
use crate::telemetry;
use crate::transaction;
use crate::wire::encode::Param;

/// How long to wait for the connection of a transaction that nobody asked for.
const PATIENCE: Duration = Duration::from_secs(10);

/// A handle on a pool of connections, or on one transaction; cheap to clone.
///
/// Generated code wraps it in `PrismaClient`, which adds a method for each model.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    session: Option<Arc<Session>>,
    mock: Option<MockStore>,
    replicas: Option<Arc<Replicas>>,
    /// Where this client's one query goes, instead of the first server.
    replica: Option<Arc<Replica>>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    pool: Pool,
    lanes: Lanes,
    shapes: Shapes,
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

/// What is done with each row as it arrives.
pub(crate) type Each<'e> = &'e mut (dyn FnMut(Row) + Send);

/// Makes a client: `PrismaClient::_builder()`.
#[derive(Debug, Clone)]
pub struct Builder<C> {
    url: Option<String>,
    replicas: Vec<String>,
    env: &'static str,
    client: std::marker::PhantomData<fn() -> C>,
}

impl<C: From<Client>> Builder<C> {
    /// For generated code: `env` is the variable that the schema's datasource names, else `DATABASE_URL`.
    pub fn new(env: &'static str) -> Self {
        Self { url: None, replicas: Vec::new(), env, client: std::marker::PhantomData }
    }

    /// The database, instead of the one the environment names.
    #[must_use]
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Servers that follow the first one: reads outside transactions go to them in turn, and to the first one where they
    /// cannot be reached. What they give may be a little old; `_primary()` reads what was just written.
    #[must_use]
    pub fn with_replicas(mut self, urls: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.replicas = urls.into_iter().map(Into::into).collect();
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
        let client = Client::over(pool);
        if self.replicas.is_empty() {
            return Ok(C::from(client));
        }
        let replica = |url: &String| postgres::pool(&url.parse()?, None);
        let pools = self.replicas.iter().map(replica).collect::<Result<_, postgres::Error>>()?;
        Ok(C::from(client.following(pools)))
    }
}

impl Client {
    /// A client over a pool that is there already.
    pub fn over(pool: Pool) -> Self {
        Self {
            shared: Arc::new(Shared::new(pool)),
            session: None,
            mock: None,
            replicas: None,
            replica: None,
        }
    }

    /// The same, whose reads go to servers that follow this one.
    fn following(mut self, pools: Vec<Pool>) -> Self {
        let all = pools.into_iter().map(|pool| Arc::new(Shared::new(pool))).collect();
        self.replicas = Some(Arc::new(Replicas::new(all)));
        self
    }

    /// The same without replicas: what was just written is seen.
    #[must_use]
    pub fn primary(&self) -> Self {
        Self { replicas: None, replica: None, ..self.clone() }
    }

    /// The client of a query that only reads.
    pub(crate) fn reading(&self) -> Self {
        let replica = self.replicas.as_ref().and_then(|replicas| replicas.next());
        Self { replica, ..self.clone() }
    }

    /// The same, answering from a store.
    pub(crate) fn answering(mut self, store: MockStore) -> Self {
        self.mock = Some(store);
        self
    }

    pub(crate) fn mock_store(&self) -> Option<&MockStore> {
        self.mock.as_ref()
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
        Self { session: Some(session), ..self.primary() }
    }

    /// Sends a planned statement and waits for all of its rows.
    pub(crate) async fn run(&self, statement: &Statement) -> Result<Outcome, QueryError> {
        let mut rows = Vec::new();
        let affected = self.each(statement, false, &mut |row| rows.push(row)).await?;
        Ok(Outcome { rows, affected })
    }

    /// Sends a planned statement and hands on its rows as they arrive; says how many rows it touched.
    ///
    /// A `short` one takes no time, waits for no lock and gives few rows: it may share a connection with others.
    pub(crate) async fn each(
        &self,
        statement: &Statement,
        short: bool,
        each: Each<'_>,
    ) -> Result<u64, QueryError> {
        let Some(replica) = &self.replica else {
            return self.each_there(statement, short, each).await;
        };
        let there = Self { shared: Arc::clone(&replica.shared), ..self.primary() };
        let answer = there.each_there(statement, short, each).await;
        match &answer {
            Err(error) if error.is_unreachable() => {
                replica.rest();
                self.each_there(statement, short, each).await
            }
            Err(error) if error.is_lost() => {
                // There may have been rows already. The next query goes elsewhere.
                replica.rest();
                answer
            }
            _ => answer,
        }
    }

    async fn each_there(
        &self,
        statement: &Statement,
        short: bool,
        each: Each<'_>,
    ) -> Result<u64, QueryError> {
        let text = self.text(statement);
        if let Some(session) = &self.session {
            let turn = session.turn().await?;
            let answer = self.send(turn.connection(), &text, &statement.params, each).await;
            return turn.answered(answer);
        }
        if self.shared.pool.url().is_timed_by_transactions() {
            let open = transaction::open(self, PATIENCE, None).await?;
            let affected = Box::pin(open.client.each(statement, short, each)).await?;
            open.session.commit().await?;
            return Ok(affected);
        }
        if short {
            let seat = self.shared.lanes.board().await?;
            let answer = self.send(seat.connection(), &text, &statement.params, each).await;
            let answer = match answer {
                // Prepared again, it fits. Such an error comes before any row.
                Err(error) if is_stale_plan(&error) => {
                    self.send(seat.connection(), &text, &statement.params, each).await
                }
                answer => answer,
            };
            seat.answered();
            return Ok(answer?);
        }
        let lent = self.lend().await?;
        let answer = match self.send(lent.connection(), &text, &statement.params, each).await {
            Err(error) if is_stale_plan(&error) => {
                self.send(lent.connection(), &text, &statement.params, each).await
            }
            answer => answer,
        };
        lent.answered();
        Ok(answer?)
    }

    /// Sends a text whose parameters the server gives their types.
    pub(crate) async fn run_raw(
        &self,
        text: &str,
        params: &[Param],
    ) -> Result<Outcome, QueryError> {
        let Some(session) = &self.session else {
            if self.is_pooled() && (!params.is_empty() || lent::fits_a_transaction(text)) {
                // What is prepared must still be there when it is run, and bare names lead to the URL's schema.
                let open = transaction::open(self, PATIENCE, None).await?;
                let outcome = Box::pin(open.client.run_raw(text, params)).await?;
                open.session.commit().await?;
                return Ok(outcome);
            }
            let lent = self.lend().await?;
            let answer = if self.is_pooled() {
                send_alone(lent.connection(), text).await
            } else {
                send_raw(lent.connection(), text, params, |_| ()).await
            };
            if lent::changes_session(text) {
                lent.spent();
            } else {
                lent.answered();
            }
            return Ok(answer?);
        };
        let turn = session.turn().await?;
        let met = |prepared: &tokio_postgres::Statement| {
            let columns = prepared.columns().iter().map(|column| column.type_().clone());
            session.has_met(prepared.params().iter().cloned().chain(columns));
        };
        let answer = send_raw(turn.connection(), text, params, met).await;
        turn.answered(answer)
    }

    async fn lend(&self) -> Result<Lent<'_>, QueryError> {
        let pool = &self.shared.pool;
        Ok(Lent::new(pool.get().await?, pool.url()))
    }

    /// The text of a statement, known from an earlier one of the same shape.
    pub(crate) fn text(&self, statement: &Statement) -> Arc<Text> {
        self.shared.shapes.text(statement)
    }

    /// Sends a text on a connection and waits for all of its rows.
    pub(crate) async fn gather(
        &self,
        connection: &PooledConnection,
        text: &Text,
        params: &[Param],
    ) -> Result<Outcome, tokio_postgres::Error> {
        let mut rows = Vec::new();
        let affected = self.send(connection, text, params, &mut |row| rows.push(row)).await?;
        Ok(Outcome { rows, affected })
    }

    async fn send(
        &self,
        connection: &PooledConnection,
        text: &Text,
        params: &[Param],
        each: Each<'_>,
    ) -> Result<u64, tokio_postgres::Error> {
        let span = telemetry::span(&text.sql, text.table());
        let work = self.send_silently(connection, text, params, each);
        Ok(telemetry::within(span, work, |drained| drained.returned).await?.affected)
    }

    async fn send_silently(
        &self,
        connection: &PooledConnection,
        text: &Text,
        params: &[Param],
        each: Each<'_>,
    ) -> Result<Drained, tokio_postgres::Error> {
        // A pooler in transaction mode knows no prepared statements: text and types go in one message.
        if self.shared.pool.url().is_pgbouncer() {
            return drain(unprepared(connection, text, params).await?, each).await;
        }
        let prepared = text.on(connection).await?;
        let drained = match connection.query_raw(&prepared, slice(params)).await {
            Ok(stream) => drain(stream, each).await,
            Err(error) => Err(error),
        };
        // A migration changed a table that the statement reads: the next one prepares it again.
        if drained.as_ref().is_err_and(is_stale_plan) {
            text.forget(connection);
        }
        drained
    }
}

impl Shared {
    fn new(pool: Pool) -> Self {
        let schema = pool.url().schema().to_owned();
        Self { lanes: Lanes::new(pool.clone()), shapes: Shapes::default(), pool, schema }
    }
}

// The same for all clients of a kind: queries are compared by what they show.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.mock.is_some() { "MockClient" } else { "Client" })
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

async fn send_raw(
    connection: &PooledConnection,
    text: &str,
    params: &[Param],
    prepared_as: impl FnOnce(&tokio_postgres::Statement),
) -> Result<Outcome, tokio_postgres::Error> {
    let work = async {
        let prepared = connection.prepare(text).await?;
        prepared_as(&prepared);
        let mut rows = Vec::new();
        let stream = connection.query_raw(&prepared, slice(params)).await?;
        let affected = drain(stream, &mut |row| rows.push(row)).await?.affected;
        Ok(Outcome { rows, affected })
    };
    telemetry::within(telemetry::span(text, None), work, |answer| answer.rows.len() as u64).await
}

/// Sends a text without values in one message, for what no transaction may be around.
async fn send_alone(
    connection: &PooledConnection,
    text: &str,
) -> Result<Outcome, tokio_postgres::Error> {
    let work = async {
        let mut rows = Vec::new();
        let stream = connection.query_typed_raw(text, Vec::<(Param, Type)>::new()).await?;
        let affected = drain(stream, &mut |row| rows.push(row)).await?.affected;
        Ok(Outcome { rows, affected })
    };
    telemetry::within(telemetry::span(text, None), work, |answer| answer.rows.len() as u64).await
}

fn slice(params: &[Param]) -> impl ExactSizeIterator<Item = &(dyn ToSql + Sync)> {
    params.iter().map(|param| param as &(dyn ToSql + Sync))
}

/// Text, types and values in one message.
async fn unprepared(
    connection: &PooledConnection,
    text: &Text,
    params: &[Param],
) -> Result<tokio_postgres::RowStream, tokio_postgres::Error> {
    let typed = params.iter().zip(text.types.iter().cloned());
    connection.query_typed_raw(&text.sql, typed).await
}

/// Sends a text that nobody will send again.
pub(crate) async fn send_once(
    connection: &PooledConnection,
    text: &Text,
    params: &[Param],
) -> Result<Outcome, tokio_postgres::Error> {
    let work = async {
        let mut rows = Vec::new();
        let stream = unprepared(connection, text, params).await?;
        let affected = drain(stream, &mut |row| rows.push(row)).await?.affected;
        Ok(Outcome { rows, affected })
    };
    let span = telemetry::span(&text.sql, text.table());
    telemetry::within(span, work, |answer| answer.rows.len() as u64).await
}

/// What came out of a stream beside its rows.
struct Drained {
    returned: u64,
    affected: u64,
}

async fn drain(
    stream: tokio_postgres::RowStream,
    each: Each<'_>,
) -> Result<Drained, tokio_postgres::Error> {
    let mut stream = pin!(stream);
    let mut returned = 0;
    while let Some(row) = stream.try_next().await? {
        returned += 1;
        each(row);
    }
    Ok(Drained { returned, affected: stream.rows_affected().unwrap_or_default() })
}

fn is_stale_plan(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(|error| {
        *error.code() == SqlState::FEATURE_NOT_SUPPORTED && error.message().contains("cached plan")
    })
}
