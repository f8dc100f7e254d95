//! INSERT, UPDATE, DELETE.

use super::changes::RelationChange;
use super::guards::{self, Refusal, Writing};
use super::sql::{Sql, Statement};
use super::{Scope, condition, scope};
use crate::columns::Columns;
use crate::fetch::Selection;
use crate::filter::{FilterNode, key_node};
use crate::model::{Arity, Descriptor, Link, Relation};
use crate::set::{ColumnChange, RelationOp, SetOp};
use crate::value::PrismaValue;

/// One row, given back as it was stored.
pub(crate) fn insert(
    scope: Scope<'_>,
    model: &'static Descriptor,
    columns: &[ColumnChange],
    returning: &Columns,
) -> Statement {
    let mut sql = Sql::new(scope);
    let alias = sql.alias();
    start_insert(&mut sql, model, columns, alias);
    sql.push(" RETURNING ").columns(alias, model, returning);
    sql.finish()
}

/// One row, or the changes to the one that has these values of `key` already.
pub(crate) fn upsert(
    scope: Scope<'_>,
    model: &'static Descriptor,
    columns: &[ColumnChange],
    key: &[(u16, PrismaValue)],
    update: &[ColumnChange],
    returning: &Columns,
) -> Statement {
    let mut sql = Sql::new(scope);
    let alias = sql.alias();
    start_insert(&mut sql, model, columns, alias);
    on_conflict(&mut sql, model, key);
    sql.push(" DO UPDATE SET ");
    if update.is_empty() {
        // Without a change there would be no row to give back.
        let column = model.column(key[0].0);
        sql.name(column.name).push(" = ").column(alias, column);
    } else {
        assignments(&mut sql, model, alias, update);
    }
    // The row with this key may be another tenant's.
    let restricted = scope::own(&mut sql, model, alias, " WHERE ");
    let kept = guards::guards(scope, model, [update], Writing::Change, true);
    guards::guarded(&mut sql, kept, if restricted { " AND " } else { " WHERE " });
    sql.push(" RETURNING ").columns(alias, model, returning);
    sql.finish()
}

/// One row, or nothing where a row has these values of `key` already.
pub(crate) fn insert_unless(
    scope: Scope<'_>,
    model: &'static Descriptor,
    columns: &[ColumnChange],
    key: &[(u16, PrismaValue)],
    returning: &Columns,
) -> Statement {
    let mut sql = Sql::new(scope);
    let alias = sql.alias();
    start_insert(&mut sql, model, columns, alias);
    on_conflict(&mut sql, model, key);
    sql.push(" DO NOTHING RETURNING ").columns(alias, model, returning);
    sql.finish()
}

fn on_conflict(sql: &mut Sql<'_>, model: &'static Descriptor, key: &[(u16, PrismaValue)]) {
    sql.push(" ON CONFLICT (");
    for (index, (column, _)) in key.iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " }).name(model.column(*column).name);
    }
    sql.push(")");
}

fn start_insert(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    columns: &[ColumnChange],
    alias: super::Alias,
) {
    sql.push("INSERT INTO ").table(model).push(" AS ").aliased(alias);
    let kept = guards::guards(sql.scope(), model, [columns], Writing::New, true);
    if columns.is_empty() && kept.is_empty() {
        sql.push(" DEFAULT VALUES");
        return;
    }
    if !columns.is_empty() {
        names(sql, model, columns);
    }
    sql.push(if kept.is_empty() { " VALUES (" } else { " SELECT " });
    for (index, change) in columns.iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " })
            .value(model.column(change.column), change.value.clone());
    }
    if kept.is_empty() {
        sql.push(")");
    }
    guards::guarded(sql, kept, " WHERE ");
}

/// The changes to every row that meets the conditions; the rows as they are then, if asked for.
pub(crate) fn update(
    scope: Scope<'_>,
    model: &'static Descriptor,
    filters: &[FilterNode],
    columns: &[ColumnChange],
    returning: Option<&Columns>,
) -> Statement {
    let mut sql = Sql::new(scope);
    let alias = sql.alias();
    sql.push("UPDATE ").table(model).push(" AS ").aliased(alias).push(" SET ");
    assignments(&mut sql, model, alias, columns);
    let start = condition::where_clause(&mut sql, model, alias, filters);
    let kept = guards::guards(scope, model, [columns], Writing::Change, true);
    guards::guarded(&mut sql, kept, start);
    if let Some(returning) = returning {
        sql.push(" RETURNING ").columns(alias, model, returning);
    }
    sql.finish()
}

