//! Typed places in a [`PgSchema`].
//!
//! An id belongs to the schema that it was made for and is of no use with another. Steps are
//! made of ids, so that they are small, ordered, and silent about names.

use crate::{Column, Enum, Extension, ForeignKey, Index, ObjectName, PgSchema, Table};

/// A place in [`PgSchema::namespaces`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NamespaceId(pub(crate) usize);

/// A place in [`PgSchema::extensions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExtensionId(pub(crate) usize);

/// A place in [`PgSchema::enums`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumId(pub(crate) usize);

/// A value of an enum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumValueId {
    pub enumeration: EnumId,
    pub(crate) value: usize,
}

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

impl EnumId {
    pub(crate) fn value(self, value: usize) -> EnumValueId {
        EnumValueId { enumeration: self, value }
    }
}

impl TableId {
    pub fn column(self, column: usize) -> ColumnId {
        ColumnId { table: self, column }
    }

    pub fn index(self, index: usize) -> IndexId {
        IndexId { table: self, index }
    }

    pub fn foreign_key(self, foreign_key: usize) -> ForeignKeyId {
        ForeignKeyId { table: self, foreign_key }
    }
}

/// From a name to its id.
impl PgSchema {
    pub fn table_id(&self, name: &ObjectName) -> Option<TableId> {
        self.tables.iter().position(|table| self.same(&table.name, name)).map(TableId)
    }

    pub fn enum_id(&self, name: &ObjectName) -> Option<EnumId> {
        self.enums.iter().position(|e| self.same(&e.name, name)).map(EnumId)
    }

    pub fn column_id(&self, table: TableId, name: &str) -> Option<ColumnId> {
        let columns = &self.table_at(table).columns;
        columns.iter().position(|column| column.name == name).map(|column| table.column(column))
    }

    pub fn value_id(&self, enumeration: EnumId, value: &str) -> Option<EnumValueId> {
        let values = &self.enum_at(enumeration).values;
        values.iter().position(|other| other == value).map(|value| enumeration.value(value))
    }

    /// A namespace that is not said is the default one.
    fn same(&self, a: &ObjectName, b: &ObjectName) -> bool {
        let default = &self.default_namespace;
        a.name == b.name && a.namespace_or(default) == b.namespace_or(default)
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

    pub fn value_at(&self, id: EnumValueId) -> &str {
        &self.enum_at(id.enumeration).values[id.value]
    }

    /// The places of all tables, in their order.
    pub fn table_ids(&self) -> impl Iterator<Item = TableId> + use<> {
        (0..self.tables.len()).map(TableId)
    }

    pub fn table_at(&self, id: TableId) -> &Table {
        &self.tables[id.0]
    }

    pub fn table_at_mut(&mut self, id: TableId) -> &mut Table {
        &mut self.tables[id.0]
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
