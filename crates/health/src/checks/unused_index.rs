//! Indexes of some size that nothing reads.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "unused_index",
    name: "Unused indexes",
    unit: Unit::Megabytes,
    limits: Limits::warning(10.0),
    well: "none of some size",
    partly_hidden: None,
    query: |server| Ok(include_str!("unused_index.sql").replace("{migrated}", server.migrated())),
};
