//! Sessions that wait for a lock that somebody else holds.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "blocking",
    name: "Blocked sessions",
    unit: Unit::Seconds,
    limits: Limits::new(5.0, 30.0),
    well: "nobody waits for a lock",
    partly_hidden: None,
    query: |server| {
        // Since PostgreSQL 14 it is known since when a lock is waited for.
        let waitstart = if server.version >= 14 { "waitstart" } else { "NULL::timestamptz" };
        Ok(include_str!("blocking.sql").replace("{waitstart}", waitstart))
    },
};
