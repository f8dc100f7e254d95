//! `CREATE TABLE` and `ALTER TABLE`.

use super::{alter_column, column, table_name};
use crate::{AlterTable, Pair, PgSchema, PrimaryKey, Table, TableChange, quote};

pub(super) fn create(table: &Table, schema: &PgSchema) -> String {
    let columns: Vec<String> =
        table.columns.iter().map(|column| column::definition(column, schema)).collect();
    let key = table.primary_key.as_ref().map(|key| {
        let columns = quote::idents(&key.columns, ",");
        format!(
            ",\n\n{}CONSTRAINT {} PRIMARY KEY ({columns})",
            column::INDENT,
            quote::ident(&key.name)
        )
    });
    format!(
        "CREATE TABLE {} (\n{}{}\n)",
        table_name(table, schema),
        columns.join(",\n"),
        key.unwrap_or_default()
    )
}

/// One statement with all the clauses, and what the columns' sequences need around it.
pub(super) fn alter(alter: &AlterTable, schemas: Pair<&PgSchema>) -> Vec<String> {
    let tables = Pair::new(
        schemas.previous.table_at(alter.tables.previous),
        schemas.next.table_at(alter.tables.next),
    );
    let name = table_name(tables.previous, schemas.previous);
    let mut before = Vec::new();
    let mut clauses = Vec::new();
    let mut after = Vec::new();

    for change in &alter.changes {
        match change {
            TableChange::DropPrimaryKey => {
                let key = key_of(tables.previous);
                clauses.push(format!("DROP CONSTRAINT {}", quote::ident(&key.name)));
            }
            // Renaming cannot be joined with anything.
            TableChange::RenamePrimaryKey => {
                let names = tables.map(|table| quote::ident(&key_of(table).name).to_string());
                after.push(format!(
                    "ALTER TABLE {name} RENAME CONSTRAINT {} TO {}",
                    names.previous, names.next
                ));
            }
            TableChange::DropColumn(id) => {
                clauses.push(format!(
                    "DROP COLUMN {}",
                    quote::ident(&schemas.previous.column_at(*id).name)
                ));
            }
            TableChange::AddColumn(id) => {
                clauses.push(format!(
                    "ADD COLUMN {}",
                    column::definition(schemas.next.column_at(*id), schemas.next)
                ));
            }
            TableChange::AlterColumn(ids, changes) => {
                let drops_sequence = alter.unused_sequences.contains(&ids.previous);
                let altered = alter_column::alter(*ids, *changes, drops_sequence, schemas);
                before.extend(altered.before);
                clauses.extend(altered.clauses);
                after.extend(altered.after);
            }
            TableChange::RecreateColumn(ids, _) => {
                let next = schemas.next.column_at(ids.next);
                clauses.push(format!("DROP COLUMN {}", quote::ident(&next.name)));
                clauses.push(format!("ADD COLUMN {}", column::definition(next, schemas.next)));
            }
            TableChange::AddPrimaryKey => {
                let key = key_of(tables.next);
                let columns = quote::idents(&key.columns, ", ");
                clauses.push(format!(
                    "ADD CONSTRAINT {} PRIMARY KEY ({columns})",
                    quote::ident(&key.name)
                ));
            }
        }
    }

    let mut statements = before;
    if !clauses.is_empty() {
        statements.push(format!("ALTER TABLE {name} {}", clauses.join(",\n")));
    }
    statements.extend(after);
    statements
}

/// Changes to a key are made for tables that have one.
fn key_of(table: &Table) -> &PrimaryKey {
    table.primary_key.as_ref().expect("a changed primary key is there")
}
