//! `health`: the command line of the library. See `cargo xtask health --help`.

use std::process::ExitCode;

use clap::{Parser, ValueEnum};

/// Tells whether a DriveFlow database is there and alive.
///
/// Ends with 1 when a check failed.
#[derive(Debug, Parser)]
#[command(
    name = "health",
    bin_name = "cargo xtask health",
    after_help = "Example: cargo xtask health --format json"
)]
struct Arguments {
    /// How to tell what was found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The database [default: `DATABASE_URL`]
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return told_by_clap(&error),
    };
    let report = health::check(url(arguments.database_url)).await;
    match arguments.format {
        Format::Text => print!("{}", report.to_text()),
        Format::Json => println!("{:#}", report.to_json()),
    }
    if report.is_healthy() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The database that was named; else the one of whoever runs this, which is `cargo xtask` as a rule.
fn url(named: Option<String>) -> Option<String> {
    named.or_else(|| std::env::var("DATABASE_URL").ok())
}

/// Help ends with 0; a mistake in the arguments with 1, as every other error does.
fn told_by_clap(error: &clap::Error) -> ExitCode {
    // A stream that cannot be written to leaves nobody to tell.
    let _ = error.print();
    if error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
