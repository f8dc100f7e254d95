//! `migrate down`: takes applied migrations back, the last one first, each by the `down.sql` beside its
//! `migration.sql`. Prisma knows nothing of these files; what they leave in the history is what its own
//! `migrate resolve --rolled-back` leaves, so that either tool's deploy runs the migration again.
//!
//! What would happen is a value first ([`plan`]), to be shown and agreed to; consent is the caller's
//! business. Then it is done ([`take_back`]), provided that the history is still the one that was shown.
//! A `down.sql` and its mark in the history are one transaction wherever the script is one.

pub(crate) mod beyond;
pub(crate) mod losses;
pub mod script;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use postgres::{Connection, ConnectionUrl};
use tokio::time::sleep;

use crate::apply::run::{refuse_copy, run};
use crate::apply::stop::Stop;
use crate::failed::{LOGS, failed_rows, how_to_end};
use crate::folder::{DOWN, Folder, down_path, find, script_path, text_of};
use crate::history::{History, Row, State};
use crate::locked::locked_for;
use crate::notices::telling;
use crate::script::Script;
use crate::timeouts::{Patience, Tries};
use crate::{Error, Options, Progress, checksum};

/// How far to go back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// So many migrations.
    Steps(usize),
    /// All that were applied after this one, which stays. A part of its name will do.
    To(String),
    /// This one alone, whatever was applied after it: that nothing needs it is the caller's business.
    Only(String),
}

/// What is to be taken back, in that order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    pub migrations: Vec<TakeBack>,
    /// The last migration that stays.
    pub stays: Option<String>,
    /// Whether others stay that were applied after what is taken back.
    is_from_the_middle: bool,
}

/// One migration to be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeBack {
    pub name: String,
    /// Where its `down.sql` is, and what it says.
    pub file: PathBuf,
    pub script: String,
    /// What it takes away, with the numbers of this database.
    pub losses: Vec<String>,
    /// What the comment at its top says beyond that.
    pub remarks: Vec<String>,
    /// Whether its `down.sql` holds no statement: then only the history changes.
    pub is_empty: bool,
    /// Kinds of statement in its `migration.sql` that its `down.sql` may not undo, as `CREATE FUNCTION`.
    pub beyond: Vec<String>,
    /// Whether the migration was changed after it was applied, so that its `down.sql` may not fit.
    pub is_edited: bool,
    /// Whether a failure leaves everything as it was.
    pub is_atomic: bool,
    /// The row in the history.
    id: String,
}

/// Finds out what is to be done. It changes nothing.
///
/// Fails with P3009 where a failed migration is in the way, with P3017 where nothing has the target's name,
/// and without a code where a migration is not in the folder or has no `down.sql`.
pub async fn plan(folder: &Folder, url: &ConnectionUrl, target: &Target) -> Result<Plan, Error> {
    let connection = postgres::connect(url).await?;
    let planned = plan_on(&connection, folder, target).await;
    connection.close().await;
    planned
}

