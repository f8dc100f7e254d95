//! The schema as the statements so far make it.
//!
//! Partial knowledge is no mistake: a table that no statement made is taken to be there, in use and large, with columns and
//! constraints that are not known. A schema that is not named is `public`, unless the migration says otherwise.

mod apply;
mod constraints;
mod functions;
mod names;
mod partitions;
mod renames;
mod types;

use std::collections::BTreeMap;

use sql::statement::{Name, PartitionKey, Storage};

pub(crate) use apply::sorting;
pub(crate) use partitions::Missing;
pub(crate) use types::Domain;

/// The tables, indexes and enums that are known.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    tables: BTreeMap<Name, Table>,
    indexes: BTreeMap<Name, Index>,
    /// Types that a statement made; of a domain, what it is.
    types: BTreeMap<Name, Option<Domain>>,
    /// Functions that a statement made: by their parameters, whether they are the same for every row of a statement.
    functions: BTreeMap<Name, BTreeMap<String, bool>>,
    /// The tables that may be new or emptied: of thousands a migration makes a few.
    fresh: Vec<Name>,
    /// Whether any table ever was a partition or an heir: otherwise nobody has to look for one.
    has_heirs: bool,
    /// Whether the session may have tables of its own.
    has_temporary: bool,
    /// The schemas in which names are looked for, where the migration that is read now has set them.
    path: Option<names::Path>,
}

/// A table, or a materialized view.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Table {
    /// Its columns by name.
    pub columns: BTreeMap<String, Column>,
    /// Its constraints by name; those that the server names have the name that it gives.
    pub constraints: BTreeMap<String, Constraint>,
    /// The tables that it is a partition of or inherits from.
    pub parents: Vec<Name>,
    /// Whether the migration that is read now made it, so that nobody uses it yet.
    pub is_new: bool,
    /// Whether a statement that is known made it, so that what it is made of is certain.
    pub is_made: bool,
    /// Whether it is divided into partitions.
    pub is_partitioned: bool,
    /// Whether code that cannot be read has run since then: it may have made partitions, of each month one, say.
    pub may_hide_partitions: bool,
    /// By what, where that is columns only.
    pub partition_key: Option<PartitionKey>,
    /// Whether it is the partition for what belongs nowhere else.
    pub is_default_partition: bool,
    /// Whether it is unlogged.
    pub is_unlogged: bool,
    /// Where its file is, and how its rows are kept there.
    pub storage: Storage,
    /// Whether the migration that is read now emptied it.
    pub is_emptied: bool,
    /// How many rows it has, where a database told.
    pub rows: Option<u64>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its type as written.
    pub ty: String,
    /// By what it is sorted, where that is not what its type is sorted by.
    pub collation: Option<Name>,
    /// Whether it is never null.
    pub not_null: bool,
    /// Whether it is computed whenever it is read, so that no row has it.
    pub is_virtual: bool,
}

/// A constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// What it asks for.
    pub kind: ConstraintKind,
    /// Whether all rows are known to fulfil it.
    pub is_valid: bool,
}

/// What a constraint asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConstraintKind {
    /// `CHECK`, with its condition.
    Check(String),
    /// `NOT NULL`, of this column, where it was given a name or is a table's, as 18 has it.
    NotNull(String),
    /// `REFERENCES` this table.
    ForeignKey {
        /// The columns that refer.
        columns: Vec<String>,
        /// What they refer to.
        parent: Name,
    },
    /// `PRIMARY KEY`, of these columns.
    PrimaryKey(Vec<String>),
    /// `UNIQUE` or `EXCLUDE`, of these columns.
    Unique(Vec<String>),
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// The table that it is of.
    pub table: Name,
    /// Its columns, if it has nothing but columns.
    pub columns: Vec<String>,
    /// The columns that it puts in their own order.
    pub sorted: Vec<String>,
    /// Whether it allows a value once only.
    pub unique: bool,
    /// What it has besides, as written: expressions, and the condition of a partial one.
    pub terms: String,
}

impl Catalog {
    /// The table of this name, if it is known.
    pub fn table(&self, name: &Name) -> Option<&Table> {
        self.tables.get(&self.resolve(name))
    }

