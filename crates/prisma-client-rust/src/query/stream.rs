//! `find_many(..).stream()`: rows as they are needed, some at a time, however many there are.
//!
//! A cursor of the server's, in a transaction of its own unless there is one around it. Dropping the stream ends both.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use futures_util::stream::{self, Stream};
use futures_util::{StreamExt as _, TryStreamExt as _};

use super::write::{self, Together};
use crate::client::Client;
use crate::error::QueryError;
use crate::fetch::Selection;
use crate::keyset;
use crate::load;
use crate::model::Descriptor;
use crate::plan::{self, Statement};
use crate::read::Rows;
use crate::record::Record;

/// Rows that are fetched at once.
const ROWS: usize = 1_000;

/// Rows as they are needed: a `Stream`, and [`next`](Self::next) for who has no other use of one.
///
/// It holds a connection until it has ended or is dropped.
pub struct RowStream<T> {
    rows: Pin<Box<dyn Stream<Item = Result<T, QueryError>> + Send>>,
}

impl<T: Record> RowStream<T> {
    pub(crate) fn over(client: Client, selection: Selection) -> Self {
        let portal = Portal { client, selection, state: State::Before };
        let chunks = stream::unfold(portal, |mut portal| async {
            let rows = portal.next(T::SHAPE.model).await.transpose()?;
            let decoded = rows.and_then(|rows| Ok(rows.decode()?));
            if decoded.is_err() {
                portal.state = State::After;
            }
            Some((decoded.map(|rows| stream::iter(VecDeque::from(rows)).map(Ok)), portal))
        });
        Self { rows: Box::pin(chunks.try_flatten().fuse()) }
    }
}

impl<T> RowStream<T> {
    /// The next row, or `None` after the last. After an error there are no more.
    pub async fn next(&mut self) -> Option<Result<T, QueryError>> {
        self.rows.next().await
    }
}

impl<T> Stream for RowStream<T> {
    type Item = Result<T, QueryError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.rows.as_mut().poll_next(cx)
    }
}

impl<T> fmt::Debug for RowStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowStream").finish_non_exhaustive()
    }
}

/// The server's cursor.
struct Portal {
    client: Client,
    selection: Selection,
    state: State,
}

enum State {
    Before,
    Within { together: Together, name: String },
    After,
}

impl Portal {
    /// The next rows, with their relations; `None` after the last.
    async fn next(&mut self, model: &'static Descriptor) -> Result<Option<Rows>, QueryError> {
        if let State::Before = self.state {
            self.state = State::After;
            self.state = self.begin(model).await?;
        }
        let State::Within { together, name } = std::mem::replace(&mut self.state, State::After)
        else {
            return Ok(None);
        };
        let client = &together.client;
        let fetch = Statement::of(format!("FETCH FORWARD {ROWS} FROM \"{name}\""));
        let rows = client.run_once(&fetch).await.map_err(|error| error.of(model))?.rows;
        let mut rows = Rows::new(rows, self.selection.reading.columns(model));
        let last = rows.rows.len() < ROWS;
        load::beside(client, model, &mut rows, &self.selection.reading).await?;
        if last {
            client.run_once(&Statement::of(format!("CLOSE \"{name}\""))).await?;
            together.done().await?;
        } else {
            self.state = State::Within { together, name };
        }
        Ok((!rows.rows.is_empty()).then_some(rows))
    }

    async fn begin(&self, model: &'static Descriptor) -> Result<State, QueryError> {
        static CURSORS: AtomicU64 = AtomicU64::new(0);

        if self.selection.take.is_some_and(|take| take < 0) {
            let reason =
                "Input error. Rows from the end cannot be streamed: sort them the other way.";
            return Err(QueryError::new("P2019", reason).of(model));
        }
        keyset::check(model, &self.selection)?;
        let together = write::together(&self.client).await?.reading();
        let client = &together.client;
        let name = format!("rows{}", CURSORS.fetch_add(1, Ordering::Relaxed));
        let columns = self.selection.reading.columns(model);
        let mut select = plan::read::select_flat(client.scope(), model, &self.selection, &columns);
        select.begin_with(format!("DECLARE \"{name}\" NO SCROLL CURSOR FOR "));
        client.run_once(&select).await.map_err(|error| error.of(model))?;
        Ok(State::Within { together, name })
    }
}
