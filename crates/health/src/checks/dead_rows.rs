//! Dead rows that autovacuum should have removed by now.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "dead_rows",
    name: "Dead rows",
    unit: Unit::Times,
    limits: Limits::new(1.0, 3.0),
    well: "autovacuum keeps up",
    partly_hidden: None,
    query: |_| Ok(include_str!("dead_rows.sql").to_owned()),
};
