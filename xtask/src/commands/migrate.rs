//! `migrate`: a command a file, and what they share.

mod abort;
mod adopt;
mod check;
mod contract;
mod deploy;
mod dev;
mod diff;
mod down;
mod lint;
mod partition;
mod plan;
mod rehearse;
mod reset;
mod resolve;
mod squash;
mod status;
mod verified;

use migrate::{Progress, report};
use postgres::Notice;

use super::generate::write_client;
use crate::cli::{Common, Deploy, MigrateCommand};
use crate::database::Database;
use crate::failure::{Failure, Result};
use crate::programs::{self, Program};
use crate::project::Project;
use crate::secrets::hide;
use crate::signals;
use crate::terminal::{Step, say};

pub(super) use self::deploy::deploy_to;

pub(super) async fn run(common: &Common, command: Option<MigrateCommand>) -> Result<()> {
    match command.unwrap_or(MigrateCommand::Deploy(Deploy::default())) {
        MigrateCommand::Dev(arguments) => dev::run(common, arguments).await,
        MigrateCommand::Deploy(arguments) => deploy::run(common, arguments).await,
        MigrateCommand::Rehearse(arguments) => rehearse::run(common, &arguments).await,
        MigrateCommand::Check(arguments) => check::run(common, arguments).await,
        MigrateCommand::Plan(arguments) => plan::run(common, arguments).await,
        MigrateCommand::Status(arguments) => status::run(common, arguments).await,
        MigrateCommand::Resolve(arguments) => resolve::run(common, arguments).await,
        MigrateCommand::Lint(arguments) => lint::run(common, arguments).await,
        MigrateCommand::Down(arguments) => down::run(common, arguments).await,
        MigrateCommand::Contract(arguments) => contract::run(common, &arguments).await,
        MigrateCommand::Partition(arguments) => partition::run(common, &arguments).await,
        MigrateCommand::Abort(arguments) => abort::run(common, &arguments).await,
        MigrateCommand::Squash(arguments) => squash::run(common, arguments).await,
        MigrateCommand::Reset(arguments) => reset::run(common, &arguments).await,
        MigrateCommand::Diff(arguments) => {
            diff::run(common, *arguments).await.map_err(Failure::told_as_any_other)
        }
    }
}

/// Fills the database, where the project has a program for it. What is in it was made, or emptied, just now with the
/// consent of whoever asked: so demo data may be in it wherever it is.
async fn seed(project: &Project, database: &Database) -> Result<()> {
    if !Program::Seed.exists_in(project) {
        return Ok(());
    }
    say!("");
    let consent = ["--allow-remote", database.url.database()].map(str::to_owned);
    let arguments = if database.url.is_local() { &[][..] } else { &consent };
    programs::run(Program::Seed, project, &database.url.expose(), arguments).await
}

/// What the server said: scripts may quote what is secret.
pub(super) fn told(notice: &Notice) -> String {
    hide(&report::notice(notice))
}

/// A callback that shows progress in a step's line.
pub(super) fn shown_in(step: &Step) -> impl FnMut(Progress<'_>) {
    let waits = || signals::when_stopped(Some(report::stopped_while_waiting().to_owned()));
    move |progress| match progress {
        Progress::DatabaseCreated { name } => step.doing(&format!("Created database {name}")),
        Progress::Applying { name, number, of } => {
            signals::when_stopped(Some(report::stopped_while_applying(name)));
            step.doing(&format!("Applying {name} ({number} of {of})"));
        }
        Progress::Squashed { name } => {
            step.tell(&format!(
                "The history now has {name} in the place of what it was squashed from."
            ));
        }
        Progress::TakingBack { name, number, of } => {
            step.doing(&format!("Taking back {name} ({number} of {of})"));
        }
        Progress::Replaying { name, number, of } => {
            step.doing_in_passing(&format!(
                "Replaying {name} on the shadow database ({number} of {of})"
            ));
        }
        Progress::Step { number, of, summary, is_kept, .. } => {
            if is_kept {
                waits();
            }
            step.doing(&hide(&report::step(number, of, summary)));
        }
        Progress::Resuming { name, done, of } => {
            waits();
            step.tell(&report::resuming(name, done, of));
        }
        Progress::FoundDone { number, of } => step.tell(&report::found_done(number, of)),
        Progress::NoLedger { url, reason } => step.tell(&report::no_ledger(url, reason)),
        Progress::Blocked { by, waited } => step.tell(&hide(&report::blocked(by, waited))),
        Progress::Retrying { number, of, pause, .. } => {
            waits();
            step.tell(&report::retrying(number, of, pause));
        }
        Progress::Notice(notice) => step.tell(&told(notice)),
        Progress::Applied { .. } => signals::when_stopped(None),
    }
}
