//! How near a database is to running out of transaction ids.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "wraparound",
    name: "Transaction ids",
    unit: Unit::Transactions,
    limits: Limits::new(5e8, 1.2e9),
    well: "far from running out",
    partly_hidden: None,
    query: |_| Ok(include_str!("wraparound.sql").to_owned()),
};
