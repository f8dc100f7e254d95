//! `migrate deploy`, `status`, `resolve` and `reset`; [`dev`] has a file of its own.

mod dev;

use migrate::report;
use migrate::{Folder, Progress};

use super::generate::write_client;
use super::open;
use crate::cli::{Common, MigrateCommand, Reset, Resolve};
use crate::database::Database;
use crate::failure::{Failure, Result};
use crate::paths;
use crate::programs::{self, Program};
use crate::project::Project;
use crate::terminal::{Step, can_prompt, confirm, note, say};

pub(super) async fn run(common: &Common, command: Option<MigrateCommand>) -> Result<()> {
    match command.unwrap_or(MigrateCommand::Deploy) {
        MigrateCommand::Dev(arguments) => dev::run(common, arguments).await,
        MigrateCommand::Deploy => deploy(common).await,
        MigrateCommand::Status => status(common).await,
        MigrateCommand::Resolve(arguments) => resolve(common, arguments).await,
        MigrateCommand::Reset(arguments) => reset(common, &arguments).await,
    }
}

async fn deploy(common: &Common) -> Result<()> {
    let (project, _, database) = open(common)?;
    let folder = Folder::read(&project.migrations())?;
    say!("{}\n", report::found(folder.migrations().len(), &paths::shown(folder.path())));
    deploy_to(&folder, &database).await
}

/// Applies what is pending and says what that was.
pub(super) async fn deploy_to(folder: &Folder, database: &Database) -> Result<()> {
    let step = Step::start("Applying migrations");
    let deployed = migrate::deploy::deploy(folder, &database.direct, &mut shown_in(&step)).await?;
    drop(step);
    if deployed.created_database {
        say!("{}\n", report::database_created(&database.direct));
    }
    say!("{}", report::deployed(&deployed));
    Ok(())
}

async fn status(common: &Common) -> Result<()> {
    let (project, _, database) = open(common)?;
    let folder = Folder::read(&project.migrations())?;
    let status = migrate::status::status(&folder, &database.direct).await?;
    say!("{}", report::status(&status, &paths::shown(folder.path())));
    if status.is_up_to_date() { Ok(()) } else { Err(Failure::already_told(1)) }
}

async fn resolve(common: &Common, Resolve { applied, rolled_back }: Resolve) -> Result<()> {
    let (project, _, database) = open(common)?;
    if let Some(name) = applied {
        let folder = Folder::read(&project.migrations())?;
        migrate::resolve::applied(&folder, &database.direct, &name).await?;
        say!("{}", report::resolved_applied(&name));
    } else if let Some(name) = rolled_back {
        migrate::resolve::rolled_back(&database.direct, &name).await?;
        say!("{}", report::resolved_rolled_back(&name));
    }
    Ok(())
}

async fn reset(common: &Common, arguments: &Reset) -> Result<()> {
    let (project, schema, database) = open(common)?;
    let folder = Folder::read(&project.migrations())?;
    if !arguments.force {
        let name = database.direct.database();
        if !can_prompt() {
            return Err(Failure::new(
                "Prisma Migrate has detected that the environment is non-interactive. It is recommended to run this \
                 command in an interactive environment.",
            )
            .help(format!("to drop all data of \"{name}\" without being asked: cargo xtask migrate reset --force")));
        }
        if !confirm(&format!(
            "Are you sure you want to reset the database \"{name}\"? All data will be lost"
        ))? {
            return Err(Failure::cancelled("Reset cancelled."));
        }
    }
    let namespaces: Vec<String> = schema
        .datasource()
        .into_iter()
        .flat_map(|datasource| &datasource.schemas)
        .map(|name| name.text.clone())
        .collect();
    let step = Step::start("Emptying the database and applying migrations");
    let done =
        migrate::reset::reset(&folder, &database.direct, &namespaces, &mut shown_in(&step)).await?;
    drop(step);
    say!("{}", report::reset(&done));
    if !arguments.skip_generate {
        write_client(&project, &schema)?;
    }
    if !arguments.skip_seed {
        seed(&project, &database).await.inspect_err(|_| {
            note!("The database was reset, but not seeded: cargo xtask seed");
        })?;
    }
    Ok(())
}

/// Fills the database, where the project has a program for it.
async fn seed(project: &Project, database: &Database) -> Result<()> {
    if !Program::Seed.exists_in(project) {
        return Ok(());
    }
    say!("");
    programs::run(Program::Seed, project, &database.url.expose(), &[]).await
}

/// A callback that shows progress in a step's line.
fn shown_in(step: &Step) -> impl FnMut(Progress<'_>) {
    |progress| match progress {
        Progress::DatabaseCreated { name } => step.doing(&format!("Created database {name}")),
        Progress::Applying { name, number, of } => {
            step.doing(&format!("Applying {name} ({number} of {of})"));
        }
        Progress::Replaying { name, number, of } => {
            step.doing_in_passing(&format!(
                "Replaying {name} on the shadow database ({number} of {of})"
            ));
        }
        Progress::Applied { .. } => {}
    }
}
