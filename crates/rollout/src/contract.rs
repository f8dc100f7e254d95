//! The end of a rollout: whether a database is ready for it, and the migration that brings it about.
//!
//! What is looked at here is what the contract's own guard looks at, and more: the ledger of the fill, each index and
//! constraint, how both sides compare. What is found is told with what to do, all of it at once.

use std::time::{Duration, SystemTime};

use migrate::dev::{Written, new_name, not_at_end, write_or_withdraw};
use migrate::folder::{DOWN, Folder, SCRIPT};
use migrate::rollouts::trial::{Trial, try_out};
use migrate::rollouts::{Rollout, contracts_text, refuse_other_end};
use migrate::{Databases, Options, span};
use pg_schema::quote;
use postgres::Connection;
use postgres::driver::SimpleQueryMessage;
use postgres::driver::tokio_postgres::SimpleQueryRow;

use crate::backfill::{Error, State};
use crate::status::{Phase, Standing};
use crate::{Finish, FinishKind, ROLLOUT, SETTINGS};

/// Something that keeps a rollout from being contracted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// A sentence.
    pub what: String,
    /// What to do about it.
    pub help: String,
}

/// What keeps a rollout from being contracted in this database; nothing where it is ready, be its contract written already or
/// not.
///
/// Reads whole tables to compare both sides. Where nothing else is in the way, the contract is tried in a transaction that
/// is rolled back.
pub async fn obstacles(
    connection: &Connection,
    (folder, rollout): (&Folder, &Rollout),
    standing: &Standing,
    quiet: Duration,
) -> Result<Vec<Obstacle>, Error> {
    if let Some(found) = not_under_way(standing) {
        return Ok(vec![found]);
    }
    let mut status = migrate::status::status(folder, connection.url()).await?;
    if let Some(contract) = &standing.contracted_by {
        // It is there and is to be applied itself, and nothing behind it.
        let before = |name: &String| name != contract;
        let pending = std::mem::take(&mut status.diagnosis.pending);
        status.diagnosis.pending = pending.into_iter().take_while(before).collect();
    }
    if let Some((what, help)) = not_at_end(&status.diagnosis) {
        return Ok(vec![Obstacle { what, help }]);
    }
    let mut found = unfilled(standing);
    for finish in &standing.document.finish {
        found.extend(unfinished(connection, finish).await?);
    }
    if found.is_empty() {
        // On rows that are not filled they find what is known.
        found.extend(apart(connection, standing).await?);
    }
    found.extend(not_quiet(standing, quiet));
    if found.is_empty() {
        let options = Options { quiet: Some(quiet), ..Options::default() };
        let trial = try_out(connection, folder, rollout, &options).await?;
        found.extend(refused(trial, &rollout.name));
    }
    Ok(found)
}

fn refused(trial: Trial, name: &str) -> Option<Obstacle> {
    match trial {
        Trial::Passes => None,
        Trial::NotReady(refusal) => Some(Obstacle {
            what: refusal.message,
            help: refusal.help.unwrap_or_else(|| "cargo xtask rollout status".to_owned()),
        }),
        Trial::Refused(words) => Some(Obstacle {
            what: format!(
                "The server refuses the contract, which was tried and rolled back.\n{words}"
            ),
            help: format!(
                "Mend what it names, if need be with a migration of your own:\n  \
                 cargo xtask migrate dev --create-only\nThen, once that is applied:\n  \
                 cargo xtask migrate contract \"{name}\""
            ),
        }),
    }
}

