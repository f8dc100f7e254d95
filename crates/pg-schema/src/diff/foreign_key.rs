//! Which foreign keys come, go, or only change their names.

use std::collections::HashMap;

use super::{Name, resolved, same_name, table::TablePair};
use crate::name::{kept, same_kept};
use crate::{AlterTable, ForeignKey, Pair, PgSchema, Step, TableChange, TableId};

/// The primary keys and unique indexes that go, by the names of their tables in the previous schema. The server lets
/// none of them go while a foreign key relies on it, even where another over the same columns comes at once.
pub(super) struct LostKeys<'a> {
    tables: HashMap<Name<'a>, LostOf<'a>>,
    previous: &'a PgSchema,
}

struct LostOf<'a> {
    table: TableId,
    is_primary_key_lost: bool,
    unique: Vec<Vec<&'a str>>,
}

impl<'a> LostKeys<'a> {
    pub(super) fn find(previous: &'a PgSchema, steps: &[Step]) -> Self {
        let mut lost = Self { tables: HashMap::new(), previous };
        for step in steps {
            match step {
                Step::AlterTable(AlterTable { tables, changes, .. })
                    if changes.contains(&TableChange::DropPrimaryKey) =>
                {
                    lost.of(tables.previous).is_primary_key_lost = true;
                }
                Step::DropIndex(id) => {
                    let index = previous.index_at(*id);
                    let is_key = index.unique && index.predicate.is_none();
                    if let Some(columns) = index.columns().filter(|_| is_key) {
                        lost.of(id.table).unique.push(columns);
                    }
                }
                _ => {}
            }
        }
        lost
    }

    fn of(&mut self, table: TableId) -> &mut LostOf<'a> {
        let name = resolved(&self.previous.table_at(table).name, self.previous);
        self.tables.entry(name).or_insert(LostOf {
            table,
            is_primary_key_lost: false,
            unique: Vec::new(),
        })
    }

    /// Whether the foreign key has to be gone meanwhile. Of several keys over the same columns it relies on the primary one.
    fn hold(&self, key: &ForeignKey) -> bool {
        let Some(lost) = self.tables.get(&resolved(&key.referenced_table, self.previous)) else {
            return false;
        };
        let referenced = sorted(key.referenced_columns.iter().map(String::as_str));
        let primary_key = self.previous.table_at(lost.table).primary_key.as_ref();
        let is_primary = primary_key
            .is_some_and(|key| sorted(key.columns.iter().map(String::as_str)) == referenced);
        if is_primary {
            return lost.is_primary_key_lost;
        }
        lost.unique.iter().any(|columns| sorted(columns.iter().copied()) == referenced)
    }
}

/// Columns in any order, as a foreign key may name those that it refers to.
fn sorted<'a>(columns: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut columns: Vec<&str> = columns.map(kept).collect();
    columns.sort_unstable();
    columns
}

pub(super) fn push_steps(tables: &TablePair<'_>, lost: &LostKeys<'_>, steps: &mut Vec<Step>) {
    let previous_keys = &tables.tables.previous.foreign_keys;
    let next_keys = &tables.tables.next.foreign_keys;
    let matches = |previous: &ForeignKey, next: &ForeignKey| {
        same_key(tables, Pair::new(previous, next)) && !lost.hold(previous)
    };

    for (id, next) in next_keys.iter().enumerate() {
        if !previous_keys.iter().any(|previous| matches(previous, next)) {
            steps.push(Step::AddForeignKey(tables.ids.next.foreign_key(id)));
        }
    }
    // Two alike keep each its own partner, so that nothing is renamed twice.
    let mut taken = vec![false; next_keys.len()];
    for (id, previous) in previous_keys.iter().enumerate() {
        let previous_id = tables.ids.previous.foreign_key(id);
        let mut alike =
            (0..next_keys.len()).filter(|next| matches(previous, &next_keys[*next])).peekable();
        if alike.peek().is_none() {
            steps.push(Step::DropForeignKey(previous_id));
            continue;
        }
        let Some(next) = alike.find(|next| !taken[*next]) else { continue };
        taken[next] = true;
        if previous.name != next_keys[next].name && !is_join_table(tables) {
            steps.push(Step::RenameForeignKey(Pair::new(
                previous_id,
                tables.ids.next.foreign_key(next),
            )));
        }
    }
}

/// Keys are the same for what they do. A column that changes its type takes its keys with it.
fn same_key(tables: &TablePair<'_>, keys: Pair<&ForeignKey>) -> bool {
    same_name(keys.map(|key| &key.referenced_table), tables.schemas)
        && same_kept(&keys.previous.columns, &keys.next.columns)
        && same_kept(&keys.previous.referenced_columns, &keys.next.referenced_columns)
        && keys.previous.on_delete == keys.next.on_delete
        && keys.previous.on_update == keys.next.on_update
        && !keys.previous.columns.iter().any(|column| tables.changes_of(column).ty.is_some())
}

/// Tables of two columns A and B join two others, and were made under other names of keys by
/// older tools. Those names are let be.
fn is_join_table(tables: &TablePair<'_>) -> bool {
    let is_one = |table: &crate::Table| {
        table.columns.len() == 2 && table.column("A").is_some() && table.column("B").is_some()
    };
    is_one(tables.tables.previous) && is_one(tables.tables.next)
}
