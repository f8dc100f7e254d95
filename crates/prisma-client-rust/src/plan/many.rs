//! Many new rows at once: INSERT from arrays, and COPY.

use super::Scope;
use super::arrays::{Arrays, Values};
use super::guards;
use super::shape::Enums;
use super::sql::{Sql, Statement};
use crate::columns::Columns;
use crate::model::{Descriptor, Kind};

/// Many rows that set the same columns; the rows as they were stored, if asked for.
///
/// One array for each column, so the text does not depend on the number of rows. The lists of a list column lie one
/// after the other in such an array, and two more say where each begins and ends.
pub(crate) fn insert_many(
    scope: Scope<'_>,
    model: &'static Descriptor,
    arrays: Arrays,
    skip_duplicates: bool,
    returning: Option<&Columns>,
) -> Statement {
    let mut sql = Sql::new(scope);
    let alias = sql.alias();
    sql.push("INSERT INTO ").table(model).push(" AS ").aliased(alias);
    let Arrays { columns, rows, guards, .. } = arrays;
    if columns.is_empty() {
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        sql.push(" SELECT FROM generate_series(1, ").number(rows).push(")");
    } else {
        select_arrays(&mut sql, model, columns);
    }
    if scope.tenant.is_some() {
        guards::guarded(&mut sql, guards.finish(!skip_duplicates), " WHERE ");
    }
    if skip_duplicates {
        sql.push(" ON CONFLICT DO NOTHING");
    }
    if let Some(returning) = returning {
        sql.push(" RETURNING ").columns(alias, model, returning);
    }
    sql.finish()
}

/// ` (columns) SELECT unnest(…), …`, or from the arrays as a table, where lists are cut out of them.
fn select_arrays(sql: &mut Sql<'_>, model: &'static Descriptor, arrays: Vec<Values>) {
    sql.push(" (");
    for (place, values) in arrays.iter().enumerate() {
        sql.push(if place == 0 { "" } else { ", " }).name(model.column(values.index).name);
    }
    sql.push(")");
    if arrays.iter().all(|values| values.ends.is_none()) {
        // Several in the list of a SELECT go on together, and nothing is kept in between as it is for FROM: a third of its
        // time.
        sql.push(" SELECT ");
        for (place, values) in arrays.into_iter().enumerate() {
            let kind = model.column(values.index).kind;
            sql.push(if place == 0 { "unnest(" } else { ", unnest(" });
            sql.array(kind, values.members.end().freeze()).push(")");
        }
        return;
    }
    let source = sql.alias();
    let (mut names, mut sources) = (Vec::new(), Vec::new());
    sql.push(" SELECT ");
    for (place, values) in arrays.into_iter().enumerate() {
        sql.push(if place == 0 { "" } else { ", " });
        let (kind, members) = (model.column(values.index).kind, values.members.end().freeze());
        if let Some([first, last]) = values.ends {
            sql.push("(").array(kind, members).push(")[").aliased(source).push(".");
            sql.numbered("f", place).push(":").aliased(source).push(".");
            sql.numbered("l", place).push("]");
            names.extend([("f", place), ("l", place)]);
            for ends in [first, last] {
                sources.push((Kind::Int4, ends.end().freeze()));
            }
        } else {
            sql.aliased(source).push(".").numbered("c", place);
            names.push(("c", place));
            sources.push((kind, members));
        }
    }
    sql.push(" FROM unnest(");
    for (place, (kind, array)) in sources.into_iter().enumerate() {
        sql.push(if place == 0 { "" } else { ", " }).array(kind, array);
    }
    sql.push(") AS ").aliased(source).push("(");
    for (place, (letter, number)) in names.into_iter().enumerate() {
        sql.push(if place == 0 { "" } else { ", " }).numbered(letter, number);
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
