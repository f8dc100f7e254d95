//! Which foreign keys come, go, or only change their names.

use super::{same_name, table::TablePair};
use crate::name::same_kept;
use crate::{ForeignKey, Pair, Step};

pub(super) fn push_steps(tables: &TablePair<'_>, steps: &mut Vec<Step>) {
    let previous_keys = &tables.tables.previous.foreign_keys;
    let next_keys = &tables.tables.next.foreign_keys;
    let matches =
        |previous: &ForeignKey, next: &ForeignKey| same_key(tables, Pair::new(previous, next));

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
