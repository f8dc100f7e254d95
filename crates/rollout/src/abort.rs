//! Giving a rollout up: the database as it was before the expand migration, with all that was written since.
//!
//! Possible at any time before the contract, while a fill is running too, and when later migrations are applied, as long
//! as these need nothing of it. What is to be done is a value first ([`plan`]); consent is the caller's business.

use std::time::Duration;

use migrate::Databases;
use migrate::down::{self, Target, take_back};
use migrate::rollouts::{Rollout, refuse_needed};
use migrate::{Folder, Progress};
use pg_schema::ObjectName;
use postgres::{Connection, ConnectionUrl};
use tokio::time::sleep;

use crate::backfill::{self, Backfill, Error, State, backfills, cancel};
use crate::status::{Phase, Standing};
use crate::{Finish, FinishKind};

/// How often is looked whether those who fill have stopped.
const PAUSE: Duration = Duration::from_millis(200);

/// Kinds of statement of an expand migration that go with what they are about, though its `down.sql` names none of them.
const UNDONE: [&str; 4] = ["ALTER TABLE … CHECK", "ALTER TABLE … ENABLE", "COMMENT", "DO"];

/// What would be done.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The expand migration, with what is lost with it.
    pub down: down::Plan,
    /// Whether somebody is filling it right now.
    pub is_filling: bool,
    backfill: Option<Backfill>,
    /// What was built beside the fill, as far as it was.
    built: Vec<Finish>,
}

/// What is being done, for whoever shows it.
#[derive(Debug)]
pub enum Doing<'a> {
    /// Those who fill are to stop after their batch.
    Stopping { workers: u64 },
    /// An index that was built before or after the fill goes.
    DroppingIndex { name: &'a str },
    /// The rest.
    TakingBack(Progress<'a>),
}

/// Finds out what is to be done. It changes nothing.
///
/// Fails where the rollout is not under way in this database, or a later migration needs what it has made.
pub async fn plan(
    folder: &Folder,
    rollout: &Rollout,
    standing: &Standing,
    schema: &psl::Schema,
    databases: Databases<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Plan, Error> {
    let name = &rollout.name;
    match standing.phase {
        Phase::Pending => {
            return Err(Error::new(format!("the rollout `{name}` is not begun in this database"))
                .with_help("there is nothing to undo; to give it up, delete its folder and undo the change in the schema file"));
        }
        Phase::Contracted => {
            return Err(Error::new(format!(
                "the rollout `{name}` is contracted: what the old release had is gone"
            ))
            .with_help(
                "the way back is a rollout of its own: change the schema file back, then\n  \
                        cargo xtask migrate dev --zero-downtime",
            ));
        }
        _ => {}
    }
    let mut down = down::plan(folder, databases.main, &Target::Only(name.clone())).await?;
    for planned in &mut down.migrations {
        planned.beyond.retain(|kind| !UNDONE.contains(&kind.as_str()));
        let scripts = (name.as_str(), planned.script.as_str());
        refuse_needed(folder, scripts, schema, databases, progress).await?;
    }
    let applied = std::slice::from_ref(name);
    let backfill = backfills(folder, applied, databases.main.schema())?.into_iter().next();
    Ok(Plan {
        down,
        is_filling: standing.parts.iter().any(|part| part.workers > 0),
        backfill,
        built: [&standing.document.prepare[..], &standing.document.finish].concat(),
    })
}

/// Does it, and marks the expand migration in the history as rolled back.
pub async fn abort(
    url: &ConnectionUrl,
    plan: &Plan,
    tell: &mut dyn FnMut(Doing<'_>),
) -> Result<(), Error> {
    let connection = postgres::connect(url).await?;
    if let Some(backfill) = &plan.backfill {
        stop(&connection, backfill, tell).await?;
    }
    for Finish { kind, table, name, .. } in &plan.built {
        if *kind == FinishKind::Index {
            tell(Doing::DroppingIndex { name });
            let index = ObjectName { namespace: Some(table.schema.clone()), name: name.clone() };
            drop_index(&connection, &index).await?;
        }
    }
    let mut show = |progress: Progress<'_>| tell(Doing::TakingBack(progress));
    let taken = take_back(url, &plan.down, &mut show).await;
    taken.map_err(|error| not_taken_back(error, plan))?;
    if has(&connection, "backfills").await? {
        for planned in &plan.down.migrations {
            let sql = include_str!("abort/forget.sql");
            connection.execute(sql, &[&url.schema(), &planned.name]).await?;
        }
    }
    if has(&connection, "conflicts").await? {
        for planned in &plan.down.migrations {
            // Triggers know the moment in the name.
            let digits = planned.name.get(..14).unwrap_or(&planned.name);
            let sql = "DELETE FROM _driveflow.conflicts WHERE left(rollout, 14) = $1";
            connection.execute(sql, &[&digits]).await?;
        }
    }
    connection.close().await;
    Ok(())
}

/// What stays is a rollout whose fill is given up.
fn not_taken_back(error: migrate::Error, plan: &Plan) -> Error {
    let Some(name) = plan.down.migrations.first().map(|planned| &planned.name) else {
        return error.into();
    };
    let abort = format!("cargo xtask migrate abort \"{name}\"");
    let help = error.help().unwrap_or_default().replace("cargo xtask migrate down", &abort);
    let go_on = match &plan.backfill {
        Some(_) => format!(
            "\nIts fill is stopped. To go on with the rollout instead:\n  cargo xtask backfill run \"{name}\" --again"
        ),
        None => String::new(),
    };
    Error::from(error).with_help(help + &go_on)
}

/// Whether there is this table of ours.
async fn has(connection: &Connection, table: &str) -> Result<bool, Error> {
    let name = format!("_driveflow.{table}");
    let row = connection.query_one("SELECT to_regclass($1) IS NOT NULL", &[&name]).await?;
    Ok(row.get(0))
}

/// Has nobody begin another batch, and waits for those that are under way.
async fn stop(
    connection: &Connection,
    backfill: &Backfill,
    tell: &mut dyn FnMut(Doing<'_>),
) -> Result<(), Error> {
    let all = std::slice::from_ref(backfill);
    let found = backfill::progress(connection, all).await?;
    let is_open = |part: &backfill::Progress| {
        matches!(part.state, State::Waiting | State::Running | State::Paused)
    };
    if found.iter().any(is_open)
        && let Err(error) = cancel(connection, backfill).await
    {
        // It may have come to its end between the two: then there is nothing left to stop.
        if backfill::progress(connection, all).await?.iter().any(is_open) {
            return Err(error);
        }
    }
    loop {
        let found = backfill::progress(connection, all).await?;
        let workers: u64 = found.iter().map(|part| part.workers).sum();
        if workers == 0 {
            return Ok(());
        }
        tell(Doing::Stopping { workers });
        sleep(PAUSE).await;
    }
}

/// Beside whoever uses the table, where that can be: else it goes with the rest.
async fn drop_index(connection: &Connection, index: &ObjectName) -> Result<(), Error> {
    let sql = format!("DROP INDEX CONCURRENTLY IF EXISTS {}", pg_schema::quote::explicit(index));
    match connection.batch_execute(&sql).await {
        Err(error) if error.db().is_none() => Err(error.into()),
        _ => Ok(()),
    }
}
