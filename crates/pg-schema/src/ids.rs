//! Typed places in a [`PgSchema`].
//!
//! An id belongs to the schema that it was made for and is of no use with another. Steps are
//! made of ids, so that they are small, ordered, and silent about names.

use crate::{Column, Enum, Extension, ForeignKey, Index, PgSchema, Table};

/// A place in [`PgSchema::namespaces`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NamespaceId(pub(crate) usize);

/// A place in [`PgSchema::extensions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExtensionId(pub(crate) usize);

/// A place in [`PgSchema::enums`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumId(pub(crate) usize);

/// A place in [`PgSchema::tables`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableId(pub(crate) usize);

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnId {
    pub table: TableId,
    pub(crate) column: usize,
}

/// An index of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexId {
    pub table: TableId,
    pub(crate) index: usize,
}

/// A foreign key of the table that refers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ForeignKeyId {
    pub table: TableId,
    pub(crate) foreign_key: usize,
}

impl TableId {
    pub(crate) fn column(self, column: usize) -> ColumnId {
        ColumnId { table: self, column }
    }

    pub(crate) fn index(self, index: usize) -> IndexId {
        IndexId { table: self, index }
    }

    pub(crate) fn foreign_key(self, foreign_key: usize) -> ForeignKeyId {
        ForeignKeyId { table: self, foreign_key }
    }
}

/// From an id to what it stands for. All of these panic for another schema's id.
impl PgSchema {
    pub fn namespace_at(&self, id: NamespaceId) -> &str {
        &self.namespaces[id.0]
    }

    pub fn extension_at(&self, id: ExtensionId) -> &Extension {
        &self.extensions[id.0]
    }

    pub fn enum_at(&self, id: EnumId) -> &Enum {
        &self.enums[id.0]
    }

    pub fn table_at(&self, id: TableId) -> &Table {
        &self.tables[id.0]
    }

    pub fn column_at(&self, id: ColumnId) -> &Column {
        &self.table_at(id.table).columns[id.column]
    }

    pub fn index_at(&self, id: IndexId) -> &Index {
        &self.table_at(id.table).indexes[id.index]
    }

    pub fn foreign_key_at(&self, id: ForeignKeyId) -> &ForeignKey {
        &self.table_at(id.table).foreign_keys[id.foreign_key]
    }
}
