//! Transactions that are open for minutes: they keep locks, and old row versions from being cleaned up.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "long_transaction",
    name: "Long transactions",
    unit: Unit::Minutes,
    limits: Limits::new(1.0, 5.0),
    well: "none is open for long",
    partly_hidden: Some("transactions"),
    query: |_| Ok(include_str!("long_transaction.sql").to_owned()),
};
