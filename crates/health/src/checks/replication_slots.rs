//! Slots keep WAL on the disk until their reader has it: one without a reader fills the disk.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "replication_slots",
    name: "Replication slots",
    unit: Unit::Gigabytes,
    limits: Limits::new(1.0, 10.0),
    well: "no slot keeps much",
    partly_hidden: None,
    query: |_| Ok(include_str!("replication_slots.sql").to_owned()),
};
