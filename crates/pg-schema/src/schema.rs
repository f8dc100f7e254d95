//! The whole: everything of a database that a schema tool cares for.
//!
//! Plain vectors in the order of whoever built them: source order for a desired schema, order
//! of names for one read from a server. Nothing refers to anything but by name, so that a
//! schema can be put together and compared in tests by hand.

use crate::{Column, ForeignKey, Index, ObjectName, PrimaryKey};

/// A database's schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PgSchema {
    /// Where the connection looks for names that say no namespace: `public`, mostly.
    pub default_namespace: String,
    /// Whether scripts say the namespace of everything, the default one too: whoever runs them may be on a connection
    /// of another kind.
    pub names_in_full: bool,
    /// Whether this is what somebody wants rather than what a server has. A server prints types and
    /// expressions in its own words, and only with its words is it forgiven to differ in spelling.
    pub is_desired: bool,
    /// Whether a wanted schema names all partial indexes that there are to be. Where it does not,
    /// those of a database are left alone.
    pub names_partial_indexes: bool,
    /// The schemas in the server's sense that are looked at, `public` among them.
    pub namespaces: Vec<String>,
    pub extensions: Vec<Extension>,
    pub enums: Vec<Enum>,
    pub sequences: Vec<Sequence>,
    pub tables: Vec<Table>,
    /// As the catalog has them, which is mostly the order of their making.
    pub views: Vec<View>,
}

impl Default for PgSchema {
    /// An empty schema whose names are in `public`, which itself is not there.
    fn default() -> Self {
        Self {
            default_namespace: "public".to_owned(),
            names_in_full: false,
            is_desired: false,
            names_partial_indexes: false,
            namespaces: Vec::new(),
            extensions: Vec::new(),
            enums: Vec::new(),
            sequences: Vec::new(),
            tables: Vec::new(),
            views: Vec::new(),
        }
    }
}

impl PgSchema {
    pub fn table(&self, name: &ObjectName) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == *name)
    }

    pub fn enumeration(&self, name: &ObjectName) -> Option<&Enum> {
        self.enums.iter().find(|enumeration| enumeration.name == *name)
    }

    pub fn sequence(&self, name: &ObjectName) -> Option<&Sequence> {
        self.sequences.iter().find(|sequence| sequence.name == *name)
    }

    /// Whether a table, view, sequence, index or enum of a namespace has the name: none of them can share it.
    pub fn has_name(&self, namespace: &str, name: &str) -> bool {
        self.names_in(namespace).any(|other| other == name)
    }

    /// Those names, in no particular order.
    pub(crate) fn names_in<'a>(&'a self, namespace: &'a str) -> impl Iterator<Item = &'a str> {
        let is_here =
            move |name: &ObjectName| name.namespace_or(&self.default_namespace) == namespace;
        let tables = self.tables.iter().filter(move |table| is_here(&table.name));
        let tables = tables.flat_map(|table| {
            let key = table.primary_key.iter().map(|key| &key.name);
            key.chain(table.indexes.iter().map(|index| &index.name)).chain([&table.name.name])
        });
        let enums = self.enums.iter().map(|e| &e.name);
        let views = self.views.iter().map(|view| &view.name);
        let sequences = self.sequences.iter().map(|sequence| &sequence.name);
        let others = enums.chain(views).chain(sequences);
        let others = others.filter(move |name| is_here(name)).map(|name| &name.name);
        tables.chain(others).map(String::as_str)
    }
}

/// An installed, or wanted, extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    pub name: String,
    /// `None` in a wanted one that leaves the choice to the server.
    pub schema: Option<String>,
    pub version: Option<String>,
    /// Whether `ALTER EXTENSION … SET SCHEMA` works; false where it is not known.
    pub relocatable: bool,
}

/// An enum type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enum {
    pub name: ObjectName,
    pub values: Vec<String>,
    pub comment: Option<String>,
}

impl Enum {
    pub fn new(name: ObjectName, values: &[&str]) -> Self {
        Self {
            name,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            comment: None,
        }
    }
}

/// A sequence, those behind serial and identity columns included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    pub name: ObjectName,
    /// `smallint`, `integer` or `bigint`.
    pub data_type: String,
    pub start: i64,
    pub minimum: i64,
    pub maximum: i64,
    pub increment: i64,
    pub cache: i64,
    pub cycle: bool,
    pub owner: Option<SequenceOwner>,
}

/// The column that a sequence is dropped with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SequenceOwner {
    pub table: ObjectName,
    pub column: String,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: ObjectName,
    pub columns: Vec<Column>,
    pub primary_key: Option<PrimaryKey>,
    pub indexes: Vec<Index>,
    pub foreign_keys: Vec<ForeignKey>,
    pub checks: Vec<Check>,
    pub partitioning: Partitioning,
    /// `ENABLE ROW LEVEL SECURITY`.
    pub row_security: bool,
    pub comment: Option<String>,
}

impl Table {
    /// A table without columns.
    pub fn new(name: ObjectName) -> Self {
        Self {
            name,
            columns: Vec::new(),
            primary_key: None,
            indexes: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            partitioning: Partitioning::None,
            row_security: false,
            comment: None,
        }
    }

    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// A check constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub name: String,
    /// As `pg_get_constraintdef` prints it, with `CHECK (…)`.
    pub definition: String,
    /// False after `NOT VALID`.
    pub validated: bool,
}

/// What a table is to other tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Partitioning {
    /// An ordinary table, or one that may have partitions and has none.
    None,
    /// Has partitions.
    Partitioned,
    /// Is a partition of another table.
    Partition,
    /// Has children by `INHERITS`.
    Inherited,
}

/// A view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub name: ObjectName,
    pub kind: ViewKind,
    pub columns: Vec<Column>,
    /// The query; `None` for a wanted view, of which only the shape is known.
    pub definition: Option<String>,
    pub comment: Option<String>,
}

/// The two kinds of views.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ViewKind {
    Plain,
    Materialized,
}
