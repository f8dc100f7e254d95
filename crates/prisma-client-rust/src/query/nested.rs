//! Changes that reach into other tables: rows that are found or made before the row itself, since it refers to them, and
//! relations whose key is on the other side or in a table of pairs, which follow it.
//!
//! All of it runs on a client of one transaction. Rows made inside a row may have rows of their own, to any depth.

use std::pin::Pin;

use super::refused;
use super::write::{columns, insert_plain, rows, update_statement, written};
use crate::client::Client;
use crate::columns::Columns;
use crate::error::QueryError;
use crate::fetch::{Reading, Selection};
use crate::filter::{FilterNode, key_node};
use crate::ids;
use crate::model::{Descriptor, Link, Relation};
use crate::plan::changes::{After, Before, Changes, Lookup, RelationChange};
use crate::plan::new_rows::NewRows;
use crate::plan::write::Touched;
use crate::plan::{self, Statement};
use crate::read::Rows;
use crate::set::{ColumnChange, NewRow, RelationOp};
use crate::value::PrismaValue;

/// Rows inside rows are read whole: their keys are needed.
const WHOLE: &Reading = &Reading { columns: Columns::All, with: Vec::new(), counts: Vec::new() };

type Key = Vec<(u16, PrismaValue)>;
type Written<'a> = Pin<Box<dyn Future<Output = Result<Rows, QueryError>> + Send + 'a>>;

/// Inserts a row with all that belongs to it.
pub(super) fn insert<'a>(
    client: &'a Client,
    model: &'static Descriptor,
    mut changes: Changes,
    reading: &'a Reading,
) -> Written<'a> {
    Box::pin(async move {
        refer(client, model, &mut changes).await?;
        let inserted = insert_plain(client, model, &changes, reading).await?;
        follow(client, model, &inserted, &changes.after, true).await?;
        Ok(inserted)
    })
}

/// The same, but no row where one has this key already. A key that the new row does not hold is not looked at.
pub(super) async fn insert_unless(
    client: &Client,
    model: &'static Descriptor,
    mut changes: Changes,
    key: &[(u16, PrismaValue)],
    reading: &Reading,
) -> Result<Rows, QueryError> {
    if !changes.holds(key) {
        return insert(client, model, changes, reading).await;
    }
    refer(client, model, &mut changes).await?;
    let given = columns(model, &changes, reading);
    let (scope, columns) = (client.scope(), &changes.columns);
    let statement = plan::write::insert_unless(scope, model, columns, key, &given);
    let inserted = written(client, model, &statement, given).await?;
    follow(client, model, &inserted, &changes.after, true).await?;
    Ok(inserted)
}

/// Changes the rows that meet the conditions, with all that belongs to them.
pub(super) async fn update(
    client: &Client,
    model: &'static Descriptor,
    filters: &[FilterNode],
    mut changes: Changes,
    reading: &Reading,
) -> Result<Rows, QueryError> {
    if !changes.before.is_empty() {
        // Nothing is made for a row that is not there.
        let selection = Selection { filters: filters.to_vec(), ..Selection::default() };
        let columns = reading.columns(model);
        let mut statement = plan::read::select_flat(client.scope(), model, &selection, &columns);
        statement.push(" FOR UPDATE");
        let found = rows(client, model, &statement, columns).await?;
        if found.rows.is_empty() {
            return Ok(found);
        }
    }
    refer(client, model, &mut changes).await?;
    let columns = columns(model, &changes, reading);
    let statement = update_statement(client, model, filters, &changes, &columns);
    let updated = written(client, model, &statement, columns).await?;
    follow(client, model, &updated, &changes.after, false).await?;
    Ok(updated)
}

/// Finds or makes the rows that this one refers to, and takes their keys over.
async fn refer(
    client: &Client,
    model: &'static Descriptor,
    changes: &mut Changes,
) -> Result<(), QueryError> {
    for Lookup { relation, from, to, key } in std::mem::take(&mut changes.lookups) {
        if key.is_empty() {
            let missing =
                format!("Missing a required value at `{}.{}`", model.name, relation.field);
            return Err(QueryError::new("P2012", missing).of(model));
        }
        let found = find(client, relation.target, key).await?;
        if found.rows.is_empty() {
            return Err(not_connected(relation.target));
        }
        changes.refer(from, values(&found, 0, relation.target, to)?);
    }
    for Before { relation, from, to, row } in std::mem::take(&mut changes.before) {
        let made = make(client, relation.target, row).await?;
        changes.refer(from, values(&made, 0, relation.target, to)?);
    }
    Ok(())
}

