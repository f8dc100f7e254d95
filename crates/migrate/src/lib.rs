//! Migrations: the folder, the history in the database, and the commands that bring them together.
//!
//! Everything is decided as a value first ([`folder`], [`diagnose`], [`script`]) and carried out
//! afterwards. The crate prints nothing, asks nothing, reads no environment and no clock: commands take
//! what they need, tell their [`Progress`] to a callback and return what they did; [`report`] puts that
//! into words. Every command leaves the same files and the same `_prisma_migrations` as Prisma, so that
//! either tool can take over from the other.

mod apply;
mod checksum;
pub mod compare;
pub mod deploy;
pub mod dev;
mod diagnose;
pub mod down;
pub mod drift;
mod error;
pub mod execute;
pub mod extensions;
mod failure;
pub mod folder;
mod history;
mod locked;
pub mod namespaces;
mod notices;
pub mod pull;
pub mod push;
mod quoting;
pub mod renames;
mod replay;
pub mod report;
pub mod reset;
pub mod resolve;
pub mod risks;
mod script;
mod shadow;
pub mod squash;
pub mod status;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use diagnose::{Diagnosis, Failed, Relation};
pub use error::Error;
pub use failure::Place;
pub use folder::{Folder, Migration};
use postgres::Notice;
pub use replay::Cache;
pub use shadow::{LeftOver, Prospect, left_overs, prospect};

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
