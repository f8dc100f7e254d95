//! How full the connection table is.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "connections",
    name: "Connections",
    unit: Unit::Percent,
    limits: Limits::new(80.0, 90.0),
    well: "there is room",
    partly_hidden: None,
    query: |_| Ok(include_str!("connections.sql").to_owned()),
};
