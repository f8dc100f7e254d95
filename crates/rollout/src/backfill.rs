//! Filling rows that were there before a migration: in batches, beside whoever uses the table.
//!
//! A [`Backfill`] is what one applied migration asks for: the fills of its `rollout.toml` with what follows them, or a
//! statement of somebody's own in its `backfill.sql`. Each of its [`Part`]s goes along a unique key of its table, from
//! the lowest to the highest that there was at its start, in batches that are a transaction each. How far it came is
//! written in the ledger `_driveflow.backfills` with the rows themselves: whatever is killed, both are there or neither.
//! [`progress()`] reads it.

mod error;
mod ledger;
mod progress;
mod source;
mod statement;

pub use error::Error;
pub use ledger::ensure;
pub use progress::{Progress, State, is_done, progress};
pub use source::{Backfill, Part, SCRIPT, Work, backfills};
pub use statement::Statement;
