//! What becomes of a table's primary key.

use super::table::TablePair;
use crate::name::same_kept;

/// At most one of renaming and making anew.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct KeyChange {
    pub(super) dropped: bool,
    pub(super) renamed: bool,
    pub(super) added: bool,
}

/// A key over other columns, or over a column whose type changes, is another key.
pub(super) fn change(tables: &TablePair<'_>) -> KeyChange {
    match (&tables.tables.previous.primary_key, &tables.tables.next.primary_key) {
        (None, None) => KeyChange::default(),
        (Some(_), None) => KeyChange { dropped: true, ..KeyChange::default() },
        (None, Some(_)) => KeyChange { added: true, ..KeyChange::default() },
        (Some(previous), Some(next)) => {
            let is_other = !same_kept(&previous.columns, &next.columns)
                || previous.columns.iter().any(|column| tables.changes_of(column).ty.is_some());
            KeyChange {
                dropped: is_other,
                renamed: !is_other && previous.name != next.name,
                added: is_other,
            }
        }
    }
}
