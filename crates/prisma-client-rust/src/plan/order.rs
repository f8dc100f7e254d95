//! Orders, cursors and limits as SQL.
//!
//! As Prisma does, a query that leaves rows out (skip, take, cursor) is sorted by the id last, so that pages never
//! overlap. A negative take reads from the end; the reader turns the rows around.

use super::relation;
use super::sql::{Alias, Sql};
use super::{condition, read::reversed, scope};
use crate::fetch::Selection;
use crate::filter::FilterNode;
use crate::model::{Arity, Descriptor};
use crate::order::{OrderNode, SortOrder};

/// The criteria of a selection, in the direction the rows are read.
pub(crate) fn criteria(model: &Descriptor, selection: &Selection) -> Vec<OrderNode> {
    let mut orders = selection.orders.clone();
    let pages = selection.take.is_some()
        || selection.cursor.is_some()
        || selection.after.is_some()
        || selection.skip.is_some_and(|skip| skip > 0);
    if pages {
        for id in model.id {
            if !orders
                .iter()
                .any(|order| matches!(order, OrderNode::Column(column, _) if column == id))
            {
                orders.push(OrderNode::Column(*id, SortOrder::Asc));
            }
        }
    }
    if reversed(selection) { orders.iter().map(flip).collect() } else { orders }
}

/// ` ORDER BY …`, or nothing.
pub(crate) fn order_by(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    alias: Alias,
    orders: &[OrderNode],
) {
    write(sql, model, alias, orders, " ORDER BY ");
}

/// Criteria after those already written.
pub(crate) fn then_by(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    alias: Alias,
    orders: &[OrderNode],
) {
    write(sql, model, alias, orders, ", ");
}

fn write(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    alias: Alias,
    orders: &[OrderNode],
    start: &'static str,
) {
    for (index, (path, column)) in flatten(orders).into_iter().enumerate() {
        sql.push(if index == 0 { start } else { ", " });
        let direction = expression(sql, model, alias, &path, &column);
        sql.push(if direction == SortOrder::Asc { " ASC" } else { " DESC" });
    }
}

/// ` LIMIT … OFFSET …`, or nothing.
pub(crate) fn limit(sql: &mut Sql<'_>, selection: &Selection) {
    if let Some(take) = selection.take {
        sql.push(" LIMIT ").number(take.saturating_abs());
    }
    if let Some(skip) = selection.skip.filter(|skip| *skip > 0) {
        sql.push(" OFFSET ").number(skip);
    }
}

/// The rows from the cursor's on, the cursor's own included; none where the cursor finds no row.
///
/// Of two criteria the later counts where the earlier are equal, so it is an OR over "equal so far, then beyond". NULL
/// comes last, as PostgreSQL sorts it.
pub(crate) fn cursor(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    alias: Alias,
    orders: &[OrderNode],
    cursor: &FilterNode,
) {
    let criteria = flatten(orders);
    let at = sql.alias();
    sql.push("EXISTS (SELECT 1 FROM ").table(model).push(" AS ").aliased(at).push(" WHERE ");
    condition::all(sql, model, at, std::slice::from_ref(cursor));
    scope::own(sql, model, at, " AND ");
    sql.push(" AND (");
    for (depth, (path, order)) in criteria.iter().enumerate() {
        if depth > 0 {
            sql.push(" OR ");
        }
        sql.push("(");
        for (path, order) in &criteria[..depth] {
            expression(sql, model, alias, path, order);
            sql.push(" IS NOT DISTINCT FROM ");
            expression(sql, model, at, path, order);
            sql.push(" AND ");
        }
        let last = depth + 1 == criteria.len();
        sql.push("(");
        let direction = expression(sql, model, alias, path, order);
        sql.push(match (direction, last) {
            (SortOrder::Asc, true) => " >= ",
            (SortOrder::Asc, false) => " > ",
            (SortOrder::Desc, true) => " <= ",
            (SortOrder::Desc, false) => " < ",
        });
        expression(sql, model, at, path, order);
        if can_be_null(model, path, order) {
            // Ascending, NULL is beyond every value; descending, every value is beyond NULL.
            let (beyond, before) =
                if direction == SortOrder::Asc { (alias, at) } else { (at, alias) };
            sql.push(" OR (");
            expression(sql, model, beyond, path, order);
            sql.push(" IS NULL AND ");
            expression(sql, model, before, path, order);
            sql.push(" IS NOT NULL)");
            if last {
                sql.push(" OR (");
                expression(sql, model, alias, path, order);
                sql.push(" IS NULL AND ");
                expression(sql, model, at, path, order);
                sql.push(" IS NULL)");
            }
        }
        sql.push("))");
    }
    if criteria.is_empty() {
        sql.push("TRUE");
    }
    sql.push("))");
}

/// Whether a criterion may have no value: a relation may lead nowhere.
fn can_be_null(model: &'static Descriptor, path: &[u16], order: &OrderNode) -> bool {
    match order {
        _ if !path.is_empty() => true,
        OrderNode::Column(column, _) => model.column(*column).arity != Arity::Required,
        OrderNode::Count(..) | OrderNode::Relation(..) => false,
    }
}

fn flip(order: &OrderNode) -> OrderNode {
    match order {
        OrderNode::Column(column, direction) => OrderNode::Column(*column, direction.reversed()),
        OrderNode::Count(relation, filters, direction) => {
            OrderNode::Count(*relation, filters.clone(), direction.reversed())
        }
        OrderNode::Relation(relation, orders) => {
            OrderNode::Relation(*relation, orders.iter().map(flip).collect())
        }
    }
}

/// Each criterion with the relations that lead to it.
fn flatten(orders: &[OrderNode]) -> Vec<(Vec<u16>, OrderNode)> {
    let mut flat = Vec::new();
    for order in orders {
        match order {
            OrderNode::Relation(relation, orders) => {
                flat.extend(flatten(orders).into_iter().map(|(mut path, order)| {
                    path.insert(0, *relation);
                    (path, order)
                }));
            }
            OrderNode::Column(..) | OrderNode::Count(..) => flat.push((Vec::new(), order.clone())),
        }
    }
    flat
}

/// A criterion as an expression; through a relation, a subquery of one row.
fn expression(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    alias: Alias,
    path: &[u16],
    order: &OrderNode,
) -> SortOrder {
    if let [relation, rest @ ..] = path {
        let relation = model.relation(*relation);
        let target = sql.alias();
        sql.push("(SELECT ");
        let direction = expression(sql, relation.target, target, rest, order);
        sql.push(" FROM (SELECT * FROM ");
        relation::joined(sql, model, alias, relation);
        sql.push(") AS ").aliased(target).push(" LIMIT 1)");
        return direction;
    }
    match order {
        OrderNode::Column(column, direction) => {
            sql.column(alias, model.column(*column));
            *direction
        }
        OrderNode::Count(relation, filters, direction) => {
            condition::count(sql, model, alias, model.relation(*relation), filters);
            *direction
        }
        OrderNode::Relation(_, _) => SortOrder::Asc,
    }
}
