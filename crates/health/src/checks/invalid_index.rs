//! Indexes whose building failed.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "invalid_index",
    name: "Invalid indexes",
    unit: Unit::Count,
    limits: Limits::warning(1.0),
    well: "none",
    partly_hidden: None,
    query: |_| Ok(include_str!("invalid_index.sql").to_owned()),
};
