//! What a deploy runs migrations with, and how one of them may end.

use std::path::Path;

use postgres::Connection;

use crate::apply::gave_up::GaveUp;
use crate::apply::stop::Stop;
use crate::blockers::Watcher;
use crate::timeouts::Options;
use crate::{Error, Progress};

/// What migrations are run on, and how.
#[derive(Debug)]
pub(crate) struct Deploying<'a> {
    pub(crate) connection: &'a Connection,
    /// The folder of the migrations.
    pub(crate) folder: &'a Path,
    pub(crate) options: &'a Options,
    pub(crate) watcher: Watcher,
    /// Which of how many migrations it is.
    pub(crate) place: (usize, usize),
}

impl Deploying<'_> {
    /// That the migration is about to run.
    pub(crate) fn begin(&self, name: &str, progress: &mut dyn FnMut(Progress<'_>)) {
        let (number, of) = self.place;
        progress(Progress::Applying { name, number, of });
    }
}

/// Why a migration did not come to its end.
#[derive(Debug)]
pub(crate) enum End {
    /// What is then noted.
    Stop(Stop),
    /// It did not get its locks, and nothing is noted.
    GaveUp(GaveUp),
    /// It was not about the migration.
    Error(Error),
}
