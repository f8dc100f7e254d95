//! The command line: Prisma's names and flags wherever Prisma has one, ours beside them.
//!
//! Only what can be typed is here; what it does is in [`crate::commands`].

mod backfill;
mod db;
mod diff;
mod migrate;
mod rollout;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::backfill::{
    Backfill, BackfillNames, BackfillNew, BackfillRun, BackfillStatus,
};
pub(crate) use self::db::{Backup, Db, Drop, Execute, Pull, Push, Restore};
pub(crate) use self::diff::{Diff, DiffFormat, DiffFrom, DiffSide, DiffTo};
pub(crate) use self::migrate::{
    Abort, Check, Contract, Deploy, Dev, Down, Lint, LintFormat, LintSeverity, Migrate,
    MigrateCommand, Partition, Plan, Rehearse, Renames, Reset, Resolve, Squash, Status,
    StatusFormat,
};
pub(crate) use self::rollout::{RolloutCommand, RolloutStatus};

/// Schema-first PostgreSQL: one file is the truth, everything else follows from it.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    after_help = "Start here: cargo xtask setup"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command understands.
#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// The schema file or folder [default: schema.prisma, then prisma/schema.prisma]; `-` is stdin, for `validate`,
    /// `format` and `schema json`
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) schema: Option<PathBuf>,
    /// The database [default: the variable the schema names, then .env, then the project's own server]
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database_url: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Database, migrations, typed client, demo data and checks, from nothing
    #[command(after_help = "Example: cargo xtask setup")]
    Setup,
    /// Check the schema and say what is wrong with it
    #[command(
        after_help = "Examples:\n  cargo xtask validate --fix\n  cargo xtask validate --schema - --format json < schema.prisma"
    )]
    Validate(Validate),
    /// Lay the schema out as Prisma does
    #[command(
        after_help = "Examples:\n  cargo xtask format --check\n  cargo xtask format --schema - < schema.prisma"
    )]
    Format(Format),
    /// Write the schema as a document with a diagram
    #[command(
        after_help = "Examples:\n  cargo xtask docs > schema.html\n  cargo xtask docs --format markdown --out docs/schema.md\n  cargo xtask docs --format markdown --out docs/schema.md --check"
    )]
    Docs(Docs),
    /// Look at the schema and the data in a browser
    #[command(
        after_help = "Examples:\n  cargo xtask studio --open\n  cargo xtask studio --database-url \"$PRODUCTION\" --port 0"
    )]
    Studio(Studio),
    /// Print the schema for other programs
    #[command(subcommand, after_help = "Example: cargo xtask schema json")]
    Schema(SchemaCommand),
    /// Write the typed client
    #[command(after_help = "Example: cargo xtask generate --check")]
    Generate(Generate),
    /// Create and apply migrations; alone, the same as `migrate deploy`
    #[command(after_help = "Example: cargo xtask migrate dev --name add_nickname")]
    Migrate(Migrate),
    /// Breaking changes in phases: how far each of them is
    #[command(subcommand, after_help = "Example: cargo xtask rollout status")]
    Rollout(RolloutCommand),
    /// Fill rows that were there before a migration, in batches beside whoever uses the table
    #[command(subcommand, after_help = "Example: cargo xtask backfill run")]
    Backfill(Backfill),
    /// Tables in partitions: what has to be done for them once a month
    #[command(subcommand, after_help = "Example: cargo xtask partition maintain")]
    Partition(PartitionCommand),
    /// The database itself: create, drop, push, pull, back up, restore, run a script, seed; the project's own server
    #[command(subcommand, after_help = "Example: cargo xtask db push")]
    Db(Db),
    /// Fill the database with data (the same as `db seed`)
    #[command(after_help = "Example: cargo xtask seed --profile load --trip-points 5000000")]
    Seed(PassedOn),
    /// Check the data: orphans of every relation, business rules
    #[command(after_help = "Example: cargo xtask verify --format json")]
    Verify(PassedOn),
    /// Check the database: connection, tables, recent activity
    #[command(after_help = "Example: cargo xtask health --format json")]
    Health(PassedOn),
    /// Find out what is wrong, from the URL to missing indexes, and what mends it
    #[command(after_help = "Example: cargo xtask doctor --format json")]
    Doctor(Doctor),
}

