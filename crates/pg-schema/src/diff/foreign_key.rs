//! Which foreign keys come, go, or only change their names.

use std::collections::{HashMap, HashSet};

use super::{Name, enums::enum_of, resolved, same_name, table::TablePair};
use crate::name::{kept, same_kept};
use crate::{AlterTable, ForeignKey, Pair, PgSchema, Step, Table, TableChange, TableId};

/// What foreign keys cannot stay with. The server lets no primary key or unique index go while a foreign key relies on
/// it, even where another over the same columns comes at once, and columns of an enum that is made anew change one by one.
pub(super) struct Lost<'a> {
    /// By names in the previous schema.
    tables: HashMap<Name<'a>, LostOf<'a>>,
    enums: HashSet<Name<'a>>,
    previous: &'a PgSchema,
}

struct LostOf<'a> {
    table: TableId,
    is_primary_key_lost: bool,
    unique: Vec<Vec<&'a str>>,
}

impl<'a> Lost<'a> {
    pub(super) fn find(previous: &'a PgSchema, steps: &[Step]) -> Self {
        let mut lost = Self { tables: HashMap::new(), enums: HashSet::new(), previous };
        for step in steps {
            match step {
                Step::AlterEnum(alter) if !alter.removed.is_empty() => {
                    let name = &previous.enum_at(alter.enums.previous).name;
                    lost.enums.insert(resolved(name, previous));
                }
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

    /// Whether the foreign key of the table has to be gone meanwhile.
    fn hold(&self, key: &ForeignKey, table: &Table) -> bool {
        self.has_enum_of(key, table) || self.has_key_of(key)
    }

    fn has_enum_of(&self, key: &ForeignKey, table: &Table) -> bool {
        !self.enums.is_empty()
            && key.columns.iter().filter_map(|column| table.column(column)).any(|column| {
                enum_of(column, self.previous).is_some_and(|name| self.enums.contains(&name))
            })
    }

    /// Of several keys over the same columns a foreign key relies on the primary one.
    fn has_key_of(&self, key: &ForeignKey) -> bool {
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

    /// Has the foreign keys over columns of enums that are made anew go before these, those of dropped tables too.
    pub(super) fn let_go_of_enums(&self, steps: &mut [Step]) {
        let Some(first) = steps.iter().position(|step| matches!(step, Step::AlterEnum(_))) else {
            return;
        };
        let waits = |step: &Step| match step {
            Step::DropForeignKey(id) => {
                let table = self.previous.table_at(id.table);
                !self.has_enum_of(self.previous.foreign_key_at(*id), table)
            }
            _ => true,
        };
        steps[first..].sort_by_key(waits);
    }
}

/// Columns in any order, as a foreign key may name those that it refers to.
fn sorted<'a>(columns: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut columns: Vec<&str> = columns.map(kept).collect();
    columns.sort_unstable();
    columns
}

pub(super) fn push_steps(tables: &TablePair<'_>, lost: &Lost<'_>, steps: &mut Vec<Step>) {
    let previous_keys = &tables.tables.previous.foreign_keys;
    let next_keys = &tables.tables.next.foreign_keys;
    let matches = |previous: &ForeignKey, next: &ForeignKey| {
        same_key(tables, Pair::new(previous, next)) && !lost.hold(previous, tables.tables.previous)
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
