//! Backfills that were begun, and that nobody is at.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "stalled_backfill",
    name: "Stalled backfills",
    unit: Unit::Minutes,
    limits: Limits::warning(15.0),
    well: "none was left in the middle",
    partly_hidden: None,
    query: |server| {
        let query = if server.has_backfills {
            include_str!("stalled_backfill.sql")
        } else {
            // Where there is no ledger, nothing was begun.
            "SELECT WHERE false"
        };
        Ok(query.to_owned())
    },
};
