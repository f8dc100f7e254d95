//! How far the rollouts of a folder are in one database. It only reads, and no table of the application's.

use std::fs;
use std::time::Duration;

use migrate::Folder;
use migrate::rollouts::Rollout;
use postgres::Connection;

use crate::backfill::{Error, Progress, State, backfills, progress};
use crate::{Document, ROLLOUT};

/// For how long nothing may have written the old side before a rollout is contracted, unless somebody says otherwise.
pub const QUIET: Duration = Duration::from_mins(10);

/// A rollout, as it stands in one database.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The expand migration.
    pub name: String,
    /// What it is about; empty once it is contracted.
    pub document: Document,
    pub phase: Phase,
    /// The later migration that contracts it, where there is one.
    pub contracted_by: Option<String>,
    /// The fills and what follows them, in their order.
    pub parts: Vec<Progress>,
    /// How long ago the old side was last written alone; none where it never was, or nothing could tell.
    pub old_write: Option<Duration>,
    pub conflicts: Conflicts,
}

/// Where a rollout is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The expand migration is not applied.
    Pending,
    /// It is, and nobody has begun to fill.
    Expanded,
    /// The fill has begun.
    Filling,
    /// Nobody goes on with the fill until it is resumed.
    Paused,
    /// The fill was given up.
    Cancelled,
    /// All is filled, and the old side was written not long ago.
    Filled,
    /// All is filled, and the old side has been quiet for [`QUIET`].
    Ready,
    /// The folder has the contract and this database has not.
    ContractPending,
    Contracted,
}

/// Rows in which both sides were written at once, to different values: the new side won.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conflicts {
    pub count: u64,
    /// The last of them, each as JSON: table, key, both values, when.
    pub last: Vec<String>,
}

impl Phase {
    /// `pending`, `expanded`, …: for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Expanded => "expanded",
            Self::Filling => "filling",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
            Self::Filled => "filled",
            Self::Ready => "ready",
            Self::ContractPending => "contract-pending",
            Self::Contracted => "contracted",
        }
    }
}

impl Standing {
    /// How much of the rows that are to be filled were looked at, in percent; none where that is not known.
    pub fn percent(&self) -> Option<u64> {
        let fills = self.parts.iter().filter(|part| part.table.is_some());
        let (mut seen, mut total) = (0, 0);
        for part in fills {
            if part.state == State::Done {
                // The planner's estimate of it is of no matter any more.
                (seen, total) = (seen + part.seen, total + part.seen);
            } else {
                (seen, total) = (seen + part.seen, total + part.total?);
            }
        }
        (total > 0).then(|| (seen * 100 / total).min(100))
    }

    /// What to do next; none where there is nothing left to do.
    pub fn next(&self) -> Option<String> {
        let name = &self.name;
        Some(match self.phase {
            Phase::Pending | Phase::ContractPending => "cargo xtask migrate deploy".to_owned(),
            Phase::Expanded | Phase::Filling => "cargo xtask backfill run".to_owned(),
            Phase::Paused => format!("cargo xtask backfill resume \"{name}\""),
            Phase::Cancelled => format!("cargo xtask backfill run \"{name}\" --again"),
            Phase::Filled | Phase::Ready => format!("cargo xtask migrate contract \"{name}\""),
            Phase::Contracted => return None,
        })
    }
}

/// How these rollouts of a folder stand in a database that has applied these migrations; of each at most `conflicts` of its
/// conflicts are told.
///
/// Fails where a `rollout.toml` is not what it should be, or what is ours in the database may not be read.
pub async fn standing(
    connection: &Connection,
    folder: &Folder,
    rollouts: &[&Rollout],
    applied: &[String],
    conflicts: usize,
) -> Result<Vec<Standing>, Error> {
    if rollouts.is_empty() {
        return Ok(Vec::new());
    }
    let own = connection.url().schema();
    let backfills = backfills(folder, applied, own)?;
    let progress = progress(connection, &backfills).await?;
    let mut all = Vec::with_capacity(rollouts.len());
    for rollout in rollouts {
        let mut one = Standing {
            name: rollout.name.clone(),
            document: document(folder, &rollout.name)?,
            phase: Phase::Pending,
            contracted_by: rollout.contracted_by.clone(),
            parts: progress.iter().filter(|part| part.migration == rollout.name).cloned().collect(),
            old_write: None,
            conflicts: Conflicts::default(),
        };
        let is_applied = |name: &String| applied.contains(name);
        if rollout.contracted_by.as_ref().is_some_and(is_applied) {
            one.phase = Phase::Contracted;
        } else if is_applied(&rollout.name) {
            one.old_write = old_write(connection, &one.document).await?;
            one.conflicts = find_conflicts(connection, &rollout.name, conflicts).await?;
            one.phase = phase(&one);
        }
        all.push(one);
    }
    Ok(all)
}

/// What the `rollout.toml` of an expand migration says.
pub(crate) fn document(folder: &Folder, name: &str) -> Result<Document, Error> {
    let file = folder.path().join(name).join(ROLLOUT);
    let text = fs::read_to_string(&file)
        .map_err(|error| Error::new(format!("{} could not be read: {error}", file.display())))?;
    Document::parse(&text).map_err(|error| {
        Error::new(format!("{}: {error}", file.display()))
            .with_help("take the file as it was written from your version control")
    })
}

fn phase(standing: &Standing) -> Phase {
    let parts = &standing.parts;
    let has = |state: State| parts.iter().any(|part| part.state == state);
    let is_filled = parts.iter().all(|part| part.state == State::Done);
    if standing.contracted_by.is_some() && is_filled {
        Phase::ContractPending
    } else if is_filled {
        let is_quiet = standing.old_write.is_none_or(|ago| ago >= QUIET);
        if is_quiet { Phase::Ready } else { Phase::Filled }
    } else if has(State::Paused) {
        Phase::Paused
    } else if has(State::Cancelled) {
        Phase::Cancelled
    } else if has(State::Running) || has(State::Done) {
        Phase::Filling
    } else {
        Phase::Expanded
    }
}

/// How long ago the old side was last written alone.
async fn old_write(
    connection: &Connection,
    document: &Document,
) -> Result<Option<Duration>, Error> {
    let Some(sequence) = &document.old_writes else { return Ok(None) };
    let name = format!("_driveflow.{}", pg_schema::quote::ident(sequence));
    let is_there = "SELECT to_regclass($1) IS NOT NULL";
    if !connection.query_one(is_there, &[&name]).await?.get::<_, bool>(0) {
        return Ok(None);
    }
    let ago = format!(
        "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint - last_value FROM {name} WHERE is_called"
    );
    let row = connection.query_opt(&ago, &[]).await?;
    let ago = row.map(|row| row.get::<_, i64>(0));
    // A clock that went back makes it just now.
    Ok(ago.map(|ago| Duration::from_millis(u64::try_from(ago).unwrap_or_default())))
}

async fn find_conflicts(
    connection: &Connection,
    name: &str,
    most: usize,
) -> Result<Conflicts, Error> {
    let is_there = "SELECT to_regclass('_driveflow.conflicts') IS NOT NULL";
    if !connection.query_one(is_there, &[]).await?.get::<_, bool>(0) {
        return Ok(Conflicts::default());
    }
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    // By the moment in the name, which is what triggers know.
    let digits = name.get(..14).unwrap_or(name);
    let sql = include_str!("status/conflicts.sql");
    let row = connection.query_one(sql, &[&digits, &most]).await?;
    let count = u64::try_from(row.get::<_, i64>("count")).unwrap_or_default();
    Ok(Conflicts { count, last: row.get("last") })
}
