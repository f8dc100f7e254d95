//! What a migration does, step by step.
//!
//! The order of [`Step`]'s variants, and in them of the ids, is the order in which the steps are
//! taken. It is written here and nowhere else:
//! - names change before anything says the new ones;
//! - types before the tables that use them, tables before the keys that refer to them;
//! - foreign keys go before the tables, columns and indexes that they need;
//! - tables go before indexes are made, whose names they may have held, and before the enums
//!   that they use;
//! - enums go before tables are made, which share their names' space.

use crate::{
    ColumnId, EnumId, ExtensionId, ForeignKeyId, IndexId, NameChange, NamespaceId, Pair, TableId,
};

/// One step. Ids of what goes are of the previous schema, ids of what comes of the next.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Of [`Renamed`](crate::Renamed), whose schema, in which names have changed already, is the previous one of all
    /// steps. The way back ends with these, [reversed](NameChange::reversed), the last one first.
    Rename(NameChange),
    CreateSchema(NamespaceId),
    DropExtension(ExtensionId),
    CreateExtension(ExtensionId),
    AlterExtension(AlterExtension),
    CreateEnum(EnumId),
    AlterEnum(AlterEnum),
    DropForeignKey(ForeignKeyId),
    DropIndex(IndexId),
    AlterTable(AlterTable),
    DropTable(TableId),
    DropEnum(EnumId),
    CreateTable(TableId),
    CreateIndex(CreateIndex),
    RenameForeignKey(Pair<ForeignKeyId>),
    AddForeignKey(ForeignKeyId),
    RenameIndex(Pair<IndexId>),
}

impl Step {
    /// Whether nothing that is there goes or becomes another.
    pub fn only_adds(&self) -> bool {
        match self {
            Self::CreateSchema(_)
            | Self::CreateExtension(_)
            | Self::CreateEnum(_)
            | Self::CreateTable(_)
            | Self::CreateIndex(_)
            | Self::AddForeignKey(_) => true,
            Self::AlterEnum(alter) => alter.removed.is_empty(),
            Self::AlterTable(alter) => alter.changes.iter().all(|change| {
                matches!(change, TableChange::AddColumn(_) | TableChange::AddPrimaryKey)
            }),
            Self::Rename(_)
            | Self::DropExtension(_)
            | Self::AlterExtension(_)
            | Self::DropForeignKey(_)
            | Self::DropIndex(_)
            | Self::DropTable(_)
            | Self::DropEnum(_)
            | Self::RenameForeignKey(_)
            | Self::RenameIndex(_) => false,
        }
    }

    /// The name of the step in scripts.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Rename(change) => change.name(),
            Self::CreateSchema(_) => "CreateSchema",
            Self::DropExtension(_) => "DropExtension",
            Self::CreateExtension(_) => "CreateExtension",
            Self::AlterExtension(_) => "AlterExtension",
            Self::CreateEnum(_) => "CreateEnum",
            Self::AlterEnum(_) => "AlterEnum",
            Self::DropForeignKey(_) => "DropForeignKey",
            Self::DropIndex(_) => "DropIndex",
            Self::AlterTable(_) => "AlterTable",
            Self::DropTable(_) => "DropTable",
            Self::DropEnum(_) => "DropEnum",
            Self::CreateTable(_) => "CreateTable",
            Self::CreateIndex(_) => "CreateIndex",
            Self::RenameForeignKey(_) => "RenameForeignKey",
            Self::AddForeignKey(_) => "AddForeignKey",
            Self::RenameIndex(_) => "RenameIndex",
        }
    }
}

/// What changes in an extension; at least one of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AlterExtension {
    pub extensions: Pair<ExtensionId>,
    pub version: bool,
    pub schema: bool,
}

/// Values that come and go in an enum; at least one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AlterEnum {
    pub enums: Pair<EnumId>,
    pub added: Vec<String>,
    pub removed: Vec<String>,
    /// Columns of the enum that have a default, and the same columns in the next schema where
    /// they still have one and are of the enum.
    pub defaults: Vec<(ColumnId, Option<ColumnId>)>,
    /// Columns of the next schema that are and stay of the enum.
    pub moved: Vec<ColumnId>,
    /// Columns of the previous schema that are of the enum and will not be.
    pub left: Vec<ColumnId>,
}

/// Changes to one table, in the order in which they are written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AlterTable {
    pub tables: Pair<TableId>,
    pub changes: Vec<TableChange>,
    /// Columns of the previous schema that stop counting with a sequence that nothing counts with then.
    pub unused_sequences: Vec<ColumnId>,
}

/// One change to a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TableChange {
    DropPrimaryKey,
    RenamePrimaryKey,
    DropColumn(ColumnId),
    AddColumn(ColumnId),
    AlterColumn(Pair<ColumnId>, ColumnChanges),
    /// No cast leads from the old type to the new one: what the column holds is lost.
    RecreateColumn(Pair<ColumnId>, ColumnChanges),
    AddPrimaryKey,
}

/// What differs between two columns of one name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ColumnChanges {
    pub arity: bool,
    pub default: bool,
    pub ty: Option<TypeChange>,
    pub autoincrement: bool,
}

impl ColumnChanges {
    pub fn any(self) -> bool {
        self != Self::default()
    }
}

/// What a new type means for the values that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TypeChange {
    /// Every value fits.
    Safe,
    /// Values may be cut, rounded or refused.
    Risky,
    /// There is no cast.
    NotCastable,
}

/// A new index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CreateIndex {
    /// The previous form of its table. Indexes of new tables come first.
    pub previous_table: Option<TableId>,
    pub index: IndexId,
    /// Whether it was there before and went with a column that is made anew.
    pub recreated: bool,
}
