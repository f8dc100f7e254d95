//! What commands that were killed left in the database.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "left_overs",
    name: "Left-overs",
    unit: Unit::Count,
    limits: Limits::warning(1.0),
    well: "none",
    partly_hidden: None,
    query: |_| Ok(include_str!("left_overs.sql").to_owned()),
};
