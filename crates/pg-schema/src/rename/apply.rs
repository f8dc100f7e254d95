//! What a schema is after changes of names: everything that says a name says the new one, as on a server.
//! Indexes, constraints and sequences keep names that were once made of it.
//!
//! Who says which name is found once for all changes: going through all tables for each would take the square of their
//! number.

mod sayers;

use self::sayers::Sayers;
use super::{NameChange, expression};
use crate::render::serial;
use crate::{
    Column, ColumnDefault, ColumnType, ForeignKey, Index, IndexKeyPart, Literal, ObjectName,
    PgSchema, Table,
};

pub(super) fn apply(schema: &mut PgSchema, changes: &[NameChange]) {
    if changes.is_empty() {
        return;
    }
    let mut sayers = Sayers::find(schema);
    for change in changes {
        apply_one(schema, &mut sayers, change);
    }
}

fn apply_one(schema: &mut PgSchema, sayers: &mut Sayers, change: &NameChange) {
    let default = schema.default_namespace.clone();
    let is = |name: &ObjectName, other: &ObjectName| {
        name.name == other.name && name.namespace_or(&default) == other.namespace_or(&default)
    };
    match change {
        NameChange::Table { from, to } => {
            rename_table(schema, sayers, from, |name| is(name, from), to);
            sayers.rename_table(from, to);
        }
        NameChange::Enum { from, to } => {
            rename_enum(schema, sayers, from, |name| is(name, from), to);
            sayers.rename_enum(from, to);
        }
        NameChange::EnumValue { of, from, to } => {
            rename_value(schema, sayers, of, |name| is(name, of), (from, to));
        }
        NameChange::Column { table, from, to } => {
            rename_column(schema, sayers, table, |name| is(name, table), (from, to));
        }
        NameChange::Index { table, from, to } => {
            for id in sayers.table(table) {
                let table = &mut schema.tables[id];
                let keys = table.primary_key.iter_mut().map(|key| &mut key.name);
                let indexes = table.indexes.iter_mut().map(|index| &mut index.name);
                for name in keys.chain(indexes).filter(|name| *name == from) {
                    name.clone_from(to);
                }
            }
        }
        NameChange::ForeignKey { table, from, to } => {
            for id in sayers.table(table) {
                let keys = &mut schema.tables[id].foreign_keys;
                for key in keys.iter_mut().filter(|key| key.name == *from) {
                    key.name.clone_from(to);
                }
            }
        }
    }
}

fn rename_table(
    schema: &mut PgSchema,
    sayers: &Sayers,
    from: &ObjectName,
    is_it: impl Fn(&ObjectName) -> bool,
    to: &str,
) {
    for id in sayers.table(from) {
        keep_sequences(&mut schema.tables[id], |_| true);
    }
    for id in sayers.table(from).chain(sayers.referrers(from)) {
        let table = &mut schema.tables[id];
        let referenced = table.foreign_keys.iter_mut().map(|key| &mut key.referenced_table);
        for name in referenced.chain([&mut table.name]).filter(|name| is_it(name)) {
            to.clone_into(&mut name.name);
        }
    }
    for id in sayers.sequences(from) {
        if let Some(owner) = &mut schema.sequences[id].owner {
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

fn rename_enum(
    schema: &mut PgSchema,
    sayers: &Sayers,
    from: &ObjectName,
    is_it: impl Fn(&ObjectName) -> bool,
    to: &str,
) {
    let mut was = None;
    for id in sayers.enumeration(from) {
        was = Some(std::mem::replace(&mut schema.enums[id].name.name, to.to_owned()));
    }
    for column in columns_of(schema, sayers, from) {
        if let ColumnType::Enum(name) = &mut column.ty
            && is_it(name)
        {
            to.clone_into(&mut name.name);
        }
    }
    if let Some(was) = was {
        all_expressions(schema, sayers, |text| expression::rename_type(text, &was, to));
    }
}

fn rename_value(
    schema: &mut PgSchema,
    sayers: &Sayers,
    of: &ObjectName,
    is_it: impl Fn(&ObjectName) -> bool,
    (from, to): (&str, &str),
) {
    let rename = |value: &mut String| {
        if value == from {
            to.clone_into(value);
        }
    };
    for id in sayers.enumeration(of) {
        schema.enums[id].values.iter_mut().for_each(rename);
    }
    for column in columns_of(schema, sayers, of) {
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
    all_expressions(schema, sayers, |text| expression::rename_constant(text, &of.name, from, to));
}

fn rename_column(
    schema: &mut PgSchema,
    sayers: &Sayers,
    of: &ObjectName,
    is_it: impl Fn(&ObjectName) -> bool,
    (from, to): (&str, &str),
) {
    let rename = |name: &mut String| {
        if name == from {
            to.clone_into(name);
        }
    };
    for id in sayers.referrers(of) {
        for key in &mut schema.tables[id].foreign_keys {
            let ForeignKey { referenced_table, referenced_columns, .. } = key;
            if is_it(referenced_table) {
                referenced_columns.iter_mut().for_each(rename);
            }
        }
    }
    for id in sayers.table(of) {
        let table = &mut schema.tables[id];
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
    for id in sayers.sequences(of) {
        if let Some(owner) = &mut schema.sequences[id].owner {
            rename(&mut owner.column);
        }
    }
}

/// The columns of tables and views in which the enum is used, among others.
fn columns_of<'s>(
    schema: &'s mut PgSchema,
    sayers: &Sayers,
    of: &ObjectName,
) -> impl Iterator<Item = &'s mut Column> {
    let mut columns = Vec::new();
    let mut users = sayers.users(of).peekable();
    // Places rise, so that one walk finds them all; it ends with the last of them.
    if users.peek().is_some() {
        let users: Vec<usize> = users.collect();
        let mut tables = schema.tables.as_mut_slice();
        let mut gone = 0;
        for id in users {
            let (_, rest) = tables.split_at_mut(id - gone);
            let Some((table, rest)) = rest.split_first_mut() else { break };
            columns.extend(&mut table.columns);
            (tables, gone) = (rest, id + 1);
        }
    }
    columns.into_iter().chain(schema.views.iter_mut().flat_map(|view| &mut view.columns))
}

fn all_expressions(
    schema: &mut PgSchema,
    sayers: &Sayers,
    mut rewrite: impl FnMut(&str) -> String,
) {
    for id in sayers.with_expressions() {
        let table = &mut schema.tables[id];
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
