//! Writing the next migration, and running it, under the lock: of several `migrate dev` at once only one may.

use std::time::SystemTime;

use postgres::ConnectionUrl;

use super::{Next, new_name};
use crate::deploy::apply_pending;
use crate::diagnose::{Diagnosis, Relation, diagnose};
use crate::folder::{self, DOWN, Folder, SCRIPT};
use crate::history::History;
use crate::locked::locked_for;
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
    (name, files): (&str, &[(&str, &str)]),
    options: Option<&Options>,
    url: &ConnectionUrl,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Written, Error> {
    let scripts = files.iter().map(|(_, text)| *text);
    locked_for(scripts, postgres::connect(url).await?, async |connection| {
        let rows = History::new(connection).read().await?;
        let is_same = Folder::read(folder.path())?.migrations() == folder.migrations();
        if !is_same || !is_at_end(&diagnose(folder, rows.as_deref())) {
            return Err(changed());
        }
        folder::write_files(folder.path(), name, files)?;
        let folder = Folder::read(folder.path())?;
        let applied = match options {
            Some(options) => apply_pending(connection, &folder, options, progress).await?.applied,
            None => Vec::new(),
        };
        Ok(Written { name: name.to_owned(), folder, applied })
    })
    .await
}

/// Whether everything in the folder is applied, and nothing else.
fn is_at_end(diagnosis: &Diagnosis) -> bool {
    diagnosis.relation() == Relation::Same
        && diagnosis.failed.is_empty()
        && diagnosis.edited.is_empty()
}

fn changed() -> Error {
    Error::plain(
        "The migrations have changed in the meantime: another command has written or run some. Nothing was done.",
    )
    .with_help("compare anew: cargo xtask migrate dev")
}
