//! How a statement gets to a server and its rows come back: on which connection, prepared or not, and what is done where
//! that connection turns out to be dead.
//!
//! A connection may be dead without anybody knowing: the server was restarted, a router forgot it. Only sending something
//! shows it, and what was sent may have been carried out or not. A read that was not answered at all is sent once more, on
//! a new connection (a lookup that met its first dead one in `at_once.rs` begins here anew); of everything else the error
//! says what nobody knows.

use std::sync::Arc;
use std::time::Duration;

use postgres::PooledConnection;
use postgres::driver::{Row, SqlState, ToSql, Type, tokio_postgres};

use super::Client;
use super::arriving::{Came, Drained, Each, Way, drain, tapped};
use crate::error::QueryError;
use crate::lent::{self, Lent};
use crate::plan::Statement;
use crate::prepared::Text;
use crate::replicas::Replica;
use crate::telemetry;
use crate::transaction;
use crate::wire::encode::Param;

/// How long to wait for the connection of a transaction that nobody asked for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a lost connection leaves in doubt.
const STATEMENT: &str = "It is not known whether the statement was carried out.";

/// What a statement gave.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) rows: Vec<Row>,
    /// Rows inserted, changed, deleted or read.
    pub(crate) affected: u64,
}

impl Client {
    /// Sends a planned statement and waits for all of its rows.
    pub(crate) async fn run(&self, statement: &Statement) -> Result<Outcome, QueryError> {
        let mut rows = Vec::new();
        let affected =
            self.each(statement, Way::Alone, &mut |came| rows.extend(came.row())).await?;
        Ok(Outcome { rows, affected })
    }

    /// Sends a planned statement and hands on its rows as they arrive; says how many rows it touched.
    pub(crate) async fn each(
        &self,
        statement: &Statement,
        way: Way,
        each: Each<'_>,
    ) -> Result<u64, QueryError> {
        match &self.replica {
            None => self.each_there(statement, way, each).await,
            Some(replica) => Box::pin(self.each_elsewhere(replica, statement, way, each)).await,
        }
    }

