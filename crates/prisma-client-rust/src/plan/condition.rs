//! Conditions as SQL.
//!
//! NULL follows Prisma: `equals(None)` is IS NULL, `not(None)` is IS NOT NULL, every other comparison leaves NULL out,
//! also `not`. Conditions on relations are EXISTS, so a row counts once however many related rows there are.

use super::sql::{Alias, Sql};
use super::{relation, scope};
use crate::filter::{FilterNode, Op, Quantifier};
use crate::model::{Column, Descriptor, Kind, Relation};
use crate::value::PrismaValue;

/// All of `filters`, joined by AND; `TRUE` for none.
pub(crate) fn all(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    alias: Alias,
    filters: &[FilterNode],
) {
    join(sql, model, alias, filters, " AND ", "TRUE");
}

/// `WHERE …`, in the scope, or nothing where there is no condition; how the next condition follows.
pub(crate) fn where_clause(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    alias: Alias,
    filters: &[FilterNode],
) -> &'static str {
    let mut start = " WHERE ";
    if scope::own(sql, model, alias, start) {
        start = " AND ";
    }
    if filters.iter().any(is_condition) {
        sql.push(start);
        all(sql, model, alias, filters);
        start = " AND ";
    }
    start
}

fn join(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    alias: Alias,
    filters: &[FilterNode],
    separator: &'static str,
    neutral: &'static str,
) {
    let mut first = true;
    for filter in filters.iter().filter(|filter| is_condition(filter)) {
        if !first {
            sql.push(separator);
        }
        first = false;
        one(sql, model, alias, filter, filters);
    }
    if first {
        sql.push(neutral);
    }
}

/// `mode` and `path` only change the conditions beside them.
pub(crate) fn is_condition(filter: &FilterNode) -> bool {
    !matches!(filter, FilterNode::Column { op: Op::Mode | Op::Path, .. })
}

fn one(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    alias: Alias,
    filter: &FilterNode,
    beside: &[FilterNode],
) {
    match filter {
        FilterNode::And(filters) => {
            sql.push("(");
            all(sql, model, alias, filters);
            sql.push(")");
        }
        FilterNode::Or(filters) => {
            sql.push("(");
            join(sql, model, alias, filters, " OR ", "FALSE");
            sql.push(")");
        }
        FilterNode::Not(filters) => {
            sql.push("NOT (");
            all(sql, model, alias, filters);
            sql.push(")");
        }
        FilterNode::Column { column, op, value } => {
            let modifier = |wanted: Op| {
                beside.iter().find_map(|filter| match filter {
                    FilterNode::Column { column: of, op, value }
                        if of == column && *op == wanted =>
                    {
                        Some(value)
                    }
                    _ => None,
                })
            };
            let column = model.column(*column);
            match column.kind {
                Kind::Json | Kind::JsonB if !column.is_list() => {
                    json(sql, alias, column, modifier(Op::Path), *op, value);
                }
                _ => {
                    let insensitive = modifier(Op::Mode) == Some(&PrismaValue::Boolean(true));
                    compare(sql, alias, column, insensitive, *op, value);
                }
            }
        }
        FilterNode::Relation { relation, quantifier, filters } => {
            if *quantifier != Quantifier::Some {
                sql.push("NOT ");
            }
            let relation = model.relation(*relation);
            sql.push("EXISTS (SELECT 1 FROM ");
            let other = relation::joined(sql, model, alias, relation);
            match quantifier {
                Quantifier::Some | Quantifier::None => {
                    if filters.iter().any(is_condition) {
                        sql.push(" AND ");
                        all(sql, relation.target, other, filters);
                    }
                }
                Quantifier::Every => {
                    sql.push(" AND NOT (");
                    all(sql, relation.target, other, filters);
                    sql.push(")");
                }
            }
            sql.push(")");
        }
        FilterNode::Count { relation, filters, op, rows } => {
            count(sql, model, alias, model.relation(*relation), filters);
            sql.push(operator(*op)).number(*rows);
        }
    }
}

/// `(SELECT count(*) FROM related rows WHERE …)`.
pub(crate) fn count(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    alias: Alias,
    relation: &'static Relation,
    filters: &[FilterNode],
) {
    sql.push("(SELECT count(*) FROM ");
    let other = relation::joined(sql, model, alias, relation);
    if filters.iter().any(is_condition) {
        sql.push(" AND ");
        all(sql, relation.target, other, filters);
    }
    sql.push(")");
}

