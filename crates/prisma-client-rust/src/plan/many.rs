//! Many new rows at once: INSERT from arrays, and COPY.

use super::Scope;
use super::changes::ColumnChange;
use super::guards::{self, Writing};
use super::shape::Enums;
use super::sql::{Sql, Statement};
use crate::columns::Columns;
use crate::model::{Descriptor, Kind};
use crate::value::PrismaValue;

/// Many rows that set the same columns; the rows as they were stored, if asked for.
///
/// One array for each column, so the text does not depend on the number of rows. The lists of a list column lie one
/// after the other in such an array, and two more say where each begins and ends.
pub(crate) fn insert_many(
    scope: Scope<'_>,
    model: &'static Descriptor,
    rows: Vec<Vec<ColumnChange>>,
    skip_duplicates: bool,
    returning: Option<&Columns>,
) -> Statement {
    let mut sql = Sql::new(scope);
    let alias = sql.alias();
    sql.push("INSERT INTO ").table(model).push(" AS ").aliased(alias);
    let kept = guards::guards(
        scope,
        model,
        rows.iter().map(Vec::as_slice),
        Writing::New,
        !skip_duplicates,
    );
    let columns: Vec<u16> = rows.first().into_iter().flatten().map(|of| of.column).collect();
    if columns.is_empty() {
        sql.push(" SELECT FROM generate_series(1, ")
            .number(i64::try_from(rows.len()).unwrap_or(i64::MAX))
            .push(")");
    } else {
        select_arrays(&mut sql, model, &columns, rows);
    }
    guards::guarded(&mut sql, kept, " WHERE ");
    if skip_duplicates {
        sql.push(" ON CONFLICT DO NOTHING");
    }
    if let Some(returning) = returning {
        sql.push(" RETURNING ").columns(alias, model, returning);
    }
    sql.finish()
}

/// ` (columns) SELECT unnest(…), …`, or from the arrays as a table, where lists are cut out of them.
fn select_arrays(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    columns: &[u16],
    rows: Vec<Vec<ColumnChange>>,
) {
    sql.push(" (");
    for (index, column) in columns.iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " }).name(model.column(*column).name);
    }
    sql.push(")");
    let mut arrays: Vec<Vec<PrismaValue>> =
        columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        for (array, change) in arrays.iter_mut().zip(row) {
            array.push(change.value);
        }
    }
    if !columns.iter().any(|column| model.column(*column).is_list()) {
        // Several in the list of a SELECT go on together, and nothing is kept in between as it is for FROM: a third of its
        // time.
        sql.push(" SELECT ");
        for (index, (column, values)) in columns.iter().zip(arrays).enumerate() {
            let column = model.column(*column);
            sql.push(if index == 0 { "unnest(" } else { ", unnest(" });
            sql.list(column.kind, values).of(column).push(")");
        }
        return;
    }
    let source = sql.alias();
    let (mut names, mut sources) = (Vec::new(), Vec::new());
    sql.push(" SELECT ");
    for (index, (column, values)) in columns.iter().zip(arrays).enumerate() {
        sql.push(if index == 0 { "" } else { ", " });
        let column = model.column(*column);
        if column.is_list() {
            let (members, first, last) = laid_out(values);
            sql.push("(")
                .list(column.kind, members)
                .of(column)
                .push(")[")
                .aliased(source)
                .push(".");
            sql.numbered("f", index).push(":").aliased(source).push(".");
            sql.numbered("l", index).push("]");
            names.extend([("f", index), ("l", index)]);
            sources.extend([(column, Kind::Int4, first), (column, Kind::Int4, last)]);
        } else {
            sql.aliased(source).push(".").numbered("c", index);
            names.push(("c", index));
            sources.push((column, column.kind, values));
        }
    }
    sql.push(" FROM unnest(");
    for (index, (column, kind, values)) in sources.into_iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " }).list(kind, values).of(column);
    }
    sql.push(") AS ").aliased(source).push("(");
    for (index, (letter, number)) in names.into_iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " }).numbered(letter, number);
    }
    sql.push(")");
}

/// The COPY of these columns in binary form.
pub(crate) fn copy(scope: Scope<'_>, model: &'static Descriptor, columns: &[u16]) -> String {
    let mut sql = Sql::new(scope);
    sql.push("COPY ").table(model).push(" (");
    for (index, column) in columns.iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " }).name(model.column(*column).name);
    }
    sql.push(") FROM STDIN (FORMAT binary)");
    sql.finish().text(Enums::AsText)
}

/// A query that is only prepared, to learn the types of these columns.
pub(crate) fn columns_of(scope: Scope<'_>, model: &'static Descriptor, columns: &[u16]) -> String {
    let mut sql = Sql::new(scope);
    let alias = sql.alias();
    sql.push("SELECT ");
    for (index, column) in columns.iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " }).column(alias, model.column(*column));
    }
    sql.push(" FROM ").table(model).push(" AS ").aliased(alias);
    sql.finish().text(Enums::AsText)
}

/// The members of all lists in a row, and where each list begins and ends; NULL where a list is.
fn laid_out(lists: Vec<PrismaValue>) -> (Vec<PrismaValue>, Vec<PrismaValue>, Vec<PrismaValue>) {
    let (mut members, mut first, mut last) = (Vec::new(), Vec::new(), Vec::new());
    let place = |length: usize| PrismaValue::Int(i32::try_from(length).unwrap_or(i32::MAX));
    for list in lists {
        if let PrismaValue::List(values) = list {
            first.push(place(members.len() + 1));
            members.extend(values);
            last.push(place(members.len()));
        } else {
            first.push(PrismaValue::Null);
            last.push(PrismaValue::Null);
        }
    }
    (members, first, last)
}
