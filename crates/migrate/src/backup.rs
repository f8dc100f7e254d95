//! `db backup`: all of a database as files, at one moment, and known to be whole.
//!
//! - `tool` runs `pg_dump` and `pg_restore`, which end with whoever waits for them;
//! - `snapshot` is the moment: what the database holds, counted in the snapshot that the dump uses;
//! - `listing` reads a dump again: which tables it has, and how many rows of each;
//! - `manifest` is what lies beside a dump: what it is of, and the checksum of each of its files;
//! - `origin` is the server that it is of;
//! - `shelf` is the folder of the backups: the latest, those that are too many, those that nobody finished;
//! - `ledger` notes them in the database, where it may.
//!
//! A backup is made in a folder whose name says that it is partial, read again, and only then given its name: whatever
//! ends the command, no half of a backup is taken for a whole one.

mod ledger;
pub(crate) mod listing;
mod manifest;
mod origin;
pub(crate) mod shelf;
mod snapshot;
pub(crate) mod tool;

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use postgres::ConnectionUrl;
use postgres::server::Server;

pub(crate) use self::ledger::{carry, read as read_ledger};
pub use self::manifest::{Manifest, TableRows};
pub use self::origin::Origin;
use self::shelf::Partial;
pub(crate) use self::snapshot::{Moment, count, tables};
use self::tool::{DUMP, RESTORE, Tool};
use crate::Error;

/// What is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The database.
    pub url: &'a ConnectionUrl,
    /// Knows where PostgreSQL's programs are.
    pub server: &'a Server,
    /// The folder of the backups.
    pub shelf: &'a Path,
    /// How many tables are written at a time.
    pub jobs: usize,
    /// How many backups of this database may be there afterwards; `None` is all.
    pub keep: Option<usize>,
    pub now: SystemTime,
}

/// A backup that was made and read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Its folder.
    pub folder: PathBuf,
    pub manifest: Manifest,
    /// Why it is not noted in the database, where it is not.
    pub unnoted: Option<String>,
    /// The backups that were too many, and are gone.
    pub removed: Vec<PathBuf>,
}

/// What a backup is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many bytes are written, compressed, of a database that takes so many on the server.
    Writing { written: u64, of: u64 },
    /// It is read again.
    Reading,
    /// Its files get their checksums.
    Summing,
}

/// How often progress is told.
const GLANCE: Duration = Duration::from_millis(500);

/// Makes a backup.
///
/// Fails before anything is written where PostgreSQL's programs are missing or older than the server, and leaves nothing
/// where anything fails later or the command is stopped.
pub async fn backup(
    wanted: Wanted<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Backup, Error> {
    let Wanted { url, server, shelf, jobs, keep, now } = wanted;
    refuse_pooler(url)?;
    let connection = postgres::connect(url).await?;
    let dump = Tool::find(server, DUMP, connection.server_major())?;
    let restore = Tool::find(server, RESTORE, dump.major())?;
    let partial = Partial::create(shelf, url.database(), now)?;
    let origin = Origin::of(&connection).await;
    let moment = Moment::take(&connection).await?;
    let (counted, ()) = tokio::try_join!(
        moment.count_rows(),
        write(&dump, url, &moment, &partial, jobs, progress)
    )?;
    let manifest = moment.manifest(&origin, counted, dump.version(), now);
    moment.end().await?;
    progress(Progress::Reading);
    listing::check(&restore, &partial.dump(), &manifest.tables).await?;
    progress(Progress::Summing);
    let (folder, manifest) = partial.finish(manifest)?;
    let unnoted = ledger::note(&connection, &manifest, &folder).await.err();
    let removed = shelf::remove_beyond(shelf, &origin, url.database(), keep)?;
    for (id, _) in &removed {
        // It is a note about files: where it cannot be taken back, the files are gone all the same.
        let _ = ledger::forget(&connection, id).await;
    }
    connection.close().await;
    let removed = removed.into_iter().map(|(_, folder)| folder).collect();
    let unnoted = unnoted.map(|error| error.to_string());
    Ok(Backup { folder, manifest, unnoted, removed })
}

/// A dump takes sessions of its own, all with one snapshot.
pub(crate) fn refuse_pooler(url: &ConnectionUrl) -> Result<(), Error> {
    if !url.is_pgbouncer() {
        return Ok(());
    }
    let message = "backups need the server itself, and the URL leads to a pooler (pgbouncer=true)";
    Err(Error::plain(message).with_help(
        "name the server by `directUrl` beside `url` in the datasource, or by --database-url",
    ))
}

async fn write(
    dump: &Tool,
    url: &ConnectionUrl,
    moment: &Moment<'_>,
    partial: &Partial,
    jobs: usize,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    let folder = partial.dump();
    let arguments = [
        "--format=directory".to_owned(),
        format!("--jobs={jobs}"),
        format!("--snapshot={}", moment.snapshot),
        format!("--file={}", folder.display()),
        "--no-password".to_owned(),
    ];
    let mut running = dump.start(Some(url), &arguments)?;
    loop {
        match tokio::time::timeout(GLANCE, running.end()).await {
            Ok(ended) => return ended.map(drop),
            Err(_) => progress(Progress::Writing {
                written: shelf::size_of(&folder),
                of: moment.database_size,
            }),
        }
    }
}
