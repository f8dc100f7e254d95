//! A statement that was sent before, on a connection that is at hand: what most queries of most programs are.
//!
//! Nothing is in its way but the server, and so little is done that each step would be seen beside the server's own work.
//! Where anything is not as usual the general way is taken, in `send.rs`, which comes to the same.

use std::pin::pin;

use futures_util::TryStreamExt as _;
use postgres::PooledConnection;
use postgres::driver::{Row, Statement as Prepared, ToSql, tokio_postgres};

use super::Client;
use super::send::is_stale_plan;
use crate::error::QueryError;
use crate::prepared::Text;
use crate::telemetry;
use crate::wire::encode::ParamRef;

impl Client {
    /// The one row of a query that only reads, if it has one; `None` where nothing was sent, or it has to be sent once
    /// more: on another connection, or prepared anew.
    pub(crate) async fn at_once(
        &self,
        text: &Text,
        param: ParamRef<'_>,
    ) -> Option<Result<Option<Row>, QueryError>> {
        if self.session.is_some() || self.is_pooled() || telemetry::is_heard() {
            return None;
        }
        let seat = self.shared.lanes.seat()?;
        let connection = seat.connection();
        let Some(prepared) = text.known_on(connection) else {
            seat.answered();
            return None;
        };
        let answer = first(connection, &prepared, &param).await;
        let is_stale = answer.as_ref().is_err_and(is_stale_plan);
        if is_stale {
            text.forget(connection);
        }
        seat.answered();
        match answer.map_err(QueryError::from) {
            Err(_) if is_stale => None,
            // It was dead and nobody had noticed.
            Err(error) if error.is_cut_off() => {
                self.renew();
                None
            }
            answer => Some(answer),
        }
    }
}

/// The first row of an answer, once all of it has come.
async fn first(
    connection: &PooledConnection,
    prepared: &Prepared,
    param: &(dyn ToSql + Sync),
) -> Result<Option<Row>, tokio_postgres::Error> {
    // Boxed, as far as it is large: who waits for a query moves all of it, and small pieces are quickly had.
    let mut stream = pin!(Box::pin(connection.query_raw(prepared, [param])).await?);
    let mut row = None;
    while let Some(next) = stream.try_next().await? {
        row.get_or_insert(next);
    }
    Ok(row)
}
