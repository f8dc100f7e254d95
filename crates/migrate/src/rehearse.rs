//! `migrate rehearse`: what the pending migrations would do, measured on a copy with data.
//!
//! - `copy` is where it happens: a database that is dropped in any case;
//! - `relations` is what the copy has before and after each migration: what was rewritten, built, changed;
//! - `locks` is what a migration holds, and for how long;
//! - `load` are clients that read and write meanwhile, and how long they had to wait;
//! - `record` is what is written down, and what a deploy may ask for.
//!
//! The migrations run exactly as a deploy runs them, one after the other. Clients run on a second copy, so that they do
//! not disturb what is measured on the first.

mod copy;
mod load;
mod locks;
mod record;
mod relations;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use postgres::{Connection, ConnectionUrl};

pub use self::copy::{Copied, Stage};
pub use self::load::{Load, Stall};
pub use self::locks::Lock;
pub use self::record::{FILE, Record, Rules};
pub use self::relations::{Changed, Rewritten};
use crate::folder::Folder;
use crate::{Error, Options, deploy, diagnose, history};

/// What the pending migrations did to a copy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rehearsal {
    /// As the server counts: 150004 is 15.4.
    pub server_version: u32,
    /// Whether any table of the copy had rows before.
    pub has_rows: bool,
    /// The migrations that were run, in order, the one that failed among them.
    pub migrations: Vec<Measured>,
    /// Why one of them failed, and what to do.
    pub failure: Option<String>,
    /// What clients met meanwhile, where there were any.
    pub load: Option<Load>,
}

/// One migration, measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    pub name: String,
    /// Of its script, as it was run.
    pub checksum: String,
    pub took: Duration,
    /// Its steps, where it is no single transaction.
    pub steps: Vec<Step>,
    /// On tables that were there before, by table and mode, the strongest first.
    pub locks: Vec<Lock>,
    pub rewritten: Vec<Rewritten>,
    pub changed: Vec<Changed>,
}

/// A step of a migration that is no single transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it does, in one line.
    pub summary: String,
    pub took: Duration,
}

/// What a rehearsal is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'a> {
    Measuring {
        name: &'a str,
        number: usize,
        of: usize,
    },
    /// Again, with clients at work.
    Loading {
        tables: usize,
    },
}

/// Which migrations of the folder the database at `url` has not; all of them where there is no database.
pub async fn pending(folder: &Folder, url: &ConnectionUrl) -> Result<Vec<String>, Error> {
    match postgres::connect(url).await {
        Err(error) if error.is_database_missing() => Ok(pending_of(folder, None)),
        connected => {
            let connection = connected?;
            let rows = history::History::new(&connection).read().await?;
            connection.close().await;
            Ok(pending_of(folder, rows.as_deref()))
        }
    }
}

/// Why a deploy of the folder to the database at `url` is not what was rehearsed; nothing where it is. `text` is what was
/// written of the rehearsal.
///
/// Fails where a deploy would before it ran anything.
pub async fn refusal(
    text: Option<&str>,
    folder: &Folder,
    url: &ConnectionUrl,
    options: &Options,
) -> Result<Option<String>, Error> {
    let preview = deploy::preview(folder, url, options).await?;
    let pending: Vec<String> = preview.migrations.into_iter().map(|one| one.name).collect();
    let admin = postgres::database::connect_admin(url).await?;
    let major = admin.server_major();
    admin.close().await;
    Ok(record::refusal(text, folder, &pending, major))
}

fn pending_of(folder: &Folder, rows: Option<&[history::Row]>) -> Vec<String> {
    diagnose::diagnose(folder, Some(rows.unwrap_or_default())).pending
}

/// Brings an empty copy to where the database is: all migrations but these.
pub async fn bring_up_to(
    folder: &Folder,
    copy: &ConnectionUrl,
    without: &[String],
) -> Result<(), Error> {
    deploy::deploy(&folder.without(without), copy, &mut |_| ()).await.map(drop)
}