/// A row of its own, or the one to take instead.
async fn make(
    client: &Client,
    target: &'static Descriptor,
    row: NewRow,
) -> Result<Rows, QueryError> {
    let changes = Changes::new(client.scope(), target, row.nodes);
    let changes = changes.with_defaults(client.scope(), target, &ids::now());
    let Some(key) = row.instead else {
        return insert(client, target, changes, WHOLE).await;
    };
    let found = find(client, target, key.clone()).await?;
    if !found.rows.is_empty() {
        return Ok(found);
    }
    if changes.is_plain() && changes.holds(&key) {
        // Somebody else may be making the same row at this moment.
        let (scope, columns) = (client.scope(), &changes.columns);
        let statement = plan::write::upsert(scope, target, columns, &key, &[], &Columns::All);
        return upserted(client, target, &statement, &key).await;
    }
    insert(client, target, changes, WHOLE).await
}

/// The row of an upsert, unless it is there and is another tenant's.
async fn upserted(
    client: &Client,
    target: &'static Descriptor,
    statement: &Statement,
    key: &[(u16, PrismaValue)],
) -> Result<Rows, QueryError> {
    let rows = written(client, target, statement, Columns::All).await?;
    if rows.rows.is_empty() { Err(refused::taken(target, key)) } else { Ok(rows) }
}

/// Does what follows rows that are there now. `fresh` rows have nothing related to them yet.
async fn follow(
    client: &Client,
    model: &'static Descriptor,
    parents: &Rows,
    after: &[After],
    fresh: bool,
) -> Result<(), QueryError> {
    if parents.rows.len() > 1 && after.iter().any(takes_rows_over) {
        let reason = "Input error. Of many rows only one could keep the rows that are to be connected: they refer to it.";
        return Err(QueryError::new("P2019", reason).of(model));
    }
    for index in 0..parents.rows.len() {
        for after in after {
            let parent = values(parents, index, model, after.relation().key())?;
            match after {
                After::Relate(change) => relate(client, model, change, &parent).await?,
                After::Make(relation, new) => {
                    make_related(client, model, relation, &parent, new, fresh).await?;
                }
            }
        }
    }
    Ok(())
}

/// Whether rows of the other model would be led from one row to the next.
fn takes_rows_over(after: &After) -> bool {
    match after {
        After::Relate(change) => {
            matches!(change.relation.link, Link::Keys { .. })
                && change.op != RelationOp::Disconnect
                && !change.keys.is_empty()
        }
        After::Make(relation, new) => {
            matches!(relation.link, Link::Keys { .. })
                && new.iter().any(|new| new.instead.is_some())
        }
    }
}

/// Makes rows and relates them to the row whose key columns hold `parent`.
async fn make_related(
    client: &Client,
    model: &'static Descriptor,
    relation: &'static Relation,
    parent: &[PrismaValue],
    new: &[NewRow],
    fresh: bool,
) -> Result<(), QueryError> {
    match &relation.link {
        Link::Keys { to, .. } => {
            make_referring(client, model, relation, to, parent, new, fresh).await
        }
        Link::Table { to, .. } => {
            let ids = make_paired(client, relation, *to, new).await?;
            let statement = plan::write::pairs(client.scope(), model, relation, &parent[0], ids);
            client.run(&statement).await.map_err(|error| error.of(model))?;
            Ok(())
        }
    }
}

