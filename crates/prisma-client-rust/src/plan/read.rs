//! SELECT: rows of a model, the rows of a relation for many parents at once, counts.

use super::join::{self, Join};
use super::sql::{Alias, Sql, Statement};
use super::{Scope, condition, keyset, order, scope};
use crate::columns::Columns;
use crate::fetch::{Fetch, LoadStrategy, Selection};
use crate::filter::FilterNode;
use crate::model::{Descriptor, Link, Relation};
use crate::value::PrismaValue;

/// So many rows are few.
const FEW: u64 = 16;

/// Whether the rows come in the opposite order of what was asked.
pub(crate) fn reversed(selection: &Selection) -> bool {
    selection.take.is_some_and(|take| take < 0)
}

/// The rows of a model.
pub(crate) fn select_flat(
    scope: Scope<'_>,
    model: &'static Descriptor,
    selection: &Selection,
    columns: &Columns,
) -> Statement {
    select_with(scope, model, selection, columns, &[]).0
}

/// The rows of a model, with those of the relations that can be joined; which columns each row begins with.
pub(crate) fn select(
    scope: Scope<'_>,
    model: &'static Descriptor,
    selection: &Selection,
) -> (Statement, Columns, Vec<Join>) {
    let columns = selection.reading.columns(model);
    // Many rows refer to the same ones over and over, and a query a relation sends each of those once.
    let with = if joins(selection) { &selection.reading.with[..] } else { &[] };
    let (statement, joins) = select_with(scope, model, selection, &columns, with);
    (statement, columns, joins)
}

/// Whether relations to one row are joined: the query says so, or there are so few rows that ways to the server count for
/// more than what comes on them.
pub(crate) fn joins(selection: &Selection) -> bool {
    match selection.strategy {
        Some(strategy) => strategy == LoadStrategy::Join,
        None => selection.unique || selection.take.is_some_and(|take| take.unsigned_abs() <= FEW),
    }
}

fn select_with(
    scope: Scope<'_>,
    model: &'static Descriptor,
    selection: &Selection,
    columns: &Columns,
    with: &[Fetch],
) -> (Statement, Vec<Join>) {
    let mut sql = Sql::new(scope);
    let alias = sql.alias();
    let joins = join::joins(&mut sql, columns.count(model), model, with);
    sql.push("SELECT ").columns(alias, model, columns);
    join::columns(&mut sql, &joins);
    sql.push(" FROM ").table(model).push(" AS ").aliased(alias);
    join::tables(&mut sql, model, alias, &joins);
    let mut start = condition::where_clause(&mut sql, model, alias, &selection.filters);
    let orders = order::criteria(model, selection);
    if let Some(cursor) = &selection.cursor {
        sql.push(start);
        start = " AND ";
        order::cursor(&mut sql, model, alias, &orders, cursor);
    }
    if let Some(after) = &selection.after {
        sql.push(start);
        keyset::after(&mut sql, model, alias, after);
    }
    order::order_by(&mut sql, model, alias, &orders);
    order::limit(&mut sql, selection);
    (sql.finish(), joins)
}

/// How many rows of a model meet the conditions.
pub(crate) fn count(
    scope: Scope<'_>,
    model: &'static Descriptor,
    filters: &[FilterNode],
) -> Statement {
    let mut sql = Sql::new(scope);
    let alias = sql.alias();
    sql.push("SELECT count(*) FROM ").table(model).push(" AS ").aliased(alias);
    condition::where_clause(&mut sql, model, alias, filters);
    sql.finish()
}