    /// All tables that are known.
    pub fn tables(&self) -> impl Iterator<Item = (&Name, &Table)> {
        self.tables.iter()
    }

    /// The index of this name, if it is known.
    pub fn index(&self, name: &Name) -> Option<&Index> {
        self.indexes.get(&self.resolve_index(name))
    }

    /// The indexes of a table, those of its keys among them.
    pub(crate) fn indexes_of(&self, table: &Name) -> impl Iterator<Item = &Index> {
        let table = self.resolve(table);
        self.indexes.values().filter(move |index| index.table == table)
    }

    /// Whether nobody can be waiting for the table: the migration made or emptied it, or a database says that it is empty.
    pub fn is_idle(&self, name: &Name) -> bool {
        self.table(name)
            .is_some_and(|table| table.is_new || table.is_emptied || table.rows == Some(0))
    }

    /// Whether a table has partitions that no statement is known to have made: code may have made them, or a database tells of
    /// more rows than those that are known have.
    pub fn hides_partitions(&self, name: &Name) -> bool {
        let Some(table) = self.table(name).filter(|table| table.is_partitioned) else {
            return false;
        };
        let in_known = || -> u64 {
            let known = self.descendants(name);
            known.iter().filter_map(|name| self.table(name)?.rows).sum()
        };
        table.may_hide_partitions || table.rows.is_some_and(|rows| rows > in_known())
    }

    /// How many rows a table has, as a database told; one that is divided has those of its partitions.
    pub fn set_rows(&mut self, name: &Name, rows: u64) {
        let name = self.resolve(name);
        self.tables.entry(name).or_default().rows = Some(rows);
    }

    /// From now on what is there already is in use.
    pub fn begin_migration(&mut self) {
        for name in std::mem::take(&mut self.fresh) {
            if let Some(table) = self.tables.get_mut(&name) {
                table.is_new = false;
                table.is_emptied = false;
            }
        }
        self.end_session();
    }

    /// The same where one deploy applies this migration and the one before it: nobody has come yet to what that one made.
    pub fn begin_next_migration(&mut self) {
        for name in &self.fresh {
            if let Some(table) = self.tables.get_mut(name) {
                table.is_emptied = false;
            }
        }
        self.end_session();
    }

    /// The tables that refer to this one by a foreign key.
    pub fn referring(&self, name: &Name) -> Vec<Name> {
        let parent = self.resolve(name);
        let refers = |table: &Table| {
            table.constraints.values().any(|constraint| {
                matches!(&constraint.kind, ConstraintKind::ForeignKey { parent: other, .. } if *other == parent)
            })
        };
        let all = self.tables.iter().filter(|(child, table)| **child != parent && refers(table));
        all.map(|(name, _)| name.clone()).collect()
    }

    /// The tables that this one refers to.
    pub fn referred(&self, name: &Name) -> Vec<Name> {
        let Some(table) = self.table(name) else { return Vec::new() };
        let parents = table.constraints.values().filter_map(|constraint| match &constraint.kind {
            ConstraintKind::ForeignKey { parent, .. } => Some(parent.clone()),
            _ => None,
        });
        let own = self.resolve(name);
        parents.filter(|parent| *parent != own).collect()
    }

    /// The partition of a table for what belongs nowhere else.
    pub(crate) fn default_partition(&self, name: &Name) -> Option<Name> {
        if !self.has_heirs {
            return None;
        }
        let parent = self.resolve(name);
        let mut all = self.tables.iter();
        all.find(|(_, table)| table.is_default_partition && table.parents.contains(&parent))
            .map(|(name, _)| name.clone())
    }

    /// The partitions and heirs of a table, and theirs.
    pub fn descendants(&self, name: &Name) -> Vec<Name> {
        if !self.has_heirs {
            return Vec::new();
        }
        let mut found = vec![self.resolve(name)];
        let mut at = 0;
        while at < found.len() {
            let parent = found[at].clone();
            let children = self
                .tables
                .iter()
                .filter(|(child, table)| table.parents.contains(&parent) && !found.contains(child));
            let children: Vec<Name> = children.map(|(name, _)| name.clone()).collect();
            found.extend(children);
            at += 1;
        }
        found.remove(0);
        found
    }
}
