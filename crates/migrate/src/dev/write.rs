//! Writing the next migration, and running it, under the lock: of several `migrate dev` at once only one may.

use std::fs;
use std::time::SystemTime;

use postgres::{Connection, ConnectionUrl};

use super::{Next, new_name};
use crate::attempt::Attempt;
use crate::deploy::apply_pending;
use crate::diagnose::{Diagnosis, diagnose};
use crate::folder::{self, DOWN, Folder, SCRIPT};
use crate::history::{History, State};
use crate::locked::locked_for;
use crate::steps::ledger;
use crate::{Error, Options, Progress};

/// What was written, and what was run of it.
#[derive(Debug)]
pub struct Written {
    pub name: String,
    /// The folder with the new migration.
    pub folder: Folder,
    pub applied: Vec<String>,
}

/// Writes `next` as a migration called by `title` and `now`, and runs it where `is_run`.
///
/// Fails where folder or history are no longer as [`prepare`](super::prepare) left them; nothing is written then.
pub async fn write(
    folder: &Folder,
    next: &Next,
    (title, now): (&str, SystemTime),
    is_run: bool,
    url: &ConnectionUrl,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Written, Error> {
    let name = new_name(folder, title, now);
    let files = [(SCRIPT, next.script.as_str()), (DOWN, next.down.as_str())];
    let options = is_run.then(Options::default);
    write_named(folder, (&name, &files), options.as_ref(), url, progress).await
}

/// As [`write()`], under a name that is known, as of [`new_name`], and with these files; it is run where `options` say how.
pub async fn write_named(
    folder: &Folder,
    migration: (&str, &[(&str, &str)]),
    options: Option<&Options>,
    url: &ConnectionUrl,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Written, Error> {
    write_in((folder, Failed::Stays), migration, options, url, progress).await
}

/// As [`write_named`], for what nobody mends in its folder: where it is not applied and nothing of it remains in the
/// database, its folder goes too, and the attempt.
pub async fn write_or_withdraw(
    folder: &Folder,
    migration: (&str, &[(&str, &str)]),
    options: Option<&Options>,
    url: &ConnectionUrl,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Written, Error> {
    write_in((folder, Failed::Goes), migration, options, url, progress).await
}

/// What becomes of a migration that was written and could not be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failed {
    Stays,
    Goes,
}

async fn write_in(
    (folder, failed): (&Folder, Failed),
    (name, files): (&str, &[(&str, &str)]),
    options: Option<&Options>,
    url: &ConnectionUrl,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Written, Error> {
    let scripts = files.iter().map(|(_, text)| *text);
    locked_for(scripts, postgres::connect(url).await?, async |connection| {
        let rows = History::new(connection).read().await?;
        let is_same = Folder::read(folder.path())?.migrations() == folder.migrations();
        if !is_same {
            return Err(changed());
        }
        let diagnosis = diagnose(folder, rows.as_deref());
        if let Some((what, help)) = not_at_end(&diagnosis) {
            return Err(Error::plain(format!("{what} Nothing was done.")).with_help(help));
        }
        folder::write_files(folder.path(), name, files)?;
        let folder = Folder::read(folder.path())?;
        let applied = match options {
            None => Vec::new(),
            Some(options) => match apply_pending(connection, &folder, options, progress).await {
                Ok(ran) => ran.applied,
                Err(error) if failed == Failed::Goes => {
                    return Err(withdrawn(connection, &folder, name, error).await);
                }
                Err(error) => return Err(error),
            },
        };
        Ok(Written { name: name.to_owned(), folder, applied })
    })
    .await
}

/// Takes a migration that could not be run out of folder and history, unless something of it may be in the database.
async fn withdrawn(connection: &Connection, folder: &Folder, name: &str, error: Error) -> Error {
    let gone = async {
        if connection.is_closed() {
            return Ok(false);
        }
        let rows = History::new(connection).read().await?.unwrap_or_default();
        let mut tried =
            rows.iter().filter(|row| row.name == name && row.state != State::RolledBack);
        if let Some(row) = tried.next() {
            let Some(migration) = folder.find(name) else { return Ok(false) };
            let attempt = Attempt { id: row.id.clone(), ..Attempt::new(migration) };
            if row.state != State::Failed || !left_nothing(connection, &attempt).await? {
                return Ok(false);
            }
            History::new(connection).forget_failed(&row.id).await?;
            if !attempt.steps.is_empty() {
                connection.batch_execute(&ledger::forget_sql(&row.id)).await?;
            }
        }
        let path = folder.path().join(name);
        fs::remove_dir_all(&path).map_err(|error| Error::io("remove", &path, error))?;
        Ok::<_, Error>(true)
    };
    match gone.await {
        Ok(true) => {}
        // What went wrong first matters more.
        Ok(false) | Err(_) => return error,
    }
    // What the server said, without what holds for an attempt that stays.
    let message = error.to_string();
    let what = match message.split_once(&format!("Migration name: {name}\n\n")) {
        Some((_, what)) if error.is_failed_to_apply() => what,
        _ => &message,
    };
    Error::plain(format!(
        "the migration `{name}` was written and could not be run, so it is taken back.\n\n{what}"
    ))
    .with_help(
        "nothing of it is in the database, no attempt is recorded, and its folder is gone again. Once what is in its way is \
         mended, run the command again",
    )
    .with_source(error)
}

/// Whether nothing of a failed attempt is in the database: it was rolled back as a whole, or at its first step.
async fn left_nothing(connection: &Connection, attempt: &Attempt<'_>) -> Result<bool, Error> {
    let Some(first) = attempt.steps.first() else { return Ok(attempt.script.is_atomic()) };
    let entries = ledger::read(connection, &attempt.id).await?;
    Ok(first.is_transaction() && entries.first().is_some_and(|entry| !entry.is_done))
}

/// What keeps a folder and a database from a next migration, and what to do: not everything in the folder is applied, or
/// something else is.
pub fn not_at_end(diagnosis: &Diagnosis) -> Option<(String, String)> {
    let several = |names: &[String]| names.join("`, `");
    let status = "how folder and database stand to each other:\n  cargo xtask migrate status";
    if let Some(failed) = diagnosis.failed.first() {
        return Some((format!("The migration `{}` has failed.", failed.name), status.to_owned()));
    }
    if !diagnosis.pending.is_empty() {
        let pending = &diagnosis.pending;
        let (are, them) = if pending.len() == 1 { ("is", "it") } else { ("are", "them") };
        return Some((
            format!(
                "`{}` in the folder {are} not applied to this database, and nothing is written behind {them}.",
                several(pending)
            ),
            format!(
                "apply {them} first, or delete what is not wanted from the migrations folder:\n  cargo xtask migrate deploy"
            ),
        ));
    }
    let missing = &diagnosis.missing;
    if !missing.is_empty() {
        return Some((
            format!("The database has `{}`, which the folder has not.", several(missing)),
            status.to_owned(),
        ));
    }
    let edited = &diagnosis.edited;
    (!edited.is_empty()).then(|| {
        (format!("`{}` was changed after it was applied.", several(edited)), status.to_owned())
    })
}

fn changed() -> Error {
    Error::plain(
        "The migrations have changed in the meantime: another command has written or run some. Nothing was done.",
    )
    .with_help("compare anew: cargo xtask migrate dev")
}
