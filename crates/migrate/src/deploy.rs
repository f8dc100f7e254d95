//! `migrate deploy`: runs what is pending, in order, and stops at the first failure.
//!
//! It looks neither for edited nor for missing migrations nor for drift: in production nobody could do
//! anything about them now, and `status` and `dev` tell.

mod preview;

use std::fmt::Write as _;

use postgres::{Connection, ConnectionUrl, database};

pub use self::preview::{Preview, Previewed, preview};
use crate::apply::apply;
use crate::apply::deploying::Deploying;
use crate::apply::run::{NOT_DURABLE, refuse_copy};
use crate::attempt::Attempt;
use crate::blockers::Watcher;
use crate::diagnose::{Diagnosis, diagnose, pending};
use crate::failed::failed_before;
use crate::folder::{Folder, Migration, find, script_path};
use crate::history::{History, Row};
use crate::locked::locked_for;
use crate::rollouts::guard;
use crate::squash::standing::Partly;
use crate::steps::{Standing, ledger, standing};
use crate::timeouts::Patience;
use crate::{Error, Options, Progress, resolve};

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
/// P3018 where a migration fails, P1008 where one does not get its locks, P1002 where another command holds the lock of
/// migrations for too long.
pub async fn deploy(
    folder: &Folder,
    url: &ConnectionUrl,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Deployed, Error> {
    Target::open(url, progress).await?.deploy(folder, &Options::default(), progress).await
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
        Self::reached(url, postgres::connect(url).await, progress).await
    }

    /// The database that somebody has tried to connect to, which is created where it is missing.
    pub async fn reached(
        url: &ConnectionUrl,
        connected: Result<Connection, postgres::Error>,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Self, Error> {
        let (connection, created_database) = or_create(url, connected, progress).await?;
        Ok(Self { connection, created_database })
    }

    /// Runs the pending migrations of the folder, or those up to one of them. Fails as [`deploy`] does, and with P3017
    /// where the folder has not the one.
    pub async fn deploy(
        self,
        folder: &Folder,
        options: &Options,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Deployed, Error> {
        let Self { connection, created_database } = self;
        let work = async |connection: &Connection| {
            apply_pending(connection, folder, options, progress).await
        };
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
    or_create(url, postgres::connect(url).await, progress).await
}

async fn or_create(
    url: &ConnectionUrl,
    connected: Result<Connection, postgres::Error>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(Connection, bool), Error> {
    if !connected.as_ref().is_err_and(postgres::Error::is_database_missing) {
        return Ok((connected?, false));
    }
    // In a box, because it is a large future that few need.
    let created = Box::pin(database::ensure_database(url)).await?;
    if created {
        progress(Progress::DatabaseCreated { name: url.database() });
    }
    Ok((postgres::connect(url).await?, created))
}

/// What was run, in order; what of it the folder has before one that was there already; and what of it holds nothing.
#[derive(Debug, Default)]
pub(crate) struct Ran {
    pub(crate) applied: Vec<String>,
    pub(crate) late: Vec<String>,
    pub(crate) without_statements: Vec<String>,
}

/// Runs what is pending on a connection that holds the lock. An attempt that was cut off between its steps goes on first.
pub(crate) async fn apply_pending(
    connection: &Connection,
    folder: &Folder,
    options: &Options,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Ran, Error> {
    let last = options.up_to.as_deref().map(|text| last(folder, text)).transpose()?;
    let (rows, diagnosis) = read_or_begin(connection, folder).await?;
    let mut attempts: Vec<Attempt<'_>> = Vec::new();
    if !diagnosis.failed.is_empty() {
        attempts.push(Box::pin(resumed(connection, folder, &rows, &diagnosis, last)).await?);
    }
    refuse_partly(&diagnosis.partly)?;
    for name in &diagnosis.squashed {
        let Some(migration) = folder.find(name) else { continue };
        History::new(connection).squash(migration, folder.replaced_by(name)).await?;
        progress(Progress::Squashed { name });
    }
    let resumed = attempts.len();
    let pending = pending(folder, &diagnosis).into_iter();
    attempts
        .extend(pending.filter(|migration| is_up_to(folder, migration, last)).map(Attempt::new));
    for Attempt { migration, script, .. } in &attempts {
        refuse_copy(script, &script_path(folder.path(), &migration.name))?;
    }
    prepare(connection, &mut attempts[resumed..], options, progress).await?;
    let history = History::new(connection);
    let process = match &attempts[..] {
        [first, ..] if resumed == 0 => {
            ask_guard(connection, folder, first.migration, options).await?;
            history.start(first).await?
        }
        [first, ..] => history.take_up(&first.id).await?,
        [] => None,
    };
    let watcher = Watcher::new(connection.url(), process);
    let place = (0, attempts.len());
    let mut on = Deploying { connection, folder: folder.path(), options, watcher, place };
    let mut ran = Ran { late: diagnosis.late, ..Ran::default() };
    ran.late.retain(|name| attempts.iter().any(|attempt| attempt.migration.name == *name));
    for (at, attempt) in attempts.iter().enumerate() {
        let name = &attempt.migration.name;
        on.place.0 = at + 1;
        on.begin(name, progress);
        let next = attempts.get(at + 1);
        // On its own where a note says so: what is cut off between the two has then not begun the next. A contract is not
        // begun before its guard was asked.
        let is_asked = |next: &&Attempt<'_>| folder.contracted_by(&next.migration.name).is_some();
        let begun = next
            .filter(|next| attempt.steps.is_empty() && next.is_noted_at_its_end && !is_asked(next));
        // In a box, because it is a large future.
        Box::pin(apply(&mut on, attempt, begun, progress)).await?;
        if let (None, Some(next)) = (begun, next) {
            ask_guard(connection, folder, next.migration, options).await?;
            history.start(next).await?;
        }
        progress(Progress::Applied { name, number: at + 1, of: attempts.len() });
        ran.applied.push(name.clone());
        if attempt.script.statements().is_empty() {
            ran.without_statements.push(name.clone());
        }
    }
    Ok(ran)
}

/// Refuses a migration that contracts a rollout which is not at its end in this database.
async fn ask_guard(
    connection: &Connection,
    folder: &Folder,
    migration: &Migration,
    options: &Options,
) -> Result<(), Error> {
    let Some(rollout) = folder.contracted_by(&migration.name) else { return Ok(()) };
    match guard::ask(connection, &rollout.name, &migration.script, options.quiet).await? {
        Some(refusal) => Err(refusal.error(&migration.name)),
        None => Ok(()),
    }
}

/// The folder without what comes behind a migration; a part of its name will do.
pub fn up_to(folder: &Folder, text: &str) -> Result<Folder, Error> {
    let later = folder.migrations()[last(folder, text)? + 1..].iter();
    let later: Vec<String> = later.map(|migration| migration.name.clone()).collect();
    Ok(folder.without(&later))
}

/// Where in the folder the migration is that is the last to be applied.
fn last(folder: &Folder, text: &str) -> Result<usize, Error> {
    let names: Vec<&str> = folder.migrations().iter().map(|one| one.name.as_str()).collect();
    let name = find::meant(&names, text)?;
    let found = name.and_then(|name| names.iter().position(|one| *one == name));
    found.ok_or_else(|| resolve::not_found(folder, text))
}

fn is_up_to(folder: &Folder, migration: &Migration, last: Option<usize>) -> bool {
    let Some(last) = last else { return true };
    folder.migrations()[..=last].iter().any(|one| one.name == migration.name)
}

/// The attempt that goes on where it was, if all that has failed is one that can.
async fn resumed<'a>(
    connection: &Connection,
    folder: &'a Folder,
    rows: &[Row],
    diagnosis: &Diagnosis,
    last: Option<usize>,
) -> Result<Attempt<'a>, Error> {
    let attempt = match standing(connection, folder, rows).await? {
        Standing::Resumes(attempt) => *attempt,
        Standing::Explained(why) => return Err(failed_before(&diagnosis.failed, Some(&why))),
        Standing::Unknown => return Err(failed_before(&diagnosis.failed, None)),
    };
    if is_up_to(folder, attempt.migration, last) {
        return Ok(attempt);
    }
    let name = &attempt.migration.name;
    Err(Error::plain(format!(
        "the migration `{name}` is half applied, and the folder has it after the last one that is asked for"
    ))
    .with_help(format!(
        "nothing was changed. To let it go on first:\n  cargo xtask migrate deploy --up-to \"{name}\""
    )))
}

/// Says what is to be run with the beginning of each attempt, and makes the ledger where one is needed.
async fn prepare(
    connection: &Connection,
    attempts: &mut [Attempt<'_>],
    options: &Options,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(), Error> {
    let has_steps = attempts.iter().any(|attempt| !attempt.steps.is_empty());
    let is_kept = has_steps
        && match ledger::ensure(connection).await? {
            Ok(()) => true,
            Err(reason) => {
                progress(Progress::NoLedger { url: connection.url(), reason: &reason });
                false
            }
        };
    let last = attempts.len().saturating_sub(1);
    for (at, attempt) in attempts.iter_mut().enumerate() {
        if attempt.steps.is_empty() {
            let patience = Patience::of_script(&attempt.script);
            attempt.beginning = options.limits_sql(&attempt.script, patience);
            // Such a migration and its row are one transaction: a crash leaves both or neither. With the last one, or with
            // the note of a failure, all before it are on the disk.
            let is_waited_for = at == last || !attempt.is_noted_at_its_end;
            let durable = if is_waited_for { "RESET synchronous_commit" } else { NOT_DURABLE };
            let _ = writeln!(attempt.beginning, "{durable};");
            if let Some(quiet) = options.quiet {
                attempt.beginning.push_str(&guard::quiet_sql(quiet));
            }
        } else if is_kept {
            attempt.beginning = ledger::plan_sql(attempt, connection.url().schema());
            attempt.entries = Some(Vec::new());
        }
    }
    Ok(())
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

async fn read_or_begin(
    connection: &Connection,
    folder: &Folder,
) -> Result<(Vec<Row>, Diagnosis), Error> {
    let history = History::new(connection);
    if let Some(rows) = history.read().await? {
        let diagnosis = diagnose(folder, Some(&rows));
        return Ok((rows, diagnosis));
    }
    if history.has_tables().await? {
        return Err(not_empty(folder));
    }
    history.create().await?;
    Ok((Vec::new(), diagnose(folder, Some(&[]))))
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
