//! SELECT: rows of a model, the rows of a relation for many parents at once, counts.

use super::join::{self, Join};
use super::sql::{Alias, Sql, Statement};
use super::{condition, keyset, order};
use crate::fetch::{Fetch, Selection};
use crate::filter::FilterNode;
use crate::model::{Descriptor, Link, Relation};
use crate::value::PrismaValue;

/// Whether the rows come in the opposite order of what was asked.
pub(crate) fn reversed(selection: &Selection) -> bool {
    selection.take.is_some_and(|take| take < 0)
}

/// The rows of a model.
pub(crate) fn select(schema: &str, model: &'static Descriptor, selection: &Selection) -> Statement {
    select_with(schema, model, selection, &[]).0
}

/// The rows of a model, with those of the relations that can be joined.
pub(crate) fn select_with(
    schema: &str,
    model: &'static Descriptor,
    selection: &Selection,
    with: &[Fetch],
) -> (Statement, Vec<Join>) {
    let mut sql = Sql::new(schema);
    let alias = sql.alias();
    let joins = join::joins(&mut sql, model, with);
    sql.push("SELECT ").columns(alias, model);
    join::columns(&mut sql, &joins);
    sql.push(" FROM ").table(model).push(" AS ").aliased(alias);
    join::tables(&mut sql, model, alias, &joins);
    condition::where_clause(&mut sql, model, alias, &selection.filters);
    let orders = order::criteria(model, selection);
    if let Some(cursor) = &selection.cursor {
        sql.push(if restricts(selection) { " AND " } else { " WHERE " });
        order::cursor(&mut sql, model, alias, &orders, cursor);
    }
    if let Some(after) = &selection.after {
        let started = selection.cursor.is_some() || restricts(selection);
        sql.push(if started { " AND " } else { " WHERE " });
        keyset::after(&mut sql, model, alias, after);
    }
    order::order_by(&mut sql, model, alias, &orders);
    order::limit(&mut sql, selection);
    (sql.finish(), joins)
}

/// Whether there is a WHERE already.
fn restricts(selection: &Selection) -> bool {
    selection.filters.iter().any(condition::is_condition)
}

/// How many rows of a model meet the conditions.
pub(crate) fn count(schema: &str, model: &'static Descriptor, filters: &[FilterNode]) -> Statement {
    let mut sql = Sql::new(schema);
    let alias = sql.alias();
    sql.push("SELECT count(*) FROM ").table(model).push(" AS ").aliased(alias);
    condition::where_clause(&mut sql, model, alias, filters);
    sql.finish()
}

/// Where the parent's key stands in the rows of [`related`], and which columns of the parent hold it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keys {
    /// Columns of the parent.
    pub(crate) parent: &'static [u16],
    /// How many key columns follow the model's own.
    pub(crate) count: usize,
}

/// The columns of the parent that a relation's rows are found by.
pub(crate) fn keys(relation: &'static Relation) -> Keys {
    let parent: &'static [u16] = match &relation.link {
        Link::Keys { from, .. } => from,
        Link::Table { from, .. } => std::slice::from_ref(from),
    };
    Keys { parent, count: parent.len() }
}

