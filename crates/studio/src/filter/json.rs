//! Conditions on JSON, and on the part of it that a path leads to. `json` has no operators, so that all is compared as `jsonb`.

use super::Operator;
use crate::quoting::{Statement, escape_like};

/// The column, and the keys and positions that lead to a part of it.
pub(super) struct Part<'a> {
    pub(super) column: &'a str,
    pub(super) path: &'a [String],
}

impl Part<'_> {
    fn push<'s>(&self, statement: &'s mut Statement) -> &'s mut Statement {
        if self.path.is_empty() {
            return statement.push(&format!("{}::jsonb", self.column));
        }
        statement.push(&format!("({}::jsonb #> ", self.column));
        statement.array(self.path, "text").push(")")
    }

    /// What is of another kind is not found, so that nothing is compared which has no order.
    fn push_of_kind<'s>(&self, statement: &'s mut Statement, kind: &str) -> &'s mut Statement {
        self.push(statement.push("pg_catalog.jsonb_typeof("));
        self.push(statement.push(&format!(") = '{kind}' AND ")))
    }
}

/// Values are JSON, save those that are looked for in texts.
pub(super) fn push(statement: &mut Statement, part: &Part<'_>, operator: Operator, value: &str) {
    let escaped = escape_like(value);
    let pattern = match operator {
        Operator::StringStartsWith => format!("{escaped}%"),
        Operator::StringEndsWith => format!("%{escaped}"),
        _ => format!("%{escaped}%"),
    };
    match operator {
        Operator::IsNull => part.push(statement).push(" IS NULL"),
        Operator::IsNotNull => part.push(statement).push(" IS NOT NULL"),
        // Of any kind, as it is printed.
        Operator::Contains if part.path.is_empty() => {
            statement.push(&format!("{}::text LIKE ", part.column)).value(Some(&pattern), "text")
        }
        Operator::Contains => {
            part.push(statement).push(" #>> '{}' LIKE ").value(Some(&pattern), "text")
        }
        Operator::StringContains | Operator::StringStartsWith | Operator::StringEndsWith => part
            .push_of_kind(statement, "string")
            .push(" #>> '{}' LIKE ")
            .value(Some(&pattern), "text"),
        Operator::ArrayContains => {
            part.push_of_kind(statement, "array").push(" @> ").value(Some(value), "jsonb")
        }
        Operator::ArrayStartsWith => {
            part.push_of_kind(statement, "array").push(" -> 0 = ").value(Some(value), "jsonb")
        }
        Operator::ArrayEndsWith => {
            part.push_of_kind(statement, "array").push(" -> -1 = ").value(Some(value), "jsonb")
        }
        Operator::Lt | Operator::Lte | Operator::Gt | Operator::Gte => {
            let kind = if value.trim_start().starts_with('"') { "string" } else { "number" };
            part.push_of_kind(statement, kind)
                .push(&format!(" {} ", operator.sign()))
                .value(Some(value), "jsonb")
        }
        _ => {
            part.push(statement).push(&format!(" {} ", operator.sign())).value(Some(value), "jsonb")
        }
    };
}
