//! The checks, a file each: the three of the guide, which are code, and those that are a query.

pub(crate) mod connection;
pub(crate) mod recent_bookings;
pub(crate) mod table_counts;

mod bloat;
mod blocking;
mod cache_hits;
mod connections;
mod dead_rows;
mod duplicate_index;
mod foreign_key_index;
mod idle_in_transaction;
mod invalid_index;
mod left_overs;
mod long_transaction;
mod not_valid_constraint;
mod replication_lag;
mod replication_slots;
mod sequences;
mod sequential_scans;
mod slow_statements;
mod stalled_backfill;
mod unused_index;
mod wraparound;
mod xmin_holders;

use crate::check::Check;

/// The checks that are a query, in the order of a report.
pub(crate) const ALL: &[Check] = &[
    blocking::CHECK,
    long_transaction::CHECK,
    idle_in_transaction::CHECK,
    xmin_holders::CHECK,
    connections::CHECK,
    replication_lag::CHECK,
    replication_slots::CHECK,
    invalid_index::CHECK,
    not_valid_constraint::CHECK,
    stalled_backfill::CHECK,
    foreign_key_index::CHECK,
    duplicate_index::CHECK,
    unused_index::CHECK,
    sequential_scans::CHECK,
    slow_statements::CHECK,
    dead_rows::CHECK,
    bloat::CHECK,
    wraparound::CHECK,
    sequences::CHECK,
    cache_hits::CHECK,
    left_overs::CHECK,
];
