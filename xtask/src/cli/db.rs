//! What can be typed after `db`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{PassedOn, Renames};

#[derive(Debug, Subcommand)]
pub(crate) enum Db {
    /// Start the project's own server and print its URL
    #[command(after_help = "Example: cargo xtask db start")]
    Start,
    /// Stop the project's own server; the data stay
    #[command(after_help = "Example: cargo xtask db stop")]
    Stop,
    /// Write the schema that the database has
    #[command(
        after_help = "Examples:\n  cargo xtask db pull --print\n  cargo xtask db pull --schemas public,sales"
    )]
    Pull(Pull),
    /// Create the database where it is missing
    #[command(after_help = "Example: cargo xtask db create")]
    Create,
    /// Drop the database with everything in it
    #[command(after_help = "Example: cargo xtask db drop --force")]
    Drop(Drop),
    /// Bring the database to what the schema says, without a migration
    #[command(
        after_help = "Examples:\n  cargo xtask db push\n  cargo xtask db push --accept-data-loss"
    )]
    Push(Push),
    /// Run an SQL script that is no migration
    #[command(
        after_help = "Examples:\n  cargo xtask db execute --file script.sql\n  echo 'TRUNCATE TABLE dev;' | cargo xtask db execute --stdin --url \"$DATABASE_URL\""
    )]
    Execute(Execute),
    /// Write all of the database to files, read them again and note the backup
    #[command(
        after_help = "Examples:\n  cargo xtask db backup\n  cargo xtask db backup --keep 7 --out /var/backups/shop"
    )]
    Backup(Backup),
    /// Bring the database back to a backup; says first what is lost since
    #[command(
        after_help = "Examples:\n  cargo xtask db restore latest\n  cargo xtask db restore .driveflow/backups/driveflow-20261128T150405Z --keep-old"
    )]
    Restore(Restore),
    /// Fill the database with data
    #[command(after_help = "Example: cargo xtask db seed -- --profile demo")]
    Seed(PassedOn),
}

#[derive(Debug, Args)]
pub(crate) struct Pull {
    /// Ignore the schema that is there, all but its datasource and generators, and write another in its place
    #[arg(long)]
    pub(crate) force: bool,
    /// Write the schema to stdout and leave the files as they are
    #[arg(long)]
    pub(crate) print: bool,
    /// The database's schemas to look at, in place of those that the datasource names
    #[arg(long, value_name = "SCHEMAS", value_delimiter = ',')]
    pub(crate) schemas: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Drop {
    /// Do not ask, and end the sessions of whoever is connected
    #[arg(short, long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Push {
    /// Pass over the warnings of data loss
    #[arg(long)]
    pub(crate) accept_data_loss: bool,
    /// Drop everything in the database's schemas first
    #[arg(long)]
    pub(crate) force_reset: bool,
    /// Leave the typed client as it is
    #[arg(long)]
    pub(crate) skip_generate: bool,
    #[command(flatten)]
    pub(crate) renames: Renames,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Backup {
    /// How many tables are written at a time
    #[arg(short, long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) jobs: u16,
    /// Remove the oldest backups of this database, so that so many remain
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) keep: Option<u16>,
    /// The folder of the backups [default: .driveflow/backups in the project]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Restore {
    /// A backup, a dump that `pg_restore` can read, or `latest`
    #[arg(value_name = "FILE|latest")]
    pub(crate) from: String,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) force: bool,
    /// The folder in which `latest` is looked for [default: .driveflow/backups in the project]
    #[arg(long, value_name = "DIR")]
    pub(crate) from_dir: Option<PathBuf>,
    /// How many tables are filled at a time
    #[arg(short, long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) jobs: u16,
    /// End the sessions of whoever is connected
    #[arg(long)]
    pub(crate) disconnect: bool,
    /// Everything belongs to you, and nothing is granted: where the dump's roles are not on this server
    #[arg(long)]
    pub(crate) no_owner: bool,
    /// Keep the database as it is now, under another name
    #[arg(long)]
    pub(crate) keep_old: bool,
}

/// That there is one script and one database is checked with the reference's words.
#[derive(Debug, Args)]
pub(crate) struct Execute {
    /// The file with the script
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Read the script from stdin
    #[arg(long)]
    pub(crate) stdin: bool,
    /// The database to run it on, in place of the project's
    #[arg(long, value_name = "URL", conflicts_with = "database_url")]
    pub(crate) url: Option<String>,
}
