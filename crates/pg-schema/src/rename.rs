//! Renames: one thing under two names, where the diff by itself sees one that goes and another that comes.
//!
//! Which two are one is for a person to say, as [`Rename`]s; [`candidates`] are those that may be. [`Renamed`] is
//! what follows: the changes of names, one after another in an order that a server takes, and the previous schema
//! as it is after them. The diff from there to the next schema is all the rest, and knows nothing of renames.
//!
//! ```
//! use pg_schema::{Column, ColumnType, ObjectName, Pair, PgSchema, Rename, Renamed, Table, candidates, render};
//!
//! let with = |column: &str| {
//!     let mut table = Table::new(ObjectName::bare("Student"));
//!     table.columns.push(Column::required(column, ColumnType::Text));
//!     PgSchema { tables: vec![table], ..PgSchema::default() }
//! };
//! let (previous, next) = (with("phone"), with("mobile"));
//! let schemas = Pair::new(&previous, &next);
//!
//! let renames: Vec<Rename> = candidates(schemas).into_iter().map(|candidate| candidate.rename).collect();
//! let renamed = Renamed::new(schemas, &renames);
//!
//! let steps = renamed.steps(&next);
//! assert_eq!(render(&steps, Pair::new(&renamed.previous, &next)), "\
//! -- RenameColumn
//! ALTER TABLE \"Student\" RENAME COLUMN \"phone\" TO \"mobile\";
//! ");
//! ```

mod apply;
mod candidates;
mod expression;
mod join;
mod keys;
mod likeness;
mod plan;

pub use candidates::{Candidate, candidates};
pub(crate) use expression::names_column;

use crate::{ColumnId, EnumId, EnumValueId, ObjectName, Pair, PgSchema, Step, TableId, diff};

/// Two that are one thing under two names: one of the previous schema, one of the next.
///
/// A column's tables are one table, by their name or by another of the renames; so are the enums of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rename {
    Table(Pair<TableId>),
    Enum(Pair<EnumId>),
    EnumValue(Pair<EnumValueId>),
    Column(Pair<ColumnId>),
}

/// One change of a name, as a server makes it: everything is called what it is called at that moment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameChange {
    Table {
        from: ObjectName,
        to: String,
    },
    Enum {
        from: ObjectName,
        to: String,
    },
    EnumValue {
        of: ObjectName,
        from: String,
        to: String,
    },
    Column {
        table: ObjectName,
        from: String,
        to: String,
    },
    /// An index or a primary key, in the namespace of its table.
    Index {
        table: ObjectName,
        from: String,
        to: String,
    },
    ForeignKey {
        table: ObjectName,
        from: String,
        to: String,
    },
}

impl NameChange {
    /// The change back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let (from, to) = match self {
            Self::Table { from, to } | Self::Enum { from, to } => (&from.name, to),
            Self::EnumValue { from, to, .. }
            | Self::Column { from, to, .. }
            | Self::Index { from, to, .. }
            | Self::ForeignKey { from, to, .. } => (from, to),
        };
        let (to, from) = (from.clone(), to.clone());
        match self {
            Self::Table { from: name, .. } => Self::Table { from: name.sibling(from), to },
            Self::Enum { from: name, .. } => Self::Enum { from: name.sibling(from), to },
            Self::EnumValue { of, .. } => Self::EnumValue { of: of.clone(), from, to },
            Self::Column { table, .. } => Self::Column { table: table.clone(), from, to },
            Self::Index { table, .. } => Self::Index { table: table.clone(), from, to },
            Self::ForeignKey { table, .. } => Self::ForeignKey { table: table.clone(), from, to },
        }
    }

    /// The name of the step in scripts.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Table { .. } => "RenameTable",
            Self::Enum { .. } => "RenameEnum",
            Self::EnumValue { .. } => "RenameEnumValue",
            Self::Column { .. } => "RenameColumn",
            Self::Index { .. } => "RenameIndex",
            Self::ForeignKey { .. } => "RenameForeignKey",
        }
    }
}

/// What a table was called before the changes of names among the steps.
pub fn table_before(steps: &[Step], table: &ObjectName) -> ObjectName {
    names_before(steps, table, "").0
}

/// What a column was called before the changes of names among the steps, of which its table may be one.
pub fn column_before(steps: &[Step], table: &ObjectName, column: &str) -> String {
    names_before(steps, table, column).1
}

fn names_before(steps: &[Step], table: &ObjectName, column: &str) -> (ObjectName, String) {
    let mut names = (table.clone(), column.to_owned());
    for step in steps.iter().rev() {
        match step {
            Step::Rename(NameChange::Table { from, to }) if from.sibling(to) == names.0 => {
                names.0 = from.clone();
            }
            Step::Rename(NameChange::Column { table, from, to })
                if *table == names.0 && *to == names.1 =>
            {
                names.1.clone_from(from);
            }
            _ => {}
        }
    }
    names
}

/// What a schema is after changes of names: whatever says a name says the new one, expressions included.
#[must_use]
pub fn with_names_changed(schema: &PgSchema, changes: &[NameChange]) -> PgSchema {
    let mut schema = schema.clone();
    apply::apply(&mut schema, changes);
    schema
}

/// What renames come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// One after another. They come before all other steps.
    pub changes: Vec<NameChange>,
    /// The previous schema after the changes. Ids stay what they were.
    pub previous: PgSchema,
}

impl Renamed {
    /// Whatever is asked for can be done: names that two would hold for a moment are given up by way of a third, and
    /// what holds a name that it is to lose altogether steps aside. Tables that join renamed ones follow them.
    pub fn new(schemas: Pair<&PgSchema>, renames: &[Rename]) -> Self {
        let mut renamed = Self { changes: Vec::new(), previous: schemas.previous.clone() };
        if renames.is_empty() {
            return renamed;
        }
        let renames = join::with_followers(schemas, renames);
        renamed.take(plan::objects(schemas, &renames));
        renamed.take(plan::enum_values(Pair::new(&renamed.previous, schemas.next), &renames));
        renamed.take(plan::columns(Pair::new(&renamed.previous, schemas.next), &renames));
        renamed.take(join::foreign_keys(Pair::new(&renamed.previous, schemas.next), &renames));
        renamed.take(keys::aside(Pair::new(&renamed.previous, schemas.next)));
        renamed
    }

    /// All steps to the next schema: the changes of names, then what the diff finds beyond them.
    pub fn steps(&self, next: &PgSchema) -> Vec<Step> {
        let changes = self.changes.iter().cloned().map(Step::Rename);
        changes.chain(diff(Pair::new(&self.previous, next))).collect()
    }

    pub(crate) fn take(&mut self, changes: Vec<NameChange>) {
        apply::apply(&mut self.previous, &changes);
        self.changes.extend(changes);
    }
}
