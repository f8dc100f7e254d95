//! The rows beyond one whose values are known.

use super::sql::{Alias, Sql};
use crate::keyset::Keyset;
use crate::model::{Arity, Column, Descriptor};
use crate::order::SortOrder;
use crate::value::PrismaValue;

/// The condition that a row comes after the one with these values. NULL comes last, as PostgreSQL sorts it.
pub(crate) fn after(sql: &mut Sql<'_>, model: &'static Descriptor, alias: Alias, keyset: &Keyset) {
    let columns: Vec<(&Column, SortOrder, &PrismaValue)> = keyset
        .columns
        .iter()
        .zip(&keyset.values)
        .map(|((column, direction), value)| (model.column(*column), *direction, value))
        .collect();
    let simple = columns.iter().all(|(column, direction, value)| {
        column.arity == Arity::Required
            && *direction == columns[0].1
            && **value != PrismaValue::Null
    });
    if simple {
        // As one comparison of rows, which an index over these columns answers.
        sql.push("(");
        for (index, (column, ..)) in columns.iter().enumerate() {
            sql.push(if index == 0 { "" } else { ", " }).column(alias, column);
        }
        sql.push(if columns[0].1 == SortOrder::Asc { ") > (" } else { ") < (" });
        for (index, (column, _, value)) in columns.iter().enumerate() {
            sql.push(if index == 0 { "" } else { ", " }).value(column, (*value).clone());
        }
        sql.push(")");
        return;
    }
    // Equal so far, then beyond.
    sql.push("(FALSE");
    for (depth, (column, direction, value)) in columns.iter().enumerate() {
        let null = **value == PrismaValue::Null;
        if null && *direction == SortOrder::Asc {
            // Nothing is beyond NULL.
            continue;
        }
        sql.push(" OR (");
        for (column, _, value) in &columns[..depth] {
            sql.column(alias, column);
            if **value == PrismaValue::Null {
                sql.push(" IS NULL");
            } else {
                sql.push(" = ").value(column, (*value).clone());
            }
            sql.push(" AND ");
        }
        if null {
            sql.column(alias, column).push(" IS NOT NULL");
        } else {
            sql.push("(").column(alias, column);
            sql.push(if *direction == SortOrder::Asc { " > " } else { " < " });
            sql.value(column, (*value).clone());
            if column.arity != Arity::Required && *direction == SortOrder::Asc {
                sql.push(" OR ").column(alias, column).push(" IS NULL");
            }
            sql.push(")");
        }
        sql.push(")");
    }
    sql.push(")");
}
