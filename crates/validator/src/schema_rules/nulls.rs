//! A required column holds a value. The database sees to it where the column is NOT NULL.

use client::prisma_client_rust::model::{Arity, Descriptor};
use client::prisma_client_rust::quote;

use super::{class, kebab, literal, name};
use crate::reach::id_of;
use crate::rule::{Kind, Rule, Severity};

pub(super) fn rule(model: &'static Descriptor) -> Option<Rule> {
    let required: Vec<u16> = (0..)
        .zip(model.columns)
        .filter(|(_, column)| column.arity == Arity::Required)
        .map(|(position, _)| position)
        .collect();
    if required.is_empty() {
        return None;
    }
    let list = |of: fn(&Descriptor, u16) -> String, separator: &str| {
        required.iter().map(|column| of(model, *column)).collect::<Vec<String>>().join(separator)
    };
    Some(Rule {
        id: format!("null-{}", kebab(model.name)).into(),
        kind: Kind::Null,
        model: model.name,
        severity: Severity::Error,
        meaning: format!("No required column of a {} is NULL.", model.name).into(),
        fix: "Fill the column, then bring the constraint back: cargo xtask migrate status --drift shows it.".into(),
        // Without a column that may hold NULL the table is not read: PostgreSQL finds out once, before it begins. From
        // version 18 on a NOT NULL may not be valid yet.
        query: format!(
            "SELECT {id} AS id FROM {table} AS child WHERE EXISTS (\n    \
             SELECT FROM pg_attribute WHERE attrelid = {class} AND attname IN ({names}) AND (NOT attnotnull OR EXISTS (\n        \
             SELECT FROM pg_constraint WHERE conrelid = attrelid AND contype = 'n' AND conkey[1] = attnum AND NOT convalidated\n    ))\n\
             ) AND ({nulls})",
            id = id_of(model, "child"),
            table = quote::table(model),
            class = class(model),
            names = list(literal, ", "),
            nulls = list(|model, column| format!("child.{} IS NULL", name(model, column)), " OR "),
        )
        .into(),
    })
}