fn compare(
    sql: &mut Sql<'_>,
    alias: Alias,
    column: &Column,
    insensitive: bool,
    op: Op,
    value: &PrismaValue,
) {
    let insensitive = insensitive && matches!(column.kind, Kind::Text | Kind::Char | Kind::Via(_));
    match (op, value) {
        (Op::Equals, PrismaValue::Null) => {
            sql.column(alias, column).push(" IS NULL");
        }
        (Op::Not, PrismaValue::Null) => {
            sql.column(alias, column).push(" IS NOT NULL");
        }
        (Op::In | Op::NotIn, PrismaValue::List(values)) => {
            membership(sql, alias, column, insensitive, op, values);
        }
        (Op::Equals | Op::Not | Op::Lt | Op::Lte | Op::Gt | Op::Gte, _) if insensitive => {
            sql.push("lower(")
                .column(alias, column)
                .push("::text)")
                .push(operator(op))
                .push("lower(");
            sql.value(column, value.clone()).push("::text)");
        }
        (Op::Contains | Op::StartsWith | Op::EndsWith, PrismaValue::String(text)) => {
            sql.column(alias, column);
            if column.kind != Kind::Text {
                sql.push("::text");
            }
            sql.push(if insensitive { " ILIKE " } else { " LIKE " })
                .text(pattern(op, text))
                .of(column);
        }
        (Op::Has, value) => {
            sql.typed(column.kind, false, value.clone())
                .of(column)
                .push(" = ANY(")
                .column(alias, column)
                .push(")");
        }
        (Op::HasEvery, value) => {
            sql.column(alias, column).push(" @> ").value(column, value.clone());
        }
        (Op::HasSome, value) => {
            sql.column(alias, column).push(" && ").value(column, value.clone());
        }
        (Op::IsEmpty, PrismaValue::Boolean(empty)) => {
            sql.push("cardinality(").column(alias, column).push(if *empty {
                ") = 0"
            } else {
                ") > 0"
            });
        }
        (op, value) => {
            sql.column(alias, column).push(operator(op)).value(column, value.clone());
        }
    }
}

fn membership(
    sql: &mut Sql<'_>,
    alias: Alias,
    column: &Column,
    insensitive: bool,
    op: Op,
    values: &[PrismaValue],
) {
    // One statement text whatever the number of values, which `IN ($1, $2 …)` has not.
    let (comparison, quantifier) = if op == Op::In { (" = ", "ANY(") } else { (" <> ", "ALL(") };
    if insensitive {
        let lowered = values.iter().map(|value| match value {
            PrismaValue::String(text) => PrismaValue::String(text.to_lowercase()),
            other => other.clone(),
        });
        sql.push("lower(").column(alias, column).push("::text)").push(comparison).push(quantifier);
        sql.list(Kind::Text, lowered.collect()).of(column).push(")");
    } else {
        sql.column(alias, column).push(comparison).push(quantifier);
        sql.list(column.kind, values.to_vec()).of(column).push(")");
    }
}

fn operator(op: Op) -> &'static str {
    match op {
        Op::Not => " <> ",
        Op::Lt => " < ",
        Op::Lte => " <= ",
        Op::Gt => " > ",
        Op::Gte => " >= ",
        _ => " = ",
    }
}

/// The pattern that finds the text itself: what LIKE gives a meaning to is escaped.
fn pattern(op: Op, text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    match op {
        Op::StartsWith => format!("{text}%"),
        Op::EndsWith => format!("%{text}"),
        _ => format!("%{text}%"),
    }
}

/// Comparisons of documents, and of the part that a path leads to. `json` has no operators, so all is `jsonb`.
fn json(
    sql: &mut Sql<'_>,
    alias: Alias,
    column: &Column,
    path: Option<&PrismaValue>,
    op: Op,
    value: &PrismaValue,
) {
    let target = |sql: &mut Sql<'_>| {
        match path {
            None => sql.column(alias, column),
            Some(path) => {
                sql.push("(").column(alias, column).push("::jsonb #> ");
                sql.typed(Kind::Text, true, path.clone()).of(column).push(")")
            }
        };
        sql.push("::jsonb");
    };
    let kind_is = |sql: &mut Sql<'_>, kind: &'static str| {
        sql.push("(jsonb_typeof(");
        target(sql);
        sql.push(") = '").push(kind).push("' AND ");
    };
    match (op, value) {
        (Op::Equals | Op::Not, PrismaValue::Null) => {
            target(sql);
            sql.push(if op == Op::Equals { " IS NULL" } else { " IS NOT NULL" });
        }
        (Op::Contains | Op::StartsWith | Op::EndsWith, PrismaValue::String(text)) => {
            kind_is(sql, "string");
            sql.push("(");
            target(sql);
            sql.push(" #>> '{}') LIKE ").text(pattern(op, text)).of(column).push(")");
        }
        (Op::ArrayContains, value) => {
            kind_is(sql, "array");
            target(sql);
            sql.push(" @> ").typed(Kind::JsonB, false, value.clone()).of(column).push(")");
        }
        (Op::ArrayStartsWith | Op::ArrayEndsWith, value) => {
            kind_is(sql, "array");
            target(sql);
            sql.push(if op == Op::ArrayStartsWith { " -> 0 = " } else { " -> -1 = " });
            sql.typed(Kind::JsonB, false, value.clone()).of(column).push(")");
        }
        (Op::Lt | Op::Lte | Op::Gt | Op::Gte, value) => {
            let kind = if matches!(value, PrismaValue::Json(serde_json::Value::String(_))) {
                "string"
            } else {
                "number"
            };
            kind_is(sql, kind);
            target(sql);
            sql.push(operator(op)).typed(Kind::JsonB, false, value.clone()).of(column).push(")");
        }
        (op, value) => {
            target(sql);
            sql.push(operator(op)).typed(Kind::JsonB, false, value.clone()).of(column);
        }
    }
}
