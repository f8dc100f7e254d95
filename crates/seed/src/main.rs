//! `seed`: the command line of the library. See `cargo xtask seed --help`.

mod bar;

use std::fmt::Display;
use std::io::Write as _;
use std::process::ExitCode;

use anyhow::anyhow;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::{Args, Parser, ValueEnum};
use client::PrismaClient;
use seed::{DEFAULT_SEED, Domain, Live, Options, Profile, Size, Summary};

use bar::Bar;

/// Fills a DriveFlow database with data to start from.
///
/// Only what is missing is written, in one transaction: a second run has nothing to do. A load is written in parts, and
/// one that was stopped goes on where it was.
#[derive(Debug, Parser)]
#[command(
    name = "seed",
    bin_name = "cargo xtask seed",
    after_help = "Examples:\n  \
                  cargo xtask seed --profile demo --seed 7 --now 2026-11-23\n  \
                  cargo xtask seed --only people,catalog\n  \
                  cargo xtask seed --profile production --new-org 'Harbour Driving School'\n  \
                  cargo xtask seed --profile load --orgs 20 --bookings 100000 --trip-points 5000000"
)]
struct Arguments {
    /// The kind of data: demo, minimal (a school and its owner), production (what a live system needs, nobody
    /// invented) or load (volume)
    #[arg(long, default_value = "demo", value_parser = str::parse::<Profile>)]
    profile: Profile,
    /// Of the demo, some domains with what they need: identity, people, catalog, licences, scheduling, bookings, trips,
    /// finance, messaging, audit
    #[arg(long, value_delimiter = ',', value_parser = str::parse::<Domain>, value_name = "DOMAINS")]
    only: Vec<Domain>,
    /// What the dice start from; another number is another school
    #[arg(long, default_value_t = DEFAULT_SEED, value_name = "N")]
    seed: u64,
    /// The moment that counts as now, as a day or an RFC 3339 time [default: the start of this day, UTC]
    #[arg(long, value_parser = moment, value_name = "TIME")]
    now: Option<DateTime<Utc>>,
    /// The name of a database that is not on this machine and may be given people and schools that are made up
    #[arg(long, value_name = "DATABASE")]
    allow_remote: Option<String>,
    /// How to say what was made
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The database [default: `DATABASE_URL`]
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    #[command(flatten)]
    live: LiveArguments,
    #[command(flatten)]
    load: LoadArguments,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Of production")]
struct LiveArguments {
    /// A school that is there, by id or name; as often as there are [default: every school]
    #[arg(long, value_name = "ORG")]
    org: Vec<String>,
    /// A school that is made if none has the name
    #[arg(long, value_name = "NAME")]
    new_org: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Of a load")]
struct LoadArguments {
    /// Schools [default: 10]
    #[arg(long, value_name = "N")]
    orgs: Option<usize>,
    /// Bookings of all schools together [default: 10000]
    #[arg(long, value_name = "N")]
    bookings: Option<usize>,
    /// GPS readings of all lessons together [default: 1000000]
    #[arg(long, value_name = "N")]
    trip_points: Option<usize>,
    /// Connections that write side by side [default: one a processor]
    #[arg(long, value_name = "N")]
    connections: Option<usize>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// What a shell says of a program that was interrupted.
const INTERRUPTED: u8 = 130;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return told_by_clap(&error),
    };
    let profile = arguments.profile;
    // What is given up here is rolled back by the server, whose connection ends with this program.
    let outcome = tokio::select! {
        outcome = run(arguments) => outcome,
        Ok(()) = tokio::signal::ctrl_c() => {
            eprintln!("\nStopped: what was not finished is rolled back.");
            if profile == Profile::Load {
                eprintln!("Parts that are finished stay, and the same command goes on from there.");
            }
            return ExitCode::from(INTERRUPTED);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let builder = PrismaClient::_builder();
    let builder = match url(arguments.database_url.as_deref()) {
        Some(url) => builder.with_url(url),
        None => builder,
    };
    // Whether people may be made up there is a question of the URL: it is asked before anybody is connected to.
    let client = builder
        .build_unconnected()
        .map_err(|error| anyhow!(with_help(error.code(), &error, error.help())))?;
    let format = arguments.format;
    let summary = seeded(&client, arguments).await.map_err(|error| told(&error))?;
    let text = match format {
        Format::Text => summary.to_text(),
        Format::Json => format!("{:#}\n", summary.to_json()),
    };
    // A reader that has seen enough is no failure: what was to be made is made.
    let _ = std::io::stdout().write_all(text.as_bytes());
    Ok(())
}

async fn seeded(client: &PrismaClient, arguments: Arguments) -> Result<Summary, seed::Error> {
    seed::refuse_remote(client, arguments.profile, arguments.allow_remote.as_deref())?;
    let mut bar = Bar::new();
    let outcome =
        seed::seed_watched(client, &arguments.options(), &mut |progress| bar.show(progress)).await;
    bar.clear();
    outcome
}

impl Arguments {
    fn options(self) -> Options {
        let Self { profile, only, seed, now, live, load, .. } = self;
        let default = Size::default();
        Options {
            profile,
            seed,
            now,
            only,
            live: Live { orgs: live.org, new_org: live.new_org },
            size: Size {
                orgs: load.orgs.unwrap_or(default.orgs),
                bookings: load.bookings.unwrap_or(default.bookings),
                trip_points: load.trip_points.unwrap_or(default.trip_points),
                connections: load.connections,
            },
        }
    }
}

/// The database that was named; else the one of whoever runs this, which is `cargo xtask` as a rule.
fn url(named: Option<&str>) -> Option<String> {
    named.map(str::to_owned).or_else(|| std::env::var("DATABASE_URL").ok())
}

fn told(error: &seed::Error) -> anyhow::Error {
    match error.code() {
        Some(code) => anyhow!(with_help(code, error, error.help())),
        None => anyhow!("{error}"),
    }
}

/// An error with its code and what to do about it.
fn with_help(code: &str, error: &dyn Display, help: Option<&str>) -> String {
    let help = help.map(|help| format!("\n\nhelp: {help}")).unwrap_or_default();
    format!("{code}\n\n{error}{help}")
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
