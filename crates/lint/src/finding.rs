//! What a rule has to say of a statement.

use std::ops::Range;

use sql::statement::{LockMode, Name};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It waits for a lock, breaks the running release or is better done otherwise; how long it takes does not grow with the table.
    Warning,
    /// It fails, or keeps others from a table for a time that grows with the table.
    Error,
}

impl Severity {
    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A finding in one migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule, in kebab case.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The bytes of the file that it is about.
    pub range: Range<usize>,
    /// What the statement does: lower case, no final stop.
    pub message: String,
    /// Why that matters.
    pub why: String,
    /// The strongest lock that it is about, with its table.
    pub lock: Option<(LockMode, Name)>,
    /// What to write instead, as SQL of the statement's own names; lines that begin with `--` say what SQL cannot.
    pub safe: Option<String>,
    /// An edit that is certain to be right.
    pub fix: Option<Fix>,
}

impl Finding {
    /// Whether its edit takes the statement out of the transaction.
    pub(crate) fn is_mended_concurrently(&self) -> bool {
        self.fix.as_ref().is_some_and(|fix| fix.text == CONCURRENTLY)
    }
}

/// What an edit puts behind `INDEX`.
pub(crate) const CONCURRENTLY: &str = " CONCURRENTLY";

/// An edit of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced.
    pub range: Range<usize>,
    /// By what.
    pub text: String,
}