/// Runs what is pending on the copy; with clients on `twin`, where there is one, which must be like the copy.
///
/// A migration that fails is a result too. Fails where the copy cannot be reached.
pub async fn rehearse(
    folder: &Folder,
    copy: &ConnectionUrl,
    twin: Option<&ConnectionUrl>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Rehearsal, Error> {
    let pending = pending(folder, copy).await?;
    let connection = postgres::connect(copy).await?;
    // What nobody is connected to for an hour is taken for left over.
    let keeper = match twin {
        Some(twin) => Some(postgres::connect(twin).await?),
        None => None,
    };
    let mut rehearsal = Rehearsal {
        server_version: connection.server_version(),
        has_rows: relations::has_rows(&connection).await?,
        ..Rehearsal::default()
    };
    for (at, name) in pending.iter().enumerate() {
        progress(Progress::Measuring { name, number: at + 1, of: pending.len() });
        let folder = folder.without(&pending[at + 1..]);
        let (measured, failure) = measure(&folder, name, &connection, copy).await?;
        rehearsal.migrations.push(measured);
        rehearsal.failure = failure;
        if rehearsal.failure.is_some() {
            break;
        }
    }
    connection.close().await;
    if let Some(keeper) = keeper {
        keeper.close().await;
    }
    if let (Some(twin), None) = (twin, &rehearsal.failure) {
        let locks = rehearsal.migrations.iter().flat_map(|measured| &measured.locks);
        let tables: BTreeSet<(String, String)> =
            locks.map(|lock| (lock.schema.clone(), lock.table.clone())).collect();
        progress(Progress::Loading { tables: tables.len() });
        rehearsal.load = Some(load::meanwhile(twin, tables, folder).await?);
    }
    Ok(rehearsal)
}

/// Runs the one pending migration of a folder, and says why it failed, if it did.
async fn measure(
    folder: &Folder,
    name: &str,
    connection: &Connection,
    copy: &ConnectionUrl,
) -> Result<(Measured, Option<String>), Error> {
    let before = relations::read(connection).await?;
    locks::keep_at_the_end(connection, copy.schema()).await?;
    let (began, took) = (Cell::new(Instant::now()), Cell::new(None));
    let mut begun: Vec<(String, Instant)> = Vec::new();
    let mut watch = locks::Watch::start(connection).await?;
    let mut hear = |said: crate::Progress<'_>| match said {
        crate::Progress::Applying { .. } => began.set(Instant::now()),
        crate::Progress::Step { summary, .. } => begun.push((summary.to_owned(), Instant::now())),
        crate::Progress::Applied { .. } => took.set(Some(began.get().elapsed())),
        _ => {}
    };
    let deployed = {
        let deploying = deploy::deploy(folder, copy, &mut hear);
        tokio::select! {
            deployed = deploying => deployed,
            lost = watch.run() => return Err(lost),
        }
    };
    let took = took.get().unwrap_or_else(|| began.get().elapsed());
    relations::settle(connection).await?;
    let kept = locks::kept_at_the_end(connection).await?;
    let after = relations::read(connection).await?;
    let checksum = folder.find(name).map(crate::Migration::checksum).unwrap_or_default();
    let measured = Measured {
        name: name.to_owned(),
        checksum,
        took,
        steps: steps(begun, began.get() + took),
        locks: watch.into_locks(&kept, &before, took),
        rewritten: relations::rewritten(connection, &before, &after).await?,
        changed: relations::changed(&before, &after),
    };
    let failure = deployed.err().map(|error| error.to_string());
    Ok((measured, failure))
}

/// Each step ends where the next one begins.
fn steps(begun: Vec<(String, Instant)>, end: Instant) -> Vec<Step> {
    let mut ends: Vec<Instant> = begun.iter().skip(1).map(|(_, begin)| *begin).collect();
    ends.push(end);
    let step = |((summary, begin), end): ((String, Instant), Instant)| Step {
        summary,
        took: end.saturating_duration_since(begin),
    };
    begun.into_iter().zip(ends).map(step).collect()
}
