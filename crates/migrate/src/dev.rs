//! `migrate dev`: brings the database to where the folder leads, then finds what the schema file asks for
//! beyond it and makes that the next migration.
//!
//! It goes in steps between which the caller asks the person in front of it: [`prepare`] diagnoses and
//! applies what is pending, [`Next`] is what would be written, [`rename`] makes it anew with renames, [`write()`]
//! writes it and runs it. Nothing is lost on the way: a database that would have to be
//! reset is left as it is ([`Prepared::ResetRequired`]).

mod adopt;
mod drift;
mod next;
mod remember;
mod write;

use std::time::SystemTime;

use pg_schema::{Pair, PgSchema, Rename, Step, diff, drift_summary};
use postgres::{Connection, ConnectionUrl, introspect};

pub use adopt::{Adopted, adopt};
pub use drift::{Remedy, ResetRequired};
pub use next::Next;
pub use remember::remember;
pub use write::{Written, not_at_end, write, write_named, write_or_withdraw};

use crate::deploy::{Ran, apply_pending, connect_or_create, refuse_partly};
use crate::diagnose::{Diagnosis, diagnose};
use crate::folder::{self, Folder, Migration, name};
use crate::history::History;
use crate::locked::locked_for;
use crate::replay::{Databases, Replay};
use crate::rollouts::{end_of, without_early};
use crate::{Error, Options, Progress};

/// How far `migrate dev` got without asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prepared {
    /// The database is not what the migrations make.
    ResetRequired(ResetRequired),
    Ready(Ready),
}

/// The database is where the folder leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    pub created_database: bool,
    /// What was pending and has been run.
    pub applied: Vec<String>,
    /// Those of them that the folder has before one that was there already.
    pub late: Vec<String>,
    /// In a box, because they are large.
    schemas: Box<Pair<PgSchema>>,
    /// What leads from the one to the other, as long as nothing is renamed.
    pub next: Next,
    /// The same in words, where it takes away or changes what the migrations make; empty where it only adds.
    pub undone: String,
    /// Whether the database was exactly what the migrations make, and nothing was pending.
    is_exact: bool,
}

impl Ready {
    /// What the migrations make, once open rollouts are contracted, and what the schema file asks for.
    pub fn schemas(&self) -> Pair<&PgSchema> {
        Pair::new(&self.schemas.previous, &self.schemas.next)
    }
}

