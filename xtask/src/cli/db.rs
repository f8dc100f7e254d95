//! What can be typed after `db`.

use clap::Subcommand;

use super::PassedOn;

#[derive(Debug, Subcommand)]
pub(crate) enum Db {
    /// Start the project's own server and print its URL
    #[command(after_help = "Example: cargo xtask db start")]
    Start,
    /// Stop the project's own server; the data stay
    #[command(after_help = "Example: cargo xtask db stop")]
    Stop,
    /// Fill the database with data
    #[command(after_help = "Example: cargo xtask db seed -- --profile demo")]
    Seed(PassedOn),
}
