//! `migrate deploy`: runs what is pending, in order, and stops at the first failure.
//!
//! It looks neither for edited nor for missing migrations nor for drift: in production nobody could do
//! anything about them now, and `status` and `dev` tell.

use std::fmt::Write as _;

use postgres::{Connection, ConnectionUrl, database};

use crate::apply::{apply, how_to_resolve, refuse_copy};
use crate::diagnose::{Diagnosis, Failed, diagnose, pending};
use crate::folder::{Folder, script_path};
use crate::history::{Attempt, History};
use crate::locked::locked_for;
use crate::squash::Partly;
use crate::{Error, Progress, down};

/// What a deploy did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deployed {
    /// How many migrations the folder has.
    pub found: usize,
    /// Whether the database was not there before.
    pub created_database: bool,
    /// The migrations that were run, in order.
    pub applied: Vec<String>,
    /// Those of them that the folder has before one that was there already.
    pub late: Vec<String>,
    /// Those of them whose scripts hold no statement.
    pub without_statements: Vec<String>,
}

/// Runs all pending migrations of the folder, creating the database where it is missing.
///
/// Fails with P3009 where an earlier migration failed, P3005 where there are tables but no history,
/// P3018 where a migration fails, P1002 where another command holds the lock for too long.
pub async fn deploy(
    folder: &Folder,
    url: &ConnectionUrl,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Deployed, Error> {
    Target::open(url, progress).await?.deploy(folder, progress).await
}

/// The database that a deploy is about, reached: [`deploy`] in two parts, for those who have something to say between
/// them.
#[derive(Debug)]
pub struct Target {
    connection: Connection,
    /// Whether the database was not there before.
    pub created_database: bool,
}

impl Target {
    /// Connects to the database, creating it where it is missing.
    pub async fn open(
        url: &ConnectionUrl,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Self, Error> {
        let (connection, created_database) = connect_or_create(url, progress).await?;
        Ok(Self { connection, created_database })
    }

    /// Runs all pending migrations of the folder. Fails as [`deploy`] does.
    pub async fn deploy(
        self,
        folder: &Folder,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Deployed, Error> {
        let Self { connection, created_database } = self;
        let work =
            async |connection: &Connection| apply_pending(connection, folder, progress).await;
        let Ran { applied, late, without_statements } =
            locked_for(folder.scripts(), connection, work).await?;
        let found = folder.migrations().len();
        Ok(Deployed { found, created_database, applied, late, without_statements })
    }
}

/// Connects to a database that is created where it is missing, and says whether it was.
pub(crate) async fn connect_or_create(
    url: &ConnectionUrl,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(Connection, bool), Error> {
    match postgres::connect(url).await {
        Err(error) if error.is_database_missing() => {
            let created = database::ensure_database(url).await?;
            if created {
                progress(Progress::DatabaseCreated { name: url.database() });
            }
            Ok((postgres::connect(url).await?, created))
        }
        connected => Ok((connected?, false)),
    }
}

/// What was run, in order; what of it the folder has before one that was there already; and what of it holds nothing.
#[derive(Debug, Default)]
pub(crate) struct Ran {
    pub(crate) applied: Vec<String>,
    pub(crate) late: Vec<String>,
    pub(crate) without_statements: Vec<String>,
}

/// Runs what is pending on a connection that holds the lock.
pub(crate) async fn apply_pending(
    connection: &Connection,
    folder: &Folder,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Ran, Error> {
    let diagnosis = read_or_begin(connection, folder).await?;
    if !diagnosis.failed.is_empty() {
        return Err(failed_before(&diagnosis.failed));
    }
    refuse_partly(&diagnosis.partly)?;
    for name in &diagnosis.squashed {
        let Some(migration) = folder.find(name) else { continue };
        History::new(connection).squash(migration, folder.replaced_by(name)).await?;
        progress(Progress::Squashed { name });
    }
    let attempts: Vec<_> = pending(folder, &diagnosis).into_iter().map(Attempt::new).collect();
    for Attempt { migration, script, .. } in &attempts {
        refuse_copy(script, &script_path(folder.path(), &migration.name))?;
    }
    if let [first, ..] = &attempts[..] {
        History::new(connection).start(first).await?;
    }
    let mut ran = Ran { late: diagnosis.late, ..Ran::default() };
    for (at, attempt) in attempts.iter().enumerate() {
        let name = &attempt.migration.name;
        progress(Progress::Applying { name, number: at + 1, of: attempts.len() });
        apply(connection, folder.path(), attempt, attempts.get(at + 1), progress).await?;
        progress(Progress::Applied { name, number: at + 1, of: attempts.len() });
        ran.applied.push(name.clone());
        if attempt.script.statements().is_empty() {
            ran.without_statements.push(name.clone());
        }
    }
    Ok(ran)
}

/// A squashed migration can neither run where some of it has run, nor count as applied.
pub(crate) fn refuse_partly(partly: &[Partly]) -> Result<(), Error> {
    let [Partly { name, has, lacks }, ..] = partly else { return Ok(()) };
    Err(Error::plain(format!(
        "the database has only some of the migrations that `{name}` was squashed from\n\n\
         Applied:\n{}\n\nNot applied:\n{}",
        has.join("\n"),
        lacks.join("\n")
    ))
    .with_help(format!(
        "nothing was changed. Deploy the commit before they were squashed, which has them all, then this one.\n\
         Where the database is one for development, it can be made anew, without its data: cargo xtask migrate reset\n\
         If you have brought it by hand to where the migration leads:\n  \
         cargo xtask migrate resolve --applied \"{name}\""
    )))
}

async fn read_or_begin(connection: &Connection, folder: &Folder) -> Result<Diagnosis, Error> {
    let history = History::new(connection);
    if let Some(rows) = history.read().await? {
        return Ok(diagnose(folder, Some(&rows)));
    }
    if history.has_tables().await? {
        return Err(not_empty(folder));
    }
    history.create().await?;
    Ok(diagnose(folder, Some(&[])))
}

fn not_empty(folder: &Folder) -> Error {
    let help = match folder.migrations().first() {
        Some(first) => format!(
            "If the tables are what the migration \"{name}\" makes, tell the database so:\n  \
             cargo xtask migrate resolve --applied \"{name}\"",
            name = first.name
        ),
        None => "To begin with the tables as they are, write a first migration that makes them and run\n  \
                 cargo xtask migrate resolve --applied NAME"
            .to_owned(),
    };
    Error::new("P3005", "The database schema is not empty.").with_help(help)
}

fn failed_before(failed: &[Failed]) -> Error {
    failed_rows(
        "migrate found failed migrations in the target database, new migrations will not be applied.",
        failed.iter().map(|failed| {
            (failed.name.as_str(), failed.started_at.as_str(), failed.logs.as_deref())
        }),
    )
}

/// That failed attempts are in the way (P3009): their names, when they began, and what was recorded of them.
pub(crate) fn failed_rows<'a>(
    message: &str,
    failed: impl Iterator<Item = (&'a str, &'a str, Option<&'a str>)> + Clone,
) -> Error {
    let mut message = message.to_owned();
    for (name, started_at, _) in failed.clone() {
        let _ = write!(message, "\nThe `{name}` migration started at {started_at} failed");
    }
    let cut_off = "No error was recorded: the attempt was cut off. A script that is one transaction leaves nothing \
                   behind then.";
    match failed.clone().find_map(|(_, _, logs)| logs) {
        Some(logs) => _ = write!(message, "\n\nIts logs:\n{}", logs.trim_end()),
        None => _ = write!(message, "\n\n{cut_off}"),
    }
    let mut failed = failed;
    let help = failed.next().map(|(name, _, logs)| {
        let is_of_down = logs.is_some_and(|logs| logs.starts_with(down::LOGS));
        if is_of_down { down::how_to_end(name) } else { how_to_resolve(name) }
    });
    let help = help.unwrap_or_default();
    Error::new("P3009", message).with_help(help)
}
