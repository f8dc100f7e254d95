//! Tables that only join two others follow them.
//!
//! Such a table has two columns, A and B, that refer to one table each. Its name is made of the two and A is the one
//! that comes first in the alphabet, so that a rename of one may give the joining table another name, or make A of B.
//! Nobody chose those names, so that nobody is asked: a table that joins the same two tables is the same table.

use std::collections::HashMap;

use super::{NameChange, Rename};
use crate::{Pair, PgSchema, Table, TableId};

/// The renames, with those that follow from them.
pub(super) fn with_followers(schemas: Pair<&PgSchema>, renames: &[Rename]) -> Vec<Rename> {
    let mut renames = renames.to_vec();
    let joins = schemas.map(joins);
    let mut partners = partners(schemas, &renames);

    let is_new = |next: &TableId| !partners.values().any(|partner| partner == next);
    let mut followers: Vec<Pair<TableId>> = Vec::new();
    for join in joins.previous.iter().filter(|join| !partners.contains_key(&join.table)) {
        let joined = join.joined.map(|table| partners.get(&table).copied());
        let is_moved = join.joined.iter().any(|table| is_renamed(*table, &renames));
        let same = joins.next.iter().filter(|next| {
            let there = next.joined.map(Some);
            is_moved && is_new(&next.table) && (there == joined || there == swapped(joined))
        });
        followers.extend(same.map(|next| Pair::new(join.table, next.table)));
    }
    for follower in &followers {
        let rivals = followers
            .iter()
            .filter(|other| other.previous == follower.previous || other.next == follower.next);
        if rivals.count() == 1 {
            partners.insert(follower.previous, follower.next);
            renames.push(Rename::Table(*follower));
        }
    }

    for join in &joins.previous {
        let Some(next) = partners.get(&join.table) else { continue };
        let Some(next) = joins.next.iter().find(|other| other.table == *next) else { continue };
        let ids = Pair::new(join.table, next.table);
        let is_moved =
            join.joined.iter().chain([&join.table]).any(|table| is_renamed(*table, &renames));
        let is_said = renames.iter().any(
            |rename| matches!(rename, Rename::Column(columns) if columns.previous.table == join.table),
        );
        let joined = join.joined.map(|table| partners.get(&table).copied());
        let there = next.joined.map(Some);
        if is_moved && !is_said && joined != there && swapped(joined) == there {
            for names in [["A", "B"], ["B", "A"]] {
                let columns = (
                    schemas.previous.column_id(ids.previous, names[0]),
                    schemas.next.column_id(ids.next, names[1]),
                );
                if let (Some(previous), Some(next)) = columns {
                    renames.push(Rename::Column(Pair::new(previous, next)));
                }
            }
        }
    }
    renames
}

/// The diff leaves the names of a joining table's foreign keys alone. Where the table has got a new name, or A has
/// become B, they would tell the wrong thing.
pub(super) fn foreign_keys(schemas: Pair<&PgSchema>, renames: &[Rename]) -> Vec<NameChange> {
    let mut changes = Vec::new();
    let partners = partners(schemas, &[]);
    for join in joins(schemas.previous) {
        let is_changed = renames.iter().any(|rename| match rename {
            Rename::Table(ids) => ids.previous == join.table,
            Rename::Column(ids) => ids.previous.table == join.table,
            Rename::Enum(_) | Rename::EnumValue(_) => false,
        });
        let Some(next) = partners.get(&join.table).filter(|_| is_changed) else { continue };
        let tables = Pair::new(schemas.previous.table_at(join.table), schemas.next.table_at(*next));
        let held = tables.previous.foreign_keys.iter().map(|key| key.name.clone()).zip(0..);
        let moves = tables.previous.foreign_keys.iter().enumerate().filter_map(|(place, key)| {
            let next = tables.next.foreign_keys.iter().find(|next| next.columns == key.columns)?;
            Some((place, next.name.clone()))
        });
        let ordered = super::plan::one_by_one(held.collect(), moves.collect(), &[].into());
        changes.extend(ordered.into_iter().map(|(_, names)| NameChange::ForeignKey {
            table: tables.previous.name.clone(),
            from: names.previous,
            to: names.next,
        }));
    }
    changes
}

/// The tables that A and B of a joining table refer to.
pub(super) fn joined(table: &Table, schema: &PgSchema) -> Option<[TableId; 2]> {
    if table.columns.len() != 2 {
        return None;
    }
    let referred = |column: &str| {
        table.column(column)?;
        let key = table.foreign_keys.iter().find(|key| key.columns == [column])?;
        schema.table_id(&key.referenced_table)
    };
    Some([referred("A")?, referred("B")?])
}

/// Which table is which: by a rename, otherwise by its name.
pub(super) fn partners(schemas: Pair<&PgSchema>, renames: &[Rename]) -> HashMap<TableId, TableId> {
    let mut partners: HashMap<TableId, TableId> = renames
        .iter()
        .filter_map(|rename| match rename {
            Rename::Table(ids) => Some((ids.previous, ids.next)),
            _ => None,
        })
        .collect();
    let names: HashMap<(&str, &str), TableId> = schemas
        .previous
        .tables
        .iter()
        .enumerate()
        .map(|(id, table)| {
            let name = &table.name;
            (
                (name.namespace_or(&schemas.previous.default_namespace), name.name.as_str()),
                TableId(id),
            )
        })
        .collect();
    let renamed: Vec<TableId> = partners.values().copied().collect();
    for (id, table) in schemas.next.tables.iter().enumerate() {
        let name =
            (table.name.namespace_or(&schemas.next.default_namespace), table.name.name.as_str());
        if let Some(previous) = names.get(&name)
            && !renamed.contains(&TableId(id))
        {
            partners.entry(*previous).or_insert(TableId(id));
        }
    }
    partners
}

/// A table that joins two.
struct Join {
    table: TableId,
    joined: [TableId; 2],
}

fn joins(schema: &PgSchema) -> Vec<Join> {
    let tables = schema.tables.iter().enumerate();
    tables
        .filter_map(|(id, table)| Some(Join { table: TableId(id), joined: joined(table, schema)? }))
        .collect()
}

fn is_renamed(table: TableId, renames: &[Rename]) -> bool {
    renames.iter().any(|rename| matches!(rename, Rename::Table(ids) if ids.previous == table))
}

fn swapped<T>([a, b]: [T; 2]) -> [T; 2] {
    [b, a]
}
