//! Statements that are sent one after the other before the first answer is waited for.
//!
//! The driver sends a request when its future is first polled and answers in the same order, so polling all of them
//! is all it takes.

use futures_util::future::join_all;
use postgres::PooledConnection;
use postgres::driver::tokio_postgres;

use crate::client::{Client, Outcome, send};
use crate::error::QueryError;
use crate::plan::Statement;
use crate::query::Planned;

type Answer = Result<Outcome, tokio_postgres::Error>;

impl Client {
    /// Sends planned statements together. The first that failed is the error; outside a transaction the others stay.
    pub(crate) async fn run_all(&self, planned: &[Planned]) -> Result<Vec<Outcome>, QueryError> {
        if let [(statement, model)] = planned {
            return Ok(vec![self.run(statement).await.map_err(|error| error.of(*model))?]);
        }
        let Some(session) = self.session() else {
            let mut outcomes = Vec::with_capacity(planned.len());
            for (statement, model) in planned {
                outcomes.push(self.run(statement).await.map_err(|error| error.of(*model))?);
            }
            return Ok(outcomes);
        };
        let turn = session.turn().await?;
        let answers = send_all(turn.connection(), planned, self.is_pooled()).await;
        turn.answered(Ok(()))?;
        let answers = match answers {
            Ok(answers) => answers,
            Err((index, error)) => {
                return Err(session.failed_by(error).of(planned[index].1));
            }
        };
        let mut outcomes = Vec::with_capacity(planned.len());
        for (answer, (_, model)) in answers.into_iter().zip(planned) {
            outcomes.push(answer.map_err(|error| session.failed_by(error).of(*model))?);
        }
        Ok(outcomes)
    }
}

impl Client {
    /// Sends a planned statement that nobody will send again: it is not prepared.
    pub(crate) async fn run_once(&self, statement: &Statement) -> Result<Outcome, QueryError> {
        let Some(session) = self.session() else { return self.run(statement).await };
        let turn = session.turn().await?;
        let answer = send(turn.connection(), statement, true).await;
        turn.answered(answer)
    }
}

async fn send_all(
    connection: &PooledConnection,
    planned: &[Planned],
    pooler: bool,
) -> Result<Vec<Answer>, (usize, tokio_postgres::Error)> {
    if !pooler {
        // Prepared first, together too: what is sent below must not wait for anything, or the order would change.
        let texts = planned.iter().map(|(statement, _)| {
            connection.prepare_typed_cached(&statement.text, &statement.types)
        });
        for (index, prepared) in join_all(texts).await.into_iter().enumerate() {
            drop(prepared.map_err(|error| (index, error))?);
        }
    }
    let sent = planned.iter().map(|(statement, _)| send(connection, statement, pooler));
    Ok(join_all(sent).await)
}
