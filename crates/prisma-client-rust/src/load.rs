//! Relations of rows that are there already: one query for each relation, whatever the number of rows.

use std::collections::HashMap;
use std::pin::Pin;

use postgres::driver::Type;

use crate::client::Client;
use crate::error::QueryError;
use crate::fetch::{Fetch, Selection};
use crate::keyset;
use crate::model::Descriptor;
use crate::plan;
use crate::read::{Loaded, Reader, Rows, cell};
use crate::value::PrismaValue;
use crate::wire::decode::Cell;

/// The rows of a selection with their relations.
pub(crate) async fn find(
    client: &Client,
    model: &'static Descriptor,
    selection: &Selection,
) -> Result<Rows, QueryError> {
    check(model, selection)?;
    let (statement, joined) =
        plan::read::select_with(client.schema(), model, selection, &selection.with);
    let mut rows = Vec::new();
    let found = client.each(&statement, selection.unique, &mut |row| rows.push(row)).await;
    let _ = found.map_err(|error| error.of(model))?;
    if plan::read::reversed(selection) {
        rows.reverse();
    }
    let mut rows = Rows { rows, joined, loaded: Vec::new() };
    if rows.joined.len() < selection.with.len() {
        relations(client, model, &mut rows, &selection.with).await?;
    }
    Ok(rows)
}

/// Whether each row can be read on its own, as it arrives.
pub(crate) fn can_stream(model: &'static Descriptor, selection: &Selection) -> bool {
    plan::join::joins_all(model, &selection.with) && !plan::read::reversed(selection)
}

/// Hands on the rows of a selection as they arrive.
pub(crate) async fn each(
    client: &Client,
    model: &'static Descriptor,
    selection: &Selection,
    each: &mut (dyn FnMut(Reader<'_>) + Send),
) -> Result<(), QueryError> {
    check(model, selection)?;
    let (statement, joined) =
        plan::read::select_with(client.schema(), model, selection, &selection.with);
    // One at a time: what holds a row is used again for the next, while it is near.
    let mut rows = Rows { rows: Vec::with_capacity(1), joined, loaded: Vec::new() };
    let mut hand_on = |row| {
        rows.rows.clear();
        rows.rows.push(row);
        each(rows.at(0));
    };
    let found = client.each(&statement, selection.unique, &mut hand_on).await;
    found.map(drop).map_err(|error| error.of(model))
}

fn check(model: &'static Descriptor, selection: &Selection) -> Result<(), QueryError> {
    if (selection.cursor.is_some() || selection.take.is_some_and(|take| take < 0))
        && !model.has_id()
    {
        let reason =
            "Input error. Without a unique key there is no cursor and no reading from the end.";
        return Err(QueryError::new("P2019", reason).of(model.name));
    }
    keyset::check(model, selection)
}

/// Loads relations for rows; nothing where there are no rows.
pub(crate) fn relations<'a>(
    client: &'a Client,
    model: &'static Descriptor,
    rows: &'a mut Rows,
    fetches: &'a [Fetch],
) -> Pin<Box<dyn Future<Output = Result<(), QueryError>> + Send + 'a>> {
    Box::pin(async move {
        for fetch in fetches {
            if rows.joined.iter().any(|join| join.relation == fetch.relation) {
                continue;
            }
            let loaded = relation(client, model, rows, fetch).await?;
            rows.loaded.retain(|other| other.relation != loaded.relation);
            rows.loaded.push(loaded);
        }
        Ok(())
    })
}

async fn relation(
    client: &Client,
    model: &'static Descriptor,
    rows: &Rows,
    fetch: &Fetch,
) -> Result<Loaded, QueryError> {
    let relation = model.relation(fetch.relation);
    let keys = plan::read::keys(relation);
    let mut children = vec![Vec::new(); rows.rows.len()];
    // Parents by key: many bookings of one student ask for that student once.
    let mut parents: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
    let mut values: Vec<Vec<PrismaValue>> = vec![Vec::new(); keys.count];
    for (index, row) in rows.rows.iter().enumerate() {
        let cells: Vec<Cell<'_>> =
            keys.parent.iter().map(|column| cell(row, usize::from(*column))).collect();
        let Some(key) = key(&cells) else { continue };
        let known = parents.entry(key).or_default();
        if known.is_empty() {
            for (values, cell) in values.iter_mut().zip(&cells) {
                values.push(
                    cell.value()
                        .map_err(|reason| QueryError::new("P2023", reason).of(model.name))?,
                );
            }
        }
        known.push(index);
    }
    let mut found = Rows::default();
    if !parents.is_empty() {
        let statement =
            plan::read::related(client.schema(), model, relation, &fetch.selection, values);
        let target = relation.target;
        found.rows = client.run(&statement).await.map_err(|error| error.of(target.name))?.rows;
        for (index, row) in found.rows.iter().enumerate() {
            let cells: Vec<Cell<'_>> = (0..keys.count)
                .map(|position| cell(row, target.columns.len() + position))
                .collect();
            for parent in key(&cells).and_then(|key| parents.get(&key)).into_iter().flatten() {
                children[*parent].push(index);
            }
        }
        if plan::read::reversed(&fetch.selection) {
            for children in &mut children {
                children.reverse();
            }
        }
        relations(client, target, &mut found, &fetch.selection.with).await?;
    }
    Ok(Loaded { relation: fetch.relation, rows: found, children })
}

/// Equal for equal keys, also where one side is `integer` and the other `bigint`; `None` where a part is NULL.
fn key(cells: &[Cell<'_>]) -> Option<Vec<u8>> {
    let mut key = Vec::with_capacity(40);
    for cell in cells {
        let bytes = cell.bytes?;
        let widened = match (cell.ty, bytes) {
            (&Type::INT2, [a, b]) => Some(i64::from(i16::from_be_bytes([*a, *b]))),
            (&Type::INT4, [a, b, c, d]) => Some(i64::from(i32::from_be_bytes([*a, *b, *c, *d]))),
            _ => None,
        };
        let widened = widened.map(i64::to_be_bytes);
        let bytes = widened.as_ref().map_or(bytes, |widened| widened.as_slice());
        // The length, so that ("a", "bc") is not ("ab", "c").
        key.extend(bytes.len().to_be_bytes());
        key.extend(bytes);
    }
    Some(key)
}
