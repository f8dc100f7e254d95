//! Steps as SQL.
//!
//! The scripts are, byte for byte, those of the reference engine, wherever what it writes can be
//! run. Statements have no semicolon at their end until they are put into a script.

mod alter_column;
mod alter_enum;
mod column;
mod index;
mod name_change;
mod table;

use std::fmt::Write;

pub(crate) use alter_column::serial;

use crate::{
    AlterExtension, Column, ColumnDefault, ColumnId, ColumnType, Extension, ForeignKey,
    ForeignKeyAction, ObjectName, Pair, PgSchema, Step, Table, quote,
};

/// What a script without steps says.
pub const EMPTY_SCRIPT: &str = "-- This is an empty migration.";

/// The script that takes the steps, each under its name, with a blank line between.
///
/// ```
/// use pg_schema::{Column, ColumnType, ObjectName, Pair, PgSchema, Table, diff, render};
///
/// let mut table = Table::new(ObjectName::bare("Note"));
/// table.columns.push(Column::required("body", ColumnType::Text));
/// let (previous, next) = (PgSchema::default(), PgSchema { tables: vec![table], ..PgSchema::default() });
/// let pair = Pair::new(&previous, &next);
///
/// assert_eq!(render(&diff(pair), pair), "\
/// -- CreateTable
/// CREATE TABLE \"Note\" (
///     \"body\" TEXT NOT NULL
/// );
/// ");
/// ```
pub fn render(steps: &[Step], schemas: Pair<&PgSchema>) -> String {
    let mut script = String::new();
    for step in steps {
        if !script.is_empty() {
            script.push('\n');
        }
        script.push_str("-- ");
        script.push_str(step.name());
        script.push('\n');
        for statement in statements(step, schemas) {
            script.push_str(&statement);
            script.push_str(";\n");
        }
    }
    if script.is_empty() { EMPTY_SCRIPT.to_owned() } else { script }
}

/// The statements of one step, one at least.
pub fn statements(step: &Step, schemas: Pair<&PgSchema>) -> Vec<String> {
    let Pair { previous, next } = schemas;
    match step {
        Step::Rename(change) => vec![name_change::statement(change, &previous.default_namespace)],
        Step::CreateSchema(id) => {
            vec![format!("CREATE SCHEMA IF NOT EXISTS {}", quote::ident(next.namespace_at(*id)))]
        }
        Step::DropExtension(id) => {
            vec![format!("DROP EXTENSION {}", quote::ident(&previous.extension_at(*id).name))]
        }
        Step::CreateExtension(id) => vec![create_extension(next.extension_at(*id))],
        Step::AlterExtension(alter) => alter_extension(*alter, schemas),
        Step::CreateEnum(id) => {
            let created = next.enum_at(*id);
            vec![alter_enum::create(&object(&created.name, next), &created.values)]
        }
        Step::AlterEnum(alter) => alter_enum::statements(alter, schemas),
        Step::DropForeignKey(id) => {
            let name = &previous.foreign_key_at(*id).name;
            vec![format!(
                "ALTER TABLE {} DROP CONSTRAINT {}",
                table_name(previous.table_at(id.table), previous),
                quote::ident(name)
            )]
        }
        Step::DropIndex(id) => vec![index::drop(*id, previous)],
        Step::AlterTable(alter) => table::alter(alter, schemas),
        Step::DropTable(id) => {
            vec![format!("DROP TABLE {}", table_name(previous.table_at(*id), previous))]
        }
        Step::DropEnum(id) => {
            vec![format!("DROP TYPE {}", object(&previous.enum_at(*id).name, previous))]
        }
        Step::CreateTable(id) => vec![table::create(next.table_at(*id), next)],
        Step::CreateIndex(create) => vec![index::create(create.index, next)],
        Step::RenameForeignKey(ids) => vec![format!(
            "ALTER TABLE {} RENAME CONSTRAINT {} TO {}",
            table_name(previous.table_at(ids.previous.table), previous),
            quote::ident(&previous.foreign_key_at(ids.previous).name),
            quote::ident(&next.foreign_key_at(ids.next).name)
        )],
        Step::AddForeignKey(id) => {
            vec![add_foreign_key(next.table_at(id.table), next.foreign_key_at(*id), next)]
        }
        Step::RenameIndex(ids) => vec![index::rename(*ids, schemas)],
    }
}

