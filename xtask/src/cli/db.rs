//! What can be typed after `db`.

use clap::{Args, Subcommand};

use super::PassedOn;

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
