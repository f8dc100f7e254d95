//! `health`: the command line of the library. See `health --help`.

use std::process::ExitCode;

use clap::{Parser, ValueEnum};

/// Tells whether a DriveFlow database is there and alive.
///
/// Ends with 1 when a check failed.
#[derive(Debug, Parser)]
#[command(name = "health", after_help = "Example: health --format json")]
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
    let arguments = Arguments::parse();
    let report = health::check(arguments.database_url).await;
    match arguments.format {
        Format::Text => print!("{}", report.to_text()),
        Format::Json => println!("{:#}", report.to_json()),
    }
    if report.is_healthy() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
