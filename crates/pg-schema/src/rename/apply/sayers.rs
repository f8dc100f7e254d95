//! Which tables and sequences say which names, by their places.

use std::collections::HashMap;

use crate::{ColumnDefault, ColumnType, IndexKeyPart, ObjectName, PgSchema, Table};

/// A namespace and a name in it.
type Key = (String, String);

/// Kept true while names change; places do not.
pub(super) struct Sayers {
    default_namespace: String,
    tables: HashMap<Key, usize>,
    enums: HashMap<Key, usize>,
    /// The tables with a foreign key to one, in their order.
    referrers: HashMap<Key, Vec<usize>>,
    /// The sequences that go with a column of one.
    sequences: HashMap<Key, Vec<usize>>,
    /// The tables with a column of an enum, in their order.
    users: HashMap<Key, Vec<usize>>,
    with_expressions: Vec<usize>,
}

impl Sayers {
    pub(super) fn find(schema: &PgSchema) -> Self {
        let mut found = Self {
            default_namespace: schema.default_namespace.clone(),
            tables: HashMap::with_capacity(schema.tables.len()),
            enums: HashMap::with_capacity(schema.enums.len()),
            referrers: HashMap::new(),
            sequences: HashMap::new(),
            users: HashMap::new(),
            with_expressions: Vec::new(),
        };
        for (id, table) in schema.tables.iter().enumerate() {
            found.tables.insert(found.key(&table.name), id);
            for key in &table.foreign_keys {
                let name = found.key(&key.referenced_table);
                push(found.referrers.entry(name).or_default(), id);
            }
            for column in &table.columns {
                if let ColumnType::Enum(name) = &column.ty {
                    let name = found.key(name);
                    push(found.users.entry(name).or_default(), id);
                }
            }
            if has_expressions(table) {
                found.with_expressions.push(id);
            }
        }
        for (id, e) in schema.enums.iter().enumerate() {
            found.enums.insert(found.key(&e.name), id);
        }
        for (id, sequence) in schema.sequences.iter().enumerate() {
            if let Some(owner) = &sequence.owner {
                let name = found.key(&owner.table);
                push(found.sequences.entry(name).or_default(), id);
            }
        }
        found
    }

    pub(super) fn table(&self, name: &ObjectName) -> impl Iterator<Item = usize> + use<> {
        self.tables.get(&self.key(name)).copied().into_iter()
    }

    pub(super) fn enumeration(&self, name: &ObjectName) -> impl Iterator<Item = usize> + use<> {
        self.enums.get(&self.key(name)).copied().into_iter()
    }

    pub(super) fn referrers(&self, table: &ObjectName) -> impl Iterator<Item = usize> {
        self.referrers.get(&self.key(table)).into_iter().flatten().copied()
    }

    pub(super) fn sequences(&self, table: &ObjectName) -> impl Iterator<Item = usize> {
        self.sequences.get(&self.key(table)).into_iter().flatten().copied()
    }

    pub(super) fn users(&self, enumeration: &ObjectName) -> impl Iterator<Item = usize> {
        self.users.get(&self.key(enumeration)).into_iter().flatten().copied()
    }

    pub(super) fn with_expressions(&self) -> impl Iterator<Item = usize> {
        self.with_expressions.iter().copied()
    }

    pub(super) fn rename_table(&mut self, from: &ObjectName, to: &str) {
        let (from, to) = (self.key(from), self.key(&from.sibling(to)));
        move_entry(&mut self.tables, &from, &to);
        move_entry(&mut self.referrers, &from, &to);
        move_entry(&mut self.sequences, &from, &to);
    }

    pub(super) fn rename_enum(&mut self, from: &ObjectName, to: &str) {
        let (from, to) = (self.key(from), self.key(&from.sibling(to)));
        move_entry(&mut self.enums, &from, &to);
        move_entry(&mut self.users, &from, &to);
    }

    fn key(&self, name: &ObjectName) -> Key {
        (name.namespace_or(&self.default_namespace).to_owned(), name.name.clone())
    }
}

fn move_entry<T>(map: &mut HashMap<Key, T>, from: &Key, to: &Key) {
    if let Some(value) = map.remove(from) {
        map.insert(to.clone(), value);
    }
}

/// Each place once; they come in their order.
fn push(places: &mut Vec<usize>, place: usize) {
    if places.last() != Some(&place) {
        places.push(place);
    }
}

fn has_expressions(table: &Table) -> bool {
    let is_expression = |part: &IndexKeyPart| matches!(part, IndexKeyPart::Expression(_));
    !table.checks.is_empty()
        || table.indexes.iter().any(|index| {
            index.predicate.is_some() || index.keys.iter().any(|key| is_expression(&key.part))
        })
        || table.columns.iter().any(|column| {
            column.generated.is_some()
                || matches!(column.default, Some(ColumnDefault::Expression(_)))
        })
}
