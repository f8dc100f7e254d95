//! Migrations: the folder, the history in the database, and the commands that bring them together.
//!
//! Everything is decided as a value first ([`folder`], [`diagnose`], [`script`]) and carried out
//! afterwards. The crate prints nothing, asks nothing, reads no environment and no clock, except to measure: commands take
//! what they need, tell their [`Progress`] to a callback and return what they did; [`report`] puts that
//! into words. Every command leaves the same files and the same `_prisma_migrations` as Prisma, so that
//! either tool can take over from the other.

mod apply;
mod attempt;
pub mod backup;
mod blockers;
mod checksum;
pub mod compare;
pub mod deploy;
pub mod dev;
mod diagnose;
mod difference;
pub mod down;
pub mod drift;
mod error;
pub mod execute;
pub mod extensions;
mod failed;
mod failure;
pub mod folder;
mod history;
mod locked;
pub mod namespaces;
mod notices;
pub mod plan;
pub mod pull;
pub mod push;
mod quoting;
pub mod rehearse;
pub mod renames;
mod replay;
pub mod report;
pub mod reset;
pub mod resolve;
pub mod restore;
pub mod risks;
pub mod rollouts;
mod script;
mod shadow;
mod span;
pub mod squash;
pub mod status;
mod steps;
mod summary;
mod timeouts;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use blockers::{Blocker, Watcher};
pub use diagnose::{Diagnosis, Failed, Relation};
pub use error::Error;
pub use failure::Place;
pub use folder::{Folder, Migration};
use postgres::{ConnectionUrl, Notice};
pub use replay::{Cache, Databases};
pub use shadow::{LeftOver, Prospect, left_overs, prospect};
pub use span::span;
use std::time::Duration;
pub use steps::{Resumes, build_beside};
pub use timeouts::{LOCK_TIMEOUT, MAX_RETRIES, Options};

/// What a command is doing, for whoever shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'a> {
    DatabaseCreated {
        name: &'a str,
    },
    /// A migration is about to run on the database.
    Applying {
        name: &'a str,
        number: usize,
        of: usize,
    },
    Applied {
        name: &'a str,
        number: usize,
        of: usize,
    },
    /// A migration that is no single transaction is about to run this step.
    Step {
        name: &'a str,
        number: usize,
        of: usize,
        /// What it does, in one line.
        summary: &'a str,
        /// Whether a ledger is kept, by which a deploy that is cut off goes on.
        is_kept: bool,
    },
    /// A migration that did not come to its end goes on, as far as its ledger says.
    Resuming {
        name: &'a str,
        done: usize,
        of: usize,
    },
    /// A step of it had done its work before it was cut off.
    FoundDone {
        number: usize,
        of: usize,
    },
    /// Migrations of several steps run without a ledger, for this reason of the server's.
    NoLedger {
        url: &'a ConnectionUrl,
        reason: &'a str,
    },
    /// The migration that is under way waits for these, and has so for so long.
    Blocked {
        by: &'a [Blocker],
        waited: Duration,
    },
    /// It did not get its locks, was rolled back and is tried again after a pause.
    Retrying {
        name: &'a str,
        /// How often it was tried again, this time included.
        number: u32,
        of: u32,
        pause: Duration,
    },
    /// The history now has a squashed migration in the place of those that it was squashed from.
    Squashed {
        name: &'a str,
    },
    /// A migration is about to be taken back.
    TakingBack {
        name: &'a str,
        number: usize,
        of: usize,
    },
    /// A migration is about to run on the shadow database.
    Replaying {
        name: &'a str,
        number: usize,
        of: usize,
    },
    /// The server said something beside its answers, as a script may have it do.
    Notice(&'a Notice),
}
