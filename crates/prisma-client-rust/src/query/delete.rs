//! `delete`, `delete_many`.

use std::marker::PhantomData;

use super::choosing::{RowQuery as _, row_query};
use super::generic::filtered;
use super::{awaitable, batched, mocked, write};
use crate::client::Client;
use crate::error::QueryError;
use crate::fetch::{Reading, Selection};
use crate::filter::{FilterNode, UniqueFilter, key_node};
use crate::load;
use crate::model::{Descriptor, Model};
use crate::plan::{self, Statement};
use crate::read::Rows;
use crate::record::Record;

/// Deletes one row.
#[derive(Debug, Clone)]
pub struct Delete<M> {
    client: Client,
    row: UniqueFilter<M>,
    reading: Reading,
}

/// Deletes many rows.
#[derive(Debug, Clone)]
pub struct DeleteMany<M> {
    client: Client,
    filters: Vec<FilterNode>,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> Delete<M> {
    pub(crate) fn new(client: Client, row: UniqueFilter<M>) -> Self {
        Self { client, row, reading: Reading::default() }
    }

    /// Runs the query and gives the row as it was; P2025 where there was none.
    pub async fn exec(self) -> Result<M, QueryError> {
        mocked!(self);
        self.run::<M>().await
    }

    async fn run<R: Record>(self) -> Result<R, QueryError> {
        let (model, key) = (M::descriptor(), vec![key_node(self.row.key)]);
        Self::finish::<R>(&delete(&self.client, model, key, self.reading).await?)
    }
}

impl<M: Model> DeleteMany<M> {
    pub(crate) fn new(client: Client, filters: Vec<FilterNode>) -> Self {
        Self { client, filters, model: PhantomData }
    }

    /// Runs the query and says how many rows went.
    pub async fn exec(self) -> Result<i64, QueryError> {
        mocked!(self);
        let model = M::descriptor();
        let statement = plan::write::delete(self.client.scope(), model, &self.filters, None);
        let affected = self.client.run(&statement).await.map_err(|error| error.of(model))?.affected;
        Ok(i64::try_from(affected).unwrap_or(i64::MAX))
    }
}

/// Relations are read before the row goes, since some go with it.
async fn delete(
    client: &Client,
    model: &'static Descriptor,
    filters: Vec<FilterNode>,
    reading: Reading,
) -> Result<Rows, QueryError> {
    if reading.is_flat() {
        let columns = reading.columns(model);
        let statement = plan::write::delete(client.scope(), model, &filters, Some(&columns));
        return write::rows(client, model, &statement, columns).await;
    }
    let together = write::together(client).await?;
    let client = &together.client;
    let selection = Selection { filters, reading, ..Selection::default() };
    let rows = load::find(client, model, &selection).await?;
    let statement = plan::write::delete(client.scope(), model, &selection.filters, None);
    client.run(&statement).await.map_err(|error| error.of(model))?;
    together.done().await?;
    Ok(rows)
}

impl<M: Model> Delete<M> {
    /// The query where it is one statement.
    fn statement(&mut self) -> Option<Statement> {
        let (key, scope) = (key_node(self.row.key.clone()), self.client.scope());
        let columns = self.reading.columns(M::descriptor());
        let delete = || plan::write::delete(scope, M::descriptor(), &[key], Some(&columns));
        self.reading.is_flat().then(delete)
    }
}

impl<M: Model> DeleteMany<M> {
    #[expect(clippy::unnecessary_wraps, reason = "as of the queries that may need more statements")]
    fn statement(&mut self) -> Option<Statement> {
        Some(plan::write::delete(self.client.scope(), M::descriptor(), &self.filters, None))
    }
}

row_query!(Delete, one("No record was found for a delete."), reading);
awaitable!(DeleteMany, i64);
batched!(DeleteMany, i64, statement, |outcome| Ok(write::affected(&outcome)));
filtered!(DeleteMany, filters);
