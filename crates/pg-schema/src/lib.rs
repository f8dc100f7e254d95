//! PostgreSQL schemas as plain data: what a database holds or should hold, the difference
//! between two of them as steps, the SQL of those steps, and what they put at risk.
//!
//! Everything here is pure: no connection, no file, no clock. It knows PostgreSQL and nothing
//! of Prisma; whoever wants a schema made of models, or one read from a server, builds a
//! [`PgSchema`] and comes here with a pair of them.
//!
//! ```
//! use pg_schema::{Column, ColumnType, ObjectName, PgSchema, Table};
//!
//! let mut table = Table::new(ObjectName::bare("Note"));
//! table.columns.push(Column::required("body", ColumnType::Text));
//! let schema = PgSchema { tables: vec![table], ..PgSchema::default() };
//!
//! assert!(schema.table(&ObjectName::bare("Note")).is_some());
//! ```

mod column;
mod default;
mod diff;
mod drift;
mod ids;
mod key;
mod name;
mod outcome;
mod pair;
pub mod quote;
mod relocate;
mod rename;
mod render;
mod schema;
mod step;
mod stored;
mod warning;

pub use column::{Arity, Column, ColumnType, Generated, GeneratedKind, Identity, Printed};
pub use default::{ColumnDefault, Literal, Number};
pub use diff::{column_changes, diff};
pub use drift::drift_summary;
pub use ids::{
    ColumnId, EnumId, EnumValueId, ExtensionId, ForeignKeyId, IndexId, NamespaceId, TableId,
};
pub use key::{
    Deferrable, ForeignKey, ForeignKeyAction, Index, IndexAlgorithm, IndexConstraint, IndexKey,
    IndexKeyPart, NullsOrder, OpClass, PrimaryKey, SortOrder,
};
pub use name::ObjectName;
pub use outcome::outcome;
pub use pair::Pair;
pub use rename::{
    Candidate, NameChange, Rename, Renamed, candidates, column_before, table_before,
    with_names_changed,
};
pub use render::{EMPTY_SCRIPT, column_type, default_expression, render, statements};
pub use schema::{
    Check, Enum, Extension, Partitioning, PgSchema, Sequence, SequenceOwner, Table, View, ViewKind,
};
pub use step::{
    AlterEnum, AlterExtension, AlterTable, ColumnChanges, CreateIndex, Step, TableChange,
    TypeChange,
};
pub use warning::{RowCounts, Warning, WarningKind, warnings, warnings_block};

#[cfg(test)]
mod tests;
