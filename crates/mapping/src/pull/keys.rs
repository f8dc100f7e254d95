//! A table's keys and indexes as Prisma sees them.
//!
//! It looks past exclusion constraints, expressions and, without the preview feature, partial indexes; and takes the
//! columns after INCLUDE for columns like others.

use pg_schema::{Deferrable, Index, IndexConstraint, IndexKey, Table};

/// A primary key or index, of columns of the table only.
#[derive(Debug)]
pub(super) struct Key<'a> {
    pub(super) name: &'a str,
    pub(super) kind: KeyKind,
    pub(super) columns: Vec<KeyColumn<'a>>,
    /// `None` for the primary key.
    pub(super) index: Option<&'a Index>,
    pub(super) deferrable: Deferrable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyKind {
    Primary,
    Unique,
    Normal,
}

#[derive(Debug)]
pub(super) struct KeyColumn<'a> {
    /// Its place in the table.
    pub(super) column: usize,
    /// `None` in primary keys and after INCLUDE.
    pub(super) key: Option<&'a IndexKey>,
}

/// All that are seen, by name.
pub(super) fn of(table: &Table, keeps_partial_indexes: bool) -> Vec<Key<'_>> {
    let place = |name: &str| table.columns.iter().position(|column| column.name == name);
    let plain = |name: &String| Some(KeyColumn { column: place(name)?, key: None });
    let primary = table.primary_key.iter().filter_map(|key| {
        Some(Key {
            name: &key.name,
            kind: KeyKind::Primary,
            columns: key.columns.iter().map(plain).collect::<Option<_>>()?,
            index: None,
            deferrable: key.deferrable,
        })
    });
    let indexes = table.indexes.iter().filter(|index| {
        index.constraint != Some(IndexConstraint::Exclusion)
            && (keeps_partial_indexes || index.predicate.is_none())
    });
    let indexes = indexes.filter_map(|index| {
        let keys = index
            .keys
            .iter()
            .map(|key| Some(KeyColumn { column: place(key.as_column()?)?, key: Some(key) }));
        Some(Key {
            name: &index.name,
            kind: if index.unique { KeyKind::Unique } else { KeyKind::Normal },
            columns: keys.chain(index.include.iter().map(plain)).collect::<Option<_>>()?,
            index: Some(index),
            deferrable: match index.constraint {
                Some(IndexConstraint::Unique(deferrable)) => deferrable,
                _ => Deferrable::No,
            },
        })
    });
    let mut keys: Vec<Key<'_>> = primary.chain(indexes).collect();
    keys.sort_by_key(|key| key.name);
    keys
}

impl Key<'_> {
    pub(super) fn is_unique(&self) -> bool {
        self.kind != KeyKind::Normal
    }

    pub(super) fn is_only(&self, column: usize) -> bool {
        matches!(self.columns.as_slice(), [only] if only.column == column)
    }
}

impl KeyColumn<'_> {
    pub(super) fn has_other_nulls_order(&self) -> bool {
        self.key.is_some_and(|key| key.nulls.is_some())
    }
}
