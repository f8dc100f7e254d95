//! `migrate abort`: a rollout, given up.

use migrate::rollouts::find_by_name;
use migrate::{Folder, report};
use rollout::abort::{Doing, Plan, abort, plan};

use super::{Database, shown_in};
use crate::cli::{Abort, Common};
use crate::commands::{open, rollout as rollouts};
use crate::failure::{Failure, Result};
use crate::paths;
use crate::terminal::{Step, can_prompt, confirm, say};

pub(super) async fn run(common: &Common, arguments: &Abort) -> Result<()> {
    let (project, schema, database) = open(common)?;
    let folder = Folder::read(&project.migrations())?;
    let rollout = find_by_name(&folder, &arguments.name)?;
    let found = rollouts::of_database(&folder, &database, &[rollout], 0).await?;
    let Some(standing) = found.first() else { return Ok(()) };
    let step = Step::start("Looking whether anything needs what the rollout has made");
    let databases = database.for_replays();
    let mut progress = shown_in(&step);
    let planned = plan(&folder, rollout, standing, &schema, databases, &mut progress);
    let plan = Box::pin(planned).await?;
    drop(progress);
    drop(step);
    say!("{}", report::down_plan(&plan.down, &database.direct));
    if plan.is_filling {
        say!("It is being filled right now: that is stopped first.\n");
    }
    if !arguments.force {
        consent(&rollout.name, &plan, &database)?;
    }
    let step = Step::start("Giving the rollout up");
    let mut show = shown_in(&step);
    abort(&database.direct, &plan, &mut |doing| match doing {
        Doing::Stopping { workers } => {
            step.doing(&format!("Waiting for {workers} batch(es) of the fill to end"));
        }
        Doing::DroppingIndex { name } => step.doing(&format!("Dropping the index {name}")),
        Doing::TakingBack(progress) => show(progress),
    })
    .await?;
    drop(show);
    drop(step);
    let names = [Some(&rollout.name), rollout.contracted_by.as_ref()];
    let places = names.into_iter().flatten().map(|name| paths::shown(&folder.path().join(name)));
    let places: Vec<String> = places.collect();
    let schema = paths::shown(&project.schema);
    say!("{}", rollout::report::aborted(&rollout.name, &places, &schema));
    Ok(())
}

fn consent(name: &str, plan: &Plan, database: &Database) -> Result<()> {
    let database = database.direct.database();
    if !can_prompt() {
        let stops = if plan.is_filling { ", and its fill stopped" } else { "" };
        return Err(Failure::new(format!(
            "The environment is non-interactive, and nobody can be asked whether the rollout is to be given up{stops}."
        ))
        .help(format!(
            "to give it up on \"{database}\" without being asked:\n  cargo xtask migrate abort \"{name}\" --force"
        )));
    }
    let question =
        format!("Are you sure you want to give up this rollout on the database \"{database}\"?");
    if confirm(&question)? { Ok(()) } else { Err(Failure::cancelled("Nothing was changed.")) }
}
