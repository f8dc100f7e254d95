//! How much is read from memory.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "cache_hits",
    name: "Cache",
    unit: Unit::Percent,
    limits: Limits::new(99.0, 90.0),
    well: "reads come from memory",
    partly_hidden: None,
    query: |_| Ok(include_str!("cache_hits.sql").to_owned()),
};
