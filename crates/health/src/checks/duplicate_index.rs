//! Indexes that another one makes needless.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "duplicate_index",
    name: "Redundant indexes",
    unit: Unit::Count,
    limits: Limits::warning(1.0),
    well: "none",
    partly_hidden: None,
    query: |server| Ok(include_str!("duplicate_index.sql").replace("{migrated}", server.migrated())),
};
