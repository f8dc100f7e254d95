//! Statements that are sent one after the other before the first answer is waited for.
//!
//! The driver sends a request when its future is first polled and answers in the same order, so polling all of them
//! is all it takes.

use futures_util::future::join_all;
use postgres::PooledConnection;
use postgres::driver::tokio_postgres;

use crate::client::{Client, Outcome, send_once};
use crate::error::QueryError;
use crate::plan::{Enums, Statement};
use crate::prepared::Text;
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
        let answers = self.send_all(turn.connection(), planned).await;
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

    /// Sends statements that only read, together where that can be. The first that failed is the error.
    pub(crate) async fn read_all(&self, planned: &[Planned]) -> Result<Vec<Outcome>, QueryError> {
        if planned.len() < 2 || self.session().is_some() || !self.can_pipeline() {
            return self.run_all(planned).await;
        }
        let lent = self.lend().await?;
        let answers = self.send_all(lent.connection(), planned).await;
        lent.answered();
        let answers = match answers {
            Ok(answers) => answers,
            Err((_, error)) => vec![Err(error)],
        };
        let answers: Result<Vec<_>, _> = answers.into_iter().collect();
        match answers {
            Ok(outcomes) => Ok(outcomes),
            // One after the other, what was wrong with one of them is found out, said, and done again where that helps.
            Err(_) => self.run_all(planned).await,
        }
    }

    /// Sends a planned statement that nobody will send again: it is not prepared.
    pub(crate) async fn run_once(&self, statement: &Statement) -> Result<Outcome, QueryError> {
        let Some(session) = self.session() else { return self.run(statement).await };
        let turn = session.turn().await?;
        // Rows come together with their types: there is no asking about these in between.
        let text = Text::of(statement, Enums::AsText);
        let answer = send_once(turn.connection(), &text, &statement.params).await;
        turn.answered(answer)
    }

    async fn send_all(
        &self,
        connection: &PooledConnection,
        planned: &[Planned],
    ) -> Result<Vec<Answer>, (usize, tokio_postgres::Error)> {
        let texts: Vec<_> = planned.iter().map(|(statement, _)| self.text(statement)).collect();
        if !self.is_pooled() {
            // Prepared first, together too: what is sent below must not wait for anything, or the order would change.
            let prepared = join_all(texts.iter().map(|text| text.on(connection))).await;
            for (index, prepared) in prepared.into_iter().enumerate() {
                drop(prepared.map_err(|error| (index, error))?);
            }
        }
        let sent = planned.iter().zip(&texts);
        let sent =
            sent.map(|((statement, _), text)| self.gather(connection, text, &statement.params));
        Ok(join_all(sent).await)
    }
}
