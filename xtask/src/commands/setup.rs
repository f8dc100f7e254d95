//! `setup`: from nothing to a seeded, checked database and a fresh client. Running it again changes nothing.

use migrate::{Folder, Options};

use super::generate::write_client;
use super::migrate::deploy_to;
use super::open;
use crate::cli::Common;
use crate::database::{Database, ways_in};
use crate::failure::{Failure, Result};
use crate::paths;
use crate::programs::{self, Program};
use crate::project::Project;
use crate::terminal::{note, say};

pub(super) async fn run(common: &Common) -> Result<()> {
    let project = Project::find(common.schema.as_deref())?;
    let folder = Folder::read(&project.migrations())?;
    // Before a server is started for nothing.
    if folder.migrations().is_empty() {
        return Err(Failure::new(format!(
            "there is no migration in {} yet",
            paths::shown(folder.path())
        ))
        .help("make the first one: cargo xtask migrate dev --name init"));
    }
    let (project, schema, database) = open(common)?;
    title("Migrations");
    deploy_to(&folder, &database, &Options::default()).await?;
    warn_of_what_is_ahead(&folder, &database).await?;
    title("Typed client");
    write_client(&project, &schema).await?;
    let programs: Vec<Program> = [Program::Seed, Program::Validator, Program::Health]
        .into_iter()
        .filter(|program| program.exists_in(&project))
        .collect();
    if !programs.is_empty() {
        title("Building seed, verify and health");
        programs::build(&project, &programs).await?;
    }
    for program in programs {
        title(match program {
            Program::Seed => "Demo data",
            Program::Validator => "Verify",
            Program::Health => "Health",
        });
        if matches!(program, Program::Seed) && !database.url.is_local() {
            // It would refuse, and rightly: nobody said that this database is one to play with.
            let name = database.url.database();
            say!("The database is not on this machine: no demo data was put into it unasked.");
            say!("If it is meant: cargo xtask seed --allow-remote {name}");
            continue;
        }
        programs::run(program, &project, &database.url.expose(), &[]).await?;
    }
    title("Ready");
    if database.is_own() {
        say!("{}\n", ways_in(&database.url));
    } else {
        say!("  DATABASE_URL=\"{}\"\n", database.url.redacted());
    }
    say!("Next:");
    say!(
        "  cargo test                                      everything, on a private PostgreSQL of its own"
    );
    say!(
        "  cargo xtask migrate dev --name what_changed     after a change of {}",
        paths::shown(&project.schema)
    );
    say!("  cargo xtask migrate status                      where the database stands");
    say!("  cargo xtask verify                              check the data again");
    if database.is_own() {
        say!(
            "  cargo xtask db stop                             stop the project's PostgreSQL; the data stay"
        );
    }
    Ok(())
}

/// A database that another branch has taken further fits neither this client nor its programs.
async fn warn_of_what_is_ahead(folder: &Folder, database: &Database) -> Result<()> {
    let status = migrate::status::status(folder, &database.direct).await?;
    let missing = &status.diagnosis.missing;
    if !missing.is_empty() {
        note!(
            "warning: the database has {} migration(s) that this folder lacks: {}\n\nhelp: switch to the branch that \
             has them, or drop all data and begin again: cargo xtask migrate reset",
            missing.len(),
            missing.join(", ")
        );
    }
    Ok(())
}

fn title(text: &str) {
    say!("\n{}", console::style(format!("── {text} ──")).bold());
}
