//! `RENAME` of tables, types, columns and what belongs to them.

use crate::{NameChange, quote};

pub(super) fn statement(change: &NameChange, default_namespace: &str) -> String {
    let object = |name| quote::object(name, default_namespace);
    match change {
        NameChange::Table { from, to } => {
            format!("ALTER TABLE {} RENAME TO {}", object(from), quote::ident(to))
        }
        NameChange::Enum { from, to } => {
            format!("ALTER TYPE {} RENAME TO {}", object(from), quote::ident(to))
        }
        NameChange::EnumValue { of, from, to } => format!(
            "ALTER TYPE {} RENAME VALUE {} TO {}",
            object(of),
            quote::literal(from),
            quote::literal(to)
        ),
        NameChange::Column { table, from, to } => format!(
            "ALTER TABLE {} RENAME COLUMN {} TO {}",
            object(table),
            quote::ident(from),
            quote::ident(to)
        ),
        NameChange::Index { table, from, to } => {
            format!("ALTER INDEX {} RENAME TO {}", object(&table.sibling(from)), quote::ident(to))
        }
        NameChange::ForeignKey { table, from, to } => format!(
            "ALTER TABLE {} RENAME CONSTRAINT {} TO {}",
            object(table),
            quote::ident(from),
            quote::ident(to)
        ),
    }
}
