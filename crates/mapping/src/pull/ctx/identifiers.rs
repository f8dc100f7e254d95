//! Which tables have a key that tells a row from all others.

use pg_schema::Arity;

use super::Ctx;
use crate::pull::column_type;
use crate::pull::pairs::TablePair;

impl<'a> Ctx<'a> {
    pub(super) fn find_identifiers(&mut self) {
        let has_identifier = |pair: &TablePair<'a>| {
            pair.keys.iter().filter(|key| key.is_unique()).any(|key| {
                key.columns.iter().map(|column| &pair.table.columns[column.column]).all(|column| {
                    column.arity == Arity::Required && column_type::of(self, column).is_supported()
                })
            })
        };
        let found: Vec<bool> = self.tables.iter().map(has_identifier).collect();
        for (pair, found) in self.tables.iter_mut().zip(found) {
            pair.has_identifier = found;
        }
    }
}
