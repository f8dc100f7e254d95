//! What can be typed after `rollout`.

use clap::{Args, Subcommand};

use super::StatusFormat;

#[derive(Debug, Subcommand)]
pub(crate) enum RolloutCommand {
    /// Show how far each rollout is in the database, and what comes next; of one, its conflicts too
    #[command(
        after_help = "Examples:\n  cargo xtask rollout status\n  cargo xtask rollout status price_cents\n  cargo xtask rollout status --format json"
    )]
    Status(RolloutStatus),
}

#[derive(Debug, Args)]
pub(crate) struct RolloutStatus {
    /// This one alone, with its conflicts; a part of its name will do
    #[arg(value_name = "ROLLOUT")]
    pub(crate) name: Option<String>,
    /// How to tell what was found
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: StatusFormat,
}