/// Diagnoses, applies what is pending, and finds the next migration.
///
/// Fails with P3006 where a migration does not replay on an empty database, P3014 where no shadow database
/// can be made, and as [`deploy`](crate::deploy::deploy) does.
pub async fn prepare(
    folder: &Folder,
    schema: &psl::Schema,
    databases: Databases<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Prepared, Error> {
    let desired = mapping::desired_schema_in(schema, databases.main.schema());
    let (connection, created_database) = connect_or_create(databases.main, progress).await?;
    let rows = History::new(&connection).read().await?;
    let diagnosis = diagnose(folder, rows.as_deref());
    refuse_partly(&diagnosis.partly)?;
    let namespaces = &desired.namespaces;
    let replayed = replay(&connection, folder, &diagnosis, databases, namespaces, progress);
    // In a box, because it is a large future.
    let replayed = Box::pin(replayed).await?;
    let mut actual = introspect(&connection, namespaces).await?;
    without_early(&mut actual, &replayed.applied, folder, &diagnosis);
    if let Some(required) = ResetRequired::find(&diagnosis, &replayed, &actual, &desired) {
        connection.close().await;
        return Ok(Prepared::ResetRequired(required));
    }
    locked_for(folder.scripts(), connection, async |connection| {
        let Ran { applied, late, .. } =
            apply_pending(connection, folder, &Options::default(), progress).await?;
        if !late.is_empty() {
            // They ran after migrations that the folder has behind them: that may make a difference.
            let rows = History::new(connection).read().await?;
            let diagnosis = diagnose(folder, rows.as_deref());
            let all = &replayed.all;
            let replayed = Replayed { applied: all.clone(), all: all.clone(), end: None };
            let mut actual = introspect(connection, &desired.namespaces).await?;
            without_early(&mut actual, all, folder, &diagnosis);
            if let Some(required) = ResetRequired::find(&diagnosis, &replayed, &actual, &desired) {
                return Ok(Prepared::ResetRequired(ResetRequired { applied, ..required }));
            }
        }
        let is_exact = applied.is_empty() && replayed.end.is_none() && replayed.all == actual;
        // The schema file names what the open rollouts lead to.
        let made = replayed.end.unwrap_or(replayed.all);
        let schemas = Pair::new(&made, &desired);
        let next = Next::find(connection, schemas, &[]).await?;
        let undone = undone(schemas);
        let schemas = Box::new(Pair::new(made, desired));
        Ok(Prepared::Ready(Ready {
            created_database,
            applied,
            late,
            schemas,
            next,
            undone,
            is_exact,
        }))
    })
    .await
}

fn undone(schemas: Pair<&PgSchema>) -> String {
    let steps = diff(schemas);
    if steps.iter().all(Step::only_adds) { String::new() } else { drift_summary(&steps, schemas) }
}

/// The next migration where it has turned out that some things are one under two names.
pub async fn rename(
    main: &ConnectionUrl,
    ready: &Ready,
    renames: &[Rename],
) -> Result<Next, Error> {
    let connection = postgres::connect(main).await?;
    let next = Next::find(&connection, ready.schemas(), renames).await?;
    connection.close().await;
    Ok(next)
}

/// Writes the next migration, with what takes it back, under a name made of `title` and `now`, and says which.
/// It is there whole or not at all.
pub fn create(folder: &Folder, next: &Next, title: &str, now: SystemTime) -> Result<String, Error> {
    let name = new_name(folder, title, now);
    folder::write_files(
        folder.path(),
        &name,
        &[(folder::SCRIPT, &next.script), (folder::DOWN, &next.down)],
    )?;
    Ok(name)
}

/// The name of a new migration, behind all that the folder has.
pub fn new_name(folder: &Folder, title: &str, now: SystemTime) -> String {
    let last = folder.migrations().last().map(|migration| migration.name.as_str());
    name::after(last, title, now)
}

/// What the folder's migrations make of an empty database.
pub(crate) struct Replayed {
    /// Those that the history has as applied.
    pub(crate) applied: PgSchema,
    /// All of them.
    pub(crate) all: PgSchema,
    /// All of them and the contracts of open rollouts, where there are such.
    pub(crate) end: Option<PgSchema>,
}

pub(crate) async fn replay(
    connection: &Connection,
    folder: &Folder,
    diagnosis: &Diagnosis,
    databases: Databases<'_>,
    namespaces: &[String],
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Replayed, Error> {
    let all: Vec<&Migration> = folder.migrations().iter().collect();
    let is_applied = |migration: &&Migration| diagnosis.applied.contains(&migration.name);
    let applied: Vec<&Migration> = all.iter().copied().filter(is_applied).collect();
    let mut replay = Replay::new(connection, folder, databases, namespaces).await;
    let applied = replay.schema_of(&applied, progress).await?;
    let made = replay.schema_of(&all, progress).await?;
    let end = end_of(&mut replay, folder, &all, progress).await;
    replay.close().await?;
    Ok(Replayed { applied, all: made, end: end? })
}

/// What the schema file asks for beyond a database as it is, for those who only want to know.
pub async fn difference(connection: &Connection, schema: &psl::Schema) -> Result<Next, Error> {
    let desired = mapping::desired_schema_in(schema, connection.url().schema());
    let actual = introspect(connection, &desired.namespaces).await?;
    Next::find(connection, Pair::new(&actual, &desired), &[]).await
}
