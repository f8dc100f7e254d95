//! Filling rows that were there before a migration: in batches, beside whoever uses the table.
//!
//! A [`Backfill`] is what one applied migration asks for: the fills of its `rollout.toml` with what follows them, or a
//! statement of somebody's own in its `backfill.sql`. Each of its [`Part`]s goes along a unique key of its table, from
//! the lowest to the highest that there was at its start, in batches that are a transaction each. How far it came is
//! written in the ledger `_driveflow.backfills` with the rows themselves: whatever is killed, both are there or neither.
//! [`progress()`] reads it.

mod batch;
mod control;
mod error;
mod key;
mod lag;
mod ledger;
mod pace;
mod progress;
mod run;
mod session;
mod source;
mod statement;
mod window;

#[cfg(test)]
mod tests;

pub use control::{again, cancel, pause, resume};
pub use error::Error;
pub use pace::{Limits, MAX_LAG, TARGET};
pub use progress::{Progress, State, is_done, progress};
pub use run::{Ended, Event, Options, Stop, Stopper, WORKERS, Waits, run, run_by, stop};
pub use source::{Backfill, Part, SCRIPT, Work, backfills, named};
pub use statement::Statement;
pub use window::Window;
