//! Sessions that began a transaction and then did nothing: the application forgot it, or waits for something else.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "idle_in_transaction",
    name: "Idle in transaction",
    unit: Unit::Seconds,
    limits: Limits::new(30.0, 300.0),
    well: "no session",
    partly_hidden: Some("sessions"),
    query: |_| Ok(include_str!("idle_in_transaction.sql").to_owned()),
};
