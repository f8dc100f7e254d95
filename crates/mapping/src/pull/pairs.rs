//! What is in the database, each with what the schema said of it before and what it is called.

use pg_schema::{Column, Enum, ForeignKey, Table, View};
use psl::{EnumWalker, ModelWalker, RelationWalker, ScalarFieldWalker};

use super::keys::Key;
use super::names::Named;

#[derive(Debug)]
pub(super) struct TablePair<'a> {
    pub(super) table: &'a Table,
    pub(super) previous: Option<ModelWalker<'a>>,
    pub(super) named: Named<'a>,
    pub(super) columns: Vec<ColumnPair<'a>>,
    pub(super) keys: Vec<Key<'a>>,
    pub(super) foreign_keys: Vec<ForeignKeyPair<'a>>,
    pub(super) is_join_table: bool,
    /// Whether a row can be told from all others, by columns that Prisma can read.
    pub(super) has_identifier: bool,
}

#[derive(Debug)]
pub(super) struct ColumnPair<'a> {
    pub(super) column: &'a Column,
    pub(super) previous: Option<ScalarFieldWalker<'a>>,
    pub(super) named: Named<'a>,
    pub(super) is_in_view: bool,
}

/// A foreign key between tables that are both in the schema. Columns are places in their tables.
#[derive(Debug)]
pub(super) struct ForeignKeyPair<'a> {
    pub(super) key: &'a ForeignKey,
    pub(super) columns: Vec<usize>,
    pub(super) referenced: usize,
    pub(super) referenced_columns: Vec<usize>,
    pub(super) previous: Option<RelationWalker<'a>>,
    /// `None` where another key says the same.
    pub(super) names: Option<RelationNames>,
}

#[derive(Debug)]
pub(super) struct ViewPair<'a> {
    pub(super) view: &'a View,
    pub(super) previous: Option<ModelWalker<'a>>,
    pub(super) named: Named<'a>,
    pub(super) columns: Vec<ColumnPair<'a>>,
}

#[derive(Debug)]
pub(super) struct EnumPair<'a> {
    pub(super) enumeration: &'a Enum,
    pub(super) previous: Option<EnumWalker<'a>>,
    pub(super) named: Named<'a>,
    pub(super) values: Vec<Named<'a>>,
}

/// Of a relation: its own name, empty where it needs none, and those of its two fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RelationNames {
    pub(super) relation: String,
    /// In the table with the key; of a join table, in the table of column A.
    pub(super) forward: String,
    pub(super) back: String,
}

impl EnumPair<'_> {
    /// Whether there is anything to choose from: an enum without values is none.
    pub(super) fn has_named_values(&self) -> bool {
        self.values.iter().any(|value| !value.name.is_empty())
    }
}

impl TablePair<'_> {
    /// The tables that a join table joins: that of its column A, then that of B.
    pub(super) fn joined(&self) -> Option<[usize; 2]> {
        let [first, second] = self.foreign_keys.as_slice() else { return None };
        let is_a = first.key.columns.first().is_some_and(|name| name.eq_ignore_ascii_case("a"));
        let (a, b) = if is_a { (first, second) } else { (second, first) };
        Some([a.referenced, b.referenced])
    }
}
