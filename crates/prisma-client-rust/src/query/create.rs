//! `create`, `create_unchecked`, `create_many`, `create_many_and_return`.

use std::marker::PhantomData;

use super::choosing::{RowQuery as _, row_query};
use super::{awaitable, batched, mocked, nested, refused, write};
use crate::client::Client;
use crate::columns::Columns;
use crate::error::QueryError;
use crate::fetch::Reading;
use crate::ids;
use crate::model::{Descriptor, Link, Model};
use crate::plan::changes::Changes;
use crate::plan::guards::{Guards, Writing};
use crate::plan::new_rows::NewRows;
use crate::plan::{self, Arrays, Scope, Statement};
use crate::read::Rows;
use crate::record::Record;
use crate::set::{ColumnChange, Insert, SetOp};
use crate::value::PrismaValue;

/// One new row.
#[derive(Debug, Clone)]
pub struct Create<M> {
    client: Client,
    row: Insert<M>,
    reading: Reading,
}

/// Many new rows.
#[derive(Debug, Clone)]
pub struct CreateMany<M> {
    client: Client,
    rows: NewRows,
    skip_duplicates: bool,
    model: PhantomData<fn() -> M>,
}

/// Many new rows, which are given back.
#[derive(Debug, Clone)]
pub struct CreateManyAndReturn<M> {
    client: Client,
    rows: NewRows,
    skip_duplicates: bool,
    reading: Reading,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> Create<M> {
    pub(crate) fn new(client: Client, row: Insert<M>) -> Self {
        Self { client, row, reading: Reading::default() }
    }

    /// For generated code.
    pub fn of(client: &Client, row: impl Into<Insert<M>>) -> Self {
        Self::new(client.clone(), row.into())
    }

    /// Runs the query and gives the row as it was stored.
    pub async fn exec(self) -> Result<M, QueryError> {
        mocked!(self);
        self.run::<M>().await
    }

    async fn run<R: Record>(self) -> Result<R, QueryError> {
        let model = M::descriptor();
        let changes = Changes::new(self.client.scope(), model, self.row.into_nodes());
        let changes = changes.with_defaults(self.client.scope(), model, &ids::now());
        let rows = write::insert(&self.client, model, changes, &self.reading).await?;
        Self::finish::<R>(&write::with(&self.client, model, rows, &self.reading).await?)
    }
}

impl<M: Model> CreateMany<M> {
    pub(crate) fn new(client: Client, rows: NewRows) -> Self {
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
        mocked!(self);
        let model = M::descriptor();
        let many = many(&self.client, model, self.rows, self.skip_duplicates, None).await?;
        Ok(many.1)
    }
}

impl<M: Model> CreateManyAndReturn<M> {
    pub(crate) fn new(client: Client, rows: NewRows) -> Self {
        Self {
            client,
            rows,
            skip_duplicates: false,
            reading: Reading::default(),
            model: PhantomData,
        }
    }

    /// Leaves out rows whose key is there already; they are not given back either.
    #[must_use]
    pub fn skip_duplicates(mut self) -> Self {
        self.skip_duplicates = true;
        self
    }

    /// Runs the query and gives the rows as they were stored, in their order. All of them are made or none.
    pub async fn exec(self) -> Result<Vec<M>, QueryError> {
        mocked!(self);
        self.run::<M>().await
    }

    async fn run<R: Record>(self) -> Result<Vec<R>, QueryError> {
        let model = M::descriptor();
        let columns = Some(self.reading.columns(model));
        let many = many(&self.client, model, self.rows, self.skip_duplicates, columns).await?;
        Self::finish::<R>(&write::with(&self.client, model, many.0, &self.reading).await?)
    }

