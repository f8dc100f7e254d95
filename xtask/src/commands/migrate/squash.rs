//! `migrate squash`: several migrations, made one.

use migrate::squash::{Plan, Request, carry_out, plan};
use migrate::{Folder, namespaces, report};

use super::shown_in;
use crate::cli::{Common, Squash};
use crate::commands::open_database;
use crate::failure::{Failure, Result};
use crate::paths;
use crate::terminal::{Step, can_prompt, confirm, say, write_result};

pub(super) async fn run(common: &Common, arguments: Squash) -> Result<()> {
    let (project, schema, database) = open_database(common)?;
    let folder = Folder::read(&project.migrations())?;
    let shown = paths::shown(folder.path());
    let Squash { from, to, name, force, dry_run } = arguments;
    let request = Request { from, to, title: name };
    let databases = database.for_replays();
    let step = Step::start("Replaying the migrations one by one, and as one");
    let plan =
        plan(&folder, databases, &namespaces::named(&schema), &request, &mut shown_in(&step))
            .await?;
    drop(step);
    if dry_run || !force {
        say!("{}", report::squash_plan(&plan, &shown));
    }
    if dry_run {
        return write_result(&report::squash_scripts(&plan));
    }
    if !force {
        consent(&plan)?;
    }
    carry_out(&folder, &plan)?;
    say!("{}", report::squashed(&plan, &shown));
    Ok(())
}

fn consent(plan: &Plan) -> Result<()> {
    let count = plan.replaced.len();
    let folders =
        if count == 1 { "this folder".to_owned() } else { format!("these {count} folders") };
    if !can_prompt() {
        return Err(Failure::new(format!(
            "The environment is non-interactive, and nobody can be asked whether {folders} may be deleted."
        ))
        .help("to squash without being asked, add --force; to see the SQL first, --dry-run"));
    }
    let question = if plan.only_finishes {
        format!("Are you sure you want to delete {folders}?")
    } else {
        format!("Are you sure you want to make one migration of {folders}, and delete them?")
    };
    if confirm(&question)? { Ok(()) } else { Err(Failure::cancelled("Nothing was squashed.")) }
}