/// Rows that refer to the parent.
async fn make_referring(
    client: &Client,
    model: &'static Descriptor,
    relation: &'static Relation,
    to: &'static [u16],
    parent: &[PrismaValue],
    new: &[NewRow],
    fresh: bool,
) -> Result<(), QueryError> {
    let (target, now) = (relation.target, ids::now());
    let mut plain = Vec::new();
    for NewRow { instead, nodes } in new {
        let mut changes = Changes::new(client.scope(), target, nodes.clone());
        changes.refer(to, parent.iter().cloned());
        let changes = changes.with_defaults(client.scope(), target, &now);
        let connect = |keys: Vec<Key>| RelationChange { relation, op: RelationOp::Connect, keys };
        match instead {
            Some(key) if !find(client, target, key.clone()).await?.rows.is_empty() => {
                relate(client, model, &connect(vec![key.clone()]), parent).await?;
                continue;
            }
            _ if !relation.many && !fresh => {
                // There is room for one row.
                let alone = RelationChange { op: RelationOp::Disconnect, ..connect(Vec::new()) };
                relate(client, model, &alone, parent).await?;
            }
            _ => {}
        }
        match instead {
            Some(key) if changes.is_plain() && changes.holds(key) => {
                let mine: Vec<ColumnChange> =
                    changes.columns.iter().filter(|of| to.contains(&of.column)).cloned().collect();
                let columns = &changes.columns;
                let (scope, given) = (client.scope(), &Columns::All);
                let statement = plan::write::upsert(scope, target, columns, key, &mine, given);
                upserted(client, target, &statement, key).await?;
            }
            _ if changes.is_plain() => plain.push(changes.columns),
            _ => {
                insert(client, target, changes, WHOLE).await?;
            }
        }
    }
    for arrays in NewRows::of(plain).arrays(client.scope(), target, &now)? {
        let statement = plan::many::insert_many(client.scope(), target, arrays, false, None);
        let made = client.run(&statement).await.map_err(|error| error.of(target))?.affected;
        refused::unless_written(client, target, &statement, made > 0).await?;
    }
    Ok(())
}

/// Rows for a table of pairs: their ids.
async fn make_paired(
    client: &Client,
    relation: &'static Relation,
    to: u16,
    new: &[NewRow],
) -> Result<Vec<PrismaValue>, QueryError> {
    let (target, now) = (relation.target, ids::now());
    let (mut made, mut plain) = (Vec::new(), Vec::new());
    for row in new {
        let changes = Changes::new(client.scope(), target, row.nodes.clone());
        let changes = changes.with_defaults(client.scope(), target, &now);
        if row.instead.is_none() && changes.is_plain() {
            plain.push(changes.columns);
        } else {
            made.push(make(client, target, row.clone()).await?);
        }
    }
    for arrays in NewRows::of(plain).arrays(client.scope(), target, &now)? {
        let (scope, given) = (client.scope(), Columns::only([to]));
        let statement = plan::many::insert_many(scope, target, arrays, false, Some(&given));
        made.push(written(client, target, &statement, given).await?);
    }
    let mut ids = Vec::new();
    for made in &made {
        for index in 0..made.rows.len() {
            ids.extend(values(made, index, target, &[to])?);
        }
    }
    Ok(ids)
}

/// Connects and disconnects rows that are there.
async fn relate(
    client: &Client,
    model: &'static Descriptor,
    change: &RelationChange,
    parent: &[PrismaValue],
) -> Result<(), QueryError> {
    let target = change.relation.target;
    for (statement, touched) in plan::write::relate(client.scope(), change, model, parent) {
        let affected = client.run(&statement).await.map_err(|error| error.of(target))?.affected;
        match touched {
            Touched::One if affected == 0 => {
                refused::explain(client, target, &statement.guards).await?;
                return Err(not_connected(target));
            }
            Touched::None(refusal) if affected > 0 => {
                return Err(refused::refused(target, refusal));
            }
            Touched::Any | Touched::One | Touched::None(_) => {}
        }
    }
    Ok(())
}

async fn find(client: &Client, target: &'static Descriptor, key: Key) -> Result<Rows, QueryError> {
    let selection = Selection { filters: vec![key_node(key)], ..Selection::default() };
    let statement = plan::read::select_flat(client.scope(), target, &selection, &Columns::All);
    rows(client, target, &statement, Columns::All).await
}

/// Columns of a row.
pub(super) fn values(
    of: &Rows,
    index: usize,
    model: &'static Descriptor,
    columns: &[u16],
) -> Result<Vec<PrismaValue>, QueryError> {
    columns
        .iter()
        .map(|column| {
            let cell = (index < of.rows.len()).then(|| of.cell(index, usize::from(*column)));
            let value = cell.flatten().ok_or_else(|| not_connected(model))?.value();
            value.map_err(|reason| QueryError::new("P2023", reason).of(model))
        })
        .collect()
}

fn not_connected(target: &'static Descriptor) -> QueryError {
    let cause = format!("No '{}' record was found for a nested connect.", target.name);
    QueryError::not_found(&cause).of(target)
}
