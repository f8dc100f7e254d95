//! Relations of rows that are there already: one query for each relation or count, whatever the number of rows, all of
//! them sent together.

use std::collections::HashMap;
use std::pin::Pin;

use postgres::driver::{Row, Type};

use crate::client::{Came, Client, Way};
use crate::columns::Columns;
use crate::error::QueryError;
use crate::fetch::{Fetch, Reading, Selection};
use crate::keyset;
use crate::lookup::Lookup;
use crate::model::{Descriptor, Relation};
use crate::plan;
use crate::read::{Counted, Loaded, Reader, Rows, cell};
use crate::value::PrismaValue;
use crate::wire::decode::Cell;

/// The rows of a selection with their relations.
pub(crate) async fn find(
    client: &Client,
    model: &'static Descriptor,
    selection: &Selection,
) -> Result<Rows, QueryError> {
    check(model, selection)?;
    let lookup = Lookup::of(client, model, selection);
    let (statement, columns, joined) = match lookup.and_then(|lookup| lookup.again(client)) {
        Some(statement) => (statement, Columns::All, Vec::new()),
        None => plan::read::select(client.scope(), model, selection),
    };
    if let Some(lookup) = lookup {
        lookup.remember(client, &statement);
    }
    let mut rows = Vec::new();
    let way = if selection.unique { Way::Shared } else { Way::Alone };
    // Boxed, so that the query's own future is small enough to be had from what the allocator keeps at hand.
    let found = Box::pin(client.each(&statement, way, &mut |came| rows.extend(came.row()))).await;
    let _ = found.map_err(|error| error.of(model))?;
    if plan::read::reversed(selection) {
        rows.reverse();
    }
    let mut rows = Rows { rows, columns, joined, ..Rows::default() };
    if rows.joined.len() < selection.reading.with.len() || !selection.reading.counts.is_empty() {
        beside(client, model, &mut rows, &selection.reading).await?;
    }
    Ok(rows)
}

/// Whether each row can be read on its own, as it arrives.
pub(crate) fn can_stream(model: &'static Descriptor, selection: &Selection) -> bool {
    let reading = &selection.reading;
    (reading.is_flat() || plan::read::joins(selection))
        && plan::join::joins_all(model, reading)
        && !plan::read::reversed(selection)
}

/// Hands on the rows of a selection as they arrive.
pub(crate) async fn each(
    client: &Client,
    model: &'static Descriptor,
    selection: &Selection,
    each: &mut (dyn FnMut(Reader<'_>) + Send),
) -> Result<(), QueryError> {
    check(model, selection)?;
    let (statement, columns, joined) = plan::read::select(client.scope(), model, selection);
    // One at a time: what holds a row is used again for the next, while it is near.
    let mut rows = Rows { rows: Vec::with_capacity(1), columns, joined, ..Rows::default() };
    let mut is_cut = false;
    let mut hand_on = |came: Came<'_>| match came {
        Came::Row(row) => {
            rows.rows.clear();
            rows.rows.push(row);
            each(rows.at(model, 0));
        }
        Came::Line(line) => {
            rows.line = Some(std::mem::take(line));
            each(rows.at(model, 0));
            *line = rows.line.take().unwrap_or_default();
        }
        Came::Cut => is_cut = true,
    };
    let way = if selection.unique { Way::Shared } else { Way::Tapped };
    let found = Box::pin(client.each(&statement, way, &mut hand_on)).await;
    let _ = found.map_err(|error| error.of(model))?;
    if is_cut {
        let reason = "the server's answer has a row that is cut short";
        return Err(QueryError::new("P2010", reason).of(model));
    }
    Ok(())
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

/// Loads relations, and numbers of related rows, for rows; nothing where there are no rows.
pub(crate) fn beside<'a>(
    client: &'a Client,
    model: &'static Descriptor,
    rows: &'a mut Rows,
    reading: &'a Reading,
) -> Pin<Box<dyn Future<Output = Result<(), QueryError>> + Send + 'a>> {
    Box::pin(async move {
        let mut wanted: Vec<Wanted<'_>> = Vec::new();
        let mut planned = Vec::new();
        for fetch in &reading.with {
            if rows.joined.iter().any(|join| join.relation == fetch.relation) {
                continue;
            }
            let relation = model.relation(fetch.relation);
            let columns = fetch.selection.reading.columns(relation.target);
            let mut parents = Parents::of(model, relation, rows)?;
            let keys = parents.keys.take();
            let asked = keys.is_some();
            planned.extend(keys.map(|keys| {
                let (scope, selection) = (client.scope(), &fetch.selection);
                let statement =
                    plan::read::related(scope, model, relation, selection, &columns, keys);
                (statement, relation.target)
            }));
            wanted.push(Wanted { fetch, relation, parents: parents.rows, asked, columns });
        }
        let with = wanted.len();
        for fetch in &reading.counts {
            let relation = model.relation(fetch.relation);
            let mut parents = Parents::of(model, relation, rows)?;
            let keys = parents.keys.take();
            let asked = keys.is_some();
            planned.extend(keys.map(|keys| {
                let (scope, filters) = (client.scope(), &fetch.selection.filters);
                let statement = plan::read::related_counts(scope, model, relation, filters, keys);
                (statement, relation.target)
            }));
            let columns = Columns::default();
            wanted.push(Wanted { fetch, relation, parents: parents.rows, asked, columns });
        }
        let mut answers = client.read_all(&planned).await?.into_iter();
        for (index, wanted) in wanted.into_iter().enumerate() {
            let found = if wanted.asked { answers.next() } else { None };
            let found = found.map_or_else(Vec::new, |outcome| outcome.rows);
            if index < with {
                let loaded = wanted.load(client, rows.rows.len(), found).await?;
                rows.loaded.retain(|other| other.relation != loaded.relation);
                rows.loaded.push(loaded);
            } else {
                rows.counted.push(wanted.count(rows.rows.len(), &found));
            }
        }
        Ok(())
    })
}

