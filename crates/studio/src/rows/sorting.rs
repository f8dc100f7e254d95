//! What the server has for an order, and how rows are read where an index knows only the field that sorts.
//!
//! Such an index cannot give rows in the order of field and key: for the next fifty the server would read and sort all that share a
//! value, which may be millions. Group by group it is asked for less: rows of one value by their key, then the next value.

use postgres::driver::Row as DriverRow;

use super::{Extent, Order, Part};
use crate::database::Transaction;
use crate::failure::Result;
use crate::model::Field;
use crate::quoting::{Statement, array};
use crate::view::View;

/// Rows from where on it is felt that there is no index.
const MANY: f64 = 100_000.0;

/// Groups that are asked for one by one. Where so many did not fill a page they are small, and are read together.
const MOST_GROUPS: usize = 8;

/// What helps with an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Index {
    /// All of it is in an index, or it is not known of any.
    Whole,
    /// An index begins with the field that sorts.
    First,
    /// Nothing.
    None,
}

/// What was found out about an order.
#[derive(Debug)]
pub(super) struct Sorting {
    pub(super) index: Index,
    /// Whether so many rows are sorted that it is felt.
    pub(super) is_slow: bool,
}

pub(super) async fn look(on: &Transaction, order: &Order<'_>) -> Result<Sorting> {
    let unknown = Sorting { index: Index::Whole, is_slow: false };
    if order.sort.is_none() {
        return Ok(unknown);
    }
    let mut statement = Statement::new(include_str!("sorting.sql"));
    let columns = order.columns().into_iter().map(|field| field.column.clone());
    statement.values = vec![Some(order.model.table.clone()), Some(array(columns))];
    let rows = on.query(&statement).await?;
    let Some(row) = rows.first() else { return Ok(unknown) };
    let (rows, index, largest_group): (f64, i32, f64) = (row.get(0), row.get(1), row.get(2));
    Ok(match index {
        2 => unknown,
        1 => Sorting { index: Index::First, is_slow: largest_group >= MANY },
        _ => Sorting { index: Index::None, is_slow: rows >= MANY },
    })
}

/// Rows that have a value in the field that sorts, from a row of the order or from its beginning.
pub(super) async fn read_groups(
    on: &Transaction,
    order: &Order<'_>,
    sort: &Field,
    view: &View,
    (shown, extent): (&[&Field], Extent),
    mut from: Option<&[Option<String>]>,
    (is_backwards, limit): (bool, usize),
) -> Result<Vec<DriverRow>> {
    let mut value = match from {
        Some(cursor) => cursor[0].clone(),
        None => next(on, order, sort, None, is_backwards).await?,
    };
    let mut found = Vec::new();
    for group in 0..=MOST_GROUPS {
        let Some(own) = value else { break };
        let part = if group < MOST_GROUPS { Part::Group(&own) } else { Part::From(&own) };
        let left = limit - found.len();
        let shown = (shown, extent);
        let statement = order.statement(view, shown, part, from.take(), is_backwards, left)?;
        found.extend(on.query(&statement).await?);
        if found.len() == limit {
            break;
        }
        value = match part {
            Part::Group(own) => next(on, order, sort, Some(own), is_backwards).await?,
            _ => None,
        };
    }
    Ok(found)
}

/// The value that follows another one, or the first.
async fn next(
    on: &Transaction,
    order: &Order<'_>,
    sort: &Field,
    value: Option<&str>,
    is_backwards: bool,
) -> Result<Option<String>> {
    let column = sort.sql();
    let (sign, down) = if order.is_descending == is_backwards { (">", "") } else { ("<", " DESC") };
    let mut statement = Statement::new(format!(
        "SELECT {column}::text FROM {} t WHERE {column} ",
        order.model.table
    ));
    match value {
        Some(value) => statement.push(&format!("{sign} ")).value(Some(value), &sort.sql_type),
        None => statement.push("IS NOT NULL"),
    };
    statement.push(&format!(" ORDER BY {column}{down} LIMIT 1"));
    Ok(on.query(&statement).await?.first().and_then(|row| row.get(0)))
}
