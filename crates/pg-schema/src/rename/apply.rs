//! What a schema is after a change of a name: everything that says the name says the new one, as on a server.
//! Indexes, constraints and sequences keep names that were once made of it.

use super::{NameChange, expression};
use crate::render::serial;
use crate::{
    Column, ColumnDefault, ColumnType, ForeignKey, Index, IndexKeyPart, Literal, ObjectName,
    PgSchema, Table,
};

pub(super) fn apply(schema: &mut PgSchema, change: &NameChange) {
    let default = schema.default_namespace.clone();
    let is = |name: &ObjectName, other: &ObjectName| {
        name.name == other.name && name.namespace_or(&default) == other.namespace_or(&default)
    };
    match change {
        NameChange::Table { from, to } => rename_table(schema, |name| is(name, from), to),
        NameChange::Enum { from, to } => rename_enum(schema, |name| is(name, from), to),
        NameChange::EnumValue { of, from, to } => {
            rename_value(schema, |name| is(name, of), &of.name, (from, to));
        }
        NameChange::Column { table, from, to } => {
            rename_column(schema, |name| is(name, table), from, to);
        }
        NameChange::Index { table, from, to } => {
            for table in schema.tables.iter_mut().filter(|other| is(&other.name, table)) {
                let keys = table.primary_key.iter_mut().map(|key| &mut key.name);
                let indexes = table.indexes.iter_mut().map(|index| &mut index.name);
                for name in keys.chain(indexes).filter(|name| *name == from) {
                    name.clone_from(to);
                }
            }
        }
        NameChange::ForeignKey { table, from, to } => {
            for table in schema.tables.iter_mut().filter(|other| is(&other.name, table)) {
                for key in table.foreign_keys.iter_mut().filter(|key| key.name == *from) {
                    key.name.clone_from(to);
                }
            }
        }
    }
}

fn rename_table(schema: &mut PgSchema, is_it: impl Fn(&ObjectName) -> bool, to: &str) {
    for table in schema.tables.iter_mut().filter(|table| is_it(&table.name)) {
        keep_sequences(table, |_| true);
    }
    for table in &mut schema.tables {
        let referenced = table.foreign_keys.iter_mut().map(|key| &mut key.referenced_table);
        for name in referenced.chain([&mut table.name]).filter(|name| is_it(name)) {
            to.clone_into(&mut name.name);
        }
    }
    for owner in schema.sequences.iter_mut().filter_map(|sequence| sequence.owner.as_mut()) {
        if is_it(&owner.table) {
            to.clone_into(&mut owner.table.name);
        }
    }
}

/// A sequence that no server has named yet has the name that the server made of the old names.
fn keep_sequences(table: &mut Table, is_renamed: impl Fn(&Column) -> bool) {
    for column in table.columns.iter_mut().filter(|column| is_renamed(column)) {
        if let Some(ColumnDefault::Autoincrement(sequence @ None)) = &mut column.default {
            *sequence = Some(serial(&table.name, &column.name));
        }
    }
}

fn rename_enum(schema: &mut PgSchema, is_it: impl Fn(&ObjectName) -> bool, to: &str) {
    let mut from = None;
    for name in schema.enums.iter_mut().map(|e| &mut e.name).filter(|name| is_it(name)) {
        from = Some(std::mem::replace(&mut name.name, to.to_owned()));
    }
    for column in all_columns(schema) {
        if let ColumnType::Enum(name) = &mut column.ty
            && is_it(name)
        {
            to.clone_into(&mut name.name);
        }
    }
    if let Some(from) = from {
        all_expressions(schema, |text| expression::rename_type(text, &from, to));
    }
}

fn rename_value(
    schema: &mut PgSchema,
    is_it: impl Fn(&ObjectName) -> bool,
    ty: &str,
    (from, to): (&str, &str),
) {
    let rename = |value: &mut String| {
        if value == from {
            to.clone_into(value);
        }
    };
    for changed in schema.enums.iter_mut().filter(|e| is_it(&e.name)) {
        changed.values.iter_mut().for_each(rename);
    }
    for column in all_columns(schema) {
        if !matches!(&column.ty, ColumnType::Enum(name) if is_it(name)) {
            continue;
        }
        let literals = match &mut column.default {
            Some(ColumnDefault::Literal(literal)) => std::slice::from_mut(literal),
            Some(ColumnDefault::List(literals)) => literals.as_mut_slice(),
            _ => &mut [],
        };
        for literal in literals {
            if let Literal::Enum(value) | Literal::String(value) = literal {
                rename(value);
            }
        }
    }
    all_expressions(schema, |text| expression::rename_constant(text, ty, from, to));
}

fn rename_column(schema: &mut PgSchema, is_it: impl Fn(&ObjectName) -> bool, from: &str, to: &str) {
    let rename = |name: &mut String| {
        if name == from {
            to.clone_into(name);
        }
    };
    for table in &mut schema.tables {
        for ForeignKey { referenced_table, referenced_columns, .. } in &mut table.foreign_keys {
            if is_it(referenced_table) {
                referenced_columns.iter_mut().for_each(rename);
            }
        }
        if !is_it(&table.name) {
            continue;
        }
        keep_sequences(table, |column| column.name == from);
        table.columns.iter_mut().map(|column| &mut column.name).for_each(rename);
        table.primary_key.iter_mut().flat_map(|key| &mut key.columns).for_each(rename);
        table.foreign_keys.iter_mut().flat_map(|key| &mut key.columns).for_each(rename);
        for Index { keys, include, .. } in &mut table.indexes {
            include.iter_mut().for_each(rename);
            for key in keys {
                if let IndexKeyPart::Column(name) = &mut key.part {
                    rename(name);
                }
            }
        }
        expressions(table, |text| expression::rename_column(text, from, to));
    }
    for owner in schema.sequences.iter_mut().filter_map(|sequence| sequence.owner.as_mut()) {
        if is_it(&owner.table) {
            rename(&mut owner.column);
        }
    }
}

fn all_columns(schema: &mut PgSchema) -> impl Iterator<Item = &mut Column> {
    let tables = schema.tables.iter_mut().flat_map(|table| &mut table.columns);
    tables.chain(schema.views.iter_mut().flat_map(|view| &mut view.columns))
}

fn all_expressions(schema: &mut PgSchema, mut rewrite: impl FnMut(&str) -> String) {
    for table in &mut schema.tables {
        expressions(table, &mut rewrite);
        for column in &mut table.columns {
            if let Some(ColumnDefault::Expression(text)) = &mut column.default {
                *text = rewrite(text);
            }
        }
    }
}

/// Everything that may name the table's columns.
fn expressions(table: &mut Table, mut rewrite: impl FnMut(&str) -> String) {
    let parts = table.indexes.iter_mut().flat_map(|index| {
        let keys = index.keys.iter_mut().filter_map(|key| match &mut key.part {
            IndexKeyPart::Expression(text) => Some(text),
            IndexKeyPart::Column(_) => None,
        });
        keys.chain(&mut index.predicate)
    });
    let generated = table.columns.iter_mut().filter_map(|column| column.generated.as_mut());
    let checks = table.checks.iter_mut().map(|check| &mut check.definition);
    for text in parts.chain(generated.map(|generated| &mut generated.expression)).chain(checks) {
        *text = rewrite(text);
    }
}
