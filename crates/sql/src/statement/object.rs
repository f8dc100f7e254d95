//! What is not a table: indexes, types, rows, the session.

use super::{Constraint, Name};

/// `CREATE INDEX`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the statement")]
pub struct CreateIndex {
    /// Its name; the server makes one where there is none.
    pub name: Option<Name>,
    /// What it is on.
    pub table: Name,
    /// Whether it allows a value once only.
    pub unique: bool,
    /// Whether writers go on meanwhile.
    pub concurrently: bool,
    /// Whether it is left alone where there is one of its name.
    pub if_not_exists: bool,
    /// Whether it leaves the partitions out (`ON ONLY`).
    pub only: bool,
    /// Its columns, if it has nothing but columns.
    pub columns: Vec<String>,
    /// The columns that it puts in their own order: those that it names as they are, without a `COLLATE` of its own.
    pub sorted: Vec<String>,
    /// What it has besides, as written: its expressions and its condition.
    pub terms: String,
}

/// `DROP INDEX`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DropIndex {
    /// The indexes.
    pub names: Vec<Name>,
    /// Whether readers and writers go on meanwhile.
    pub concurrently: bool,
    /// Whether one that is not there is passed over.
    pub if_exists: bool,
    /// Whether what needs it goes with it.
    pub cascade: bool,
}

/// `REINDEX`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reindex {
    /// What is named: an index, a table, a schema or a database.
    pub target: Object,
    /// Its name.
    pub name: Option<Name>,
    /// Whether writers go on meanwhile.
    pub concurrently: bool,
}

/// `DROP` of anything but an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drop {
    /// Of which kind the objects are.
    pub object: Object,
    /// Which.
    pub names: Vec<Name>,
    /// The table that a trigger, policy or rule is of.
    pub table: Option<Name>,
    /// Whether what needs them goes with them.
    pub cascade: bool,
    /// Whether one that is not there is passed over.
    pub if_exists: bool,
}

/// `ALTER … RENAME TO`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// Of which kind it is.
    pub object: Object,
    /// What it was called.
    pub from: Name,
    /// What it is called then.
    pub to: String,
}

/// `ALTER TYPE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlterType {
    /// `ADD VALUE`.
    AddValue {
        /// The enum.
        name: Name,
        /// The new value.
        value: String,
        /// Whether it is left alone where there is one.
        if_not_exists: bool,
    },
    /// `RENAME VALUE`.
    RenameValue {
        /// The enum.
        name: Name,
        /// What the value was called.
        from: String,
        /// What it is called then.
        to: String,
    },
    /// An owner, a schema, an attribute of a composite type.
    Other {
        /// The type.
        name: Name,
    },
}

/// What is done to a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DomainAction {
    /// `ADD CONSTRAINT`, `ADD CHECK`.
    AddConstraint(Constraint),
    /// `VALIDATE CONSTRAINT`.
    ValidateConstraint {
        /// Which.
        name: String,
    },
    /// `DROP CONSTRAINT`.
    DropConstraint {
        /// Which.
        name: String,
    },
    /// `SET NOT NULL`.
    SetNotNull,
    /// `DROP NOT NULL`.
    DropNotNull,
    /// `SET DEFAULT`, with the expression, and `DROP DEFAULT`.
    Default(Option<String>),
    /// An owner, a name of a constraint, a schema.
    Other,
}

/// What rows are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// How.
    pub verb: Verb,
    /// Into or of which table; of a query, that of the first of what it writes.
    pub table: Name,
    /// What the statement calls that table, where it gives it another name.
    pub alias: Option<String>,
    /// Whether a condition leaves rows out.
    pub has_where: bool,
    /// What is written besides, in its `WITH`.
    pub with: Vec<Write>,
}

impl Write {
    /// All that is written, what stands in its `WITH` first.
    pub fn all(&self) -> impl Iterator<Item = &Write> {
        let own = (self.verb != Verb::Select).then_some(self);
        self.with.iter().chain(own)
    }
}

/// A function as it is made or altered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// `CREATE` or `ALTER`.
    pub verb: Verb,
    /// Its name.
    pub name: Name,
    /// Its parameters, as written, blanks made one.
    pub parameters: String,
    /// Whether it is `IMMUTABLE` or `STABLE`, and so the same for every row of a statement; none where nothing is said.
    pub is_steady: Option<bool>,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "SQL's own words")]
pub enum Verb {
    Create,
    Alter,
    Insert,
    Update,
    Delete,
    Merge,
    Copy,
    /// A query that writes in its `WITH` alone.
    Select,
}

/// `VACUUM`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vacuum {
    /// The tables; none are all.
    pub tables: Vec<Name>,
    /// Whether they are written anew.
    pub full: bool,
}

/// `LOCK TABLE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// The tables.
    pub tables: Vec<Name>,
    /// How.
    pub mode: LockMode,
}

/// PostgreSQL's locks of a table, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "PostgreSQL's own words")]
pub enum LockMode {
    AccessShare,
    RowShare,
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

/// `SET`, `RESET`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// The setting, in lower case.
    pub name: String,
    /// What it is set to, as written; none for the default.
    pub value: Option<String>,
    /// Whether it ends with the transaction.
    pub local: bool,
}

/// Where a transaction begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "SQL's own words")]
pub enum Transaction {
    Begin,
    Commit,
    Rollback,
    Savepoint,
    Prepare,
    Other,
}

/// A kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "SQL's own words")]
pub enum Object {
    Table,
    ForeignTable,
    Index,
    View,
    MaterializedView,
    Sequence,
    Type,
    Domain,
    Function,
    Trigger,
    EventTrigger,
    Policy,
    Rule,
    Statistics,
    Extension,
    Schema,
    Database,
    Column,
    Constraint,
    Role,
    Publication,
    Subscription,
    Other,
}