/// The related rows of many parents: columns of the target, then the parent's key.
///
/// `keys` holds one list for each key column. Without a limit it is one `= ANY($1)`; with one, a lateral query for
/// each parent, so that each gets its own page.
pub(crate) fn related(
    scope: Scope<'_>,
    model: &'static Descriptor,
    relation: &'static Relation,
    selection: &Selection,
    columns: &Columns,
    keys: Vec<Vec<PrismaValue>>,
) -> Statement {
    let mut sql = Sql::new(scope);
    let target = relation.target;
    let orders = order::criteria(target, selection);
    let alias = sql.alias();
    let pages = selection.take.is_some() || selection.skip.is_some() || selection.cursor.is_some();
    if pages || keys.len() > 1 {
        paged(&mut sql, model, relation, selection, columns, keys, alias);
        return sql.finish();
    }
    let pairs = pairs(&mut sql, relation);
    sql.push("SELECT ").columns(alias, target, columns).push(", ");
    key(&mut sql, relation, alias, pairs);
    related_rows(&mut sql, model, relation, alias, pairs, keys);
    if !selection.filters.is_empty() {
        sql.push(" AND ");
        condition::all(&mut sql, target, alias, &selection.filters);
    }
    order::order_by(&mut sql, target, alias, &orders);
    sql.finish()
}

/// How many related rows each of many parents has: the number, then the parent's key. Parents without any are left out.
pub(crate) fn related_counts(
    scope: Scope<'_>,
    model: &'static Descriptor,
    relation: &'static Relation,
    filters: &[FilterNode],
    keys: Vec<Vec<PrismaValue>>,
) -> Statement {
    let mut sql = Sql::new(scope);
    let (target, alias) = (relation.target, sql.alias());
    let pairs = pairs(&mut sql, relation);
    sql.push("SELECT count(*), ");
    key(&mut sql, relation, alias, pairs);
    related_rows(&mut sql, model, relation, alias, pairs, keys);
    if !filters.is_empty() {
        sql.push(" AND ");
        condition::all(&mut sql, target, alias, filters);
    }
    sql.push(" GROUP BY ");
    key(&mut sql, relation, alias, pairs);
    sql.finish()
}

/// The alias of the table of pairs, where the relation has one.
fn pairs(sql: &mut Sql<'_>, relation: &Relation) -> Option<Alias> {
    matches!(relation.link, Link::Table { .. }).then(|| sql.alias())
}

/// The parent's key as the related rows, or the pairs that lead to them, hold it.
fn key(sql: &mut Sql<'_>, relation: &'static Relation, alias: Alias, pairs: Option<Alias>) {
    match relation.link {
        Link::Keys { to, .. } => {
            for (index, to) in to.iter().enumerate() {
                sql.push(if index == 0 { "" } else { ", " });
                sql.column(alias, relation.target.column(*to));
            }
        }
        Link::Table { from_column, .. } => {
            sql.aliased(pairs.unwrap_or(alias)).push(".").name(from_column);
        }
    }
}

/// ` FROM target WHERE key = ANY(keys)`, in the scope; further conditions follow with AND.
fn related_rows(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    relation: &'static Relation,
    alias: Alias,
    pairs: Option<Alias>,
    keys: Vec<Vec<PrismaValue>>,
) {
    let target = relation.target;
    sql.push(" FROM ").table(target).push(" AS ").aliased(alias);
    if let (Link::Table { table, schema, to_column, to, .. }, Some(pairs)) = (relation.link, pairs)
    {
        sql.push(" JOIN ").qualified(schema, table).push(" AS ").aliased(pairs).push(" ON ");
        sql.aliased(pairs).push(".").name(to_column).push(" = ").column(alias, target.column(to));
    }
    let several = keys.len() > 1;
    sql.push(if several { " WHERE (" } else { " WHERE " });
    key(sql, relation, alias, pairs);
    sql.push(if several { ") IN (SELECT * FROM unnest(" } else { " = ANY(" });
    for (index, (column, values)) in relation.key().iter().zip(keys).enumerate() {
        sql.push(if index == 0 { "" } else { ", " }).list(model.column(*column).kind, values);
    }
    sql.push(if several { "))" } else { ")" });
    scope::and_related(sql, model, relation, alias);
}

/// `FROM unnest(keys) CROSS JOIN LATERAL (rows of that key)`.
fn paged(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    relation: &'static Relation,
    selection: &Selection,
    columns: &Columns,
    keys: Vec<Vec<PrismaValue>>,
    alias: Alias,
) {
    let target = relation.target;
    let orders = order::criteria(target, selection);
    let parent = sql.alias();
    let parents = relation.key();
    sql.push("SELECT ").columns(alias, target, columns);
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
    scope::and_related(sql, model, relation, inner);
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
