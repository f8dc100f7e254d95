//! What create, update and upsert share: changes that need more than one statement, and the transaction around them.

use crate::client::Client;
use crate::error::QueryError;
use crate::fetch::{Fetch, Selection};
use crate::filter::{FilterNode, key_node};
use crate::load;
use crate::model::{Descriptor, Link};
use crate::plan::changes::{Changes, RelationChange};
use crate::plan::{self, Statement};
use crate::read::{Rows, cell};
use crate::set::SetOp;
use crate::transaction::{self, Open};
use crate::value::PrismaValue;

/// A client for statements that belong together: a transaction of their own, unless there is one around them.
pub(super) async fn together(client: &Client) -> Result<(Client, Option<Open>), QueryError> {
    if client.is_in_transaction() {
        return Ok((client.clone(), None));
    }
    let open = transaction::open(client, std::time::Duration::from_secs(10), None).await?;
    Ok((open.client.clone(), Some(open)))
}

/// Ends the transaction that [`together`] began.
pub(super) async fn done(open: Option<Open>) -> Result<(), QueryError> {
    match open {
        Some(open) => open.session.commit().await,
        None => Ok(()),
    }
}

/// Inserts one row with all that belongs to it.
pub(super) async fn insert(
    client: &Client,
    model: &'static Descriptor,
    mut changes: Changes,
) -> Result<Rows, QueryError> {
    if changes.is_plain() {
        let statement = plan::write::insert(client.schema(), model, &changes.columns);
        return rows(client, model, &statement).await;
    }
    let (client, open) = together(client).await?;
    look_up(&client, &mut changes).await?;
    let statement = plan::write::insert(client.schema(), model, &changes.columns);
    let inserted = rows(&client, model, &statement).await?;
    relate(&client, model, &inserted, &changes.after).await?;
    done(open).await?;
    Ok(inserted)
}

/// Changes the row that a key names; no rows where there is none.
pub(super) async fn update(
    client: &Client,
    model: &'static Descriptor,
    key: &[(u16, PrismaValue)],
    mut changes: Changes,
) -> Result<Rows, QueryError> {
    let filters = [key_node(key.iter().cloned())];
    if changes.is_plain() {
        return rows(client, model, &update_statement(client, model, &filters, &changes)).await;
    }
    let (client, open) = together(client).await?;
    look_up(&client, &mut changes).await?;
    let updated =
        rows(&client, model, &update_statement(&client, model, &filters, &changes)).await?;
    relate(&client, model, &updated, &changes.after).await?;
    done(open).await?;
    Ok(updated)
}

/// Loads relations beside rows that were written.
pub(super) async fn with(
    client: &Client,
    model: &'static Descriptor,
    mut rows: Rows,
    fetches: &[Fetch],
) -> Result<Rows, QueryError> {
    load::relations(client, model, &mut rows, fetches).await?;
    Ok(rows)
}

pub(super) async fn rows(
    client: &Client,
    model: &'static Descriptor,
    statement: &Statement,
) -> Result<Rows, QueryError> {
    let outcome = client.run(statement).await.map_err(|error| error.of(model.name))?;
    Ok(Rows { rows: outcome.rows, loaded: Vec::new() })
}

/// Without a change of its own the row is only read.
fn update_statement(
    client: &Client,
    model: &'static Descriptor,
    filters: &[FilterNode],
    changes: &Changes,
) -> Statement {
    if changes.columns.is_empty() {
        let selection = Selection { filters: filters.to_vec(), ..Selection::default() };
        return plan::read::select(client.schema(), model, &selection);
    }
    plan::write::update(client.schema(), model, filters, &changes.columns, true)
}

/// Finds the rows to connect, where what names them is not what the key holds.
async fn look_up(client: &Client, changes: &mut Changes) -> Result<(), QueryError> {
    for lookup in std::mem::take(&mut changes.lookups) {
        let target = lookup.relation.target;
        let selection = Selection { filters: vec![key_node(lookup.key)], ..Selection::default() };
        let statement = plan::read::select(client.schema(), target, &selection);
        let found = rows(client, target, &statement).await?;
        let row = found.rows.first().ok_or_else(|| {
            QueryError::not_found(&format!(
                "No '{}' record was found for a nested connect.",
                target.name
            ))
            .of(target.name)
        })?;
        for (from, to) in lookup.from.iter().zip(lookup.to) {
            let value = cell(row, usize::from(*to)).value();
            changes.put(
                *from,
                SetOp::Set,
                value.map_err(|reason| QueryError::new("P2023", reason).of(target.name))?,
            );
        }
    }
    Ok(())
}

/// Changes the relations whose key is in another table.
async fn relate(
    client: &Client,
    model: &'static Descriptor,
    parents: &Rows,
    changes: &[RelationChange],
) -> Result<(), QueryError> {
    for row in &parents.rows {
        for change in changes {
            let key: &[u16] = match &change.relation.link {
                Link::Keys { from, .. } => from,
                Link::Table { from, .. } => std::slice::from_ref(from),
            };
            let parent: Result<Vec<PrismaValue>, String> =
                key.iter().map(|column| cell(row, usize::from(*column)).value()).collect();
            let parent =
                parent.map_err(|reason| QueryError::new("P2023", reason).of(model.name))?;
            let target = change.relation.target;
            for (statement, wanted) in plan::write::relate(client.schema(), change, model, &parent)
            {
                let affected =
                    client.run(&statement).await.map_err(|error| error.of(target.name))?.affected;
                if wanted.is_some_and(|wanted| affected < wanted) {
                    let cause =
                        format!("No '{}' record was found for a nested connect.", target.name);
                    return Err(QueryError::not_found(&cause).of(target.name));
                }
            }
        }
    }
    Ok(())
}