fn create_extension(extension: &Extension) -> String {
    let mut sql = format!("CREATE EXTENSION IF NOT EXISTS {}", quote::ident(&extension.name));
    if extension.schema.is_some() || extension.version.is_some() {
        sql.push_str(" WITH");
    }
    if let Some(schema) = &extension.schema {
        let _ = write!(sql, " SCHEMA {}", quote::ident(schema));
    }
    if let Some(version) = &extension.version {
        let _ = write!(sql, " VERSION {}", quote::ident(version));
    }
    sql
}

fn alter_extension(alter: AlterExtension, schemas: Pair<&PgSchema>) -> Vec<String> {
    let name =
        quote::ident(&schemas.previous.extension_at(alter.extensions.previous).name).to_string();
    let next = schemas.next.extension_at(alter.extensions.next);
    let version = next.version.as_ref().filter(|_| alter.version);
    let schema = next.schema.as_ref().filter(|_| alter.schema);
    version
        .map(|version| format!("ALTER EXTENSION {name} UPDATE TO {}", quote::ident(version)))
        .into_iter()
        .chain(
            schema.map(|schema| {
                format!("ALTER EXTENSION {name} SET SCHEMA {}", quote::ident(schema))
            }),
        )
        .collect()
}

fn add_foreign_key(table: &Table, key: &ForeignKey, schema: &PgSchema) -> String {
    format!(
        "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}({}) ON DELETE {} ON UPDATE {}",
        table_name(table, schema),
        quote::ident(&key.name),
        quote::idents(&key.columns, ", "),
        object(&key.referenced_table, schema),
        quote::idents(&key.referenced_columns, ", "),
        action(key.on_delete),
        action(key.on_update)
    )
}

fn action(action: ForeignKeyAction) -> &'static str {
    match action {
        ForeignKeyAction::NoAction => "NO ACTION",
        ForeignKeyAction::Restrict => "RESTRICT",
        ForeignKeyAction::Cascade => "CASCADE",
        ForeignKeyAction::SetNull => "SET NULL",
        ForeignKeyAction::SetDefault => "SET DEFAULT",
    }
}

/// A default as an expression; `None` where there is nothing to write.
pub(crate) fn default_sql(
    default: &ColumnDefault,
    column: &Column,
    schema: &PgSchema,
) -> Option<String> {
    column::expression(default, column, schema)
}

/// A column's default as an expression; `None` where it has none, or none that can be written.
pub fn default_expression(column: &Column, schema: &PgSchema) -> Option<String> {
    column.default.as_ref().and_then(|default| column::expression(default, column, schema))
}

/// A column's type, with `[]` for lists.
pub fn column_type(column: &Column, schema: &PgSchema) -> String {
    column::data_type(column, schema)
}

/// The SQL of a type that needs no schema to be named.
pub(crate) fn element_type_sql(ty: &ColumnType) -> Option<String> {
    column::built_in(ty)
}

/// The sequence that [`statements`] make for a column that did without one.
pub(crate) fn added_sequence(id: ColumnId, schema: &PgSchema) -> ObjectName {
    alter_column::added_sequence(id, schema)
}

fn table_name(table: &Table, schema: &PgSchema) -> String {
    object(&table.name, schema)
}

fn object(name: &ObjectName, schema: &PgSchema) -> String {
    if schema.names_in_full {
        let namespace = name.namespace_or(&schema.default_namespace);
        return quote::explicit(&ObjectName::qualified(namespace, &name.name));
    }
    quote::object(name, &schema.default_namespace)
}
