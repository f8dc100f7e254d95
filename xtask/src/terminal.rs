//! What depends on who is watching: prompts for a person, plain lines for everything else.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::failure::{Failure, Result};
pub(crate) use crate::lines::{note, say};

/// Writes what the command was asked for to stdout; a disk that is full is told, a reader who has seen enough is not.
pub(crate) fn write_result(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("the output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prisma's rule: a person can answer when stdin is a terminal, `TERM` is not `dumb`, and this is no CI.
pub(crate) fn can_prompt() -> bool {
    io::stdin().is_terminal() && std::env::var("TERM").as_deref() != Ok("dumb") && !is_ci()
}

/// Whether stderr shows colours. `NO_COLOR` counts for more than a wish to force them.
pub(crate) fn has_colors() -> bool {
    let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !is_unwanted && console::colors_enabled_stderr()
}

/// Whether a CI system runs us, as they all tell.
pub(crate) fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

/// Asks a yes-or-no question; no is the default.
pub(crate) fn confirm(question: &str) -> Result<bool> {
    dialoguer::Confirm::new()
        .with_prompt(question)
        .default(false)
        .interact_opt()
        .map(|answer| answer.unwrap_or(false))
        .map_err(|error| unanswered(&error))
}

/// Asks a yes-or-no question to which neither answer is the usual one.
pub(crate) fn decide(question: &str) -> Result<bool> {
    dialoguer::Confirm::new()
        .with_prompt(question)
        .wait_for_newline(true)
        .interact()
        .map_err(|error| unanswered(&error))
}

/// Asks for one of several answers: its place among them.
pub(crate) fn choose(question: &str, answers: &[String]) -> Result<usize> {
    dialoguer::Select::new()
        .with_prompt(question)
        .items(answers)
        .interact()
        .map_err(|error| unanswered(&error))
}

/// Asks for a line of text; an empty one is `None`.
pub(crate) fn ask(question: &str) -> Result<Option<String>> {
    let answer: String = dialoguer::Input::new()
        .with_prompt(question)
        .allow_empty(true)
        .interact_text()
        .map_err(|error| unanswered(&error))?;
    Ok(Some(answer.trim().to_owned()).filter(|answer| !answer.is_empty()))
}

/// Ctrl-C at a question, which leaves the cursor hidden, or a terminal that went away.
fn unanswered(error: &dialoguer::Error) -> Failure {
    // A terminal that cannot be told has no cursor to show.
    let _ = console::Term::stderr().show_cursor();
    let dialoguer::Error::IO(error) = error;
    if error.kind() == ErrorKind::Interrupted {
        return Failure::cancelled("stopped by Ctrl-C");
    }
    Failure::cancelled(format!("the answer could not be read: {error}"))
}

/// A step that may take long: a spinner for a person, a line on stderr for a log.
#[derive(Debug)]
pub(crate) struct Step {
    /// None where nobody watches.
    spinner: Option<ProgressBar>,
}

impl Step {
    pub(crate) fn start(message: impl Into<String>) -> Self {
        let message = message.into();
        if !io::stderr().is_terminal() {
            note!("{message} …");
            return Self { spinner: None };
        }
        let spinner = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {msg} {elapsed:.dim}");
        spinner.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        spinner.set_message(message);
        spinner.enable_steady_tick(Duration::from_millis(100));
        Self { spinner: Some(spinner) }
    }

    /// What the step is doing now.
    pub(crate) fn doing(&self, message: &str) {
        match &self.spinner {
            Some(spinner) => spinner.set_message(message.to_owned()),
            None => note!("{message} …"),
        }
    }

    /// What the step has done and a person should still read afterwards.
    pub(crate) fn tell(&self, message: &str) {
        match &self.spinner {
            Some(spinner) => spinner.suspend(|| note!("{message}")),
            None => note!("{message}"),
        }
    }

    /// As [`Step::doing`], of too little weight for a log.
    pub(crate) fn doing_in_passing(&self, message: &str) {
        if let Some(spinner) = &self.spinner {
            spinner.set_message(message.to_owned());
        }
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if let Some(spinner) = &self.spinner {
            spinner.finish_and_clear();
        }
    }
}
