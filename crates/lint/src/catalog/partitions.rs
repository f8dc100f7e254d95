//! What a partition has to get that its table has.

use sql::statement::Name;

use super::{Catalog, ConstraintKind, Index};

/// What a table lacks that it must have as a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// An index or a key of the whole table, which is built.
    Index,
    /// A foreign key of the whole table, which is validated.
    ForeignKey,
}

impl Catalog {
    /// What a table is given when it becomes a partition of another: of several the most work.
    pub(crate) fn missing(&self, parent: &Name, partition: &Name) -> Option<Missing> {
        let is_alike = |of: &Index, own: &Index| {
            (&of.sorted, of.unique, &of.terms) == (&own.sorted, own.unique, &own.terms)
        };
        let lacks_index = self
            .indexes_of(parent)
            .any(|index| !self.indexes_of(partition).any(|own| is_alike(index, own)));
        let lacks_key = || {
            self.foreign_keys(parent).any(|key| !self.foreign_keys(partition).any(|own| own == key))
        };
        if lacks_index { Some(Missing::Index) } else { lacks_key().then_some(Missing::ForeignKey) }
    }

    /// The columns of each foreign key that holds for all rows of a table, and what they refer to.
    fn foreign_keys(&self, table: &Name) -> impl Iterator<Item = (&Vec<String>, &Name)> {
        let constraints =
            self.table(table).into_iter().flat_map(|table| table.constraints.values());
        constraints.filter(|constraint| constraint.is_valid).filter_map(|constraint| {
            match &constraint.kind {
                ConstraintKind::ForeignKey { columns, parent } => Some((columns, parent)),
                _ => None,
            }
        })
    }
}
