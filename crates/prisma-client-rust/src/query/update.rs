//! `update`, `update_many`, `upsert`.

use std::marker::PhantomData;

use super::choosing::{RowQuery as _, row_query};
use super::generic::filtered;
use super::{awaitable, batched, find, mocked, nested, refused, write};
use crate::client::Client;
use crate::error::QueryError;
use crate::fetch::Reading;
use crate::filter::{FilterNode, UniqueFilter, key_node};
use crate::ids;
use crate::model::{Descriptor, Model};
use crate::plan::changes::Changes;
use crate::plan::{self, Statement};
use crate::read::Rows;
use crate::record::Record;
use crate::set::{Insert, SetNode};
use crate::value::PrismaValue;

/// How often an upsert begins again where another one was faster.
const ATTEMPTS: usize = 5;

/// Changes one row.
#[derive(Debug, Clone)]
pub struct Update<M> {
    client: Client,
    row: UniqueFilter<M>,
    changes: Vec<SetNode>,
    reading: Reading,
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
    reading: Reading,
}

impl<M: Model> Update<M> {
    pub(crate) fn new(client: Client, row: UniqueFilter<M>, changes: Vec<SetNode>) -> Self {
        Self { client, row, changes, reading: Reading::default() }
    }

    /// Runs the query and gives the row as it is then; P2025 where there is none.
    pub async fn exec(self) -> Result<M, QueryError> {
        mocked!(self);
        self.run::<M>().await
    }

    async fn run<R: Record>(self) -> Result<R, QueryError> {
        let model = M::descriptor();
        let changes =
            Changes::new(self.client.scope(), model, self.changes).touched(model, &ids::now());
        let (client, reading) = (&self.client, &self.reading);
        let rows = write::update(client, model, &self.row.key, changes, reading).await?;
        Self::finish::<R>(&write::with(client, model, rows, reading).await?)
    }
}

impl<M: Model> UpdateMany<M> {
    pub(crate) fn new(client: Client, filters: Vec<FilterNode>, changes: Vec<SetNode>) -> Self {
        Self { client, filters, changes, model: PhantomData }
    }

    /// Runs the query and says how many rows were changed.
    pub async fn exec(self) -> Result<i64, QueryError> {
        mocked!(self);
        update_many(&self.client, M::descriptor(), &self.filters, self.changes).await
    }
}

async fn update_many(
    client: &Client,
    model: &'static Descriptor,
    filters: &[FilterNode],
    changes: Vec<SetNode>,
) -> Result<i64, QueryError> {
    let changes = Changes::new(client.scope(), model, changes).touched(model, &ids::now());
    if !changes.is_plain() {
        let together = write::together(client).await?;
        let reading = Reading::default();
        let updated = nested::update(&together.client, model, filters, changes, &reading).await?;
        together.done().await?;
        return Ok(i64::try_from(updated.rows.len()).unwrap_or(i64::MAX));
    }
    if changes.columns.is_empty() {
        return find::count(client, model, filters).await;
    }
    let statement = plan::write::update(client.scope(), model, filters, &changes.columns, None);
    let affected = client.run(&statement).await.map_err(|error| error.of(model))?.affected;
    refused::unless_written(client, model, &statement, affected > 0).await?;
    Ok(i64::try_from(affected).unwrap_or(i64::MAX))
}

impl<M: Model> Upsert<M> {
    pub(crate) fn new(
        client: Client,
        row: UniqueFilter<M>,
        create: Insert<M>,
        update: Vec<SetNode>,
    ) -> Self {
        Self { client, row, create, update, reading: Reading::default() }
    }

    /// Runs the query and gives the row as it is then.
    pub async fn exec(self) -> Result<M, QueryError> {
        mocked!(self);
        self.run::<M>().await
    }

    async fn run<R: Record>(self) -> Result<R, QueryError> {
        let model = M::descriptor();
        let now = ids::now();
        let create = Changes::new(self.client.scope(), model, self.create.into_nodes());
        let create = create.with_defaults(self.client.scope(), model, &now);
        let update = Changes::new(self.client.scope(), model, self.update).touched(model, &now);
        let (client, reading) = (&self.client, &self.reading);
        let rows = upsert(client, model, &self.row.key, create, update, reading).await?;
        Self::finish::<R>(&write::with(client, model, rows, reading).await?)
    }
}