/// The related rows of many parents: the target's columns, then the parent's key.
///
/// `keys` holds one list for each key column. Without a limit it is one `= ANY($1)`; with one, a lateral query for
/// each parent, so that each gets its own page.
pub(crate) fn related(
    schema: &str,
    model: &'static Descriptor,
    relation: &'static Relation,
    selection: &Selection,
    keys: Vec<Vec<PrismaValue>>,
) -> Statement {
    let mut sql = Sql::new(schema);
    let target = relation.target;
    let orders = order::criteria(target, selection);
    let alias = sql.alias();
    let pages = selection.take.is_some() || selection.skip.is_some() || selection.cursor.is_some();
    if pages || keys.len() > 1 {
        paged(&mut sql, model, relation, selection, keys, alias);
        return sql.finish();
    }
    let values = keys.into_iter().next().unwrap_or_default();
    sql.push("SELECT ").columns(alias, target).push(", ");
    match relation.link {
        Link::Keys { from, to, .. } => {
            let key = target.column(to[0]);
            sql.column(alias, key).push(" FROM ").table(target).push(" AS ").aliased(alias);
            sql.push(" WHERE ")
                .column(alias, key)
                .push(" = ANY(")
                .list(model.column(from[0]).kind, values)
                .push(")");
        }
        Link::Table { table, schema, from_column, to_column, from, to } => {
            let pairs = sql.alias();
            sql.aliased(pairs)
                .push(".")
                .name(from_column)
                .push(" FROM ")
                .table(target)
                .push(" AS ")
                .aliased(alias);
            sql.push(" JOIN ").qualified(schema, table).push(" AS ").aliased(pairs).push(" ON ");
            sql.aliased(pairs)
                .push(".")
                .name(to_column)
                .push(" = ")
                .column(alias, target.column(to));
            sql.push(" WHERE ").aliased(pairs).push(".").name(from_column);
            sql.push(" = ANY(").list(model.column(from).kind, values).push(")");
        }
    }
    if !selection.filters.is_empty() {
        sql.push(" AND ");
        condition::all(&mut sql, target, alias, &selection.filters);
    }
    order::order_by(&mut sql, target, alias, &orders);
    sql.finish()
}

/// `FROM unnest(keys) CROSS JOIN LATERAL (rows of that key)`.
fn paged(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    relation: &'static Relation,
    selection: &Selection,
    keys: Vec<Vec<PrismaValue>>,
    alias: Alias,
) {
    let target = relation.target;
    let orders = order::criteria(target, selection);
    let parent = sql.alias();
    let parents = self::keys(relation).parent;
    sql.push("SELECT ").columns(alias, target);
    for (index, _) in parents.iter().enumerate() {
        sql.push(", ").aliased(parent).push(".").numbered("k", index);
    }
    sql.push(" FROM unnest(");
    for (index, (column, values)) in parents.iter().zip(keys).enumerate() {
        if index > 0 {
            sql.push(", ");
        }
        sql.list(model.column(*column).kind, values);
    }
    sql.push(") WITH ORDINALITY AS ").aliased(parent).push("(");
    for (index, _) in parents.iter().enumerate() {
        sql.numbered("k", index).push(", ");
    }
    sql.push("\"n\") CROSS JOIN LATERAL (SELECT ");
    let inner = sql.alias();
    sql.aliased(inner).push(".* FROM ").table(target).push(" AS ").aliased(inner);
    match relation.link {
        Link::Keys { to, .. } => {
            for (index, to) in to.iter().enumerate() {
                sql.push(if index == 0 { " WHERE " } else { " AND " });
                sql.column(inner, target.column(*to)).push(" = ");
                sql.aliased(parent).push(".").numbered("k", index);
            }
        }
        Link::Table { table, schema, from_column, to_column, to, .. } => {
            let pairs = sql.alias();
            sql.push(" JOIN ").qualified(schema, table).push(" AS ").aliased(pairs).push(" ON ");
            sql.aliased(pairs)
                .push(".")
                .name(to_column)
                .push(" = ")
                .column(inner, target.column(to));
            sql.push(" WHERE ").aliased(pairs).push(".").name(from_column).push(" = ");
            sql.aliased(parent).push(".\"k0\"");
        }
    }
    if !selection.filters.is_empty() {
        sql.push(" AND ");
        condition::all(sql, target, inner, &selection.filters);
    }
    if let Some(cursor) = &selection.cursor {
        sql.push(" AND ");
        order::cursor(sql, target, inner, &orders, cursor);
    }
    order::order_by(sql, target, inner, &orders);
    order::limit(sql, selection);
    sql.push(") AS ").aliased(alias);
    // A join keeps no order of its own, so what sorts the pages sorts the whole again.
    sql.push(" ORDER BY ").aliased(parent).push(".\"n\"");
    order::then_by(sql, target, alias, &orders);
}
