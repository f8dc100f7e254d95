//! Relations to one row, read in the statement of the row itself by LEFT JOIN.
//!
//! One way to the server instead of two, and no keys to match. It is not for relations to many rows, which would repeat
//! the row; nor for those with Bytes, which may be large and would come once for each row that refers to them.

use super::sql::{Alias, Sql};
use crate::fetch::{Fetch, Selection};
use crate::model::{Descriptor, Kind, Link};

/// Beyond so many tables PostgreSQL plans a join in the order it is written.
const TABLES: usize = 7;

/// PostgreSQL gives at most 1,664 columns.
const COLUMNS: usize = 800;

/// A relation whose row stands beside the row itself.
#[derive(Debug)]
pub(crate) struct Join {
    pub(crate) relation: u16,
    /// Where its columns begin.
    pub(crate) start: usize,
    /// A column that is NULL where there is no related row.
    pub(crate) key: usize,
    pub(crate) joins: Vec<Join>,
    target: &'static Descriptor,
    alias: Alias,
}

/// What is joined so far.
struct Size {
    tables: usize,
    columns: usize,
}

/// The relations that can be joined.
pub(crate) fn joins(sql: &mut Sql<'_>, model: &'static Descriptor, fetches: &[Fetch]) -> Vec<Join> {
    let mut size = Size { tables: 1, columns: model.columns.len() };
    within(sql, model, fetches, &mut size)
}

/// Whether all of these relations are read in one statement with the row.
pub(crate) fn joins_all(model: &'static Descriptor, fetches: &[Fetch]) -> bool {
    joins(&mut Sql::new(""), model, fetches).len() == fetches.len()
}

fn within(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    fetches: &[Fetch],
    size: &mut Size,
) -> Vec<Join> {
    let mut joins = Vec::new();
    for (index, fetch) in fetches.iter().enumerate() {
        // Of two that name one relation the later counts.
        let again = fetches[index + 1..].iter().any(|later| later.relation == fetch.relation);
        let (tables, columns) = needs(model, fetch);
        if again || size.tables + tables > TABLES || size.columns + columns > COLUMNS {
            continue;
        }
        if !is_simple(model, fetch) {
            continue;
        }
        let relation = model.relation(fetch.relation);
        let (target, Link::Keys { to, .. }) = (relation.target, relation.link) else { continue };
        let (start, alias) = (size.columns, sql.alias());
        size.tables += 1;
        size.columns += target.columns.len();
        joins.push(Join {
            relation: fetch.relation,
            start,
            key: start + usize::from(to[0]),
            joins: within(sql, target, &fetch.selection.with, size),
            target,
            alias,
        });
    }
    joins
}

/// How many tables and columns a relation comes to, with its own.
fn needs(model: &'static Descriptor, fetch: &Fetch) -> (usize, usize) {
    let target = model.relation(fetch.relation).target;
    let below = fetch.selection.with.iter().map(|fetch| needs(target, fetch));
    below.fold((1, target.columns.len()), |sum, it| (sum.0 + it.0, sum.1 + it.1))
}

fn is_simple(model: &'static Descriptor, fetch: &Fetch) -> bool {
    let relation = model.relation(fetch.relation);
    let target = relation.target;
    let Selection { filters, skip, take, cursor, after, with, .. } = &fetch.selection;
    !relation.many
        && matches!(relation.link, Link::Keys { .. })
        && filters.is_empty()
        && (skip.is_none() && take.is_none() && cursor.is_none() && after.is_none())
        && !target.columns.iter().any(|column| column.kind == Kind::Bytes)
        && with.iter().enumerate().all(|(index, fetch)| {
            is_simple(target, fetch)
                && !with[index + 1..].iter().any(|later| later.relation == fetch.relation)
        })
}

/// `, "t1"."column" …` of every joined table, in the order in which they are read.
pub(crate) fn columns(sql: &mut Sql<'_>, joins: &[Join]) {
    for join in joins {
        sql.push(", ").columns(join.alias, join.target);
        columns(sql, &join.joins);
    }
}

/// ` LEFT JOIN … ON …` of every joined table.
pub(crate) fn tables(sql: &mut Sql<'_>, model: &'static Descriptor, alias: Alias, joins: &[Join]) {
    for join in joins {
        sql.push(" LEFT JOIN ").table(join.target).push(" AS ").aliased(join.alias);
        if let Link::Keys { from, to, .. } = model.relation(join.relation).link {
            for (index, (from, to)) in from.iter().zip(to).enumerate() {
                sql.push(if index == 0 { " ON " } else { " AND " });
                sql.column(join.alias, join.target.column(*to)).push(" = ");
                sql.column(alias, model.column(*from));
            }
        }
        tables(sql, join.target, join.alias, &join.joins);
    }
}