/// Does what was planned and says what was taken back.
///
/// Fails where the history has changed since, where a script is refused, and as [`plan`] does.
pub async fn take_back(
    url: &ConnectionUrl,
    plan: &Plan,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Vec<String>, Error> {
    let scripts = plan.migrations.iter().map(|planned| planned.script.as_str());
    locked_for(scripts, postgres::connect(url).await?, async |connection| {
        let rows = History::new(connection).read().await?.unwrap_or_default();
        let applied = last_applied(&rows)?;
        let ids = applied.iter().map(|row| &row.id);
        let mut planned = plan.migrations.iter().map(|planned| &planned.id);
        let is_as_planned = if plan.is_from_the_middle {
            planned.all(|id| ids.clone().any(|applied| applied == id))
        } else {
            planned.eq(ids.take(plan.migrations.len()))
        };
        if !is_as_planned {
            return Err(Error::plain(
                "the history has changed since this was planned; nothing was done",
            )
            .with_help("look again: cargo xtask migrate down --dry-run"));
        }
        let mut done: Vec<String> = Vec::new();
        for (at, planned) in plan.migrations.iter().enumerate() {
            let (name, number, of) = (&planned.name, at + 1, plan.migrations.len());
            progress(Progress::TakingBack { name, number, of });
            let result = take_one_back(connection, planned, progress).await;
            result.map_err(|error| after(&done, error))?;
            done.push(name.clone());
        }
        Ok(done)
    })
    .await
}

async fn plan_on(connection: &Connection, folder: &Folder, target: &Target) -> Result<Plan, Error> {
    let rows = History::new(connection).read().await?.unwrap_or_default();
    let applied = last_applied(&rows)?;
    let chosen = match target {
        Target::Steps(steps) => 0..(*steps).min(applied.len()),
        Target::To(text) => 0..position(text, &applied, folder)?,
        Target::Only(text) => {
            let at = position(text, &applied, folder)?;
            at..at + 1
        }
    };
    let is_from_the_middle = chosen.start > 0;
    let stays = if is_from_the_middle { 0 } else { chosen.end };
    let mut plan = Plan { is_from_the_middle, ..Plan::default() };
    for row in &applied[chosen] {
        plan.migrations.push(of_row(connection, folder, row).await?);
    }
    plan.stays = applied.get(stays).map(|row| row.name.clone());
    Ok(plan)
}

/// The applied attempts, the last one first.
///
/// Fails with P3009 where a failed one is among them.
fn last_applied(rows: &[Row]) -> Result<Vec<&Row>, Error> {
    let failed: Vec<&Row> = rows.iter().filter(|row| row.state == State::Failed).collect();
    if !failed.is_empty() {
        return Err(failed_rows(
            "migrate found failed migrations in the target database, nothing will be taken back.",
            failed.iter().map(|row| {
                let began = row.started_at.as_deref().unwrap_or_default();
                (row.name.as_str(), began, row.logs.as_deref())
            }),
        ));
    }
    Ok(rows.iter().rev().filter(|row| row.state == State::Applied).collect())
}

/// How many migrations were applied after the one that is meant.
fn position(text: &str, applied: &[&Row], folder: &Folder) -> Result<usize, Error> {
    let names: Vec<&str> = applied.iter().map(|row| row.name.as_str()).collect();
    if let Some(meant) = find::meant(&names, text)? {
        return Ok(names.iter().position(|name| *name == meant).unwrap_or_default());
    }
    let known = folder.migrations().iter().find(|migration| migration.name.contains(text));
    let Some(known) = known else { return Err(not_found(folder, text)) };
    Err(Error::plain(format!(
        "the migration `{}` is not applied to the database: there is no way back to it",
        known.name
    ))
    .with_help("see what is applied: cargo xtask migrate status"))
}

fn not_found(folder: &Folder, text: &str) -> Error {
    Error::new(
        "P3017",
        format!(
            "The migration {text} could not be found: neither the database nor {} has one with that in its name.",
            folder.path().display()
        ),
    )
    .with_help("see what is applied: cargo xtask migrate status")
}

async fn of_row(connection: &Connection, folder: &Folder, row: &Row) -> Result<TakeBack, Error> {
    let name = &row.name;
    let Some(migration) = folder.find(name) else {
        return Err(Error::plain(format!(
            "the migration `{name}` is applied to the database but is not in {}",
            folder.path().display()
        ))
        .with_help("take it back from the branch or commit that has it"));
    };
    let file = down_path(folder.path(), name);
    let text = text_of(&file)?.ok_or_else(|| no_script(folder.path(), name, &file))?;
    let script = Script::new(&text);
    refuse_copy(&script, &file)?;
    let found = losses::find(&script);
    let mut losses = Vec::with_capacity(found.len());
    for loss in &found {
        losses.push(loss.describe(connection).await?);
    }
    let told: Vec<String> = found.iter().filter_map(losses::Loss::in_general).collect();
    let remarks = script::remarks(&text).filter(|remark| !told.iter().any(|told| told == remark));
    Ok(TakeBack {
        name: name.clone(),
        remarks: remarks.map(str::to_owned).collect(),
        losses,
        is_empty: script.statements().is_empty(),
        beyond: beyond::find(&Script::new(&migration.script), &script),
        is_edited: !checksum::matches(&migration.script, &row.checksum),
        is_atomic: script.is_atomic(),
        id: row.id.clone(),
        script: text,
        file,
    })
}

async fn take_one_back(
    connection: &Connection,
    planned: &TakeBack,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(), Error> {
    let script = Script::new(&planned.script);
    let history = History::new(connection);
    history.refresh_session().await?;
    if !planned.is_atomic {
        history.begin_taking_back(&planned.id).await?;
    }
    let finish = history.taken_back_sql(&planned.id, &script);
    // Nobody is to wait behind it for long.
    let options = Options::default();
    let limits = options.limits_sql(&script, Patience::of_script(&script));
    let mut tries = Tries::new(&options, &planned.id);
    let stop = loop {
        if planned.is_atomic {
            connection.batch_execute(&limits).await?;
        }
        let ran = telling(connection, progress, run(connection, &script, &finish)).await;
        let Err(stop) = ran else { return Ok(()) };
        let may_try = planned.is_atomic && stop.is_contention();
        let Some(pause) = tries.next().filter(|_| may_try) else { break stop };
        history.refresh_session().await?;
        let (name, number, of) = (&planned.name, tries.done(), options.max_retries);
        progress(Progress::Retrying { name, number, of, pause });
        sleep(pause).await;
    };
    if connection.is_closed() || stop.error().is_some_and(postgres::Error::is_closed) {
        return Err(lost(&planned.name, stop));
    }
    let findings = stop.findings(&script, &planned.file);
    if !planned.is_atomic {
        // That the attempt counts as failed is noted already; what the database said matters more than whether that
        // can be noted too.
        let _ = history.fail_noted(&planned.id, &format!("{LOGS}failed.\n\n{findings}")).await;
    }
    Err(refused(planned, &findings, stop))
}

fn refused(planned: &TakeBack, findings: &str, stop: Stop) -> Error {
    let TakeBack { name, file, .. } = planned;
    let help = if planned.is_atomic {
        format!(
            "Nothing of it was done: the script is one transaction, and the migration still counts as applied.\n\
             Mend {} and run cargo xtask migrate down again.",
            file.display()
        )
    } else {
        format!(
            "The script is not one transaction: what came before the failing statement may be undone, and the migration \
             counts as failed.\n{}",
            how_to_end(name)
        )
    };
    Error::plain(format!("the migration `{name}` could not be taken back.\n\n{findings}"))
        .with_file(file)
        .with_help(help)
        .with_source(stop)
}

fn lost(name: &str, stop: Stop) -> Error {
    Error::new(
        "P1017",
        format!(
            "Server has closed the connection.\n\nIt happened while the migration `{name}` was being taken back."
        ),
    )
    .with_help("cargo xtask migrate status\nsays whether it still is applied")
    .with_source(stop)
}

/// An error that did not come first.
fn after(done: &[String], error: Error) -> Error {
    if done.is_empty() {
        return error;
    }
    let help = error.help().unwrap_or_default();
    let help = format!("{help}\nTaken back before it: {}.", done.join(", "));
    error.with_help(help)
}

fn no_script(folder: &Path, name: &str, file: &Path) -> Error {
    let mut help = format!(
        "write into it the SQL that undoes {}. (Every migration that `migrate dev` writes has one.)",
        script_path(folder, name).display()
    );
    let _ = write!(
        help,
        "\nFor a start, copy the folder without this migration and those after it, and ask for the way there:\n  \
         cargo xtask migrate diff --from-migrations {} --to-migrations COPY --script",
        folder.display()
    );
    Error::plain(format!("the migration `{name}` has no {DOWN}: {} is not there", file.display()))
        .with_file(file)
        .with_help(help)
}
