//! What the client writes into a column that a new row does not set.

use super::Scope;
use crate::ids;
use crate::model::{ClientDefault, Descriptor, Kind};
use crate::value::PrismaValue;

/// What it writes. Where it writes nothing, the database has a default, or refuses the row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ColumnDefault<'s> {
    /// Whose row it is is known.
    Tenant(&'s PrismaValue),
    /// A value of its own for each row.
    Made(ClientDefault, Kind),
    /// What the column would hold in any case.
    Null,
}

/// What the client writes into this column, whatever other rows set.
pub(crate) fn of<'s>(
    scope: Scope<'s>,
    model: &'static Descriptor,
    column: u16,
) -> Option<ColumnDefault<'s>> {
    let column = model.column(column);
    match scope.tenant {
        Some(tenant) if column.tenant => return Some(ColumnDefault::Tenant(tenant)),
        _ => {}
    }
    let default = if column.updated_at { ClientDefault::Now } else { column.default };
    (default != ClientDefault::None).then_some(ColumnDefault::Made(default, column.kind))
}

impl ColumnDefault<'_> {
    /// The value for one row. `now` is the moment of the query.
    pub(crate) fn value(self, now: &PrismaValue) -> PrismaValue {
        match self {
            Self::Tenant(tenant) => tenant.clone(),
            Self::Made(default, kind) => ids::generate(default, kind, now),
            Self::Null => PrismaValue::Null,
        }
    }
}
