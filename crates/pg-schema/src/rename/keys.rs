//! Indexes and keys get their new names from the diff, each when its turn comes. Where another holds the name until
//! later, it steps aside first.

use std::collections::{HashMap, HashSet};

use super::join::{joins, partners};
use super::{NameChange, plan};
use crate::{ForeignKey, Pair, PgSchema, Table, TableId};

/// Names of the moment for whatever holds a name that something else is to have.
pub(super) fn aside(schemas: Pair<&PgSchema>) -> Vec<NameChange> {
    let partners = partners(schemas, &[]);
    let mut changes = indexes(schemas, &partners);
    // The diff leaves the names of their keys alone.
    let joins: HashSet<TableId> =
        joins(schemas.previous).into_iter().map(|join| join.table).collect();
    for (id, table) in schemas.previous.tables.iter().enumerate() {
        if let Some(next) = partners.get(&TableId(id)).filter(|_| !joins.contains(&TableId(id))) {
            foreign_keys(Pair::new(table, schemas.next.table_at(*next)), &mut changes);
        }
    }
    changes
}

/// Indexes and primary keys share the names of their namespace.
fn indexes(schemas: Pair<&PgSchema>, partners: &HashMap<TableId, TableId>) -> Vec<NameChange> {
    let wanted: HashMap<_, _> = schemas
        .next
        .tables
        .iter()
        .flat_map(|table| {
            let namespace = table.name.namespace_or(&schemas.next.default_namespace);
            held(table).map(move |holder| ((namespace, holder.name), (table, holder)))
        })
        .collect();
    let mut changes: Vec<NameChange> = Vec::new();
    for (id, table) in schemas.previous.tables.iter().enumerate() {
        let namespace = table.name.namespace_or(&schemas.previous.default_namespace);
        let next = partners.get(&TableId(id)).map(|next| schemas.next.table_at(*next));
        for holder in held(table) {
            let Some((other_table, other)) = wanted.get(&(namespace, holder.name)) else {
                continue;
            };
            let is_elsewhere = next.is_none_or(|next| !std::ptr::eq(next, *other_table));
            // What is dropped is gone before its name is needed, but for keys, which go with other changes to their
            // table, and what goes with a whole table.
            let stays = next.is_none_or(|next| held(next).any(|next| next.is_like(&holder)));
            let is_in_the_way = stays || (holder.is_key && is_elsewhere);
            if is_in_the_way && (is_elsewhere || !holder.is_like(other)) {
                let is_taken = |name: &str| {
                    let names = |schema| PgSchema::names_in(schema, namespace);
                    names(schemas.previous).chain(names(schemas.next)).any(|other| other == name)
                        || is_given(name, &changes)
                };
                changes.push(NameChange::Index {
                    table: table.name.clone(),
                    from: holder.name.to_owned(),
                    to: plan::aside(holder.name, is_taken),
                });
            }
        }
    }
    changes
}

/// Foreign keys are named within their table.
fn foreign_keys(tables: Pair<&Table>, changes: &mut Vec<NameChange>) {
    let is_like = |a: &ForeignKey, b: &ForeignKey| {
        a.columns == b.columns
            && a.referenced_columns == b.referenced_columns
            && a.referenced_table.name == b.referenced_table.name
    };
    let keys = tables.map(|table| &table.foreign_keys);
    for key in keys.previous {
        let is_wanted = keys.next.iter().any(|next| next.name == key.name && !is_like(next, key));
        let stays = keys.next.iter().any(|next| next.name != key.name && is_like(next, key));
        if is_wanted && stays {
            let is_taken = |name: &str| {
                keys.previous.iter().chain(keys.next).any(|key| key.name == name)
                    || is_given(name, changes)
            };
            changes.push(NameChange::ForeignKey {
                table: tables.previous.name.clone(),
                from: key.name.clone(),
                to: plan::aside(&key.name, is_taken),
            });
        }
    }
}

/// An index, or the one of a primary key.
struct Holder<'a> {
    name: &'a str,
    is_key: bool,
    unique: bool,
    columns: Option<Vec<&'a str>>,
}

impl Holder<'_> {
    fn is_like(&self, other: &Holder<'_>) -> bool {
        self.is_key == other.is_key && self.unique == other.unique && self.columns == other.columns
    }
}

fn held(table: &Table) -> impl Iterator<Item = Holder<'_>> {
    let keys = table.primary_key.iter().map(|key| Holder {
        name: &key.name,
        is_key: true,
        unique: true,
        columns: Some(key.columns.iter().map(String::as_str).collect()),
    });
    keys.chain(table.indexes.iter().map(|index| Holder {
        name: &index.name,
        is_key: false,
        unique: index.unique,
        columns: index.columns(),
    }))
}

fn is_given(name: &str, changes: &[NameChange]) -> bool {
    changes.iter().any(|change| match change {
        NameChange::Index { to, .. } | NameChange::ForeignKey { to, .. } => to == name,
        _ => false,
    })
}
