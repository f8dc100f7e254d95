//! `cargo xtask`: one command for the schema, its migrations, the typed client and the database.
//!
//! The arguments become a [`cli::Cli`], a file of [`commands`] carries it out, and how it ended becomes the exit
//! status: 0, 1 for any error, 130 for what a person stopped.

// `println!` panics when the reader has gone away.
#![warn(clippy::print_stdout, clippy::print_stderr)]

mod cli;
mod commands;
mod database;
mod failure;
mod files;
mod findings;
mod paths;
mod programs;
mod project;
mod secrets;
mod sources;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;
use crate::failure::{Failure, Result};
use crate::terminal::{note, say};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            return told_by_clap(&error);
        }
    };
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.message.is_empty() {
                note!("{}", secrets::hide(&failure.to_string()));
            }
            ExitCode::from(failure.exit)
        }
    }
}

/// Help goes to stdout; a mistake to stderr, without the password that an argument may hold.
fn told_by_clap(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        note!("{}", secrets::hide(error.render().to_string().trim_end()));
        return ExitCode::FAILURE;
    }
    say!("{}", error.render().to_string().trim_end());
    ExitCode::SUCCESS
}

fn run(cli: Cli) -> Result<()> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
            Failure::new(format!("the asynchronous runtime could not be started: {error}"))
        })?;
    runtime.block_on(async {
        tokio::select! {
            // Signals first: they are watched from the very beginning, and none is lost to a step that ends meanwhile.
            biased;
            // Dropping the command's future undoes what it had begun: transactions, shadow databases, half-made files.
            signal = interrupted() => {
                // Held to the end of the process: a thread that is about to write does not begin.
                std::mem::forget(files::writing());
                Err(Failure::cancelled(format!("stopped by {signal}")))
            }
            result = commands::run(cli) => result,
        }
    })
}

/// Waits for whatever asks us to stop: a person's Ctrl-C, a CI job that is cancelled, a terminal that closes.
#[cfg(unix)]
async fn interrupted() -> &'static str {
    use tokio::signal::unix::{SignalKind, signal};

    let (Ok(mut terminate), Ok(mut hang_up)) =
        (signal(SignalKind::terminate()), signal(SignalKind::hangup()))
    else {
        return interrupted_by_person().await;
    };
    tokio::select! {
        name = interrupted_by_person() => name,
        _ = terminate.recv() => "SIGTERM",
        _ = hang_up.recv() => "SIGHUP",
    }
}

#[cfg(not(unix))]
use interrupted_by_person as interrupted;

async fn interrupted_by_person() -> &'static str {
    // Where Ctrl-C cannot be watched, it ends the process as it always did.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    "Ctrl-C"
}
