//! Rows of a table, a page at a time.
//!
//! A page begins behind the last row of the one before, by the order itself and not by counting: the thousandth page takes
//! no longer than the first. Where the field that sorts may be null, rows with a value and rows without are two queries, each of
//! which an index can answer. Where an index has the field that sorts but not the key behind it, see [`sorting`].

mod sorting;
mod value;

use postgres::driver::Row as DriverRow;

use crate::database::Transaction;
use crate::failure::{Failure, Result};
use crate::filter;
use crate::model::{Field, Model};
use crate::quoting::Statement;
use crate::rows::sorting::Index;
use crate::rows::value::{read_value, shown_column};
use crate::view::{Cursor, Place, Sort, View};

pub(crate) use crate::rows::value::{Extent, Value};

#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) rows: Vec<Row>,
    pub(crate) has_before: bool,
    pub(crate) has_after: bool,
    /// Columns of the index that would spare the server sorting, where it sorts so many rows that it is felt.
    pub(crate) wanted_index: Vec<String>,
}

/// A row as text.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// A value for each field of the model; those that are not shown are not read.
    pub(crate) values: Vec<Value>,
    /// The values of the key.
    pub(crate) key: Cursor,
    /// Which version of the row this is, where that can be told.
    pub(crate) version: Option<String>,
    cursor: Cursor,
}

impl Row {
    pub(crate) fn cursor(&self) -> Cursor {
        self.cursor.clone()
    }
}

/// How the rows follow each other.
struct Order<'m> {
    model: &'m Model,
    sort: Option<&'m Field>,
    key: Vec<&'m Field>,
    is_descending: bool,
}

