//! Foreign keys that make a DELETE in one table read another one whole.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "foreign_key_index",
    name: "Foreign keys without index",
    unit: Unit::Rows,
    limits: Limits::warning(1e4),
    well: "every larger table has its indexes",
    partly_hidden: None,
    query: |server| {
        Ok(include_str!("foreign_key_index.sql").replace("{migrated}", server.migrated()))
    },
};