/// Every row that meets the conditions goes; the rows as they were, if asked for.
pub(crate) fn delete(
    scope: Scope<'_>,
    model: &'static Descriptor,
    filters: &[FilterNode],
    returning: Option<&Columns>,
) -> Statement {
    let mut sql = Sql::new(scope);
    let alias = sql.alias();
    sql.push("DELETE FROM ").table(model).push(" AS ").aliased(alias);
    condition::where_clause(&mut sql, model, alias, filters);
    if let Some(returning) = returning {
        sql.push(" RETURNING ").columns(alias, model, returning);
    }
    sql.finish()
}

/// How many rows a statement must touch.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Touched {
    /// Any number.
    Any,
    /// One at least: a missing row is an error.
    One,
    /// None: that there is one is an error.
    None(Refusal),
}

/// What makes the row whose key columns hold `parent` related, or no longer related, to the rows that the keys name.
///
/// Each statement comes with what must be true of the rows that it touches.
pub(crate) fn relate(
    scope: Scope<'_>,
    change: &RelationChange,
    model: &'static Descriptor,
    parent: &[PrismaValue],
) -> Vec<(Statement, Touched)> {
    let named =
        FilterNode::Or(change.keys.iter().map(|key| key_node(key.iter().cloned())).collect());
    let connect = matches!(change.op, RelationOp::Connect | RelationOp::Set);
    let mut statements = Vec::new();
    if change.op == RelationOp::Disconnect && change.relation.many && change.keys.is_empty() {
        // Only of a to-one relation does no name mean whoever is there.
        return statements;
    }
    match &change.relation.link {
        Link::Keys { to, .. } => {
            let target = change.relation.target;
            let mine: Vec<FilterNode> = to
                .iter()
                .zip(parent)
                .map(|(column, value)| key_node([(*column, value.clone())]))
                .collect();
            // Whose a row is does not change with what it is related to.
            let kept = scope.tenant.and(target.tenant_column());
            let nulls: Vec<ColumnChange> = to
                .iter()
                .filter(|column| kept != Some(**column))
                .map(|column| ColumnChange {
                    column: *column,
                    op: SetOp::Set,
                    value: PrismaValue::Null,
                })
                .collect();
            // A to-one relation has room for one row: connecting another sets the first free.
            let release = match change.op {
                RelationOp::Disconnect if change.keys.is_empty() => Some(mine.clone()),
                RelationOp::Disconnect => Some([mine.clone(), vec![named.clone()]].concat()),
                RelationOp::Connect if change.relation.many => None,
                RelationOp::Connect | RelationOp::Set => {
                    Some([mine.clone(), vec![unnamed(change, named.clone())]].concat())
                }
            };
            match (release, kept) {
                (Some(filters), Some(tenant)) if nulls.is_empty() => {
                    // There is nothing to set free of it: no row may have to be.
                    let selection = Selection { filters, ..Selection::default() };
                    let columns = Columns::only([tenant]);
                    let statement = super::read::select_flat(scope, target, &selection, &columns);
                    statements.push((statement, Touched::None(Refusal::Parted(tenant))));
                }
                (Some(filters), _) => {
                    let statement = update(scope, target, &filters, &nulls, None);
                    statements.push((statement, Touched::Any));
                }
                (None, _) => {}
            }
            if connect {
                let values: Vec<ColumnChange> = to
                    .iter()
                    .zip(parent)
                    .map(|(column, value)| ColumnChange {
                        column: *column,
                        op: SetOp::Set,
                        value: value.clone(),
                    })
                    .collect();
                for key in &change.keys {
                    let filters = [key_node(key.iter().cloned())];
                    let statement = update(scope, target, &filters, &values, None);
                    statements.push((statement, Touched::One));
                }
            }
        }
        Link::Table { .. } => {
            if change.op != RelationOp::Connect {
                statements.push((unpair(scope, change, model, parent, named), Touched::Any));
            }
            if connect {
                for key in &change.keys {
                    statements.push((pair(scope, change, model, parent, key), Touched::One));
                }
            }
        }
    }
    statements
}

/// The rows that no key names. Where a key's column is NULL nothing can be said of it but that; should another key name
/// such a row, it is connected again right after.
fn unnamed(change: &RelationChange, named: FilterNode) -> FilterNode {
    let mut columns: Vec<u16> = change.keys.iter().flatten().map(|(column, _)| *column).collect();
    columns.sort_unstable();
    columns.dedup();
    columns.retain(|column| change.relation.target.column(*column).arity != Arity::Required);
    let mut unnamed = vec![FilterNode::Not(vec![named])];
    unnamed.extend(columns.into_iter().map(|column| key_node([(column, PrismaValue::Null)])));
    FilterNode::Or(unnamed)
}

