//! `health`: the command line of the library. See `cargo xtask health --help`.

mod serve;

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};
use health::{Report, Settings, State};

/// Where the limits are, seen from the project's root.
const SETTINGS: &str = "prisma/health.toml";

/// Tells whether a DriveFlow database is there, alive and well.
///
/// Ends with 1 when a check is as bad as `--gate` says, or failed. Nothing is changed.
#[derive(Debug, Parser)]
#[command(
    name = "health",
    bin_name = "cargo xtask health",
    after_help = "Examples:\n  cargo xtask health --gate warn\n  cargo xtask health serve --addr 127.0.0.1:9464"
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// How to tell what was found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// How bad a check may not be
    #[arg(long, value_enum, default_value_t = Gate::Critical)]
    gate: Gate,
    /// Check again and again, until Ctrl-C, with so many seconds between
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "5", value_parser = clap::value_parser!(u64).range(1..))]
    watch: Option<u64>,
    /// The file with the limits [default: prisma/health.toml, where there is one]
    #[arg(long, value_name = "PATH", global = true)]
    config: Option<PathBuf>,
    /// The database [default: `DATABASE_URL`]
    #[arg(long, value_name = "URL", global = true)]
    database_url: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answers to a supervisor: `/livez`, `/readyz` and `/metrics`
    Serve {
        /// Where to listen
        #[arg(long, default_value = "127.0.0.1:9464")]
        addr: SocketAddr,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Prometheus,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Gate {
    Warn,
    Critical,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return told_by_clap(&error),
    };
    match run(arguments).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<ExitCode, String> {
    let settings = settings(arguments.config.as_deref())?;
    let url = url(arguments.database_url.clone());
    if let Some(Command::Serve { addr }) = arguments.command {
        serve::serve(addr, url, settings).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let gate = match arguments.gate {
        Gate::Warn => State::Warn,
        Gate::Critical => State::Critical,
    };
    let mut connection = health::connect(url.clone()).await;
    let Some(seconds) = arguments.watch else {
        let report = health::check(&connection, &settings).await;
        tell(&report, arguments.format);
        return Ok(if report.passes(gate) { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    };
    loop {
        let report = health::check(&connection, &settings).await;
        if std::io::stdout().is_terminal() {
            // The screen from its top.
            print!("\x1b[2J\x1b[H");
        }
        tell(&report, arguments.format);
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        if connection.is_err() {
            connection = health::connect(url.clone()).await;
        }
    }
}

fn tell(report: &Report, format: Format) {
    match format {
        Format::Text => print!("{}", report.to_text()),
        Format::Json => println!("{:#}", report.to_json()),
        Format::Prometheus => print!("{}", report.to_prometheus()),
    }
}

/// The limits: of the file that was named, else of the project's, else those that are built in.
fn settings(named: Option<&Path>) -> Result<Settings, String> {
    let path = named.unwrap_or(Path::new(SETTINGS));
    match std::fs::read_to_string(path) {
        Ok(text) => Settings::read(&text).map_err(|error| format!("{}: {error}", path.display())),
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            Ok(Settings::default())
        }
        Err(error) => Err(format!("{} cannot be read: {error}", path.display())),
    }
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