    /// On a server that follows the first one, or on that where the other cannot be reached.
    async fn each_elsewhere(
        &self,
        replica: &Replica,
        statement: &Statement,
        way: Way,
        each: Each<'_>,
    ) -> Result<u64, QueryError> {
        let there = Self { shared: Arc::clone(&replica.shared), ..self.primary() };
        let answer = there.each_there(statement, way, each).await;
        match &answer {
            Err(error) if error.is_unreachable() => {
                replica.rest();
                self.each_there(statement, way, each).await
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
        way: Way,
        each: Each<'_>,
    ) -> Result<u64, QueryError> {
        let text = self.text(statement);
        if let Some(session) = &self.session {
            let turn = session.turn().await?;
            let way = if turn.is_quiet() { way } else { Way::Alone };
            let answer = self.send(turn.connection(), &text, &statement.params, way, each).await;
            return turn.answered(answer);
        }
        let mut is_again = false;
        loop {
            let reads = || text.sql.starts_with("SELECT ");
            let mut is_answered = false;
            let rows: Each<'_> = &mut |came| {
                is_answered = true;
                each(came);
            };
            let way = if is_again && way == Way::Shared { Way::Alone } else { way };
            match self.each_alone(statement, &text, way, rows).await {
                // Nobody had noticed yet that the connection is dead. A read can be asked for again, once.
                Err(error) if error.is_cut_off() && !is_again && !is_answered && reads() => {
                    is_again = true;
                    self.renew();
                }
                Err(error) if !reads() => return Err(error.in_doubt(STATEMENT)),
                answer => return answer,
            }
        }
    }

    /// Outside a transaction, on whatever connection there is.
    async fn each_alone(
        &self,
        statement: &Statement,
        text: &Text,
        way: Way,
        each: Each<'_>,
    ) -> Result<u64, QueryError> {
        if self.shared.pool.url().is_timed_by_transactions() {
            // Boxed, since it is large and rare, as is what else is boxed here: who waits for a query moves all of it.
            let work = async {
                let open = transaction::open(self, PATIENCE, None).await?;
                let affected = Box::pin(open.client.each(statement, way, each)).await?;
                open.session.commit().await?;
                Ok(affected)
            };
            return Box::pin(work).await;
        }
        if way == Way::Shared {
            let seat = self.shared.lanes.board().await?;
            let answer = self.send(seat.connection(), text, &statement.params, way, each).await;
            let answer = match answer {
                // Prepared again, it fits. Such an error comes before any row.
                Err(error) if is_stale_plan(&error) => {
                    Box::pin(self.send(seat.connection(), text, &statement.params, way, each)).await
                }
                answer => answer,
            };
            seat.answered();
            return Ok(answer?);
        }
        let lent = Box::pin(self.lend()).await?;
        let answer = match self.send(lent.connection(), text, &statement.params, way, each).await {
            Err(error) if is_stale_plan(&error) => {
                Box::pin(self.send(lent.connection(), text, &statement.params, way, each)).await
            }
            answer => answer,
        };
        lent.answered();
        Ok(answer?)
    }

    /// A connection was dead and nobody had noticed: those that nobody uses are most likely dead too, so that the next
    /// one is made anew.
    pub(crate) fn renew(&self) {
        telemetry::renewed();
        self.shared.pool.forget_idle();
    }

    /// Sends a text whose parameters the server gives their types.
    pub(crate) async fn run_raw(
        &self,
        text: &str,
        params: &[Param],
    ) -> Result<Outcome, QueryError> {
        let Some(session) = &self.session else {
            let is_lasting = lent::outlives_transaction(text);
            if self.is_pooled() && is_lasting {
                // Without a pooler its connection is closed: nobody meets what it has set here either.
                let open = transaction::open(self, PATIENCE, None).await?;
                let outcome = Box::pin(open.client.run_raw(text, params)).await?;
                open.session.roll_back().await;
                return Ok(outcome);
            }
            if self.is_pooled()
                && (!params.is_empty()
                    || lent::fits_a_transaction(text, self.shared.pool.url().schema()))
            {
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
            return answer.map_err(|error| QueryError::from(error).in_doubt(STATEMENT));
        };
        let turn = session.turn().await?;
        if lent::outlives_transaction(text) || lent::leaves_something(text) {
            session.changes();
        }
        // Before it is sent: whoever waits for the answer may give up.
        session.has_met([]);
        let met = |prepared: &tokio_postgres::Statement| {
            let columns = prepared.columns().iter().map(|column| column.type_().clone());
            session.has_met(prepared.params().iter().cloned().chain(columns));
        };
        let answer = send_raw(turn.connection(), text, params, met).await;
        turn.answered(answer)
    }

    /// Whether statements outside a transaction may follow one another on one connection without waiting.
    pub(crate) fn can_pipeline(&self) -> bool {
        let url = self.shared.pool.url();
        self.replica.is_none() && !url.is_pgbouncer() && !url.is_timed_by_transactions()
    }

    pub(crate) async fn lend(&self) -> Result<Lent<'_>, QueryError> {
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
        let mut each = |came: Came<'_>| rows.extend(came.row());
        let affected = self.send(connection, text, params, Way::Alone, &mut each).await?;
        Ok(Outcome { rows, affected })
    }

    async fn send(
        &self,
        connection: &PooledConnection,
        text: &Text,
        params: &[Param],
        way: Way,
        each: Each<'_>,
    ) -> Result<u64, tokio_postgres::Error> {
        if !telemetry::is_heard() {
            return Ok(self.send_silently(connection, text, params, way, each).await?.affected);
        }
        let span = telemetry::span(&text.sql, text.table());
        let work = Box::pin(self.send_silently(connection, text, params, way, each));
        Ok(telemetry::within(span, work, |drained| drained.returned).await?.affected)
    }

    async fn send_silently(
        &self,
        connection: &PooledConnection,
        text: &Text,
        params: &[Param],
        way: Way,
        each: Each<'_>,
    ) -> Result<Drained, tokio_postgres::Error> {
        // A pooler in transaction mode knows no prepared statements: text and types go in one message.
        if self.shared.pool.url().is_pgbouncer() {
            let work = async { drain(unprepared(connection, text, params).await?, each).await };
            return Box::pin(work).await;
        }
        let prepared = text.on(connection).await?;
        let drained = if way == Way::Tapped {
            Box::pin(tapped(connection, &prepared, params, each)).await
        } else {
            match Box::pin(connection.query_raw(&prepared, slice(params))).await {
                Ok(stream) => drain(stream, each).await,
                Err(error) => Err(error),
            }
        };
        // A migration changed a table that the statement reads: the next one prepares it again.
        if drained.as_ref().is_err_and(is_stale_plan) {
            text.forget(connection);
        }
        drained
    }
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
        let affected = drain(stream, &mut |came| rows.extend(came.row())).await?.affected;
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
        let affected = drain(stream, &mut |came| rows.extend(came.row())).await?.affected;
        Ok(Outcome { rows, affected })
    };
    telemetry::within(telemetry::span(text, None), work, |answer| answer.rows.len() as u64).await
}

pub(super) fn slice(params: &[Param]) -> impl ExactSizeIterator<Item = &(dyn ToSql + Sync)> {
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
        let affected = drain(stream, &mut |came| rows.extend(came.row())).await?.affected;
        Ok(Outcome { rows, affected })
    };
    let span = telemetry::span(&text.sql, text.table());
    telemetry::within(span, work, |answer| answer.rows.len() as u64).await
}

pub(super) fn is_stale_plan(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(|error| {
        *error.code() == SqlState::FEATURE_NOT_SUPPORTED && error.message().contains("cached plan")
    })
}
