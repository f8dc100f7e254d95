//! `update`, `update_many`, `upsert`.

use std::marker::PhantomData;

use super::{awaitable, fetching, find, write};
use crate::client::Client;
use crate::error::QueryError;
use crate::fetch::Fetch;
use crate::filter::{FilterNode, UniqueFilter, key_node};
use crate::ids;
use crate::model::{Descriptor, Model};
use crate::plan;
use crate::plan::changes::Changes;
use crate::read::Rows;
use crate::set::{Insert, SetNode};
use crate::value::PrismaValue;

/// Changes one row.
#[derive(Debug, Clone)]
pub struct Update<M> {
    client: Client,
    row: UniqueFilter<M>,
    changes: Vec<SetNode>,
    with: Vec<Fetch>,
}

/// Changes many rows.
#[derive(Debug, Clone)]
pub struct UpdateMany<M> {
    client: Client,
    filters: Vec<FilterNode>,
    changes: Vec<SetNode>,
    model: PhantomData<fn() -> M>,
}

/// Changes one row or makes it.
#[derive(Debug, Clone)]
pub struct Upsert<M> {
    client: Client,
    row: UniqueFilter<M>,
    create: Insert<M>,
    update: Vec<SetNode>,
    with: Vec<Fetch>,
}

impl<M: Model> Update<M> {
    pub(crate) fn new(client: Client, row: UniqueFilter<M>, changes: Vec<SetNode>) -> Self {
        Self { client, row, changes, with: Vec::new() }
    }

    /// Runs the query and gives the row as it is then; P2025 where there is none.
    pub async fn exec(self) -> Result<M::Data, QueryError> {
        let model = M::descriptor();
        let changes = Changes::new(model, self.changes).touched(model, &ids::now());
        let rows = write::update(&self.client, model, &self.row.key, changes).await?;
        let rows = write::with(&self.client, model, rows, &self.with).await?;
        rows.decode_first::<M>()?.ok_or_else(|| {
            QueryError::not_found("No record was found for an update.").of(model.name)
        })
    }
}

impl<M: Model> UpdateMany<M> {
    pub(crate) fn new(client: Client, filters: Vec<FilterNode>, changes: Vec<SetNode>) -> Self {
        Self { client, filters, changes, model: PhantomData }
    }

    /// Runs the query and says how many rows were changed.
    pub async fn exec(self) -> Result<i64, QueryError> {
        update_many(&self.client, M::descriptor(), &self.filters, self.changes).await
    }
}

async fn update_many(
    client: &Client,
    model: &'static Descriptor,
    filters: &[FilterNode],
    changes: Vec<SetNode>,
) -> Result<i64, QueryError> {
    let changes = Changes::new(model, changes).touched(model, &ids::now());
    if !changes.is_plain() {
        let reason =
            "Input error. update_many changes columns, not the rows that relations lead to.";
        return Err(QueryError::new("P2019", reason).of(model.name));
    }
    if changes.columns.is_empty() {
        return find::count(client, model, filters).await;
    }
    let statement = plan::write::update(client.schema(), model, filters, &changes.columns, false);
    let affected = client.run(&statement).await.map_err(|error| error.of(model.name))?.affected;
    Ok(i64::try_from(affected).unwrap_or(i64::MAX))
}

impl<M: Model> Upsert<M> {
    pub(crate) fn new(
        client: Client,
        row: UniqueFilter<M>,
        create: Insert<M>,
        update: Vec<SetNode>,
    ) -> Self {
        Self { client, row, create, update, with: Vec::new() }
    }

    /// Runs the query and gives the row as it is then.
    pub async fn exec(self) -> Result<M::Data, QueryError> {
        let model = M::descriptor();
        let now = ids::now();
        let create = Changes::new(model, self.create.nodes).with_defaults(model, &now);
        let update = Changes::new(model, self.update).touched(model, &now);
        let rows = upsert(&self.client, model, &self.row.key, create, update).await?;
        let rows = write::with(&self.client, model, rows, &self.with).await?;
        rows.decode_first::<M>()?.ok_or_else(|| {
            QueryError::not_found("No record was found for an upsert.").of(model.name)
        })
    }
}

async fn upsert(
    client: &Client,
    model: &'static Descriptor,
    key: &[(u16, PrismaValue)],
    create: Changes,
    update: Changes,
) -> Result<Rows, QueryError> {
    let same_row = key.iter().all(|(column, value)| create.value(*column) == Some(value));
    if same_row && create.is_plain() && update.is_plain() {
        let statement =
            plan::write::upsert(client.schema(), model, &create.columns, key, &update.columns);
        return write::rows(client, model, &statement).await;
    }
    // The new row would have another key, or there is more to do than one statement can.
    for _ in 0..3 {
        let updated = write::update(client, model, key, update.clone()).await?;
        if !updated.rows.is_empty() {
            return Ok(updated);
        }
        match write::insert(client, model, create.clone()).await {
            // Someone else made the row in between: there is something to update now.
            Err(error) if error.is_unique_violation() && !client.is_in_transaction() => {
                let named = find::count(client, model, &[key_node(key.iter().cloned())]).await?;
                if named == 0 {
                    return Err(error);
                }
            }
            inserted => return inserted,
        }
    }
    Err(QueryError::new(
        "P2034",
        "Transaction failed due to a write conflict or a deadlock. Please retry your transaction",
    )
    .of(model.name))
}

fetching!(Update, with);
fetching!(Upsert, with);
awaitable!(Update, M::Data);
awaitable!(UpdateMany, i64);
awaitable!(Upsert, M::Data);
