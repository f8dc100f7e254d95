//! Why a check could not be carried out, and what to do about it.

use client::prisma_client_rust::{NewClientError, QueryError};

/// A check that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What happened, with Prisma's code where there is one.
    pub reason: String,
    /// What to do next: commands, SQL or words.
    pub advice: Vec<String>,
}

impl Failure {
    /// A failure, with the lines of what to do about it.
    pub(crate) fn new(reason: impl Into<String>, help: Option<&str>) -> Self {
        let advice = help.into_iter().flat_map(str::lines).map(str::to_owned).collect();
        Self { reason: reason.into(), advice }
    }
}

impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Self::new(reason, None)
    }
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        Self::new(format!("{}: {error}", error.code()), error.help())
    }
}

impl From<NewClientError> for Failure {
    fn from(error: NewClientError) -> Self {
        Self::new(format!("{}: {error}", error.code()), error.help())
    }
}
