//! `migrate down`: applied migrations, taken back.

use migrate::down::{Plan, Target, plan, take_back};
use migrate::{Folder, report};

use super::{Database, shown_in};
use crate::cli::{Common, Down};
use crate::commands::open_database;
use crate::failure::{Failure, Result};
use crate::paths;
use crate::terminal::{Step, can_prompt, confirm, say, write_result};

pub(super) async fn run(common: &Common, arguments: Down) -> Result<()> {
    let (project, _, database) = open_database(common)?;
    let folder = Folder::read(&project.migrations())?;
    let target = match arguments.to {
        Some(name) => Target::To(name),
        None => Target::Steps(usize::try_from(arguments.steps).unwrap_or(usize::MAX)),
    };
    let plan = plan(&folder, &database.direct, &target).await?;
    if plan.migrations.is_empty() {
        say!("{}", report::nothing_to_take_back());
        return Ok(());
    }
    say!("{}", report::down_plan(&plan, &database.direct));
    if arguments.dry_run {
        return write_result(&report::down_scripts(&plan));
    }
    if !arguments.force {
        consent(&plan, &database)?;
    }
    let step = Step::start("Taking migrations back");
    let done = take_back(&database.direct, &plan, &mut shown_in(&step)).await?;
    drop(step);
    say!("{}", report::taken_back(&done, &plan, &paths::shown(folder.path())));
    Ok(())
}

fn consent(plan: &Plan, database: &Database) -> Result<()> {
    let name = database.direct.database();
    if !can_prompt() {
        return Err(Failure::new(
            "The environment is non-interactive, and nobody can be asked whether this is to be lost.",
        )
        .help(format!(
            "to take the migrations back on \"{name}\" without being asked, add --force; to see the SQL first, --dry-run"
        )));
    }
    let count = plan.migrations.len();
    let what =
        if count == 1 { "this migration".to_owned() } else { format!("these {count} migrations") };
    if confirm(&format!("Are you sure you want to take back {what} on the database \"{name}\"?"))? {
        Ok(())
    } else {
        Err(Failure::cancelled("Nothing was taken back."))
    }
}