/// The part of the rows in which the field that sorts has a value, or has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    All,
    Values,
    Nulls,
    /// The rows of one value.
    Group(&'a str),
    /// Those of a value and of all that follow it.
    From(&'a str),
}

/// Reads a page.
pub(crate) async fn page(
    on: &Transaction,
    model: &Model,
    view: &View,
    extent: Extent,
) -> Result<Page> {
    let order = Order::of(model, view.sort.as_ref())?;
    let shown = view.shown(model);
    if order.key.is_empty() {
        return page_without_key(on, model, view, &order, (&shown, extent)).await;
    }
    let (from, is_backwards) = match &view.place {
        Place::Start => (None, false),
        Place::After(cursor) => (Some(cursor), false),
        Place::Before(cursor) => (Some(cursor), true),
        Place::End => (None, true),
    };
    if let Some(cursor) = from
        && cursor.len() != order.key.len() + usize::from(order.sort.is_some())
    {
        return Err(Failure::wrong("The URL is of another order of the rows"));
    }
    let sorting = sorting::look(on, &order).await?;
    // One more than a page has, to see whether anything follows.
    let wanted = view.size + 1;
    let mut rows = Vec::new();
    for part in order.parts(from, is_backwards) {
        let from = from.filter(|_| rows.is_empty() && part.1).map(Vec::as_slice);
        let limit = wanted - rows.len();
        if limit == 0 {
            break;
        }
        let shown_as = (shown.as_slice(), extent);
        let found = match order.sort {
            Some(sort) if sorting.index == Index::First && part.0 != Part::Nulls => {
                let how = (is_backwards, limit);
                sorting::read_groups(on, &order, sort, view, shown_as, from, how).await?
            }
            _ => {
                let statement =
                    order.statement(view, shown_as, part.0, from, is_backwards, limit)?;
                on.query(&statement).await?
            }
        };
        rows.extend(found.iter().map(|row| order.read(row, &shown, extent)));
    }
    let is_more = rows.len() == wanted;
    rows.truncate(view.size);
    let (has_before, has_after) = if is_backwards {
        rows.reverse();
        (is_more, from.is_some())
    } else {
        (from.is_some(), is_more)
    };
    // What filters leave may be few.
    let is_slow = sorting.is_slow && view.filters.is_empty();
    let columns = order.columns().into_iter().filter(|_| is_slow);
    let wanted_index = columns.map(|field| field.name.clone()).collect();
    Ok(Page { rows, has_before, has_after, wanted_index })
}

/// The one row that has a key, every value whole.
pub(crate) async fn one(on: &Transaction, model: &Model, key: &Cursor) -> Result<Option<Row>> {
    let order = Order::of(model, None)?;
    if order.key.is_empty() || order.key.len() != key.len() {
        return Err(Failure::wrong(format!("This is no key of {}", model.name)));
    }
    let fields: Vec<&Field> = model.fields.iter().collect();
    let mut statement = order.select(&fields, Extent::Whole);
    statement.push(" WHERE ");
    push_key(&mut statement, &order.key, key);
    let rows = on.query(&statement).await?;
    Ok(rows.first().map(|row| order.read(row, &fields, Extent::Whole)))
}

/// `t."id" = … AND t."n" = …`.
pub(crate) fn push_key(statement: &mut Statement, fields: &[&Field], key: &[Option<String>]) {
    for (at, (field, value)) in fields.iter().zip(key).enumerate() {
        statement.push(if at == 0 { "" } else { " AND " });
        statement.push(&format!("{} = ", field.sql())).value(value.as_deref(), &field.sql_type);
    }
}

/// How many rows the filters leave, up to `most`.
pub(crate) async fn count(on: &Transaction, model: &Model, view: &View, most: u64) -> Result<u64> {
    let mut statement =
        Statement::new(format!("SELECT pg_catalog.count(*) FROM (SELECT FROM {} t", model.table));
    push_filters(&mut statement, model, view, " WHERE ")?;
    statement.push(&format!(" LIMIT {most}) counted"));
    let rows = on.query(&statement).await?;
    let count: i64 = rows.first().map_or(0, |row| row.get(0));
    Ok(u64::try_from(count).unwrap_or(0))
}

fn push_filters(
    statement: &mut Statement,
    model: &Model,
    view: &View,
    mut before: &'static str,
) -> Result<()> {
    for filter in &view.filters {
        statement.push(before).push("(");
        filter::push(statement, model, filter)?;
        statement.push(")");
        before = " AND ";
    }
    Ok(())
}

/// Nothing tells rows without a key apart, so that nothing can follow the last of a page: there is only the first.
async fn page_without_key(
    on: &Transaction,
    model: &Model,
    view: &View,
    order: &Order<'_>,
    (shown, extent): (&[&Field], Extent),
) -> Result<Page> {
    let mut statement = order.whole(model, view, shown, extent)?;
    statement.push(&format!(" LIMIT {}", view.size + 1));
    let rows = on.query(&statement).await?;
    let has_after = rows.len() > view.size;
    let rows = rows.iter().take(view.size);
    let rows = rows.map(|row| order.read(row, shown, extent)).collect();
    Ok(Page { rows, has_before: false, has_after, wanted_index: Vec::new() })
}

/// Begins to read all rows of a view, each value whole, in one query: [`fetch`] gives them bit by bit.
pub(crate) async fn open_cursor(on: &Transaction, model: &Model, view: &View) -> Result<()> {
    let order = Order::of(model, view.sort.as_ref())?;
    let statement = order.whole(model, view, &view.shown(model), Extent::Whole)?;
    let text = format!("DECLARE rows NO SCROLL CURSOR FOR {}", statement.text);
    on.execute(&Statement { text, ..statement }).await?;
    Ok(())
}

/// The next rows, fewer than `count` only at the end.
pub(crate) async fn fetch(
    on: &Transaction,
    model: &Model,
    view: &View,
    count: usize,
) -> Result<Vec<Row>> {
    let order = Order::of(model, view.sort.as_ref())?;
    let rows = on.query(&Statement::new(format!("FETCH {count} FROM rows"))).await?;
    let shown = view.shown(model);
    Ok(rows.iter().map(|row| order.read(row, &shown, Extent::Whole)).collect())
}

impl<'m> Order<'m> {
    fn of(model: &'m Model, sort: Option<&Sort>) -> Result<Self> {
        let field = sort.map(|sort| model.field(&sort.field)).transpose()?;
        if let Some(field) = field
            && !field.is_comparable()
        {
            let (model, field, ty) = (&model.name, &field.name, &field.sql_type);
            return Err(Failure::wrong(format!("{model}.{field} is {ty}, which has no order")));
        }
        let key: Vec<&Field> = model.key_fields().collect();
        let is_descending = sort.is_some_and(|sort| sort.is_descending);
        // A key of one column is an order by itself.
        let sort = field.filter(|field| key.len() != 1 || key[0].name != field.name);
        Ok(Self { model, sort, key, is_descending })
    }

    /// The queries that are needed, and whether the cursor is in them.
    fn parts(&self, from: Option<&Cursor>, is_backwards: bool) -> Vec<(Part<'static>, bool)> {
        if !self.sort.is_some_and(|sort| sort.is_nullable) {
            return vec![(Part::All, true)];
        }
        // PostgreSQL's own order: null is more than any value.
        let mut parts = vec![Part::Values, Part::Nulls];
        if self.is_descending != is_backwards {
            parts.reverse();
        }
        let at = match from {
            None => parts[0],
            Some(cursor) if cursor[0].is_none() => Part::Nulls,
            Some(_) => Part::Values,
        };
        parts.into_iter().skip_while(|part| *part != at).map(|part| (part, part == at)).collect()
    }

    fn select(&self, shown: &[&Field], extent: Extent) -> Statement {
        let columns = self.as_texts(shown, extent);
        Statement::new(format!("SELECT {columns} FROM {} t", self.model.table))
    }

    /// What [`Self::read`] reads.
    fn as_texts(&self, shown: &[&Field], extent: Extent) -> String {
        let mut columns: Vec<String> =
            self.cursor_fields().map(|field| format!("{}::text", field.sql())).collect();
        columns
            .push(if self.model.has_versions { "t.xmin::text" } else { "NULL::text" }.to_owned());
        columns.extend(shown.iter().map(|field| shown_column(field, extent)));
        columns.join(", ")
    }

    /// The same columns as they are.
    fn as_they_are(&self, shown: &[&Field]) -> String {
        let mut columns: Vec<String> =
            self.columns().into_iter().chain(shown.iter().copied()).map(Field::sql).collect();
        columns.extend(self.model.has_versions.then(|| "t.xmin".to_owned()));
        columns.sort();
        columns.dedup();
        columns.join(", ")
    }

    /// All rows of a view, in its order.
    fn whole(
        &self,
        model: &Model,
        view: &View,
        shown: &[&Field],
        extent: Extent,
    ) -> Result<Statement> {
        let mut statement = self.select(shown, extent);
        push_filters(&mut statement, model, view, " WHERE ")?;
        let down = if self.is_descending { " DESC" } else { "" };
        let columns: Vec<String> =
            self.cursor_fields().map(|field| format!("{}{down}", field.sql())).collect();
        if !columns.is_empty() {
            statement.push(&format!(" ORDER BY {}", columns.join(", ")));
        }
        Ok(statement)
    }

    /// The columns of the order, each once.
    fn columns(&self) -> Vec<&'m Field> {
        let is_sort = |field: &&Field| self.sort.is_some_and(|sort| sort.name == field.name);
        self.sort
            .into_iter()
            .chain(self.key.iter().copied().filter(|field| !is_sort(field)))
            .collect()
    }

    fn cursor_fields(&self) -> impl Iterator<Item = &'m Field> {
        self.sort.into_iter().chain(self.key.iter().copied())
    }

    fn statement(
        &self,
        view: &View,
        (shown, extent): (&[&Field], Extent),
        part: Part<'_>,
        from: Option<&[Option<String>]>,
        is_backwards: bool,
        limit: usize,
    ) -> Result<Statement> {
        let (columns, table) = (self.as_they_are(shown), &self.model.table);
        let mut statement = Statement::new(format!("SELECT {columns} FROM {table} t"));
        let sort = self.sort.map(Field::sql).unwrap_or_default();
        let is_down = self.is_descending != is_backwards;
        let mut before = " WHERE ";
        match part {
            Part::All => {}
            Part::Values => {
                statement.push(&format!(" WHERE {sort} IS NOT NULL"));
            }
            Part::Nulls => {
                statement.push(&format!(" WHERE {sort} IS NULL"));
            }
            Part::Group(value) | Part::From(value) => {
                let sign = match part {
                    Part::Group(_) => "=",
                    _ if is_down => "<=",
                    _ => ">=",
                };
                let ty = self.sort.map_or("text", |field| &field.sql_type);
                statement.push(&format!(" WHERE {sort} {sign} ")).value(Some(value), ty);
            }
        }
        if part != Part::All {
            before = " AND ";
        }
        // Among rows that share a value the key alone is the order.
        let ordered: Vec<&Field> = match part {
            Part::Nulls | Part::Group(_) => self.key.clone(),
            Part::All | Part::Values | Part::From(_) => self.cursor_fields().collect(),
        };
        if let Some(from) = from {
            let values = &from[from.len() - ordered.len()..];
            let columns: Vec<String> = ordered.iter().map(|field| field.sql()).collect();
            let sign = if is_down { "<" } else { ">" };
            statement.push(&format!("{before}({}) {sign} (", columns.join(", ")));
            before = " AND ";
            for (at, (field, value)) in ordered.iter().zip(values).enumerate() {
                statement.push(if at == 0 { "" } else { ", " });
                statement.value(value.as_deref(), &field.sql_type);
            }
            statement.push(")");
        }
        push_filters(&mut statement, self.model, view, before)?;
        let down = if is_down { " DESC" } else { "" };
        let columns: Vec<String> =
            ordered.iter().map(|field| format!("{}{down}", field.sql())).collect();
        let order = columns.join(", ");
        // Values become texts last: a sort would make them of every row that it meets.
        let texts = self.as_texts(shown, extent);
        let inner = statement.text;
        let text = format!(
            "SELECT {texts} FROM ({inner} ORDER BY {order} LIMIT {limit}) t ORDER BY {order}"
        );
        Ok(Statement { text, values: statement.values })
    }

    fn read(&self, row: &DriverRow, shown: &[&Field], extent: Extent) -> Row {
        let width = self.cursor_fields().count();
        let cursor: Cursor = (0..width).map(|at| row.get(at)).collect();
        let key = cursor[width - self.key.len()..].to_vec();
        let mut values = vec![Value::Unread; self.model.fields.len()];
        let version = row.get(width);
        for (field, at) in shown.iter().zip(width + 1..) {
            let position = self.model.fields.iter().position(|other| other.name == field.name);
            let value: Option<String> = row.get(at);
            if let Some(position) = position {
                values[position] = read_value(value, extent);
            }
        }
        Row { values, key, version, cursor }
    }
}
