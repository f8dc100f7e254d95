//! `cargo xtask`: one command for the schema, its migrations, the typed client and the database.
//!
//! The arguments become a [`cli::Cli`], a file of [`commands`] carries it out, and how it ended becomes the exit
//! status: 0, 1 for any error, 130 for what a person stopped.

mod cli;
mod commands;
mod database;
mod failure;
mod programs;
mod project;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;
use crate::failure::{Failure, Result};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Nothing more can be said where even this cannot be printed.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
        }
    };
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.message.is_empty() {
                eprintln!("{failure}");
            }
            ExitCode::from(failure.exit)
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
            Failure::new(format!("the asynchronous runtime could not be started: {error}"))
        })?;
    runtime.block_on(async {
        tokio::select! {
            biased;
            result = commands::run(cli) => result,
            // Dropping the command's future undoes what it had begun: transactions, shadow databases, half-made files.
            _ = tokio::signal::ctrl_c() => Err(Failure::cancelled("stopped by Ctrl-C")),
        }
    })
}
