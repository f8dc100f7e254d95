//! What keeps VACUUM from removing dead rows: the oldest transaction that somebody may still want to look back to.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "xmin_holders",
    name: "Cleaning held up",
    unit: Unit::Transactions,
    limits: Limits::new(1e6, 5e7),
    well: "nothing holds it up",
    partly_hidden: Some("sessions"),
    query: |_| Ok(include_str!("xmin_holders.sql").to_owned()),
};
