//! Large tables that are often read from end to end.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "sequential_scans",
    name: "Tables read whole",
    unit: Unit::Rows,
    limits: Limits::warning(1e5),
    well: "no large one",
    partly_hidden: None,
    query: |_| Ok(include_str!("sequential_scans.sql").to_owned()),
};
