//! Calculations over rows, and over groups of them.

use super::sql::{Alias, Sql, Statement, read_cast};
use super::{Scope, condition};
use crate::aggregate::{Function, HavingNode, Node};
use crate::filter::FilterNode;
use crate::model::{Descriptor, Kind};
use crate::order::SortOrder;

/// What is asked of groups.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grouping {
    pub(crate) filters: Vec<FilterNode>,
    pub(crate) having: Vec<HavingNode>,
    pub(crate) orders: Vec<(Node, SortOrder)>,
    pub(crate) skip: Option<i64>,
    pub(crate) take: Option<i64>,
}

/// One row for each group; without a key, one for all.
pub(crate) fn group(
    scope: Scope<'_>,
    model: &'static Descriptor,
    chosen: &[Node],
    grouping: &Grouping,
) -> Statement {
    let mut sql = Sql::new(scope);
    let alias = sql.alias();
    sql.push("SELECT ");
    for (index, node) in chosen.iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " });
        value(&mut sql, model, alias, *node);
        if let Some(cast) = result_cast(model, *node) {
            sql.push("::").push(cast);
        }
    }
    sql.push(" FROM ").table(model).push(" AS ").aliased(alias);
    condition::where_clause(&mut sql, model, alias, &grouping.filters);
    let mut start = " GROUP BY ";
    for node in chosen {
        if let Node::Key(column) = node {
            sql.push(start).column(alias, model.column(*column));
            start = ", ";
        }
    }
    for (index, having) in grouping.having.iter().enumerate() {
        sql.push(if index == 0 { " HAVING " } else { " AND " });
        value(&mut sql, model, alias, having.node);
        sql.push(having.operator).typed(kind(model, having.node), false, having.value.clone());
    }
    for (index, (node, direction)) in grouping.orders.iter().enumerate() {
        sql.push(if index == 0 { " ORDER BY " } else { ", " });
        value(&mut sql, model, alias, *node);
        sql.push(if *direction == SortOrder::Asc { " ASC" } else { " DESC" });
    }
    if let Some(take) = grouping.take {
        sql.push(" LIMIT ").number(take);
    }
    if let Some(skip) = grouping.skip {
        sql.push(" OFFSET ").number(skip);
    }
    sql.finish()
}

fn value(sql: &mut Sql<'_>, model: &'static Descriptor, alias: Alias, node: Node) {
    let (function, column) = match node {
        Node::Rows => {
            sql.push("count(*)");
            return;
        }
        Node::Key(column) => {
            sql.column(alias, model.column(column));
            return;
        }
        Node::Of(function, column) => (function, model.column(column)),
    };
    sql.push(match function {
        Function::Count => "count(",
        Function::Distinct => "count(DISTINCT ",
        Function::Sum => "sum(",
        Function::Avg => "avg(",
        Function::Min => "min(",
        Function::Max => "max(",
    });
    sql.column(alias, column);
    // What PostgreSQL has no such function for, or another result than ours.
    let cast = match (function, column.kind) {
        (Function::Sum | Function::Avg, Kind::Oid) => "::int8",
        (Function::Sum | Function::Avg, Kind::Float4) => "::float8",
        (Function::Sum | Function::Avg, Kind::Money) => "::numeric",
        (Function::Min | Function::Max, Kind::Uuid) | (Function::Distinct, Kind::Json) => "::text",
        _ => "",
    };
    sql.push(cast).push(")");
    match (function, kind(model, node)) {
        (Function::Sum, Kind::Int8) => sql.push("::int8"),
        (Function::Avg, Kind::Float8) => sql.push("::float8"),
        _ => sql,
    };
}

/// What the result is cast to, so that we can read it.
fn result_cast(model: &'static Descriptor, node: Node) -> Option<&'static str> {
    read_cast(kind(model, node))
}

/// The type of a result.
fn kind(model: &'static Descriptor, node: Node) -> Kind {
    let (function, column) = match node {
        Node::Rows | Node::Of(Function::Count | Function::Distinct, _) => return Kind::Int8,
        Node::Key(column) => return model.column(column).kind,
        Node::Of(function, column) => (function, model.column(column).kind),
    };
    match (function, column) {
        (Function::Sum | Function::Avg, Kind::Numeric | Kind::Money) => Kind::Numeric,
        (Function::Sum, Kind::Float4 | Kind::Float8) | (Function::Avg, _) => Kind::Float8,
        (Function::Sum, _) => Kind::Int8,
        (_, Kind::Uuid) => Kind::Text,
        (_, kind) => kind,
    }
}
