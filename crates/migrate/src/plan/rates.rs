//! How long work on a table takes that grows with it: rates that were measured.
//!
//! `cargo bench -p migrate --bench rates` measures them again, with a million rows (id text, a number, 60 bytes of text, a
//! time) on PostgreSQL 15 with its default settings and without fsync, everything in memory, on two cores of a development
//! machine that was idle; with other work on it, all of them are about half. A
//! table that has to come from a disk takes longer, and so does one that others use meanwhile: what is told is a scale,
//! not a promise.

use std::time::Duration;

use lint::Work;

use super::Touched;

/// Bytes of a table that are read in a second, as to check a constraint. Measured 1.6 GB.
pub const SCAN: u64 = 1_500_000_000;
/// Bytes of a table and its indexes that are written anew in a second. Measured 104 MB.
pub const REWRITE: u64 = 100_000_000;
/// Rows that are put into an index in a second. Measured 3.3 million numbers, 1.7 million texts.
pub const INDEX: u64 = 1_700_000;

/// How long it takes; none where it does not grow with the table, or where its size is not known.
pub fn estimate(touched: &Touched) -> Option<Duration> {
    let (amount, rate) = match touched.work {
        Work::None => return None,
        Work::Scan => (touched.bytes?, SCAN),
        Work::Rewrite => (touched.bytes? + touched.index_bytes?, REWRITE),
        Work::Index => (touched.rows?, INDEX),
    };
    Some(Duration::from_millis(amount.saturating_mul(1000) / rate))
}
