//! What can be typed after `backfill`.

use std::time::Duration;

use clap::{Args, Subcommand};

use super::StatusFormat;
use super::migrate::duration;

#[derive(Debug, Subcommand)]
pub(crate) enum Backfill {
    /// Fill what is pending, and do what follows the fills of a rollout; it goes on where it was, whatever stopped it
    #[command(
        after_help = "Examples:\n  cargo xtask backfill run\n  cargo xtask backfill run price_in_cents --max-rate 5000 --window 01:00-05:00\n  cargo xtask backfill run --worker --format json"
    )]
    Run(BackfillRun),
    /// Show how far backfills have come
    #[command(after_help = "Example: cargo xtask backfill status --format json")]
    Status(BackfillStatus),
    /// Have nobody go on with a backfill until it is resumed; what is under way ends after its batch
    #[command(after_help = "Example: cargo xtask backfill pause price_in_cents")]
    Pause(BackfillNames),
    /// Go on with a backfill that was paused
    #[command(after_help = "Example: cargo xtask backfill resume price_in_cents")]
    Resume(BackfillNames),
    /// Give a backfill up; what is filled stays so
    #[command(after_help = "Example: cargo xtask backfill cancel price_in_cents")]
    Cancel(BackfillNames),
    /// Write a migration with a backfill.sql for a statement of your own
    #[command(after_help = "Example: cargo xtask backfill new booking_utc")]
    New(BackfillNew),
}

#[derive(Debug, Clone, Args)]
pub(crate) struct BackfillRun {
    /// Which, by the names of their migrations; parts of these will do [default: all that are not done]
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Look at all rows once more, also of what is done or cancelled, and fill those that are pending
    #[arg(long, requires = "names")]
    pub(crate) again: bool,
    /// Stay, and look for new ones: for a worker beside the deploy
    #[arg(long, conflicts_with = "again")]
    pub(crate) worker: bool,
    /// How many are at it at once, who share the batches; more are faster on a server that has processors to spare, and one
    /// takes least of it [default: 2]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=32))]
    pub(crate) workers: Option<u64>,
    /// How long a batch is to take, and whoever wants one of its rows has to wait [default: 80ms]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) target: Option<Duration>,
    /// Change no more rows a second than these, all workers together
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) max_rate: Option<u64>,
    /// Rest so long that the server writes no more WAL a second: `10MB`
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) max_wal_rate: Option<u64>,
    /// Wait while a standby is further behind, as far as this user may see them (`pg_monitor`); `0` does not look
    /// [default: 10s]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) max_lag: Option<Duration>,
    /// Work at this time of day only, by this machine's clock
    #[arg(long, value_name = "HH:MM-HH:MM", value_parser = window)]
    pub(crate) window: Option<rollout::backfill::Window>,
    /// How to tell what is done: a bar, or lines where nobody watches; JSON is a line for each event
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: StatusFormat,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct BackfillStatus {
    /// Which, by the names of their migrations; parts of these will do [default: all]
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// How to tell it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: StatusFormat,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct BackfillNames {
    /// Which, by the names of their migrations; parts of these will do
    #[arg(value_name = "NAME", required = true)]
    pub(crate) names: Vec<String>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct BackfillNew {
    /// The migration's name, as `booking_utc`
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
}

fn window(text: &str) -> Result<rollout::backfill::Window, String> {
    text.parse()
}

/// Reads `500kB`, `10MB`, `1GB`.
fn size(text: &str) -> Result<u64, String> {
    let digits = text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "kb" => 1 << 10,
        "mb" => 1 << 20,
        "gb" => 1 << 30,
        _ => 0,
    };
    let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    bytes
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| "a size is a number and kB, MB or GB: 10MB".to_owned())
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [("500kB", 512_000), ("10MB", 10_485_760), ("1 gb", 1 << 30)] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "10", "0MB", "-1MB", "1.5MB", "99999999999999GB"] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}
