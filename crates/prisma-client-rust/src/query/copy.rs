//! `copy_in`: rows without number by binary COPY, as they come.
//!
//! COPY fills in no defaults of its own for a column that it is given, so the client's are filled in here, and NULL where
//! that is what a column would hold. A column that the database has a default for is left to it: where such columns
//! change from one row to the next, another COPY begins. All of it is one transaction. Nothing is held but what is on
//! its way: a source that is faster than the server waits.

use std::fmt;
use std::marker::PhantomData;
use std::pin::{Pin, pin};

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, Stream};
use futures_util::{SinkExt as _, StreamExt as _};
use postgres::driver::tokio_postgres::{self, Column};
use postgres::driver::{DbError, Type};

use super::{QueryFuture, refused, write};
use crate::client::Client;
use crate::error::QueryError;
use crate::ids;
use crate::model::{Descriptor, Kind, Model};
use crate::plan::changes::Changes;
use crate::plan::guards::{Guards, Writing};
use crate::plan::new_rows::NewRows;
use crate::plan::{self, Scope};
use crate::session::Session;
use crate::set::{ColumnChange, Insert, SetNode, SetOp};
use crate::value::PrismaValue;
use crate::wire::copy::Rows;
use crate::wire::encode::ParamRef;

/// Rows of one COPY: an error is noticed at its end.
const ROWS: usize = 200_000;

/// Rows of one INSERT, where COPY cannot be used.
const INSERTED: usize = 1_000;

/// How much is handed to the connection at once.
const CHUNK: usize = 128 * 1024;

type Source = Pin<Box<dyn Stream<Item = Vec<SetNode>> + Send>>;
type Row = Vec<ColumnChange>;

/// Rows that are written as they come: see [`copy_in`](super::Actions::copy_in).
pub struct CopyIn<M> {
    client: Client,
    rows: Source,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> CopyIn<M> {
    pub(crate) fn new<I: Into<Insert<M>>>(
        client: Client,
        rows: impl Stream<Item = I> + Send + 'static,
    ) -> Self {
        let rows = Box::pin(rows.map(|row| row.into().into_nodes()));
        Self { client, rows, model: PhantomData }
    }

    pub(crate) fn over<R>(client: Client, rows: R) -> Self
    where
        R: IntoIterator<Item: Into<Insert<M>>, IntoIter: Send + 'static>,
    {
        Self::new(client, stream::iter(rows))
    }

    /// Writes the rows and says how many there were. All of them are written or none.
    pub async fn exec(self) -> Result<i64, QueryError> {
        let together = write::together(&self.client).await?;
        let written = copy(&together.client, M::descriptor(), self.rows).await?;
        together.done().await?;
        Ok(i64::try_from(written).unwrap_or(i64::MAX))
    }
}

impl<M: Model> IntoFuture for CopyIn<M> {
    type Output = Result<i64, QueryError>;
    type IntoFuture = QueryFuture<i64>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.exec())
    }
}

super::batched!(CopyIn<M: Model>, i64);

impl<M: Model> fmt::Debug for CopyIn<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopyIn").field("model", &M::descriptor().name).finish_non_exhaustive()
    }
}

/// The rows as columns, numbered.
struct Numbered<'s> {
    source: Source,
    model: &'static Descriptor,
    scope: Scope<'s>,
    now: PrismaValue,
    wanted: Vec<bool>,
    number: u64,
    /// A row that did not fit where it was read.
    kept: Option<Row>,
    /// What must hold of the rows so far.
    guards: Guards,
}

impl Numbered<'_> {
    async fn next(&mut self) -> Result<Option<Row>, QueryError> {
        if let Some(row) = self.kept.take() {
            return Ok(Some(row));
        }
        let Some(nodes) = self.source.next().await else { return Ok(None) };
        let mut row = Changes::columns_of(self.scope, self.model, nodes, &self.now)
            .map_err(|error| error.in_row(self.number))?;
        // What the rows to come will set is not known: as many columns as can be.
        fill(self.model, &mut row, &self.wanted);
        self.guards.add(self.scope, self.model, row.as_slice(), Writing::New);
        if let Some(refusal) = self.guards.refused() {
            return Err(refused::refused(self.model, refusal).in_row(self.number));
        }
        self.number += 1;
        Ok(Some(row))
    }

    /// The next row, if it sets the same columns.
    async fn next_like(&mut self, shape: &[u16]) -> Result<Option<Row>, QueryError> {
        match self.next().await? {
            Some(row) if row.iter().map(|change| change.column).eq(shape.iter().copied()) => {
                Ok(Some(row))
            }
            other => {
                self.kept = other;
                Ok(None)
            }
        }
    }

    /// The number of the row that was read last, and not kept.
    fn last(&self) -> u64 {
        self.number - 1 - u64::from(self.kept.is_some())
    }
}

/// Writes NULL to the wanted columns that the row does not set, where that is what they hold then, and sorts the row.
fn fill(model: &'static Descriptor, row: &mut Row, wanted: &[bool]) {
    for (index, wanted) in model.indices().zip(wanted) {
        let missing = || row.iter().all(|change| change.column != index);
        if *wanted && model.column(index).is_null_unless_set() && missing() {
            row.push(ColumnChange { column: index, op: SetOp::Set, value: PrismaValue::Null });
        }
    }
    row.sort_by_key(|change| change.column);
}

