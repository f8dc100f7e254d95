//! Relations to one row, read in the statement of the row itself by LEFT JOIN.
//!
//! One way to the server instead of two, and no keys to match: for few rows (`read.rs` says how few). It is not for relations to many rows, which would repeat
//! the row; nor for those with Bytes, which may be large and would come once for each row that refers to them.

use super::scope::{self, Scope};
use super::sql::{Alias, Sql};
use crate::columns::Columns;
use crate::fetch::{Fetch, Reading, Selection};
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
    /// Which of its columns are there.
    pub(crate) columns: Columns,
    pub(crate) joins: Vec<Join>,
    pub(crate) target: &'static Descriptor,
    alias: Alias,
}

/// What is joined so far.
struct Size {
    tables: usize,
    columns: usize,
}

/// The relations that can be joined.
pub(crate) fn joins(
    sql: &mut Sql<'_>,
    columns: usize,
    model: &'static Descriptor,
    fetches: &[Fetch],
) -> Vec<Join> {
    let mut size = Size { tables: 1, columns };
    within(sql, model, fetches, &mut size)
}

/// Whether all that is read is read in one statement with the row.
pub(crate) fn joins_all(model: &'static Descriptor, reading: &Reading) -> bool {
    let own = reading.columns(model).count(model);
    let joins = joins(&mut Sql::new(Scope { schema: "", tenant: None }), own, model, &reading.with);
    joins.len() == reading.with.len() && reading.counts.is_empty()
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
        let columns = columns_of(model, fetch);
        size.tables += 1;
        size.columns += columns.count(target);
        joins.push(Join {
            relation: fetch.relation,
            start,
            key: start + columns.place(usize::from(to[0])).unwrap_or_default(),
            columns,
            joins: within(sql, target, &fetch.selection.reading.with, size),
            target,
            alias,
        });
    }
    joins
}

/// How many tables and columns a relation comes to, with its own.
fn needs(model: &'static Descriptor, fetch: &Fetch) -> (usize, usize) {
    let target = model.relation(fetch.relation).target;
    let below = fetch.selection.reading.with.iter().map(|fetch| needs(target, fetch));
    let own = columns_of(model, fetch).count(target);
    below.fold((1, own), |sum, it| (sum.0 + it.0, sum.1 + it.1))
}

/// The columns of a related row: what is read of it, and what tells that it is there.
fn columns_of(model: &'static Descriptor, fetch: &Fetch) -> Columns {
    let relation = model.relation(fetch.relation);
    let columns = fetch.selection.reading.columns(relation.target);
    match relation.link {
        Link::Keys { to, .. } => columns.and(to.first().copied()),
        Link::Table { .. } => columns,
    }
}

fn is_simple(model: &'static Descriptor, fetch: &Fetch) -> bool {
    let relation = model.relation(fetch.relation);
    let target = relation.target;
    let Selection { filters, skip, take, cursor, after, reading, .. } = &fetch.selection;
    let with = &reading.with;
    !relation.many
        && matches!(relation.link, Link::Keys { .. })
        && filters.is_empty()
        && reading.counts.is_empty()
        && (skip.is_none() && take.is_none() && cursor.is_none() && after.is_none())
        && !reading.columns(target).of(target).any(|column| column.kind == Kind::Bytes)
        && with.iter().enumerate().all(|(index, fetch)| {
            is_simple(target, fetch)
                && !with[index + 1..].iter().any(|later| later.relation == fetch.relation)
        })
}

/// `, "t1"."column" …` of every joined table, in the order in which they are read.
pub(crate) fn columns(sql: &mut Sql<'_>, joins: &[Join]) {
    for join in joins {
        sql.push(", ").columns(join.alias, join.target, &join.columns);
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
        scope::and_related(sql, model, model.relation(join.relation), join.alias);
        tables(sql, join.target, join.alias, &join.joins);
    }
}
