//! What create, update and upsert share: the statements of one row, and the transaction around several.

use super::{nested, refused};
use crate::client::{Client, Outcome};
use crate::columns::Columns;
use crate::error::QueryError;
use crate::fetch::{Reading, Selection};
use crate::filter::{FilterNode, key_node};
use crate::load;
use crate::model::Descriptor;
use crate::plan::changes::Changes;
use crate::plan::{self, Statement};
use crate::read::Rows;
use crate::transaction::{self, Open};
use crate::value::PrismaValue;

/// Statements that belong together: a transaction of their own, unless there is one around them.
///
/// In one that is around them, what they have done stays where they fail half way, and only the whole can be undone:
/// so dropping it before [`done`] leaves a transaction that cannot be committed, as a failure on the server would.
#[derive(Debug)]
pub(super) struct Together {
    pub(super) client: Client,
    open: Option<Open>,
    ended: bool,
}

pub(super) async fn together(client: &Client) -> Result<Together, QueryError> {
    if client.is_in_transaction() {
        return Ok(Together { client: client.clone(), open: None, ended: false });
    }
    let open = transaction::open(client, std::time::Duration::from_secs(10), None).await?;
    Ok(Together { client: open.client.clone(), open: Some(open), ended: false })
}

impl Together {
    /// Whether giving up undoes it.
    pub(super) fn is_own(&self) -> bool {
        self.open.is_some()
    }

    /// It only reads: there is nothing to undo.
    pub(super) fn reading(mut self) -> Self {
        self.ended = true;
        self
    }

    /// All of it has happened.
    pub(super) async fn done(mut self) -> Result<(), QueryError> {
        self.ended = true;
        match self.open.take() {
            Some(open) => open.session.commit().await,
            None => Ok(()),
        }
    }
}

impl Drop for Together {
    fn drop(&mut self) {
        if let (false, Some(session)) = (self.ended, self.client.session()) {
            session.spoil();
        }
    }
}

/// Inserts one row with all that belongs to it.
pub(super) async fn insert(
    client: &Client,
    model: &'static Descriptor,
    changes: Changes,
    reading: &Reading,
) -> Result<Rows, QueryError> {
    if changes.is_plain() {
        return insert_plain(client, model, &changes, reading).await;
    }
    let together = together(client).await?;
    let inserted = nested::insert(&together.client, model, changes, reading).await?;
    together.done().await?;
    Ok(inserted)
}

/// Inserts one row that needs no other statement.
pub(super) async fn insert_plain(
    client: &Client,
    model: &'static Descriptor,
    changes: &Changes,
    reading: &Reading,
) -> Result<Rows, QueryError> {
    let columns = columns(model, changes, reading);
    let statement = plan::write::insert(client.scope(), model, &changes.columns, &columns);
    written(client, model, &statement, columns).await
}

/// Changes the row that a key names; no rows where there is none.
pub(super) async fn update(
    client: &Client,
    model: &'static Descriptor,
    key: &[(u16, PrismaValue)],
    changes: Changes,
    reading: &Reading,
) -> Result<Rows, QueryError> {
    let filters = [key_node(key.iter().cloned())];
    if changes.is_plain() {
        let columns = reading.columns(model);
        let statement = update_statement(client, model, &filters, &changes, &columns);
        return written(client, model, &statement, columns).await;
    }
    let together = together(client).await?;
    let updated = nested::update(&together.client, model, &filters, changes, reading).await?;
    together.done().await?;
    Ok(updated)
}

/// Loads what is read beside rows that were written.
pub(super) async fn with(
    client: &Client,
    model: &'static Descriptor,
    mut rows: Rows,
    reading: &Reading,
) -> Result<Rows, QueryError> {
    load::beside(client, model, &mut rows, reading).await?;
    Ok(rows)
}

pub(super) async fn rows(
    client: &Client,
    model: &'static Descriptor,
    statement: &Statement,
    columns: Columns,
) -> Result<Rows, QueryError> {
    let outcome = client.run(statement).await.map_err(|error| error.of(model))?;
    Ok(Rows::new(outcome.rows, columns))
}

/// The rows that a statement wrote; an error where there are none since they would not be in the client's scope.
pub(super) async fn written(
    client: &Client,
    model: &'static Descriptor,
    statement: &Statement,
    columns: Columns,
) -> Result<Rows, QueryError> {
    let rows = rows(client, model, statement, columns).await?;
    refused::unless_written(client, model, statement, !rows.rows.is_empty()).await?;
    Ok(rows)
}

/// The columns that a written row gives back: what is read, and what its relations are changed by.
pub(super) fn columns(model: &'static Descriptor, changes: &Changes, reading: &Reading) -> Columns {
    let keys = changes.after.iter().flat_map(|after| after.relation().key().iter().copied());
    reading.columns(model).and(keys)
}

/// How many rows a statement of a batch touched.
pub(super) fn affected(outcome: &Outcome) -> i64 {
    i64::try_from(outcome.affected).unwrap_or(i64::MAX)
}

/// Without a change of its own the row is only read.
pub(super) fn update_statement(
    client: &Client,
    model: &'static Descriptor,
    filters: &[FilterNode],
    changes: &Changes,
    columns: &Columns,
) -> Statement {
    if changes.columns.is_empty() {
        let selection = Selection { filters: filters.to_vec(), ..Selection::default() };
        return plan::read::select_flat(client.scope(), model, &selection, columns);
    }
    plan::write::update(client.scope(), model, filters, &changes.columns, Some(columns))
}
