//! How far standbys are behind.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "replication_lag",
    name: "Replication lag",
    unit: Unit::Seconds,
    limits: Limits::new(5.0, 60.0),
    well: "no standby is behind",
    partly_hidden: Some("standbys"),
    query: |_| Ok(include_str!("replication_lag.sql").to_owned()),
};
