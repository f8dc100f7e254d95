//! Enums: values can be added to one, but not taken away. An enum that loses values is made anew
//! beside the old one, the columns are moved over, and the old one goes.

use super::{column, object, table_name};
use crate::{AlterEnum, Arity, ObjectName, Pair, PgSchema, quote};

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
            dropped_from(&previous.table_at(id.table).name, previous),
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
    statements.push(format!("DROP TYPE {}", dropped_from(&old_name, previous)));

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

/// The name of what something is dropped from: the reference says the namespace wherever a server has told it, and never
/// that of a schema file's default one, even where everything else is named in full.
fn dropped_from(name: &ObjectName, previous: &PgSchema) -> String {
    if previous.is_desired {
        quote::object(name, &previous.default_namespace)
    } else {
        quote::explicit(name)
    }
}

/// Columns go over by way of their text. Those that will not be of the enum any more stay with their text until
/// a later step drops them, so that the old enum can go.
fn moves<'a>(
    alter: &'a AlterEnum,
    schemas: Pair<&'a PgSchema>,
    new_name: &'a str,
) -> impl Iterator<Item = String> + 'a {
    let Pair { previous, next } = schemas;
    let moved = alter.moved.iter().map(move |id| {
        let column = next.column_at(*id);
        let array = if column.arity == Arity::List { "[]" } else { "" };
        let table = table_name(next.table_at(id.table), next);
        change_type(&table, &column.name, &format!("{new_name}{array}"))
    });
    let left = alter.left.iter().map(move |id| {
        let column = previous.column_at(*id);
        let name = quote::ident(&column.name);
        // An index of a list may be one that only lists have.
        let array = if column.arity == Arity::List { "[]" } else { "" };
        format!(
            "ALTER TABLE {} ALTER COLUMN {name} TYPE TEXT{array} USING ({name}::text{array})",
            table_name(previous.table_at(id.table), previous)
        )
    });
    moved.chain(left)
}

fn change_type(table: &str, column: &str, data_type: &str) -> String {
    let name = quote::ident(column);
    format!(
        "ALTER TABLE {table} ALTER COLUMN {name} TYPE {data_type} USING ({name}::text::{data_type})"
    )
}