#[derive(Debug, Subcommand)]
pub(crate) enum PartitionCommand {
    /// Make the partitions for the months ahead, of every table that has one a month
    #[command(
        after_help = "Example, once a day: cargo xtask partition maintain --ahead 3\n\nmigrate partition puts a table into partitions."
    )]
    Maintain(Maintain),
}

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Maintain {
    /// How many months after this one
    #[arg(long, value_name = "MONTHS", default_value_t = 3)]
    pub(crate) ahead: u16,
    /// Move rows of such a month out of the partition of all the rest; whoever uses the table waits meanwhile
    #[arg(long = "move")]
    pub(crate) moves: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// How to tell what was found
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: StatusFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Validate {
    #[command(flatten)]
    pub(crate) findings: Findings,
    /// Write what is certain to be right into the schema, then say what remains
    #[arg(long)]
    pub(crate) fix: bool,
}

/// For every command that tells where something is wrong in a file.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Findings {
    /// How to tell what was found
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: FindingsFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum FindingsFormat {
    /// With source lines and marks, for a person
    #[default]
    Text,
    /// An array of objects, for a program
    Json,
    /// Workflow commands, which GitHub shows beside the lines of a pull request
    Github,
}

#[derive(Debug, Args)]
pub(crate) struct Format {
    /// Write nothing; exit 1 when a file is not laid out so
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Docs {
    /// As what to write it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: DocsFormat,
    /// Where to write it [default: stdout]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Write nothing; exit 1 where the file is not what the schema says
    #[arg(long, requires = "out")]
    pub(crate) check: bool,
}

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Studio {
    /// Where to listen, on this machine only; 0 takes a port that is free
    #[arg(long, value_name = "PORT", default_value_t = 5555)]
    pub(crate) port: u16,
    /// Write nothing, whatever is asked on a page
    #[arg(long)]
    pub(crate) read_only: bool,
    /// Write to a database that is not a local one, too
    #[arg(long, conflicts_with = "read_only")]
    pub(crate) allow_writes: bool,
    /// Open the browser
    #[arg(long)]
    pub(crate) open: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DocsFormat {
    /// One page that needs nothing else, with the diagram
    #[default]
    Html,
    /// With a diagram that GitHub draws
    Markdown,
    /// The diagram only, in Mermaid's language
    Mermaid,
    /// For dbdiagram.io and tools like it
    Dbml,
    /// The diagram only, as a picture
    Svg,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SchemaCommand {
    /// Models, enums, relations and their names in the database, as JSON in the manner of Prisma's DMMF
    #[command(after_help = "Example: cargo xtask schema json | jq '.models[].name'")]
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// Write nothing; exit 1 when the committed client is not what the schema says
    #[arg(long)]
    pub(crate) check: bool,
}

/// Arguments for another program of the workspace, which knows them: `cargo xtask seed --help` shows its own.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub(crate) struct PassedOn {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    pub(crate) arguments: Vec<String>,
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory as _};

    use super::Cli;

    #[test]
    fn every_command_has_an_example_and_every_flag_is_described() {
        let mut count = 0;
        check(&Cli::command(), &mut count);
        assert!(count > 20, "{count}");
    }

    fn check(command: &Command, count: &mut usize) {
        *count += 1;
        let name = command.get_name();
        assert!(command.get_about().is_some(), "{name} does not say what it does");
        let more = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        assert!(more.contains("cargo xtask "), "{name} has no example");
        // What is passed on is another program's.
        let ours = command.get_arguments().filter(|argument| argument.get_id() != "arguments");
        for argument in ours {
            assert!(argument.get_help().is_some(), "{name} {argument} is not described");
        }
        command.get_subcommands().for_each(|command| check(command, count));
    }
}
