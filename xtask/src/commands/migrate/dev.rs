//! `migrate dev`: from an edited schema to an applied migration and a fresh client.

use std::time::SystemTime;

use migrate::dev::{Databases, Next, Prepared, ResetRequired, create, prepare};
use migrate::{Folder, report};

use super::{Database, Project, seed, shown_in, write_client};
use crate::cli::{Common, Dev};
use crate::commands::open;
use crate::failure::{CANCELLED, Failure, Result};
use crate::terminal::{Step, ask, can_prompt, confirm};

pub(super) async fn run(common: &Common, arguments: Dev) -> Result<()> {
    let (project, schema, database) = open(common)?;
    let folder = Folder::read(&project.migrations())?;
    let step = Step::start("Comparing the schema with the migrations");
    let databases = Databases { main: &database.direct, shadow: database.shadow.as_ref() };
    let prepared = prepare(&folder, &schema, databases, &mut shown_in(&step)).await?;
    drop(step);
    let ready = match prepared {
        Prepared::ResetRequired(required) => return Err(refuse(&required, &database)),
        Prepared::Ready(ready) => ready,
    };
    if ready.created_database {
        println!("{}\n", report::database_created(&database.direct));
    }
    if !ready.applied.is_empty() {
        println!("{}\n", report::applied_pending(&ready.applied));
    }
    if ready.next.is_empty() && !arguments.create_only {
        println!("{}", report::synchronised(&ready.applied));
    } else {
        consent(&ready.next, arguments.create_only)?;
        let title = match arguments.name {
            Some(name) => name,
            None => ask_name(&ready.next)?,
        };
        let name = create(&folder, &ready.next, &title, SystemTime::now())?;
        if arguments.create_only {
            println!("{}", report::created(&name));
            return Ok(());
        }
        apply(&project, &database, &name).await?;
    }
    if !arguments.skip_generate {
        write_client(&project, &schema)?;
    }
    if ready.created_database && !arguments.skip_seed {
        seed(&project, &database)?;
    }
    Ok(())
}

/// The database is not what the migrations make. Nothing was changed, and nothing is destroyed here.
fn refuse(required: &ResetRequired, database: &Database) -> Failure {
    Failure { exit: CANCELLED, ..Failure::new(report::reset_required(required, &database.direct)) }
}

/// Steps that cannot work stop here; losses need a yes.
fn consent(next: &Next, create_only: bool) -> Result<()> {
    // What is only written is reviewed before it is applied, by whoever edits it.
    if create_only {
        print!("{}", report::warnings(next));
        return Ok(());
    }
    if !next.unexecutable.is_empty() {
        return Err(Failure::new(report::unexecutable(next)));
    }
    if next.warnings.is_empty() {
        return Ok(());
    }
    println!("{}", report::warnings(next));
    if !can_prompt() {
        return Err(Failure { exit: CANCELLED, ..Failure::new(
            "Prisma Migrate has detected that the environment is non-interactive, and the migration would lose data or \
             may fail, as the warnings say.",
        )
        .help(
            "write it, read it, then apply it:\n  cargo xtask migrate dev --create-only --name NAME\n  \
             cargo xtask migrate deploy",
        ) });
    }
    if confirm("Are you sure you want to create and apply this migration?")? {
        Ok(())
    } else {
        Err(Failure::cancelled("Migration cancelled."))
    }
}

fn ask_name(next: &Next) -> Result<String> {
    if !can_prompt() {
        return Err(Failure::new("the new migration needs a name, and nobody is there to ask")
            .help("cargo xtask migrate dev --name what_changed"));
    }
    println!("The schema asks for {} step(s) beyond the migrations.", next.steps);
    Ok(ask("Enter a name for the new migration")?.unwrap_or_else(|| "migration".to_owned()))
}

async fn apply(project: &Project, database: &Database, name: &str) -> Result<()> {
    let folder = Folder::read(&project.migrations())?;
    let step = Step::start(format!("Applying {name}"));
    let deployed = migrate::deploy::deploy(&folder, &database.direct, &mut shown_in(&step)).await?;
    drop(step);
    println!("{}", report::created_and_applied(&deployed.applied, &project.shown(folder.path())));
    Ok(())
}