/// A relation that is asked for, together with others.
struct Wanted<'f> {
    fetch: &'f Fetch,
    relation: &'static Relation,
    parents: ByKey,
    /// Not where no row has a key.
    asked: bool,
    columns: Columns,
}

impl Wanted<'_> {
    /// The related rows of so many parents, with what is read beside them.
    async fn load(
        self,
        client: &Client,
        parents: usize,
        found: Vec<Row>,
    ) -> Result<Loaded, QueryError> {
        let (target, selection) = (self.relation.target, &self.fetch.selection);
        let mut children = vec![Vec::new(); parents];
        let own = self.columns.count(target);
        for (index, row) in found.iter().enumerate() {
            for parent in self.parents.of(self.relation, row, own) {
                children[*parent].push(index);
            }
        }
        if plan::read::reversed(selection) {
            for children in &mut children {
                children.reverse();
            }
        }
        let mut found = Rows::new(found, self.columns);
        if self.asked {
            beside(client, target, &mut found, &selection.reading).await?;
        }
        Ok(Loaded { relation: self.fetch.relation, rows: found, children })
    }

    /// How many related rows each of so many parents has.
    fn count(self, parents: usize, found: &[Row]) -> Counted {
        let mut counts = vec![0; parents];
        for row in found {
            for parent in self.parents.of(self.relation, row, 1) {
                counts[*parent] = row.get(0);
            }
        }
        Counted { relation: self.fetch.relation, counts }
    }
}

/// The rows that a relation is loaded for.
struct Parents {
    /// A list for each column of the key, without doubles: many bookings of one student ask for that student once.
    /// `None` where no row has a key.
    keys: Option<Vec<Vec<PrismaValue>>>,
    rows: ByKey,
}

/// Positions of rows by their keys.
#[derive(Default)]
struct ByKey(HashMap<Vec<u8>, Vec<usize>>);

impl Parents {
    fn of(
        model: &'static Descriptor,
        relation: &'static Relation,
        rows: &Rows,
    ) -> Result<Self, QueryError> {
        let columns = relation.key();
        let mut by_key = ByKey::default();
        let mut keys: Vec<Vec<PrismaValue>> = vec![Vec::new(); columns.len()];
        for index in 0..rows.rows.len() {
            let cells: Option<Vec<Cell<'_>>> =
                columns.iter().map(|column| rows.cell(index, usize::from(*column))).collect();
            let Some((cells, key)) = cells.and_then(|cells| key(&cells).map(|key| (cells, key)))
            else {
                continue;
            };
            let known = by_key.0.entry(key).or_default();
            if known.is_empty() {
                for (values, cell) in keys.iter_mut().zip(&cells) {
                    values.push(
                        cell.value()
                            .map_err(|reason| QueryError::new("P2023", reason).of(model.name))?,
                    );
                }
            }
            known.push(index);
        }
        Ok(Self { keys: (!by_key.0.is_empty()).then_some(keys), rows: by_key })
    }
}

impl ByKey {
    /// The rows whose key stands in `row` from the column `start` on.
    fn of(&self, relation: &'static Relation, row: &Row, start: usize) -> &[usize] {
        let cells: Vec<Cell<'_>> =
            (0..relation.key().len()).map(|position| cell(row, start + position)).collect();
        key(&cells).and_then(|key| self.0.get(&key)).map_or(&[], Vec::as_slice)
    }
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
