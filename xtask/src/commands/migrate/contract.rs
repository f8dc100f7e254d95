//! `migrate contract`: the end of a rollout, once everything is ready for it. Where its migration is there already, of
//! `--create-only` or from another database, that is applied, after the quiet that is asked for here.

use std::time::SystemTime;

use migrate::rollouts::find_by_name;
use migrate::{Folder, Options, report};
use rollout::contract::{contract, obstacles};
use rollout::status::QUIET;

use super::{deploy, shown_in};
use crate::cli::{Common, Contract};
use crate::commands::{open, rollout as rollouts};
use crate::failure::{Failure, Result};
use crate::paths;
use crate::secrets::hide;
use crate::terminal::{Step, say};

pub(super) async fn run(common: &Common, arguments: &Contract) -> Result<()> {
    let (project, schema, database) = open(common)?;
    let folder = Folder::read(&project.migrations())?;
    let rollout = find_by_name(&folder, &arguments.name)?;
    let quiet = arguments.quiet.unwrap_or(QUIET);
    let step = Step::start("Comparing both sides of the rollout");
    let found = rollouts::of_database(&folder, &database, &[rollout], 1).await?;
    let Some(standing) = found.first() else { return Ok(()) };
    let connection = postgres::connect(&database.direct).await?;
    let found = Box::pin(obstacles(&connection, (&folder, rollout), standing, quiet)).await?;
    connection.close().await;
    if !found.is_empty() {
        let (message, help) = rollout::report::obstacles(&rollout.name, &found);
        return Err(Failure::new(hide(&message)).help(help));
    }
    let options = Options { quiet: Some(quiet), ..Options::default() };
    if let Some(written) = rollout.contracted_by.clone() {
        drop(step);
        if arguments.create_only {
            let message =
                format!("the contract of `{}` is written already: `{written}`", rollout.name);
            let apply = format!("to apply it: cargo xtask migrate contract \"{}\"", rollout.name);
            return Err(Failure::new(hide(&message)).help(apply));
        }
        let options = Options { up_to: Some(written), ..options };
        return deploy::deploy_to(&folder, &database, &options).await;
    }
    step.doing("Replaying the migrations with the contract");
    let made = (SystemTime::now(), (!arguments.create_only).then_some(&options));
    let databases = database.for_replays();
    let mut progress = shown_in(&step);
    let written = contract(&folder, rollout, &schema, databases, made, &mut progress);
    let written = Box::pin(written).await?;
    drop(progress);
    drop(step);
    if written.applied.is_empty() {
        let then = rollout::report::contract_written(&rollout.name, &standing.document);
        say!("{}\n\n{then}", report::created(&written.name));
        return Ok(());
    }
    let shown = paths::shown(written.folder.path());
    say!("{}", report::created_and_applied(&written.applied, &shown));
    say!("\n{}", rollout::report::contracted(&rollout.name, &standing.document));
    Ok(())
}
