//! What each command does: a command, a file. Orchestration and nothing else.

mod backfill;
mod db;
mod docs;
mod doctor;
mod format;
mod generate;
mod migrate;
mod partition;
mod renames;
mod rollout;
mod schema;
mod setup;
mod studio;
mod validate;

use std::path::Path;

use clap::CommandFactory as _;
use psl::Schema;

use crate::cli::{Cli, Command, Common, PartitionCommand, PassedOn};
use crate::database::Database;
use crate::failure::{Failure, Result};
use crate::paths;
use crate::programs::{self, Program};
use crate::project::Project;
use crate::signals::{drop_on_signal, exit_on_signal};
use crate::terminal::{say, write_result};

pub(crate) fn run(cli: Cli) -> Result<()> {
    let common = &cli.common;
    match cli.command {
        Command::Validate(arguments) => exit_on_signal(|| validate::run(common, &arguments)),
        Command::Format(arguments) => exit_on_signal(|| format::run(common, &arguments)),
        Command::Docs(arguments) => exit_on_signal(|| docs::run(common, &arguments)),
        Command::Studio(arguments) => drop_on_signal(studio::run(common, arguments)),
        Command::Schema(command) => exit_on_signal(|| schema::run(common, &command)),
        Command::Generate(arguments) => drop_on_signal(generate::run(common, &arguments)),
        Command::Setup => drop_on_signal(setup::run(common)),
        Command::Migrate(arguments) => drop_on_signal(migrate::run(common, arguments.command)),
        Command::Rollout(command) => drop_on_signal(rollout::run(common, command)),
        Command::Backfill(command) => backfill::run(common, command),
        Command::Partition(PartitionCommand::Maintain(arguments)) => {
            drop_on_signal(partition::maintain(common, arguments))
        }
        Command::Db(command) => drop_on_signal(db::run(common, command)),
        Command::Seed(passed_on) => drop_on_signal(pass_on(Program::Seed, common, passed_on)),
        Command::Verify(passed_on) => {
            drop_on_signal(pass_on(Program::Validator, common, passed_on))
        }
        Command::Doctor(arguments) => drop_on_signal(doctor::run(common, &arguments)),
        Command::Health(passed_on) => drop_on_signal(pass_on(Program::Health, common, passed_on)),
    }
}

/// Finds the project and reads its schema; an error in it ends the command.
fn load(common: &Common) -> Result<(Project, Schema)> {
    let project = Project::find(common.schema.as_deref())?;
    let schema = project.load()?;
    Ok((project, schema))
}

/// As [`load`], for commands that need no model, and so mind no mistake in one.
fn load_configuration(common: &Common) -> Result<(Project, Schema)> {
    let project = Project::find(common.schema.as_deref())?;
    let schema = project.load_configuration()?;
    Ok((project, schema))
}

/// As [`load`], with the database, introduced on stdout as Prisma introduces it.
fn open(common: &Common) -> Result<(Project, Schema, Database)> {
    introduced(common, load(common)?)
}

/// As [`load_configuration`], with the database, introduced in the same way.
fn open_database(common: &Common) -> Result<(Project, Schema, Database)> {
    introduced(common, load_configuration(common)?)
}

fn introduced(
    common: &Common,
    (project, schema): (Project, Schema),
) -> Result<(Project, Schema, Database)> {
    say!("Prisma schema loaded from {}", paths::shown(&project.schema));
    let database = Database::resolve(&project, &schema, common.database_url.as_deref())?;
    say!("{}\n", database.introduction(&schema));
    Ok((project, schema, database))
}

/// Runs one of the workspace's programs with the arguments that are its own.
async fn pass_on(program: Program, common: &Common, passed_on: PassedOn) -> Result<()> {
    let mut arguments = passed_on.arguments;
    // What is for us may stand among what is for the program.
    let schema = take_option(&mut arguments, "--schema")?.or_else(|| {
        let schema = common.schema.as_deref().and_then(Path::to_str);
        schema.map(str::to_owned)
    });
    let flag =
        take_option(&mut arguments, "--database-url")?.or_else(|| common.database_url.clone());
    if let Some(stray) = arguments.iter().find(|argument| argument.contains("://")) {
        // The program would quote it, password and all.
        return Err(Failure::new(format!("unexpected argument '{stray}'"))
            .help("name a database by --database-url"));
    }
    let project = Project::find(schema.as_deref().map(Path::new));
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        // Help needs no database, and where there is no program either there is still what it would be for.
        return match project.ok().filter(|project| program.exists_in(project)) {
            Some(project) => programs::run(program, &project, "", &arguments).await,
            None => write_result(&help(program)),
        };
    }
    let project = project?;
    program.require_in(&project)?;
    let database = Database::resolve(&project, &project.load_configuration()?, flag.as_deref())?;
    programs::run(program, &project, &database.url.expose(), &arguments).await
}

/// What is known here of a command that another program carries out.
fn help(program: Program) -> String {
    let mut cli = Cli::command();
    cli.build();
    let command = cli.find_subcommand_mut(program.command());
    command.map(|command| command.render_help().to_string()).unwrap_or_default()
}

/// Takes `name VALUE` or `name=VALUE` out of the arguments.
fn take_option(arguments: &mut Vec<String>, name: &str) -> Result<Option<String>> {
    let is_it = |argument: &String| {
        argument.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    };
    let Some(at) = arguments.iter().position(is_it) else { return Ok(None) };
    if let Some((_, value)) = arguments.remove(at).split_once('=') {
        return Ok(Some(value.to_owned()));
    }
    if at == arguments.len() {
        return Err(Failure::new(format!("{name} needs a value")));
    }
    Ok(Some(arguments.remove(at)))
}

#[cfg(test)]
mod tests {
    use super::take_option;

    #[test]
    fn our_options_are_taken_from_among_the_others() {
        let mut arguments = ["--profile", "demo", "--database-url", "postgresql://x", "--seed=7"]
            .map(str::to_owned)
            .to_vec();
        let taken = take_option(&mut arguments, "--database-url").expect("it has a value");
        assert_eq!(taken.as_deref(), Some("postgresql://x"));
        assert_eq!(arguments, ["--profile", "demo", "--seed=7"]);
        assert_eq!(
            take_option(&mut arguments, "--seed").expect("it has a value").as_deref(),
            Some("7")
        );
        assert_eq!(take_option(&mut arguments, "--prof").expect("nothing to take"), None);
        assert!(take_option(&mut vec!["--schema".to_owned()], "--schema").is_err());
    }
}
