//! `validator`: the command line of the library. See `validator --help`.

use std::process::ExitCode;

use anyhow::anyhow;
use clap::{Parser, ValueEnum};
use client::PrismaClient;

/// Checks whether a DriveFlow database keeps the rules of the schema and of the business.
///
/// Ends with 1 when a rule is broken or could not be checked.
#[derive(Debug, Parser)]
#[command(name = "validator", after_help = "Example: validator --format json")]
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
    match run(Arguments::parse()).await {
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
    let builder = match arguments.database_url {
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
