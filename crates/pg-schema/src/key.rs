//! Primary keys, indexes and foreign keys of a table.
//!
//! All of them name columns by name. A unique constraint is held as the unique index behind it,
//! which is what it is to the server.

use crate::ObjectName;

/// A primary key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrimaryKey {
    pub name: String,
    pub columns: Vec<String>,
    pub deferrable: Deferrable,
}

impl PrimaryKey {
    pub fn new(name: impl Into<String>, columns: &[&str]) -> Self {
        Self { name: name.into(), columns: owned(columns), deferrable: Deferrable::No }
    }
}

/// An index other than the primary key's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// In the namespace of its table.
    pub name: String,
    pub unique: bool,
    pub algorithm: IndexAlgorithm,
    pub keys: Vec<IndexKey>,
    /// `INCLUDE (…)`.
    pub include: Vec<String>,
    /// `WHERE …` of a partial index, without the word.
    pub predicate: Option<String>,
    pub nulls_not_distinct: bool,
    /// False for what a failed `CREATE INDEX CONCURRENTLY` left behind.
    pub valid: bool,
    /// The constraint that owns the index, which then is dropped in its stead.
    pub constraint: Option<IndexConstraint>,
}

impl Index {
    /// A plain B-tree index over columns.
    pub fn new(name: impl Into<String>, columns: &[&str]) -> Self {
        Self {
            name: name.into(),
            unique: false,
            algorithm: IndexAlgorithm::BTree,
            keys: columns.iter().map(|column| IndexKey::column(*column)).collect(),
            include: Vec::new(),
            predicate: None,
            nulls_not_distinct: false,
            valid: true,
            constraint: None,
        }
    }

    /// A unique B-tree index over columns.
    pub fn unique(name: impl Into<String>, columns: &[&str]) -> Self {
        Self { unique: true, ..Self::new(name, columns) }
    }

    /// The columns, in order, unless one part is an expression.
    pub fn columns(&self) -> Option<Vec<&str>> {
        self.keys.iter().map(IndexKey::as_column).collect()
    }

    pub fn has_expression(&self) -> bool {
        self.keys.iter().any(|key| key.as_column().is_none())
    }
}

/// How an index finds its rows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum IndexAlgorithm {
    BTree,
    Hash,
    Gist,
    Gin,
    SpGist,
    Brin,
    /// Of an extension: `hnsw`, `bloom`.
    Other(String),
}

/// One part of an index's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexKey {
    pub part: IndexKeyPart,
    /// `None` where nobody said, which is ascending.
    pub order: Option<SortOrder>,
    /// Only where it is not what the order implies (last when ascending, first when descending).
    pub nulls: Option<NullsOrder>,
    /// `None` where nobody said; the server always has one and says so.
    pub ops: Option<OpClass>,
    /// Only where it differs from the column's own.
    pub collation: Option<String>,
}

impl IndexKey {
    pub fn column(name: impl Into<String>) -> Self {
        Self {
            part: IndexKeyPart::Column(name.into()),
            order: None,
            nulls: None,
            ops: None,
            collation: None,
        }
    }

    pub fn is_descending(&self) -> bool {
        self.order == Some(SortOrder::Desc)
    }

    pub fn as_column(&self) -> Option<&str> {
        match &self.part {
            IndexKeyPart::Column(name) => Some(name),
            IndexKeyPart::Expression(_) => None,
        }
    }
}

/// What a part of an index's key is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexKeyPart {
    Column(String),
    /// As `pg_get_indexdef` prints it.
    Expression(String),
}

/// The order of a part of an index's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SortOrder {
    Asc,
    Desc,
}

/// Where an index keeps its NULLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NullsOrder {
    First,
    Last,
}

/// An operator class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpClass {
    pub name: String,
    /// Whether the server takes it when nothing is said, for this type and algorithm.
    pub is_default: bool,
}

/// The constraint behind an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IndexConstraint {
    Unique(Deferrable),
    Exclusion,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    pub name: String,
    pub columns: Vec<String>,
    pub referenced_table: ObjectName,
    pub referenced_columns: Vec<String>,
    pub on_delete: ForeignKeyAction,
    pub on_update: ForeignKeyAction,
    pub deferrable: Deferrable,
    /// False after `NOT VALID`, until `VALIDATE CONSTRAINT`.
    pub validated: bool,
}

impl ForeignKey {
    /// A validated, immediate key without actions.
    pub fn new(
        name: impl Into<String>,
        columns: &[&str],
        referenced: ObjectName,
        referenced_columns: &[&str],
    ) -> Self {
        Self {
            name: name.into(),
            columns: owned(columns),
            referenced_table: referenced,
            referenced_columns: owned(referenced_columns),
            on_delete: ForeignKeyAction::NoAction,
            on_update: ForeignKeyAction::NoAction,
            deferrable: Deferrable::No,
            validated: true,
        }
    }
}

/// What happens to the rows that refer to a row that goes or changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ForeignKeyAction {
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

/// When a constraint is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deferrable {
    No,
    InitiallyImmediate,
    InitiallyDeferred,
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
