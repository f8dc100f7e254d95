//! What stops a command: one opaque error with Prisma's code, what happened, and what to do next.
//!
//! Messages follow Prisma's texts; what ours add is the [`Error::help`], which names one of our
//! commands. No password gets in here: the messages are made of names, files and what the server said.

use std::fmt;
use std::path::{Path, PathBuf};

/// A failure of a migration command.
///
/// `Display` is the message without the code and without the help, so that whoever prints it
/// decides how they look.
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Debug)]
struct Inner {
    code: Option<String>,
    message: String,
    help: Option<String>,
    file: Option<PathBuf>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// Prisma's code, such as `P3009`, where Prisma has one.
    pub fn code(&self) -> Option<&str> {
        self.inner.code.as_deref()
    }

    /// What to do next, with the command to run.
    pub fn help(&self) -> Option<&str> {
        self.inner.help.as_deref()
    }

    /// The file at fault, if one is.
    pub fn file(&self) -> Option<&Path> {
        self.inner.file.as_deref()
    }

    /// Whether a failed migration in the history is in the way (P3009).
    pub fn is_failed_migrations(&self) -> bool {
        self.code() == Some("P3009")
    }

    /// Whether a migration was refused by the database (P3018).
    pub fn is_failed_to_apply(&self) -> bool {
        self.code() == Some("P3018")
    }

    /// Whether it came up before there was a connection.
    pub fn is_of_connecting(&self) -> bool {
        let source = self.inner.source.as_deref();
        let source = source.and_then(|source| source.downcast_ref::<postgres::Error>());
        source.is_some_and(|source| {
            // Not where it is told as something else, as that no shadow database can be made.
            source.is_of_connecting() && self.code() == Some(source.code())
        })
    }

    /// Whether the server could not be reached, or was lost on the way.
    pub fn is_connection(&self) -> bool {
        matches!(self.code(), Some("P1000" | "P1001" | "P1002" | "P1011" | "P1017"))
    }

    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            inner: Box::new(Inner {
                code: Some(code.to_owned()),
                message: message.into(),
                help: None,
                file: None,
                source: None,
            }),
        }
    }

    /// A failure for which Prisma has no code.
    pub(crate) fn plain(message: impl Into<String>) -> Self {
        let mut error = Self::new("", message);
        error.inner.code = None;
        error
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.inner.help = Some(help.into());
        self
    }

    pub(crate) fn with_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.inner.file = Some(file.into());
        self
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    /// A file or folder that cannot be read or written.
    pub(crate) fn io(doing: &str, file: &Path, source: std::io::Error) -> Self {
        Self::plain(format!("could not {doing} {}: {source}", file.display()))
            .with_file(file)
            .with_source(source)
    }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        let mut made = Self::plain(error.to_string());
        made.inner.code = Some(error.code().to_owned()).filter(|code| !code.is_empty());
        made.inner.help = error.help().map(str::to_owned);
        made.with_source(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { code, message, help, .. } = &*self.inner;
        f.debug_struct("Error")
            .field("code", code)
            .field("message", message)
            .field("help", help)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}