async fn copy(
    client: &Client,
    model: &'static Descriptor,
    source: Source,
) -> Result<u64, QueryError> {
    let wanted = model.columns.iter().map(|column| is_binary(column.kind)).collect();
    let (scope, guards) = (client.scope(), Guards::default());
    let now = ids::now();
    let mut rows = Numbered { source, model, scope, now, wanted, number: 0, kept: None, guards };
    let mut written = 0;
    while let Some(row) = rows.next().await? {
        let shape: Vec<u16> = row.iter().map(|change| change.column).collect();
        written += match client.session() {
            Some(session) if has_binary_form(model, &shape) => {
                copy_like(client, session, model, &shape, row, &mut rows).await?
            }
            _ => insert_like(client, model, &shape, row, &mut rows).await?,
        };
        // COPY has no conditions, so this one comes after it. What it finds undoes all.
        let guards = std::mem::take(&mut rows.guards).finish(true);
        refused::explain(client, model, &guards).await?;
    }
    Ok(written)
}

/// Whether COPY takes the columns; a row that sets nothing has none.
fn has_binary_form(model: &'static Descriptor, shape: &[u16]) -> bool {
    !shape.is_empty() && shape.iter().all(|column| is_binary(model.column(*column).kind))
}

/// Whether the type has a binary form that is ours to write. Some are written as text and cast.
fn is_binary(kind: Kind) -> bool {
    !matches!(kind, Kind::Via(_) | Kind::Money)
}

/// Copies a row and those after it that set the same columns.
async fn copy_like(
    client: &Client,
    session: &Session,
    model: &'static Descriptor,
    shape: &[u16],
    first: Row,
    rows: &mut Numbered<'_>,
) -> Result<u64, QueryError> {
    let start = rows.last();
    let turn = session.turn().await?;
    let connection = turn.connection();
    session.has_met([]);
    let copied = async {
        let failed = |error: tokio_postgres::Error| refused(error, start).of(model);
        let columns = plan::many::columns_of(client.scope(), model, shape);
        let described = connection.prepare(&columns).await.map_err(failed)?;
        let types: Vec<&Type> = described.columns().iter().map(Column::type_).collect();
        session.has_met(types.iter().map(|ty| (*ty).clone()));
        let text = plan::many::copy(client.scope(), model, shape);
        let sink = connection.copy_in::<_, Bytes>(&text).await.map_err(failed)?;
        let mut sink = pin!(sink);
        let mut buffer = Rows::begin(BytesMut::with_capacity(CHUNK + 4 * 1024));
        let mut next = Some(first);
        let mut count = 0;
        while let Some(row) = next.take() {
            let at = rows.last();
            append(&mut buffer, model, row, &types).map_err(|error| error.in_row(at))?;
            if buffer.len() >= CHUNK {
                sink.send(buffer.split(CHUNK)).await.map_err(failed)?;
            }
            count += 1;
            if count < ROWS {
                next = rows.next_like(shape).await?;
            }
        }
        sink.send(buffer.end()).await.map_err(failed)?;
        sink.finish().await.map_err(failed)
    };
    let copied = copied.await;
    turn.copied(&copied);
    copied
}

/// One row in binary form; an error names the field.
fn append(
    buffer: &mut Rows,
    model: &'static Descriptor,
    row: Row,
    types: &[&Type],
) -> Result<(), QueryError> {
    buffer.row(row.len());
    for (change, ty) in row.into_iter().zip(types) {
        let column = model.column(change.column);
        let value = ParamRef::of(column, &change.value);
        buffer.value(value, ty).map_err(|reason| QueryError::unsendable(&reason).of(model))?;
    }
    Ok(())
}

/// Inserts a row and those after it that set the same columns.
async fn insert_like(
    client: &Client,
    model: &'static Descriptor,
    shape: &[u16],
    first: Row,
    rows: &mut Numbered<'_>,
) -> Result<u64, QueryError> {
    let start = rows.last();
    let mut like = vec![first];
    while like.len() < INSERTED {
        let Some(row) = rows.next_like(shape).await? else { break };
        like.push(row);
    }
    let mut written = 0;
    let like = NewRows::of(like).numbered_from(start);
    for arrays in like.arrays(client.scope(), model, &rows.now)? {
        let statement = plan::many::insert_many(client.scope(), model, arrays, false, None);
        let made = client.run(&statement).await.map_err(|error| error.of(model))?.affected;
        refused::unless_written(client, model, &statement, made > 0).await?;
        if made == 0 && statement.is_guarded() {
            // What it refers to came between the two.
            return Err(QueryError::conflict().of(model));
        }
        written += made;
    }
    Ok(written)
}

/// The server's refusal with the row that it is about, where it says so.
fn refused(error: tokio_postgres::Error, start: u64) -> QueryError {
    let line = error.as_db_error().and_then(line);
    let error = QueryError::from(error);
    match line {
        Some(line) => error.in_row(start + line - 1),
        None => error,
    }
}

/// `COPY people, line 3, column email`
fn line(error: &DbError) -> Option<u64> {
    let (_, rest) = error.where_()?.split_once(", line ")?;
    let digits = rest.split(|letter: char| !letter.is_ascii_digit()).next()?;
    digits.parse().ok().filter(|line| *line > 0)
}
