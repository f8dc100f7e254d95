//! How a command fails: a code, what happened, what to do next, and the exit status.

use std::fmt;

use crate::lines::note;
use crate::secrets;

/// Everything that ends a command early. Shown once, by `main`.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Prisma's code where it has one, as `P1001`.
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    /// The next command to try.
    pub(crate) help: Option<String>,
    pub(crate) exit: u8,
    /// Whether there was no connection yet.
    is_of_connecting: bool,
}

/// A person said no, or pressed Ctrl-C: Prisma's exit status for both.
pub(crate) const CANCELLED: u8 = 130;

pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { code: None, message: message.into(), help: None, exit: 1, is_of_connecting: false }
    }

    pub(crate) fn cancelled(message: impl Into<String>) -> Self {
        Self { exit: CANCELLED, ..Self::new(message) }
    }

    pub(crate) fn code(mut self, code: &str) -> Self {
        self.code = Some(code.to_owned());
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Help beside the help that there is, perhaps none.
    pub(crate) fn more_help(mut self, more: &str) -> Self {
        if !more.is_empty() {
            let help = self.help.map(|help| format!("{}\n\n", help.trim_end())).unwrap_or_default();
            self.help = Some(help + more.trim_end());
        }
        self
    }

    /// Told by a command that does not try the connection before anything else: there Prisma writes such a failure as it
    /// writes any other.
    pub(crate) fn told_as_any_other(self) -> Self {
        Self { is_of_connecting: false, ..self }
    }

    /// Says why the command ended, where that was not said before.
    pub(crate) fn tell(&self) {
        if !self.message.is_empty() {
            note!("{}", secrets::hide(&self.to_string()));
        }
    }

    /// Another program of the workspace, or the findings, have already said what is wrong.
    pub(crate) fn already_told(exit: u8) -> Self {
        Self { exit, ..Self::new("") }
    }
}

impl fmt::Display for Failure {
    /// `Error: P3009`, a blank line and the message, or `Error: P1001: ` and the message where the database could not be
    /// reached, as Prisma prints it; then what to try.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) if self.is_of_connecting => {
                write!(f, "Error: {code}: {}", self.message.trim_end())?;
            }
            Some(code) => write!(f, "Error: {code}\n\n{}", self.message.trim_end())?,
            None => write!(f, "Error: {}", self.message.trim_end())?,
        }
        if let Some(help) = &self.help {
            write!(f, "\n\nhelp: {help}")?;
        }
        Ok(())
    }
}

impl From<postgres::Error> for Failure {
    fn from(error: postgres::Error) -> Self {
        Self {
            code: Some(error.code().to_owned()).filter(|code| !code.is_empty()),
            help: error.help().map(str::to_owned),
            is_of_connecting: error.is_of_connecting(),
            ..Self::new(error.to_string())
        }
    }
}

impl From<rollout::backfill::Error> for Failure {
    fn from(error: rollout::backfill::Error) -> Self {
        Self {
            code: error.code().map(str::to_owned),
            help: error.help().map(str::to_owned),
            is_of_connecting: error.is_of_connecting(),
            ..Self::new(error.to_string())
        }
    }
}

impl From<migrate::Error> for Failure {
    fn from(error: migrate::Error) -> Self {
        Self {
            code: error.code().map(str::to_owned),
            help: error.help().map(str::to_owned),
            is_of_connecting: error.is_of_connecting(),
            ..Self::new(error.to_string())
        }
    }
}