async fn upsert(
    client: &Client,
    model: &'static Descriptor,
    key: &[(u16, PrismaValue)],
    create: Changes,
    update: Changes,
    reading: &Reading,
) -> Result<Rows, QueryError> {
    if is_atomic(key, &create, &update) {
        let columns = reading.columns(model);
        let (scope, create) = (client.scope(), &create.columns);
        let changes = &update.columns;
        let statement = plan::write::upsert(scope, model, create, key, changes, &columns);
        let rows = write::rows(client, model, &statement, columns).await?;
        if !rows.rows.is_empty() || scope.tenant.is_none() {
            return Ok(rows);
        }
        // A row that must not be made may be there: then it only changes.
        let updated = write::update(client, model, key, update, reading).await?;
        if !updated.rows.is_empty() {
            return Ok(updated);
        }
        refused::explain(client, model, &statement.guards).await?;
        return if scope.restricts(model) { Err(refused::taken(model, key)) } else { Ok(updated) };
    }
    // The new row would have another key, or there is more to do than one statement can.
    let made_first = !create.before.is_empty();
    for _ in 0..ATTEMPTS {
        let together = write::together(client).await?;
        let within = &together.client;
        let named = [key_node(key.iter().cloned())];
        let updated = nested::update(within, model, &named, update.clone(), reading).await?;
        let written = if updated.rows.is_empty() {
            nested::insert_unless(within, model, create.clone(), key, reading).await
        } else {
            Ok(updated)
        };
        match written {
            Ok(written) if !written.rows.is_empty() => {
                together.done().await?;
                return Ok(written);
            }
            // Somebody else made the row in between: there is something to update now. What was made for it goes with
            // the transaction, if that is ours.
            Ok(_) if together.is_own() => {}
            Ok(_) if !made_first => {
                together.reading().done().await?;
            }
            Ok(_) => break,
            Err(error) if error.is_unique_violation() && together.is_own() => {
                drop(together);
                let named = find::count(client, model, &[key_node(key.iter().cloned())]).await?;
                if named == 0 {
                    return Err(error);
                }
            }
            Err(error) => return Err(error),
        }
    }
    if client.scope().restricts(model) {
        // It is there all the time and cannot be seen.
        return Err(refused::taken(model, key));
    }
    Err(QueryError::conflict().of(model))
}

impl<M: Model> Update<M> {
    /// The query where it is one statement.
    fn statement(&mut self) -> Option<Statement> {
        let model = M::descriptor();
        let changes = Changes::new(self.client.scope(), model, self.changes.clone())
            .touched(model, &ids::now());
        let filters = [key_node(self.row.key.clone())];
        let alone = self.reading.is_flat() && changes.is_plain();
        let columns = self.reading.columns(model);
        let update = || write::update_statement(&self.client, model, &filters, &changes, &columns);
        alone.then(update).filter(|update| !update.is_refused())
    }
}

impl<M: Model> UpdateMany<M> {
    fn statement(&mut self) -> Option<Statement> {
        let (model, scope) = (M::descriptor(), self.client.scope());
        let changes = Changes::new(self.client.scope(), model, self.changes.clone())
            .touched(model, &ids::now());
        let alone = changes.is_plain() && !changes.columns.is_empty();
        let update = || plan::write::update(scope, model, &self.filters, &changes.columns, None);
        // That nothing was changed may be an error, which another statement finds.
        alone.then(update).filter(|update| !update.is_guarded())
    }
}

impl<M: Model> Upsert<M> {
    fn statement(&mut self) -> Option<Statement> {
        let (model, now, key) = (M::descriptor(), ids::now(), &self.row.key);
        let scope = self.client.scope();
        let create = Changes::new(self.client.scope(), model, self.create.clone().into_nodes());
        let create = create.with_defaults(scope, model, &now);
        let update =
            Changes::new(self.client.scope(), model, self.update.clone()).touched(model, &now);
        let alone =
            self.reading.is_flat() && is_atomic(key, &create, &update) && !scope.restricts(model);
        let columns = self.reading.columns(model);
        let (create, update) = (&create.columns, &update.columns);
        let upsert = || plan::write::upsert(scope, model, create, key, update, &columns);
        // A row that must not be made may be there, which another statement finds.
        alone.then(upsert).filter(|upsert| !upsert.is_guarded())
    }
}

/// Whether the new row has the key that is asked for, and there is nothing else to do.
fn is_atomic(key: &[(u16, PrismaValue)], create: &Changes, update: &Changes) -> bool {
    create.holds(key) && create.is_plain() && update.is_plain()
}

row_query!(Update, one("No record was found for an update."), reading);
row_query!(Upsert, one("No record was found for an upsert."), reading);
awaitable!(UpdateMany, i64);
batched!(UpdateMany, i64, statement, |outcome| Ok(write::affected(&outcome)));
filtered!(UpdateMany, filters);
