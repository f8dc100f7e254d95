//! Tables whose files hold much more than their rows.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "bloat",
    name: "Bloat",
    unit: Unit::Percent,
    limits: Limits::new(30.0, 50.0),
    well: "no larger table has much air",
    partly_hidden: None,
    query: |_| Ok(include_str!("bloat.sql").to_owned()),
};