/// Writes the contract as a migration, whose name is the rollout's and `now`, once it is sure that it changes nothing of
/// what all migrations lead to, and runs it where `options` say how.
pub async fn contract(
    folder: &Folder,
    rollout: &Rollout,
    schema: &psl::Schema,
    databases: Databases<'_>,
    (now, options): (SystemTime, Option<&Options>),
    progress: &mut dyn FnMut(migrate::Progress<'_>),
) -> Result<Written, migrate::Error> {
    refuse_other_end(folder, rollout, schema, databases, progress).await?;
    let title = rollout.name.split_once('_').map_or(rollout.name.as_str(), |(_, title)| title);
    let name = new_name(folder, &format!("{title}_contract"), now);
    let (script, toml) = (&rollout.contract.script, contracts_text(&rollout.name));
    let down = no_way_back(&rollout.name);
    let files = [(SCRIPT, script.as_str()), (DOWN, down.as_str()), (ROLLOUT, toml.as_str())];
    write_or_withdraw(folder, (&name, &files), options, databases.main, progress).await
}

/// The text of the contract's `down.sql`: what was retired is nowhere any more, nor is what kept both sides equal.
fn no_way_back(name: &str) -> String {
    let what = format!(
        "The contract of `{name}` has taken away what only the old release had: it does not come back."
    );
    let hint = "The way back is a rollout of its own: change the schema file back, then cargo xtask migrate dev --zero-downtime. \
                Or restore a backup: cargo xtask db restore";
    format!(
        "/*\n  Warnings:\n\n  - {what}\n\n*/\nDO $$ BEGIN\n  RAISE EXCEPTION {}\n    USING HINT = {};\nEND $$;\n",
        quote::literal(&what.replace('%', "%%")),
        quote::literal(hint)
    )
}

fn not_under_way(standing: &Standing) -> Option<Obstacle> {
    let name = &standing.name;
    let (what, help) = match (standing.phase, &standing.contracted_by) {
        (Phase::Pending, _) => (
            format!("The rollout `{name}` is not begun in this database."),
            "cargo xtask migrate deploy",
        ),
        (Phase::Contracted, Some(by)) => (
            format!("The rollout `{name}` is contracted already, by `{by}`."),
            "There is nothing to do.",
        ),
        _ => return None,
    };
    Some(Obstacle { what, help: help.to_owned() })
}

fn unfilled(standing: &Standing) -> Vec<Obstacle> {
    let open = standing.parts.iter().filter(|part| part.state != State::Done);
    open.map(|part| {
        let what = match &part.table {
            Some(table) => format!("The fill of \"{}\" is not done", table.name),
            None if part.is_preparation() => "The indexes for the fill are not built".to_owned(),
            None => {
                "What follows the fill, indexes, constraints and the proof, is not done".to_owned()
            }
        };
        let help = match part.state {
            State::Paused => format!("cargo xtask backfill resume \"{}\"", standing.name),
            State::Cancelled => format!("cargo xtask backfill run \"{}\" --again", standing.name),
            _ => "cargo xtask backfill run".to_owned(),
        };
        let rows = match part.total {
            Some(total) if total > 0 => format!(", {} of about {total} rows", part.seen),
            _ => String::new(),
        };
        Obstacle { what: format!("{what}: {}{rows}.", part.state.name()), help }
    })
    .collect()
}

async fn unfinished(connection: &Connection, finish: &Finish) -> Result<Option<Obstacle>, Error> {
    let Finish { kind, table, name, .. } = finish;
    let (sql, kind) = match kind {
        FinishKind::Index => (include_str!("contract/index.sql"), "index"),
        FinishKind::Constraint | FinishKind::Validate => {
            (include_str!("contract/constraint.sql"), "constraint")
        }
    };
    let row = connection.query_opt(sql, &[&table.schema, &table.name, name]).await?;
    let matter = match row.map(|row| row.get::<_, bool>(0)) {
        Some(true) => return Ok(None),
        Some(false) => "is not valid yet",
        None => "is not there",
    };
    Ok(Some(Obstacle {
        what: format!("The {kind} \"{name}\" of \"{}\" {matter}.", table.name),
        help: "cargo xtask backfill run".to_owned(),
    }))
}

/// How many rows of a proof are shown.
const SAMPLE: usize = 3;

/// Rows in which both sides differ.
async fn apart(connection: &Connection, standing: &Standing) -> Result<Vec<Obstacle>, Error> {
    let mut found = Vec::new();
    for proof in &standing.document.proofs {
        let settings = SETTINGS
            .iter()
            .map(|(name, value)| format!("SET LOCAL {name} TO {};", quote::literal(value)));
        let begin = format!("BEGIN READ ONLY;{}", settings.collect::<String>());
        connection.batch_execute(&begin).await?;
        let answers = connection.simple_query(proof).await.map_err(postgres::Error::from);
        connection.batch_execute("ROLLBACK").await?;
        let rows: Vec<String> = answers?
            .iter()
            .filter_map(|answer| match answer {
                SimpleQueryMessage::Row(row) => Some(shown(row)),
                _ => None,
            })
            .take(SAMPLE)
            .collect();
        if !rows.is_empty() {
            found.push(Obstacle {
                what: format!("Both sides differ in rows as these:\n  {}", rows.join("\n  ")),
                help: format!(
                    "A trigger was off, or somebody has changed the rows beside it. Look which of the values are right. Where the \
                     old side's are, this takes them into the new side, over what stands there:\n  \
                     cargo xtask backfill run \"{}\" --again\n\
                     Where the new side's are, correct the rows by hand first: set both sides in one UPDATE.",
                    standing.name
                ),
            });
        }
    }
    Ok(found)
}

/// `id 5, name Ann, full_name Anna`.
fn shown(row: &SimpleQueryRow) -> String {
    let columns = row.columns().iter().enumerate();
    let values =
        columns.map(|(at, column)| format!("{} {}", column.name(), row.get(at).unwrap_or("NULL")));
    values.collect::<Vec<_>>().join(", ")
}

fn not_quiet(standing: &Standing, quiet: Duration) -> Option<Obstacle> {
    let ago = standing.old_write.filter(|ago| *ago < quiet)?;
    Some(Obstacle {
        what: format!(
            "The old side was written {} ago: a release that knows nothing of the new side still runs, or did so until then.",
            span(ago)
        ),
        help: format!(
            "Once no old release runs any more, wait for {} of quiet. If it is known that nothing comes any more:\n  \
             cargo xtask migrate contract \"{}\" --quiet 0",
            span(quiet),
            standing.name
        ),
    })
}

#[cfg(test)]
mod tests;
