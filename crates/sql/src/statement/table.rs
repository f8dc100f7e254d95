//! Tables: how they are made, and each thing that can be done to one.

use std::ops::Range;

use super::Name;

/// `CREATE TABLE`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the statement")]
pub struct CreateTable {
    /// Its name.
    pub name: Name,
    /// Whether it is left alone where there is one of its name.
    pub if_not_exists: bool,
    /// Whether it lives as long as the session.
    pub temporary: bool,
    /// Whether it is lost in a crash.
    pub unlogged: bool,
    /// Its columns, save those that it takes over from others.
    pub columns: Vec<Column>,
    /// Its constraints, those of the columns left out.
    pub constraints: Vec<Constraint>,
    /// The table that it is a partition of.
    pub partition_of: Option<Name>,
    /// The tables that it inherits from.
    pub inherits: Vec<Name>,
    /// The tables that it is made like.
    pub like: Vec<Name>,
    /// Which rows belong into it, where it is a partition.
    pub bounds: Option<Bounds>,
    /// Whether it is divided into partitions itself.
    pub is_partitioned: bool,
    /// By what, where that is columns only.
    pub partition_key: Option<PartitionKey>,
    /// Whether a query fills it.
    pub from_query: bool,
    /// Where its file is, and how its rows are kept there, as far as that is said.
    pub storage: Storage,
}

/// Where the file of a table is, and how rows are kept in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Storage {
    /// `TABLESPACE`, where it says one.
    pub tablespace: Option<String>,
    /// `USING`, where it says a method.
    pub method: Option<String>,
}

/// By what a table is divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionKey {
    /// `range`, `list` or `hash`.
    pub strategy: String,
    /// The columns.
    pub columns: Vec<String>,
}

/// Which rows belong into a partition, the values as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bounds {
    /// `FROM (…) TO (…)`.
    Range {
        /// The first that belong there.
        from: Vec<String>,
        /// The first that do not.
        to: Vec<String>,
    },
    /// `IN (…)`.
    List(Vec<String>),
    /// `WITH (MODULUS …, REMAINDER …)`.
    Hash,
    /// `DEFAULT`: what belongs nowhere else.
    Default,
}

/// A column as it is defined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type as written, blanks made one; empty where a partition does not say.
    pub ty: String,
    /// By what it is sorted, where it says so: `COLLATE`.
    pub collation: Option<Name>,
    /// What is said of it besides.
    pub constraints: Vec<Constraint>,
}

/// A constraint, of a table or of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// Its name, where it is given one.
    pub name: Option<String>,
    /// What it asks for.
    pub kind: ConstraintKind,
    /// Whether the rows that are there are not looked at (`NOT VALID`), or it is never looked at (`NOT ENFORCED`).
    pub not_valid: bool,
    /// Where it stands in its file.
    pub range: Range<usize>,
}

/// What a constraint asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConstraintKind {
    /// `CHECK`, with its condition.
    Check(String),
    /// `NOT NULL`, of a column that is named where it is a table's.
    NotNull(Option<String>),
    /// `NULL`: nothing.
    Null,
    /// `DEFAULT`, with its expression.
    Default(String),
    /// `GENERATED ALWAYS AS (…)`, with the expression.
    Generated {
        /// The expression.
        expression: String,
        /// Whether it is kept in the row.
        stored: bool,
    },
    /// `GENERATED … AS IDENTITY`.
    Identity,
    /// `PRIMARY KEY`.
    PrimaryKey {
        /// Its columns; none where it is a column's own.
        columns: Vec<String>,
        /// The index that it takes over.
        index: Option<String>,
    },
    /// `UNIQUE`.
    Unique {
        /// Its columns; none where it is a column's own.
        columns: Vec<String>,
        /// The index that it takes over.
        index: Option<String>,
    },
    /// `EXCLUDE`.
    Exclude,
    /// `REFERENCES`.
    ForeignKey {
        /// Its columns; none where it is a column's own.
        columns: Vec<String>,
        /// What it refers to.
        parent: Name,
        /// The columns there, where they are named.
        parent_columns: Vec<String>,
    },
}

/// `ALTER TABLE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlterTable {
    /// The table.
    pub table: Name,
    /// Whether one that is not there is passed over.
    pub if_exists: bool,
    /// Whether its partitions and heirs are left as they are (`ONLY`).
    pub only: bool,
    /// What is done to it, in order.
    pub actions: Vec<Action>,
}

/// One thing that is done to a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Where it stands in its file.
    pub range: Range<usize>,
    /// What it is.
    pub kind: ActionKind,
}

/// What can be done to a table.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "SQL's own words")]
pub enum ActionKind {
    AddColumn {
        column: Column,
        if_not_exists: bool,
    },
    DropColumn {
        column: String,
        cascade: bool,
    },
    RenameColumn {
        from: String,
        to: String,
    },
    AddConstraint(Constraint),
    ValidateConstraint {
        name: String,
    },
    DropConstraint {
        name: String,
        cascade: bool,
    },
    RenameConstraint {
        from: String,
        to: String,
    },
    AlterConstraint {
        name: String,
        /// `ENFORCED` or `NOT ENFORCED`, where it says either.
        enforced: Option<bool>,
    },
    SetNotNull {
        column: String,
    },
    DropNotNull {
        column: String,
    },
    SetDefault {
        column: String,
        expression: String,
    },
    DropDefault {
        column: String,
    },
    /// `TYPE`, with the expression after `USING`.
    SetType {
        column: String,
        ty: String,
        /// By what it is sorted then, where it says so: `COLLATE`.
        collation: Option<Name>,
        using: Option<String>,
    },
    AddIdentity {
        column: String,
    },
    /// `SET GENERATED`, `RESTART`, `DROP IDENTITY`.
    AlterIdentity {
        column: String,
    },
    /// `SET EXPRESSION`, which writes every row.
    SetExpression {
        column: String,
    },
    DropExpression {
        column: String,
    },
    SetStatistics {
        column: String,
    },
    /// `SET STORAGE`, `SET COMPRESSION`.
    SetStorage {
        column: String,
    },
    /// `SET (n_distinct = …)` of a column.
    SetColumnOptions {
        column: String,
    },
    AttachPartition {
        partition: Name,
        bounds: Bounds,
    },
    DetachPartition {
        partition: Name,
        concurrently: bool,
        finalize: bool,
    },
    SetLogged,
    SetUnlogged,
    SetTablespace {
        tablespace: String,
    },
    /// None for the method that the server takes where nothing is said.
    SetAccessMethod {
        method: Option<String>,
    },
    SetSchema {
        schema: String,
    },
    /// `SET (fillfactor = …)` and `RESET (…)`, with the names.
    SetOptions {
        names: Vec<String>,
    },
    /// `ENABLE` and `DISABLE TRIGGER`.
    Trigger,
    /// `ENABLE` and `DISABLE RULE`.
    Rule,
    /// `ENABLE`, `DISABLE`, `FORCE ROW LEVEL SECURITY`.
    RowSecurity,
    ReplicaIdentity,
    ClusterOn,
    SetWithoutCluster,
    OwnerTo,
    Inherit {
        parent: Name,
    },
    NoInherit {
        parent: Name,
    },
    OfType,
    /// Something that no server up to 18 knows, or a foreign table's option.
    Other,
}

impl ActionKind {
    /// Whether the server does it before all else that its statement says, wherever it stands there.
    pub fn drops(&self) -> bool {
        matches!(self, Self::DropConstraint { .. } | Self::DropColumn { .. })
    }
}
