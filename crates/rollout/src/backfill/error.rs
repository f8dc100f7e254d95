//! What stops a backfill: what happened, and what to do next.

use std::fmt;
use std::path::Path;

/// A failure of a backfill. `Display` is the message without the code and the help.
#[derive(Debug)]
pub struct Error {
    code: Option<String>,
    message: String,
    help: Option<String>,
    source: Option<postgres::Error>,
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { code: None, message: message.into(), help: None, source: None }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The failure of the server's, told in other words.
    pub(crate) fn retold(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }

    /// The same, told of a file.
    pub(crate) fn in_file(mut self, file: &Path) -> Self {
        self.message = format!("{}: {}", file.display(), self.message);
        self
    }

    /// Prisma's code, where it has one.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// What to do next, with the command to run.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// What the server, or the way to it, has to do with it.
    pub fn server(&self) -> Option<&postgres::Error> {
        self.source.as_ref()
    }

    /// Whether it came up before there was a connection.
    pub fn is_of_connecting(&self) -> bool {
        self.source.as_ref().is_some_and(postgres::Error::is_of_connecting)
    }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        Self {
            code: Some(error.code().to_owned()).filter(|code| !code.is_empty()),
            message: error.to_string(),
            help: error.help().map(str::to_owned),
            source: Some(error),
        }
    }
}

impl From<migrate::Error> for Error {
    fn from(error: migrate::Error) -> Self {
        Self {
            code: error.code().map(str::to_owned),
            message: error.to_string(),
            help: error.help().map(str::to_owned),
            source: None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
