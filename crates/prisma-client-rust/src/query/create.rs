//! `create`, `create_unchecked`, `create_many`.

use std::marker::PhantomData;

use super::{awaitable, fetching, write};
use crate::client::Client;
use crate::error::QueryError;
use crate::fetch::Fetch;
use crate::ids;
use crate::model::{Descriptor, Model};
use crate::plan;
use crate::plan::changes::{Changes, ColumnChange};
use crate::set::{Insert, SetNode};

/// Rows of one statement: enough that the round trip no longer counts, little enough to hold twice in memory.
const ROWS: usize = 10_000;

/// Parameters of one statement where each value is one: below PostgreSQL's 65,535.
const PARAMETERS: usize = 60_000;

/// One new row.
#[derive(Debug, Clone)]
pub struct Create<M> {
    client: Client,
    row: Insert<M>,
    with: Vec<Fetch>,
}

/// Many new rows.
#[derive(Debug, Clone)]
pub struct CreateMany<M> {
    client: Client,
    rows: Vec<Vec<SetNode>>,
    skip_duplicates: bool,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> Create<M> {
    pub(crate) fn new(client: Client, row: Insert<M>) -> Self {
        Self { client, row, with: Vec::new() }
    }

    /// Runs the query and gives the row as it was stored.
    pub async fn exec(self) -> Result<M::Data, QueryError> {
        let model = M::descriptor();
        let changes = Changes::new(model, self.row.nodes).with_defaults(model, &ids::now());
        let rows = write::insert(&self.client, model, changes).await?;
        let rows = write::with(&self.client, model, rows, &self.with).await?;
        rows.decode_first::<M>()?
            .ok_or_else(|| QueryError::not_found("No record was created.").of(model.name))
    }
}

impl<M: Model> CreateMany<M> {
    pub(crate) fn new(client: Client, rows: Vec<Vec<SetNode>>) -> Self {
        Self { client, rows, skip_duplicates: false, model: PhantomData }
    }

    /// Leaves out rows whose key is there already.
    #[must_use]
    pub fn skip_duplicates(mut self) -> Self {
        self.skip_duplicates = true;
        self
    }

    /// Runs the query and says how many rows were made. All of them are made or none.
    pub async fn exec(self) -> Result<i64, QueryError> {
        create_many(&self.client, M::descriptor(), self.rows, self.skip_duplicates).await
    }
}

async fn create_many(
    client: &Client,
    model: &'static Descriptor,
    rows: Vec<Vec<SetNode>>,
    skip_duplicates: bool,
) -> Result<i64, QueryError> {
    let now = ids::now();
    let mut groups: Vec<Vec<Vec<ColumnChange>>> = Vec::new();
    for nodes in rows {
        let changes = Changes::new(model, nodes).with_defaults(model, &now);
        if !changes.is_plain() {
            let reason = "Input error. create_many takes the keys of relations, not connect.";
            return Err(QueryError::new("P2019", reason).of(model.name));
        }
        let mut row = changes.columns;
        row.sort_by_key(|change| change.column);
        // A new statement where the columns change, so that the order of the rows stays.
        match groups.last_mut() {
            Some(group) if group.len() < limit(model, &row) && same_columns(&group[0], &row) => {
                group.push(row);
            }
            _ => groups.push(vec![row]),
        }
    }
    let mut affected = 0;
    if groups.len() > 1 {
        let (client, open) = write::together(client).await?;
        for group in groups {
            affected += insert_group(&client, model, group, skip_duplicates).await?;
        }
        write::done(open).await?;
    } else if let Some(group) = groups.pop() {
        affected = insert_group(client, model, group, skip_duplicates).await?;
    }
    Ok(i64::try_from(affected).unwrap_or(i64::MAX))
}

async fn insert_group(
    client: &Client,
    model: &'static Descriptor,
    group: Vec<Vec<ColumnChange>>,
    skip_duplicates: bool,
) -> Result<u64, QueryError> {
    let statement = plan::write::insert_many(client.schema(), model, group, skip_duplicates);
    Ok(client.run(&statement).await.map_err(|error| error.of(model.name))?.affected)
}

fn limit(model: &'static Descriptor, row: &[ColumnChange]) -> usize {
    let lists = row.iter().any(|change| model.column(change.column).is_list());
    if lists { (PARAMETERS / row.len().max(1)).max(1) } else { ROWS }
}

fn same_columns(one: &[ColumnChange], other: &[ColumnChange]) -> bool {
    one.iter().map(|change| change.column).eq(other.iter().map(|change| change.column))
}

fetching!(Create, with);
awaitable!(Create, M::Data);
awaitable!(CreateMany, i64);
