//! Tables that only join two others follow them.
//!
//! Such a table has two columns, A and B, that refer to one table each. Its name is made of the two and A is the one
//! that comes first in the alphabet, so that a rename of one may give the joining table another name, or make A of B.
//! Nobody chose those names, so that nobody is asked: a table that joins the same two tables is the same table.

use std::collections::{HashMap, HashSet};

use super::{NameChange, Rename};
use crate::diff::{Name, resolved};
use crate::{ObjectName, Pair, PgSchema, Table, TableId};

/// The renames, with those that follow from them.
pub(super) fn with_followers(schemas: Pair<&PgSchema>, renames: &[Rename]) -> Vec<Rename> {
    let mut renames = renames.to_vec();
    let joins = schemas.map(joins);
    let mut partners = partners(schemas, &renames);

    let taken: HashSet<TableId> = partners.values().copied().collect();
    let moved = renamed(&renames);
    let mut followers: Vec<Pair<TableId>> = Vec::new();
    let is_free = |join: &&Join| !partners.contains_key(&join.table);
    let is_moved = |join: &&Join| join.joined.iter().any(|table| moved.contains(table));
    for join in joins.previous.iter().filter(is_free).filter(is_moved) {
        let joined = join.joined.map(|table| partners.get(&table).copied());
        let same = joins.next.iter().filter(|next| {
            let there = next.joined.map(Some);
            !taken.contains(&next.table) && (there == joined || there == swapped(joined))
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

    let moved = renamed(&renames);
    let said: HashSet<TableId> = with_columns(&renames);
    for join in &joins.previous {
        let is_moved = join.joined.iter().chain([&join.table]).any(|table| moved.contains(table));
        let Some(next) = partners.get(&join.table).filter(|_| is_moved) else { continue };
        let Some(next) = joins.next.iter().find(|other| other.table == *next) else { continue };
        let ids = Pair::new(join.table, next.table);
        let is_said = said.contains(&join.table);
        let joined = join.joined.map(|table| partners.get(&table).copied());
        let there = next.joined.map(Some);
        if !is_said && joined != there && swapped(joined) == there {
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
    let (moved, said) = (renamed(renames), with_columns(renames));
    for join in joins(schemas.previous) {
        let is_changed = moved.contains(&join.table) || said.contains(&join.table);
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
    Some([schema.table_id(referred(table, "A")?)?, schema.table_id(referred(table, "B")?)?])
}

/// The table that a column of a joining table refers to.
fn referred<'a>(table: &'a Table, column: &str) -> Option<&'a ObjectName> {
    if table.columns.len() != 2 {
        return None;
    }
    table.column(column)?;
    let key = table.foreign_keys.iter().find(|key| key.columns == [column])?;
    Some(&key.referenced_table)
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
    let names: HashMap<_, TableId> = names(schemas.previous).collect();
    let taken: HashSet<TableId> = partners.values().copied().collect();
    for (name, id) in self::names(schemas.next) {
        if let Some(previous) = names.get(&name)
            && !taken.contains(&id)
        {
            partners.entry(*previous).or_insert(id);
        }
    }
    partners
}

/// A table that joins two.
pub(super) struct Join {
    pub(super) table: TableId,
    joined: [TableId; 2],
}

/// All of them, in their order.
pub(super) fn joins(schema: &PgSchema) -> Vec<Join> {
    let names: HashMap<_, TableId> = names(schema).collect();
    let place = |name| names.get(&resolved(name, schema)).copied();
    let tables = schema.tables.iter().enumerate();
    tables
        .filter_map(|(id, table)| {
            let joined = [place(referred(table, "A")?)?, place(referred(table, "B")?)?];
            Some(Join { table: TableId(id), joined })
        })
        .collect()
}

fn names(schema: &PgSchema) -> impl Iterator<Item = (Name<'_>, TableId)> {
    let tables = schema.tables.iter().enumerate();
    tables.map(|(id, table)| (resolved(&table.name, schema), TableId(id)))
}

fn renamed(renames: &[Rename]) -> HashSet<TableId> {
    let tables = renames.iter().filter_map(|rename| match rename {
        Rename::Table(ids) => Some(ids.previous),
        _ => None,
    });
    tables.collect()
}

/// The tables of which columns are renamed.
fn with_columns(renames: &[Rename]) -> HashSet<TableId> {
    let tables = renames.iter().filter_map(|rename| match rename {
        Rename::Column(ids) => Some(ids.previous.table),
        _ => None,
    });
    tables.collect()
}

fn swapped<T>([a, b]: [T; 2]) -> [T; 2] {
    [b, a]
}
