//! The project's own PostgreSQL: found or fetched, made, started, stopped.
//!
//! For those who have no server: a private cluster below the project's `.driveflow/`, or where
//! `.driveflow/where` says, reached over a Unix socket in a folder that only its owner can enter. Everything here is plain blocking code
//! over files and processes; a file lock makes two commands at once start one server.
//!
//! - `place` knows where things live and under which account the server runs;
//! - `identity` tells projects apart that have, or had, the same path;
//! - `lookup` says where PostgreSQL's programs may be, `tools` whether those in a folder will do, `fetch` brings those of
//!   `packages` where there are none, `find` does it all;
//! - `data` makes the data folder, `scratch` is where unfinished things stand until then;
//! - `client` says which client program fits a server, ours or not;
//! - `cluster` starts and stops the server, `advice` says what can be done about its last words, `watchdog` ends one for tests that nobody wants;
//! - `probe` asks a socket or a process whether it is alive.
//!
//! It knows nothing of databases beyond the cluster's own.

mod advice;
mod client;
mod cluster;
mod data;
mod fetch;
mod find;
mod identity;
mod lookup;
#[cfg(any(test, feature = "testing"))]
pub(crate) mod own;
mod packages;
mod place;
mod probe;
mod scratch;
#[cfg(any(test, feature = "testing"))]
pub(crate) mod second;
mod tools;
mod watchdog;

#[cfg(test)]
pub(crate) mod tests;

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};

use crate::{ConnectionUrl, Error};
use place::Place;

pub use client::ClientProgram;
pub use lookup::ToolLookup;
pub use packages::{Npm, Wheel};

/// The database of a project that says nothing else.
pub const DEFAULT_DATABASE: &str = "driveflow";
/// The superuser of the project's cluster.
pub const USER: &str = "postgres";

/// A PostgreSQL that belongs to one project. Making this value touches nothing.
#[derive(Clone, Debug)]
pub struct Server {
    root: PathBuf,
    kind: Kind,
    lookup: ToolLookup,
}

/// What a cluster is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A developer's data: durable.
    Development,
    /// Throw-away databases: fast, nothing survives a power cut.
    Tests,
}

/// Whether the project's server is there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// It answers; `process` is its process.
    Running {
        /// The URL of [`DEFAULT_DATABASE`], which need not exist.
        url: Box<ConnectionUrl>,
        /// The server's process id.
        process: u32,
    },
    /// There is a data folder and no server.
    Stopped,
    /// There was never a server.
    Absent,
}

impl Server {
    /// The development server of the project at `root`.
    pub fn for_project(root: &Path) -> Server {
        Server { root: root.to_owned(), kind: Kind::Development, lookup: ToolLookup::system() }
    }

    /// The server that the tests of the project at `root` share.
    pub fn for_tests(root: &Path) -> Server {
        Server { root: root.to_owned(), kind: Kind::Tests, lookup: ToolLookup::system() }
    }

    /// The same server, its programs looked for elsewhere.
    #[must_use]
    pub fn with_lookup(self, lookup: ToolLookup) -> Server {
        Server { lookup, ..self }
    }

    /// Makes and starts what is missing and gives the URL of [`DEFAULT_DATABASE`] there, which need
    /// not exist yet. Takes a millisecond when the server is up.
    ///
    /// `progress` is told of each step that takes time. An interruption at any point leaves nothing
    /// half made. Fails with P1001 and the server's last words, or with P1002 where one is there that
    /// says nothing.
    pub fn ensure_running(&self, progress: &mut dyn FnMut(&str)) -> Result<ConnectionUrl, Error> {
        identity::establish(&self.root);
        let place = Place::find(&self.root, self.kind)?;
        place.create()?;
        if self.kind == Kind::Tests {
            watchdog::renew(&place);
        }
        if place.check_socket_folder().is_ok() && cluster::is_up(&place, self.kind) {
            return Ok(place.url());
        }
        let _lock = lock(&place.lock_file(), progress)?;
        identity::tell(&self.root, &place.base);
        place.create_socket_folder()?;
        cluster::start(&place, self.kind, &self.lookup, progress)?;
        Ok(place.url())
    }

    /// Stops the server, ending its sessions, and waits for its end; whether it was running.
    pub fn stop(&self) -> Result<bool, Error> {
        let place = Place::find(&self.root, self.kind)?;
        if !place.home.exists() {
            return Ok(false);
        }
        place.create()?;
        let _lock = lock(&place.lock_file(), &mut |_| {})?;
        cluster::stop(&place)
    }

    /// Whether the server is there, without starting anything.
    pub fn status(&self) -> Result<Status, Error> {
        let place = Place::find(&self.root, self.kind)?;
        Ok(match cluster::process(&place) {
            Some(process) => Status::Running { url: Box::new(place.url()), process },
            None if place.data().exists() => Status::Stopped,
            None => Status::Absent,
        })
    }

    /// The URL of [`DEFAULT_DATABASE`] on this server, running or not. The first start may change
    /// it, as it may [`Server::folder`]: it gives the project its identity.
    pub fn url(&self) -> Result<ConnectionUrl, Error> {
        Ok(Place::find(&self.root, self.kind)?.url())
    }

    /// The folder with the programs (`psql`, `pg_dump`, …) of this server, where any are found.
    ///
    /// Nothing is downloaded; the wheel has all of them, other sources perhaps only the server.
    pub fn programs(&self) -> Result<Option<PathBuf>, Error> {
        let place = Place::find(&self.root, self.kind)?;
        Ok(find::find(&self.lookup, &place, data::version(&place)).map(|tools| tools.bin))
    }

    /// Where the server writes its log.
    pub fn log_file(&self) -> Result<PathBuf, Error> {
        Ok(Place::find(&self.root, self.kind)?.log_file())
    }

    /// Where everything of this server lives.
    pub fn folder(&self) -> Result<PathBuf, Error> {
        Ok(Place::find(&self.root, self.kind)?.home)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Status::Running { url, process } => write!(f, "running as process {process} at {url}"),
            Status::Stopped => f.write_str("stopped"),
            Status::Absent => f.write_str("not made yet"),
        }
    }
}

/// Holds the lock of a server's folder until dropped.
fn lock(path: &Path, progress: &mut dyn FnMut(&str)) -> Result<File, Error> {
    let failed = |error| Error::server_io(format_args!("cannot lock `{}`", path.display()), error);
    let file = File::options().create(true).append(true).open(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(std::fs::TryLockError::WouldBlock) => {
            progress("waiting for another command that is starting or stopping PostgreSQL");
            file.lock().map_err(failed)?;
        }
        Err(std::fs::TryLockError::Error(error)) => return Err(failed(error)),
    }
    Ok(file)
}
