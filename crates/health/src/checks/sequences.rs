//! Sequences, and the integer columns that they fill, near their end.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "sequences",
    name: "Sequences",
    unit: Unit::Percent,
    limits: Limits::new(70.0, 90.0),
    well: "none is near its end",
    partly_hidden: None,
    query: |_| Ok(include_str!("sequences.sql").to_owned()),
};
