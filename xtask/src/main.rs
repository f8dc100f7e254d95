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
mod lines;
mod paths;
mod programs;
mod project;
mod ripple;
mod schema;
mod secrets;
mod signals;
mod sources;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;
use crate::terminal::{note, say};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            return told_by_clap(&error);
        }
    };
    match commands::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell();
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
