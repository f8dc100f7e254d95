//! What can be typed after `migrate`.

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct Migrate {
    #[command(subcommand)]
    pub(crate) command: Option<MigrateCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MigrateCommand {
    /// Create a migration from the schema's changes, apply it, regenerate the client
    #[command(after_help = "Example: cargo xtask migrate dev --name add_nickname")]
    Dev(Dev),
    /// Apply pending migrations: the command for production
    #[command(after_help = "Example: cargo xtask migrate deploy")]
    Deploy,
    /// Show which migrations the database has and lacks
    #[command(after_help = "Example: cargo xtask migrate status")]
    Status,
    /// Record in the history that a migration was applied or rolled back by hand
    #[command(
        after_help = "Example: cargo xtask migrate resolve --rolled-back 20261122093000_add_nickname"
    )]
    Resolve(Resolve),
    /// Drop all data, then apply all migrations again
    #[command(after_help = "Example: cargo xtask migrate reset --force")]
    Reset(Reset),
}

#[derive(Debug, Args)]
pub(crate) struct Dev {
    /// The migration's name, as `add_nickname`
    #[arg(short, long)]
    pub(crate) name: Option<String>,
    /// Write the migration but do not apply it
    #[arg(long)]
    pub(crate) create_only: bool,
    /// Leave the typed client as it is, and do not check the code that uses it
    #[arg(long)]
    pub(crate) skip_generate: bool,
    /// Do not seed a database that was just created
    #[arg(long)]
    pub(crate) skip_seed: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Resolve {
    /// The migration is in the database already
    #[arg(long, value_name = "MIGRATION")]
    pub(crate) applied: Option<String>,
    /// The failed migration was undone by hand
    #[arg(long, value_name = "MIGRATION")]
    pub(crate) rolled_back: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Reset {
    /// Do not ask
    #[arg(short, long)]
    pub(crate) force: bool,
    /// Leave the typed client as it is, and do not check the code that uses it
    #[arg(long)]
    pub(crate) skip_generate: bool,
    /// Do not seed afterwards
    #[arg(long)]
    pub(crate) skip_seed: bool,
}
