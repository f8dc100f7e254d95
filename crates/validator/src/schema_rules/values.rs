//! A column of an enum holds a value of it. The database sees to it where the column has a type with these values and no
//! others.

use client::prisma_client_rust::model::{Arity, Column, Descriptor};
use client::prisma_client_rust::quote;

use super::{class, kebab};
use crate::reach::id_of;
use crate::rule::{Kind, Rule, Severity};

pub(super) fn rules(model: &'static Descriptor) -> impl Iterator<Item = Rule> {
    model
        .columns
        .iter()
        .filter(|column| !column.values.is_empty())
        .map(move |column| rule(model, column))
}

fn rule(model: &'static Descriptor, column: &Column) -> Rule {
    let values: Vec<String> = column.values.iter().map(|value| quote::literal(value)).collect();
    let values = values.join(", ");
    let name = format!("child.{}", quote::identifier(column.name));
    // Whatever the type of the column is by now.
    let wrong = if column.arity == Arity::List {
        format!("NOT {name}::text[] <@ ARRAY[{values}]")
    } else {
        format!("{name}::text <> ALL (ARRAY[{values}])")
    };
    Rule {
        id: format!("value-{}-{}", kebab(model.name), kebab(column.field)).into(),
        kind: Kind::Value,
        model: model.name,
        severity: Severity::Error,
        meaning: format!("The {} of a {} is one of the values that the schema has.", column.field, model.name).into(),
        fix: "Add the value to the enum of the schema, or give the rows one that is in it: the client cannot read them."
            .into(),
        query: format!(
            "SELECT {id} AS id FROM {table} AS child WHERE {wrong} AND NOT EXISTS (\n    \
             SELECT FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid\n    \
             WHERE attrelid = {class} AND attname = {column} AND (SELECT bool_and(enumlabel IN ({values}))\n        \
             FROM pg_enum WHERE enumtypid = CASE WHEN typelem = 0 THEN pg_type.oid ELSE typelem END)\n)",
            id = id_of(model, "child"),
            table = quote::table(model),
            class = class(model),
            column = quote::literal(column.name),
        )
        .into(),
    }
}
