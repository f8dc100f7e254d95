//! What can be done in the place of a reset: the database is taken as it is, and migrations and history follow it.
//!
//! Everything happens under the migration lock and looks at the database anew: consent was given to what was
//! there a moment ago, and where that has changed nothing is done. Nothing in here changes a table of the user's,
//! except that pending migrations are applied where the database has not already what they do.

use std::fs;
use std::time::SystemTime;

use pg_schema::Pair;
use postgres::{Connection, introspect};

use super::{Databases, Next, Remedy, ResetRequired, create, replay};
use crate::deploy::apply_pending;
use crate::diagnose::{diagnose, pending};
use crate::difference::{Difference, comparable};
use crate::folder::Folder;
use crate::history::History;
use crate::locked::locked_for;
use crate::rollouts::without_early;
use crate::{Error, Options, Progress};

/// What was done in the place of a reset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Adopted {
    Drift {
        /// What was pending, and has been run first.
        applied: Vec<String>,
        /// The new migration; none where the pending ones did what had been done by hand.
        created: Option<String>,
        /// The migrations that the history has forgotten, since the folder does not have them.
        forgotten: Vec<String>,
    },
    /// These count as applied as they are now.
    Recorded(Vec<String>),
}

/// Carries out the remedy that `required` has. A new migration is called by `title` and `now`.
///
/// Fails where the database is no longer as `required` tells, and as [`prepare`](super::prepare) does.
pub async fn adopt(
    folder: &Folder,
    schema: &psl::Schema,
    databases: Databases<'_>,
    required: &ResetRequired,
    (title, now): (&str, SystemTime),
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Adopted, Error> {
    let remedy = required.remedy().ok_or_else(changed)?;
    let desired = mapping::desired_schema_in(schema, databases.main.schema());
    let connection = postgres::connect(databases.main).await?;
    let rows = History::new(&connection).read().await?;
    let diagnosis = diagnose(folder, rows.as_deref());
    let namespaces = &desired.namespaces;
    let replayed = replay(&connection, folder, &diagnosis, databases, namespaces, progress);
    // In a box, because it is a large future.
    let replayed = Box::pin(replayed).await?;
    locked_for(folder.scripts(), connection, async |connection| {
        let history = History::new(connection);
        let rows = history.read().await?;
        let mut actual = introspect(connection, &desired.namespaces).await?;
        without_early(&mut actual, &replayed.applied, folder, &diagnosis);
        let is_at_end = Difference::drift(Pair::new(&replayed.all, &actual), &desired).is_empty();
        if diagnose(folder, rows.as_deref()) != required.diagnosis
            || is_at_end != required.is_at_end
            || Difference::drift(Pair::new(&replayed.applied, &actual), &desired) != required.drift
        {
            return Err(changed());
        }
        match remedy {
            Remedy::AcceptEdits => {
                for name in &required.diagnosis.edited {
                    let migration = folder.find(name).ok_or_else(changed)?;
                    history.take_checksum(migration).await?;
                }
                Ok(Adopted::Recorded(required.diagnosis.edited.clone()))
            }
            Remedy::Baseline => {
                baseline_pending(&history, folder, required).await?;
                Ok(Adopted::Recorded(required.diagnosis.pending.clone()))
            }
            Remedy::AdoptDrift => {
                let applied = if required.has_pending_done() {
                    baseline_pending(&history, folder, required).await?;
                    Vec::new()
                } else {
                    history.create().await?;
                    apply_pending(connection, folder, &Options::default(), progress).await?.applied
                };
                let rows = history.read().await?;
                let mut actual = introspect(connection, &desired.namespaces).await?;
                let diagnosis = diagnose(folder, rows.as_deref());
                without_early(&mut actual, &replayed.all, folder, &diagnosis);
                let next = Next::done(
                    &comparable(&replayed.all, &desired),
                    &comparable(&actual, &desired),
                );
                let created = adopt_drift(connection, folder, &next, (title, now)).await?;
                for name in &required.diagnosis.missing {
                    history.forget(name).await?;
                }
                let forgotten = required.diagnosis.missing.clone();
                Ok(Adopted::Drift { applied, created, forgotten })
            }
        }
    })
    .await
}

/// Records what is pending as applied, all of it having been done.
async fn baseline_pending(
    history: &History<'_>,
    folder: &Folder,
    required: &ResetRequired,
) -> Result<(), Error> {
    history.create().await?;
    for migration in pending(folder, &required.diagnosis) {
        history.baseline(migration).await?;
    }
    Ok(())
}

/// Writes what the database has beyond the migrations as one that it has as applied.
async fn adopt_drift(
    connection: &Connection,
    folder: &Folder,
    next: &Next,
    (title, now): (&str, SystemTime),
) -> Result<Option<String>, Error> {
    if next.is_empty() {
        return Ok(None);
    }
    let name = create(folder, next, title, now)?;
    let written = Folder::read(folder.path())?;
    let migration = written.find(&name).ok_or_else(changed)?;
    if let Err(error) = History::new(connection).baseline(migration).await {
        // Left behind it would be pending, and would make once more what is there.
        let _ = fs::remove_dir_all(folder.path().join(&name));
        return Err(error);
    }
    Ok(Some(name))
}

fn changed() -> Error {
    Error::plain("The database or the migrations have changed in the meantime. Nothing was done.")
        .with_help("look again: cargo xtask migrate status --drift")
}
