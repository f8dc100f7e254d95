//! Enums: values can be added to one, but not taken away. An enum that loses values is made anew
//! beside the old one, the columns are moved over, and the old one goes.

use std::collections::HashMap;

use super::{column, object, table_name};
use crate::{AlterEnum, Arity, Column, ColumnType, EnumId, ObjectName, Pair, PgSchema, quote};

const SEVERAL_VALUES: &str = "\
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


";

pub(super) fn create(name: &str, values: &[String]) -> String {
    let values: Vec<String> =
        values.iter().map(|value| quote::literal(value).to_string()).collect();
    format!("CREATE TYPE {name} AS ENUM ({})", values.join(", "))
}

pub(super) fn statements(alter: &AlterEnum, schemas: Pair<&PgSchema>) -> Vec<String> {
    if alter.removed.is_empty() {
        add_values(alter, schemas.previous)
    } else {
        rebuild(alter, schemas)
    }
}

fn add_values(alter: &AlterEnum, previous: &PgSchema) -> Vec<String> {
    let name = object(&previous.enum_at(alter.enums.previous).name, previous);
    let mut statements: Vec<String> = alter
        .added
        .iter()
        .map(|value| format!("ALTER TYPE {name} ADD VALUE {}", quote::literal(value)))
        .collect();
    if let [first, _, ..] = &mut statements[..] {
        first.insert_str(0, SEVERAL_VALUES);
    }
    statements
}

fn rebuild(alter: &AlterEnum, schemas: Pair<&PgSchema>) -> Vec<String> {
    let Pair { previous, next } = schemas;
    let enums = Pair::new(previous.enum_at(alter.enums.previous), next.enum_at(alter.enums.next));
    let old_name = enums.previous.name.sibling(format!("{}_old", enums.previous.name.name));
    let new_name = object(&enums.next.name.sibling(format!("{}_new", enums.next.name.name)), next);
    let mut statements = vec!["BEGIN".to_owned(), create(&new_name, &enums.next.values)];

    for (id, _) in &alter.defaults {
        statements.push(format!(
            "ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT",
            quote::explicit(&previous.table_at(id.table).name),
            quote::ident(&previous.column_at(*id).name)
        ));
    }
    statements.extend(moves(alter, schemas, &new_name));
    statements.push(format!(
        "ALTER TYPE {} RENAME TO {}",
        object(&enums.previous.name, previous),
        quote::ident(&old_name.name)
    ));
    statements
        .push(format!("ALTER TYPE {new_name} RENAME TO {}", quote::ident(&enums.next.name.name)));
    statements.push(format!("DROP TYPE {}", quote::explicit(&old_name)));

    for (id, next_id) in &alter.defaults {
        let Some(next_id) = next_id else { continue };
        let kept = next.column_at(*next_id);
        let Some(default) =
            kept.default.as_ref().and_then(|default| column::expression(default, kept, next))
        else {
            continue;
        };
        statements.push(format!(
            "ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {default}",
            table_name(previous.table_at(id.table), previous),
            quote::ident(&kept.name)
        ));
    }
    statements.push("COMMIT".to_owned());
    statements
}

/// Columns go over by way of their text. Those that will not be of the enum any more stay with
/// their text until a later step drops them, so that the old enum can go. Those that do not
/// exist yet will be made with the new enum.
fn moves(alter: &AlterEnum, schemas: Pair<&PgSchema>, new_name: &str) -> Vec<String> {
    let Pair { previous, next } = schemas;
    let old = columns(previous);
    let new = columns(next);
    let is_of = |column: &Column, id: EnumId, schema: &PgSchema| matches!(&column.ty, ColumnType::Enum(name) if resolve(name, schema) == resolve(&schema.enum_at(id).name, schema));
    let mut statements = Vec::new();
    for (table, column) in
        next.tables.iter().flat_map(|table| table.columns.iter().map(move |c| (table, c)))
    {
        let place = (resolve(&table.name, next), column.name.as_str());
        // A default of another type has no cast; such a column will be made anew anyway.
        let can_move = old.get(&place).is_some_and(|before| {
            before.default.is_none() || is_of(before, alter.enums.previous, previous)
        });
        if is_of(column, alter.enums.next, next) && can_move {
            let array = if column.arity == Arity::List { "[]" } else { "" };
            statements.push(change_type(
                &table_name(table, next),
                &column.name,
                &format!("{new_name}{array}"),
            ));
        }
    }
    for (table, column) in
        previous.tables.iter().flat_map(|table| table.columns.iter().map(move |c| (table, c)))
    {
        let place = (resolve(&table.name, previous), column.name.as_str());
        let stays = new.get(&place).is_some_and(|column| is_of(column, alter.enums.next, next));
        if is_of(column, alter.enums.previous, previous) && !stays {
            let name = quote::ident(&column.name);
            statements.push(format!(
                "ALTER TABLE {} ALTER COLUMN {name} TYPE TEXT USING ({name}::text)",
                table_name(table, previous)
            ));
        }
    }
    statements
}

fn change_type(table: &str, column: &str, data_type: &str) -> String {
    let name = quote::ident(column);
    format!(
        "ALTER TABLE {table} ALTER COLUMN {name} TYPE {data_type} USING ({name}::text::{data_type})"
    )
}

/// All columns by namespace, table and name.
fn columns(schema: &PgSchema) -> HashMap<((&str, &str), &str), &Column> {
    schema
        .tables
        .iter()
        .flat_map(|table| {
            let name = resolve(&table.name, schema);
            table.columns.iter().map(move |column| ((name, column.name.as_str()), column))
        })
        .collect()
}

fn resolve<'a>(name: &'a ObjectName, schema: &'a PgSchema) -> (&'a str, &'a str) {
    (name.namespace_or(&schema.default_namespace), &name.name)
}
