//! `validator`: the command line of the library. See `cargo xtask verify --help`.

use std::process::ExitCode;

use anyhow::anyhow;
use clap::{Parser, ValueEnum};
use client::PrismaClient;

/// Checks whether a DriveFlow database keeps the rules of the schema and of the business.
///
/// Ends with 1 when a rule is broken or could not be checked.
#[derive(Debug, Parser)]
#[command(
    name = "validator",
    bin_name = "cargo xtask verify",
    after_help = "Example: cargo xtask verify --format json"
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
    match run(arguments).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything is as it should be.
async fn run(arguments: Arguments) -> anyhow::Result<bool> {
    let builder = PrismaClient::_builder();
    let builder = match url(arguments.database_url) {
        Some(url) => builder.with_url(url),
        None => builder,
    };
    let client = builder.build().await.map_err(|error| anyhow!("{}\n\n{error}", error.code()))?;
    let report = validator::validate_migration(&client).await;
    match arguments.format {
        Format::Text => print!("{}", report.to_text()),
        Format::Json => println!("{:#}", report.to_json()),
    }
    Ok(report.is_clean())
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
