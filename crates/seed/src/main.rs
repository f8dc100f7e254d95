//! `seed`: the command line of the library. See `cargo xtask seed --help`.

use std::process::ExitCode;

use anyhow::anyhow;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::{Parser, ValueEnum};
use client::PrismaClient;
use seed::{DEFAULT_SEED, Options, Profile};

/// Fills a DriveFlow database with data to start from.
///
/// Everything is written in one transaction, and only what is missing: a second run has nothing to do.
#[derive(Debug, Parser)]
#[command(
    name = "seed",
    bin_name = "cargo xtask seed",
    after_help = "Example: cargo xtask seed --profile demo --seed 7 --now 2026-11-23"
)]
struct Arguments {
    /// The kind of data: demo
    #[arg(long, default_value = "demo", value_parser = str::parse::<Profile>)]
    profile: Profile,
    /// What the dice start from; another number is another school
    #[arg(long, default_value_t = DEFAULT_SEED, value_name = "N")]
    seed: u64,
    /// The moment that counts as now, as a day or an RFC 3339 time [default: the start of this day, UTC]
    #[arg(long, value_parser = moment, value_name = "TIME")]
    now: Option<DateTime<Utc>>,
    /// How to say what was made
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
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { profile, seed, now, format, database_url } = arguments;
    let builder = PrismaClient::_builder();
    let builder = match url(database_url) {
        Some(url) => builder.with_url(url),
        None => builder,
    };
    let client = builder.build().await.map_err(|error| anyhow!("{}\n\n{error}", error.code()))?;
    let summary =
        seed::seed(&client, &Options { profile, seed, now }).await.map_err(|error| told(&error))?;
    match format {
        Format::Text => print!("{}", summary.to_text()),
        Format::Json => println!("{:#}", summary.to_json()),
    }
    Ok(())
}

/// The database that was named; else the one of whoever runs this, which is `cargo xtask` as a rule.
fn url(named: Option<String>) -> Option<String> {
    named.or_else(|| std::env::var("DATABASE_URL").ok())
}

/// The error with its code and, where there is one, what to do.
fn told(error: &seed::Error) -> anyhow::Error {
    match error.code() {
        None => anyhow!("{error}"),
        Some(code @ ("P2021" | "P2022")) => {
            anyhow!("{code}\n\n{error}\n\nThe migrations come first: cargo xtask migrate deploy")
        }
        Some(code) => anyhow!("{code}\n\n{error}"),
    }
}

/// A day stands for its start.
fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let day = text.parse::<NaiveDate>().map(|day| day.and_time(NaiveTime::MIN).and_utc());
    day.or_else(|_| text.parse::<DateTime<Utc>>()).map_err(|_| {
        "expected a day such as 2026-11-23 or a time such as 2026-11-23T09:30:00Z".to_owned()
    })
}

/// Help ends with 0; a mistake in the arguments with 1, as every other error does.
fn told_by_clap(error: &clap::Error) -> ExitCode {
    // A stream that cannot be written to leaves nobody to tell.
    let _ = error.print();
    if error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
