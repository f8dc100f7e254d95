//! `delete`, `delete_many`.

use std::marker::PhantomData;

use super::{awaitable, batched, fetching, mocked, write};
use crate::client::Client;
use crate::error::QueryError;
use crate::fetch::{Fetch, Selection};
use crate::filter::{FilterNode, UniqueFilter, key_node};
use crate::load;
use crate::model::{Descriptor, Model};
use crate::plan::{self, Statement};
use crate::read::Rows;

const ABSENT: &str = "No record was found for a delete.";

/// Deletes one row.
#[derive(Debug, Clone)]
pub struct Delete<M> {
    client: Client,
    row: UniqueFilter<M>,
    with: Vec<Fetch>,
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
        Self { client, row, with: Vec::new() }
    }

    /// Runs the query and gives the row as it was; P2025 where there was none.
    pub async fn exec(self) -> Result<M::Data, QueryError> {
        mocked!(self);
        let model = M::descriptor();
        let rows = delete(&self.client, model, vec![key_node(self.row.key)], self.with).await?;
        rows.decode_first::<M>()?.ok_or_else(|| QueryError::not_found(ABSENT).of(model))
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
        let statement = plan::write::delete(self.client.schema(), model, &self.filters, false);
        let affected = self.client.run(&statement).await.map_err(|error| error.of(model))?.affected;
        Ok(i64::try_from(affected).unwrap_or(i64::MAX))
    }
}

/// Relations are read before the row goes, since some go with it.
async fn delete(
    client: &Client,
    model: &'static Descriptor,
    filters: Vec<FilterNode>,
    with: Vec<Fetch>,
) -> Result<Rows, QueryError> {
    if with.is_empty() {
        let statement = plan::write::delete(client.schema(), model, &filters, true);
        return write::rows(client, model, &statement).await;
    }
    let together = write::together(client).await?;
    let client = &together.client;
    let selection = Selection { filters, with, ..Selection::default() };
    let rows = load::find(client, model, &selection).await?;
    let statement = plan::write::delete(client.schema(), model, &selection.filters, false);
    client.run(&statement).await.map_err(|error| error.of(model))?;
    together.done().await?;
    Ok(rows)
}

impl<M: Model> Delete<M> {
    /// The query where it is one statement.
    fn statement(&mut self) -> Option<Statement> {
        let (key, schema) = (key_node(self.row.key.clone()), self.client.schema());
        let delete = || plan::write::delete(schema, M::descriptor(), &[key], true);
        self.with.is_empty().then(delete)
    }
}

impl<M: Model> DeleteMany<M> {
    #[expect(clippy::unnecessary_wraps, reason = "as of the queries that may need more statements")]
    fn statement(&mut self) -> Option<Statement> {
        Some(plan::write::delete(self.client.schema(), M::descriptor(), &self.filters, false))
    }
}

fetching!(Delete, with);
awaitable!(Delete, M::Data);
awaitable!(DeleteMany, i64);
batched!(Delete, M::Data, statement, |outcome| write::one::<M>(outcome, ABSENT));
batched!(DeleteMany, i64, statement, |outcome| Ok(write::affected(&outcome)));