/// Adds a pair to the table of an implicit many-to-many; touches one row also where the pair was there.
fn pair(
    scope: Scope<'_>,
    change: &RelationChange,
    model: &'static Descriptor,
    parent: &[PrismaValue],
    key: &[(u16, PrismaValue)],
) -> Statement {
    let mut sql = Sql::new(scope);
    if let Link::Table { table, schema, from_column, to_column, from, to } = change.relation.link {
        let (target, alias) = (change.relation.target, sql.alias());
        sql.push("INSERT INTO ")
            .qualified(schema, table)
            .push(" (")
            .name(from_column)
            .push(", ")
            .name(to_column);
        sql.push(") SELECT ").value(model.column(from), parent[0].clone()).push(", ");
        sql.column(alias, target.column(to))
            .push(" FROM ")
            .table(target)
            .push(" AS ")
            .aliased(alias);
        condition::where_clause(&mut sql, target, alias, &[key_node(key.iter().cloned())]);
        sql.push(" ON CONFLICT (\"A\", \"B\") DO UPDATE SET \"A\" = EXCLUDED.\"A\"");
    }
    sql.finish()
}

/// Adds pairs of one row and rows whose ids are known.
pub(crate) fn pairs(
    scope: Scope<'_>,
    model: &'static Descriptor,
    relation: &'static Relation,
    parent: &PrismaValue,
    ids: Vec<PrismaValue>,
) -> Statement {
    let mut sql = Sql::new(scope);
    if let Link::Table { table, schema, from_column, to_column, from, to } = relation.link {
        sql.push("INSERT INTO ").qualified(schema, table).push(" (").name(from_column).push(", ");
        sql.name(to_column).push(") SELECT ").value(model.column(from), parent.clone());
        sql.push(", unnest(").list(relation.target.column(to).kind, ids);
        sql.push(") ON CONFLICT DO NOTHING");
    }
    sql.finish()
}

/// Removes pairs: the named ones, or for `set` all others.
fn unpair(
    scope: Scope<'_>,
    change: &RelationChange,
    model: &'static Descriptor,
    parent: &[PrismaValue],
    named: FilterNode,
) -> Statement {
    let mut sql = Sql::new(scope);
    if let Link::Table { table, schema, from_column, to_column, from, to } = change.relation.link {
        let (target, alias) = (change.relation.target, sql.alias());
        sql.push("DELETE FROM ")
            .qualified(schema, table)
            .push(" WHERE ")
            .name(from_column)
            .push(" = ");
        sql.value(model.column(from), parent[0].clone()).push(" AND ").name(to_column);
        sql.push(if change.op == RelationOp::Set { " NOT IN (SELECT " } else { " IN (SELECT " });
        sql.column(alias, target.column(to))
            .push(" FROM ")
            .table(target)
            .push(" AS ")
            .aliased(alias);
        condition::where_clause(&mut sql, target, alias, &[named]);
        sql.push(")");
        if change.op == RelationOp::Set && scope.restricts(target) {
            // Of a row that is everybody's, others may have pairs too.
            let other = sql.alias();
            sql.push(" AND ").name(to_column).push(" IN (SELECT ");
            sql.column(other, target.column(to)).push(" FROM ").table(target).push(" AS ");
            sql.aliased(other);
            scope::own(&mut sql, target, other, " WHERE ");
            sql.push(")");
        }
    }
    sql.finish()
}

fn names(sql: &mut Sql<'_>, model: &'static Descriptor, columns: &[ColumnChange]) {
    sql.push(" (");
    for (index, change) in columns.iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " }).name(model.column(change.column).name);
    }
    sql.push(")");
}

fn assignments(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    alias: super::Alias,
    columns: &[ColumnChange],
) {
    for (index, change) in columns.iter().enumerate() {
        let column = model.column(change.column);
        sql.push(if index == 0 { "" } else { ", " }).name(column.name).push(" = ");
        let operator = match change.op {
            SetOp::Set => {
                sql.value(column, change.value.clone());
                continue;
            }
            SetOp::Push => {
                sql.push("array_cat(")
                    .column(alias, column)
                    .push(", ")
                    .value(column, change.value.clone())
                    .push(")");
                continue;
            }
            SetOp::Increment => " + ",
            SetOp::Decrement => " - ",
            SetOp::Multiply => " * ",
            SetOp::Divide => " / ",
        };
        sql.column(alias, column).push(operator).value(column, change.value.clone());
    }
}
