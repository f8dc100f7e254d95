//! Two tables of one name, their columns paired.

use std::collections::BTreeMap;

use super::column;
use crate::name::kept;
use crate::{ColumnChanges, ColumnId, Pair, PgSchema, Table, TableId, TypeChange};

/// A table before and after. Columns are in the order of their names, unless said otherwise.
pub(super) struct TablePair<'a> {
    pub(super) schemas: Pair<&'a PgSchema>,
    pub(super) ids: Pair<TableId>,
    pub(super) tables: Pair<&'a Table>,
    /// Places in the previous table.
    pub(super) dropped: Vec<usize>,
    /// Places in the next table.
    pub(super) added: Vec<usize>,
    pub(super) columns: Vec<ColumnPair>,
}

/// A column before and after.
pub(super) struct ColumnPair {
    pub(super) ids: Pair<ColumnId>,
    pub(super) changes: ColumnChanges,
    /// Nothing changes, but its default is set again with other changes of the table.
    pub(super) is_default_restated: bool,
}

impl<'a> TablePair<'a> {
    pub(super) fn new(schemas: Pair<&'a PgSchema>, ids: Pair<TableId>) -> Self {
        let tables =
            Pair::new(schemas.previous.table_at(ids.previous), schemas.next.table_at(ids.next));
        let mut by_name: BTreeMap<&str, Pair<Option<usize>>> = BTreeMap::new();
        for (place, column) in tables.previous.columns.iter().enumerate() {
            by_name.entry(kept(&column.name)).or_default().previous = Some(place);
        }
        for (place, column) in tables.next.columns.iter().enumerate() {
            by_name.entry(kept(&column.name)).or_default().next = Some(place);
        }
        let mut pair = Self {
            schemas,
            ids,
            tables,
            dropped: Vec::new(),
            added: Vec::new(),
            columns: Vec::new(),
        };
        for places in by_name.into_values() {
            match (places.previous, places.next) {
                (Some(previous), Some(next)) => {
                    let columns =
                        Pair::new(&tables.previous.columns[previous], &tables.next.columns[next]);
                    pair.columns.push(ColumnPair {
                        ids: Pair::new(ids.previous.column(previous), ids.next.column(next)),
                        changes: column::changes(schemas, columns),
                        is_default_restated: column::is_default_restated(schemas, columns),
                    });
                }
                (Some(previous), None) => pair.dropped.push(previous),
                (None, Some(next)) => pair.added.push(next),
                (None, None) => {}
            }
        }
        pair
    }

    /// What changes in the column of that name, nothing if it is not in both tables.
    pub(super) fn changes_of(&self, column: &str) -> ColumnChanges {
        // Columns are in the order of their names.
        self.columns
            .binary_search_by(|pair| {
                kept(&self.schemas.next.column_at(pair.ids.next).name).cmp(kept(column))
            })
            .map(|place| self.columns[place].changes)
            .unwrap_or_default()
    }

    /// Whether the column of that name goes and comes back empty.
    pub(super) fn is_recreated(&self, column: &str) -> bool {
        self.changes_of(column).ty == Some(TypeChange::NotCastable)
    }
}
