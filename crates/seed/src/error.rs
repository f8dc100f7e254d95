//! What can go wrong while seeding.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use client::prisma_client_rust::QueryError;

use crate::Profile;

/// Why nothing was seeded. Whatever it is, the database is as it was before.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// There is no profile of this name.
    UnknownProfile(String),
    /// The data is there, made for another now than the one that was asked for.
    OtherNow {
        /// The now that it was made for.
        made_for: DateTime<Utc>,
        /// The now that was asked for.
        asked: DateTime<Utc>,
    },
    /// The rows of a table were refused.
    Rows {
        /// The model.
        model: &'static str,
        /// What the database said.
        source: QueryError,
    },
    /// What is already there could not be read, or the transaction failed.
    Database(QueryError),
}

impl Error {
    /// Prisma's code, when it is the database that refused.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Rows { source, .. } | Self::Database(source) => Some(source.code()),
            Self::UnknownProfile(_) | Self::OtherNow { .. } => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownProfile(name) => {
                let known: Vec<&str> = Profile::ALL.iter().map(|profile| profile.name()).collect();
                write!(f, "there is no profile `{name}`; there is: {}", known.join(", "))
            }
            Self::OtherNow { made_for, asked } => write!(
                f,
                "this data is already there, made for {} and not for {}; leave `--now` out to complete it, \
                 or choose another `--seed` for a school beside it",
                second(*made_for),
                second(*asked)
            ),
            Self::Rows { model, source } => {
                write!(f, "could not write the rows of {model}: {source}")
            }
            Self::Database(source) => source.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Rows { source, .. } | Self::Database(source) => Some(source),
            Self::UnknownProfile(_) | Self::OtherNow { .. } => None,
        }
    }
}

impl From<QueryError> for Error {
    fn from(error: QueryError) -> Self {
        Self::Database(error)
    }
}

fn second(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}