    /// More than one where the rows set different columns.
    #[expect(clippy::unused_self, reason = "as of the queries that may be one statement")]
    fn statement(&mut self) -> Option<Statement> {
        None
    }
}

async fn many(
    client: &Client,
    model: &'static Descriptor,
    rows: NewRows,
    skip_duplicates: bool,
    returning: Option<Columns>,
) -> Result<(Rows, i64), QueryError> {
    let groups = rows.arrays(client.scope(), model, &ids::now())?;

    let may_skip = skip_duplicates && client.scope().tenant.is_some();
    let (again, returning) = if may_skip {
        (groups.clone(), returning.map(|columns| columns.and(keys(model))))
    } else {
        (Vec::new(), returning)
    };
    let statements = groups.into_iter().map(|group| {
        plan::many::insert_many(client.scope(), model, group, skip_duplicates, returning.as_ref())
    });
    let statements: Vec<Statement> = statements.collect();
    let columns = returning.clone().unwrap_or_default();
    if let [statement] = statements.as_slice() {
        return match (insert(client, model, statement, columns).await, again.into_iter().next()) {
            (Err(refusal), Some(group)) if is_missing(&refusal) => {
                insert_new(client, model, group, returning, refusal).await
            }
            (inserted, _) => inserted,
        };
    }
    let (mut made, mut affected) = (Rows::new(Vec::new(), columns), 0);
    if !statements.is_empty() {
        let together = write::together(client).await?;
        let mut again = again.into_iter();
        for statement in &statements {
            let within = &together.client;
            let inserted = insert(within, model, statement, Columns::All).await;
            let (more, count) = match (inserted, again.next()) {
                (Err(refusal), Some(group)) if is_missing(&refusal) => {
                    insert_new(within, model, group, returning.clone(), refusal).await?
                }
                (inserted, _) => inserted?,
            };
            made.rows.extend(more.rows);
            affected += count;
        }
        together.done().await?;
    }
    Ok((made, affected))
}

async fn insert(
    client: &Client,
    model: &'static Descriptor,
    statement: &Statement,
    columns: Columns,
) -> Result<(Rows, i64), QueryError> {
    let outcome = client.run(statement).await.map_err(|error| error.of(model))?;
    let affected = write::affected(&outcome);
    refused::unless_written(client, model, statement, affected > 0).await?;
    Ok((Rows::new(outcome.rows, columns), affected))
}

/// Whether what a row refers to was not there.
fn is_missing(error: &QueryError) -> bool {
    error.code() == "P2025"
}

/// What a row that is left out would refer to does not matter, and which rows are left out only the database knows: all
/// are inserted, and what those that were refer to is looked at afterwards. What is found undoes all.
async fn insert_new(
    client: &Client,
    model: &'static Descriptor,
    group: Arrays,
    returning: Option<Columns>,
    refusal: QueryError,
) -> Result<(Rows, i64), QueryError> {
    let together = write::together(client).await?;
    let (within, scope) = (&together.client, client.scope());
    let columns = returning.unwrap_or_else(|| Columns::only(keys(model)));
    let anyones = Scope { tenant: None, ..scope };
    let statement = plan::many::insert_many(anyones, model, group, true, Some(&columns));
    let outcome = match within.run(&statement).await {
        Ok(outcome) => outcome,
        // Whether the row is not there at all is not said.
        Err(error) if error.code() == "P2003" => return Err(refusal),
        Err(error) => return Err(error.of(model)),
    };
    let affected = write::affected(&outcome);
    let (made, mut guards) = (Rows::new(outcome.rows, columns), Guards::default());
    let keys: Vec<u16> = keys(model).collect();
    for index in 0..made.rows.len() {
        let values = nested::values(&made, index, model, &keys)?;
        let change = |(column, value): (&u16, PrismaValue)| ColumnChange {
            column: *column,
            op: SetOp::Set,
            value,
        };
        let row: Vec<ColumnChange> = keys.iter().zip(values).map(change).collect();
        guards.add(scope, model, row.as_slice(), Writing::New);
    }
    refused::explain(within, model, &guards.finish(false)).await?;
    together.done().await?;
    Ok((made, affected))
}

/// The columns that say whose a row is, and what it refers to.
fn keys(model: &'static Descriptor) -> impl Iterator<Item = u16> {
    let references = model.relations.iter().filter_map(|relation| match relation.link {
        Link::Keys { from, holds_key: true, .. } => Some(from),
        _ => None,
    });
    let mut keys: Vec<u16> = references.flatten().copied().chain(model.tenant_column()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.into_iter()
}

impl<M: Model> Create<M> {
    /// The query where it is one statement.
    fn statement(&mut self) -> Option<Statement> {
        let (model, scope) = (M::descriptor(), self.client.scope());
        let changes = Changes::new(self.client.scope(), model, self.row.clone().into_nodes());
        let changes = changes.with_defaults(scope, model, &ids::now());
        let alone = self.reading.is_flat() && changes.is_plain();
        let columns = self.reading.columns(model);
        let insert = || plan::write::insert(scope, model, &changes.columns, &columns);
        alone.then(insert).filter(|insert| !insert.is_refused())
    }
}

impl<M: Model> CreateMany<M> {
    /// The query where it is one statement.
    fn statement(&mut self) -> Option<Statement> {
        let model = M::descriptor();
        let scope = self.client.scope();
        let mut groups = self.rows.clone().arrays(scope, model, &ids::now()).ok()?;
        let group = groups.pop()?;
        let insert = || plan::many::insert_many(scope, model, group, self.skip_duplicates, None);
        // That nothing was made may be an error, which another statement finds.
        groups.is_empty().then(insert).filter(|insert| !insert.is_guarded())
    }
}

row_query!(Create, one("No record was created."), reading);
row_query!(CreateManyAndReturn, many, reading);
awaitable!(CreateMany, i64);
batched!(CreateMany, i64, statement, |outcome| Ok(write::affected(&outcome)));
