//! `validator`: the command line of the library. See `cargo xtask verify --help`.

use std::fmt::Display;
use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{anyhow, bail};
use chrono::{DateTime, Utc};
use clap::{Parser, ValueEnum};
use client::prisma_client_rust::{QueryError, or};
use client::{PrismaClient, org};
use validator::{Options, Outcome, Reach, Rule, Severity, list, moment};

/// Checks whether a DriveFlow database keeps the rules of the schema and of the business.
///
/// All rules see the same moment of the data, and nothing is changed. Ends with 1 when a rule is broken that is as bad as
/// `--fail-on` says, or one could not be checked.
#[derive(Debug, Parser)]
#[command(
    name = "validator",
    bin_name = "cargo xtask verify",
    after_help = "Examples:\n  cargo xtask verify --fail-on error --format junit\n  cargo xtask verify --rule booking-no-overlap --org 5d0c… --sample 20\n  cargo xtask verify --since 1h  # what was made or changed within the last hour\n  cargo xtask verify --list  # every rule with what it means\n  cargo xtask verify --explain booking-no-overlap"
)]
struct Arguments {
    /// Check this rule only; can be given several times
    #[arg(long, value_name = "ID")]
    rule: Vec<String>,
    /// Tell only what is wrong in this school, by its id or its name
    #[arg(long, value_name = "SCHOOL")]
    org: Option<String>,
    /// Tell only rows that were made or changed since: `1h` ago (also `90s`, `30m`, `7d`), `2026-11-28`,
    /// `2026-11-28T09:00:00Z`
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    since: Option<DateTime<Utc>>,
    /// How many ids of a broken rule to show
    #[arg(long, value_name = "N", default_value_t = Options::default().shown)]
    sample: u32,
    /// How many seconds a rule may take
    #[arg(long, value_name = "SECONDS", default_value_t = Options::default().timeout.as_secs(), value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,
    /// How many rules are checked side by side, each on a connection of its own
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=64))]
    jobs: u8,
    /// How to tell what was found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// How bad a broken rule has to be to fail the command
    #[arg(long, value_enum, default_value_t = FailOn::Warning)]
    fail_on: FailOn,
    /// Show a rule, its query and how the server would run it, and check nothing
    #[arg(long, value_name = "ID", conflicts_with_all = ["rule", "org", "since", "format"])]
    explain: Option<String>,
    /// Show every rule with what it means, and check nothing; no database is needed
    #[arg(long, conflicts_with_all = ["explain", "org", "since"])]
    list: bool,
    /// The database [default: `DATABASE_URL`]
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Junit,
    Github,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FailOn {
    Warning,
    Error,
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
    // What is asked for wrongly is told before anybody is asked.
    let explained = arguments.explain.as_deref().map(rule).transpose()?;
    let rules = rules(&arguments.rule)?;
    if arguments.list {
        let text = match arguments.format {
            Format::Json => format!("{:#}\n", list::to_json(&rules)),
            _ => list::to_text(&rules),
        };
        // A reader that has seen enough, as `head`, is no failure.
        let _ = std::io::stdout().write_all(text.as_bytes());
        return Ok(true);
    }
    let client = connect(arguments.database_url, arguments.jobs).await?;
    if let Some(rule) = explained {
        explain(&client, &rule).await?;
        return Ok(true);
    }
    let org = match arguments.org {
        Some(named) => Some(school(&client, named).await?),
        None => None,
    };
    let options = Options {
        reach: Reach { org, since: arguments.since },
        shown: arguments.sample,
        timeout: Duration::from_secs(arguments.timeout),
        connections: usize::from(arguments.jobs),
    };
    let watched = std::io::stderr().is_terminal();
    let progress = |outcome: &Outcome, done: usize, rules: usize| {
        if watched {
            // One line, written over; gone at the end.
            eprint!("\r\x1b[K{done} of {rules} rules · {}", outcome.rule.id);
            if done == rules {
                eprint!("\r\x1b[K");
            }
            let _ = std::io::stderr().flush();
        }
    };
    let report = validator::check(&client, rules, &options, &progress).await;
    match arguments.format {
        Format::Text => print!("{}", report.to_text()),
        Format::Json => println!("{:#}", report.to_json()),
        Format::Junit => print!("{}", report.to_junit()),
        Format::Github => print!("{}", report.to_github()),
    }
    Ok(report.passes(match arguments.fail_on {
        FailOn::Warning => Severity::Warning,
        FailOn::Error => Severity::Error,
    }))
}

/// The id of a school. One that is not there has no faults, which is not what was asked.
async fn school(client: &PrismaClient, named: String) -> anyhow::Result<String> {
    let is_it = or![org::id::equals(named.clone()), org::name::equals(named.clone())];
    let found = client.org().find_many(vec![is_it]).take(2).await;
    match found.map_err(|error| told(&error))?.as_slice() {
        [school] => Ok(school.id.clone()),
        [] => bail!(
            "there is no school with the id or the name `{named}`\n\nhelp: which there are: SELECT \"id\", \"name\" FROM \"Org\""
        ),
        _ => bail!("several schools have the name `{named}`: name one by its id"),
    }
}

async fn connect(url: Option<String>, jobs: u8) -> anyhow::Result<PrismaClient> {
    let builder = PrismaClient::_builder();
    let builder = match self::url(url) {
        Some(url) => builder.with_url(with_connections(url, jobs)),
        None => builder,
    };
    builder.build().await.map_err(|error| anyhow!(with_help(error.code(), &error, error.help())))
}

fn told(error: &QueryError) -> anyhow::Error {
    anyhow!(with_help(error.code(), error, error.help()))
}

/// An error with its code and what to do about it.
fn with_help(code: &str, error: &dyn Display, help: Option<&str>) -> String {
    let help = help.map(|help| format!("\n\nhelp: {help}")).unwrap_or_default();
    format!("{code}\n\n{error}{help}")
}

/// The URL with room for all connections, unless it says how many there may be.
fn with_connections(url: String, jobs: u8) -> String {
    if url.contains("connection_limit=") {
        return url;
    }
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}connection_limit={jobs}")
}

/// The rules that were named, or all.
fn rules(named: &[String]) -> anyhow::Result<Vec<Rule>> {
    if named.is_empty() {
        return Ok(validator::rules());
    }
    named.iter().map(|id| rule(id)).collect()
}

fn rule(id: &str) -> anyhow::Result<Rule> {
    let rules = validator::rules();
    if let Some(rule) = rules.iter().find(|rule| rule.id == id) {
        return Ok(rule.clone());
    }
    let like = list::like(&rules, id);
    if like.is_empty() {
        bail!("there is no rule `{id}`\n\nhelp: cargo xtask verify --list");
    }
    bail!(
        "there is no rule `{id}`; did you mean {}?\n\nhelp: all of them: cargo xtask verify --list",
        like.join(", ")
    );
}

async fn explain(client: &PrismaClient, rule: &Rule) -> anyhow::Result<()> {
    let plan = validator::explain(client, rule).await.map_err(|error| told(&error))?;
    println!(
        "{} ({}, of {})\n\n{}\n{}\n\n{}\n\n{plan}",
        rule.id,
        rule.severity.word(),
        rule.model,
        rule.meaning,
        rule.fix,
        rule.query.trim()
    );
    Ok(())
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
