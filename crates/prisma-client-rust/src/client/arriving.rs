//! Rows as they arrive: the driver's, or as the server sent them.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use futures_util::{Stream as _, TryStreamExt as _};
use postgres::driver::{Row, tokio_postgres};
use postgres::{PooledConnection, tap};

use crate::wire::encode::Param;
use crate::wire::line::Line;

/// How a statement is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// It takes no time, waits for no lock and gives few rows: it may share a connection with others.
    Shared,
    /// On a connection of its own.
    Alone,
    /// The same, and who asks takes rows as the server sent them: [`Came::Line`].
    Tapped,
}

/// A row that has arrived.
pub(crate) enum Came<'l> {
    Row(Row),
    /// As the server sent it, until the next one comes.
    Line(&'l mut Line),
    /// What is no row although the server says so.
    Cut,
}

impl Came<'_> {
    /// The row of who did not ask for them otherwise.
    pub(crate) fn row(self) -> Option<Row> {
        match self {
            Self::Row(row) => Some(row),
            Self::Line(_) | Self::Cut => None,
        }
    }
}

/// What is done with each row as it arrives.
pub(crate) type Each<'e> = &'e mut (dyn FnMut(Came<'_>) + Send);

/// What came out of a stream beside its rows.
pub(super) struct Drained {
    pub(super) returned: u64,
    pub(super) affected: u64,
}

pub(super) async fn drain(
    stream: tokio_postgres::RowStream,
    each: Each<'_>,
) -> Result<Drained, tokio_postgres::Error> {
    let mut stream = pin!(stream);
    let mut returned = 0;
    while let Some(row) = stream.try_next().await? {
        returned += 1;
        each(Came::Row(row));
    }
    Ok(Drained { returned, affected: stream.rows_affected().unwrap_or_default() })
}

/// Runs a statement on a connection that nobody else uses and that has answered all before, and hands on its rows
/// without the driver's help as far as they can be had so.
pub(super) async fn tapped(
    connection: &PooledConnection,
    prepared: &tokio_postgres::Statement,
    params: &[Param],
    each: Each<'_>,
) -> Result<Drained, tokio_postgres::Error> {
    let mut line = Line::of(prepared.columns().iter().map(|column| column.type_().clone()));
    let mut taken = connection.tap().open();
    let mut stream = pin!(connection.query_raw(prepared, super::send::slice(params)).await?);
    let mut returned = 0;
    poll_fn(|cx| {
        loop {
            // The driver first: whatever came before the end that it speaks of is there to be taken then.
            let polled = stream.as_mut().poll_next(cx);
            for messages in taken.take(cx) {
                for row in tap::rows(&messages) {
                    returned += 1;
                    each(if line.hold(row) { Came::Line(&mut line) } else { Came::Cut });
                }
            }
            match polled {
                Poll::Ready(Some(Ok(row))) => {
                    returned += 1;
                    each(Came::Row(row));
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(error)),
                Poll::Ready(None) => return Poll::Ready(Ok(())),
                Poll::Pending => return Poll::Pending,
            }
        }
    })
    .await?;
    Ok(Drained { returned, affected: stream.rows_affected().unwrap_or_default() })
}
