//! What can go wrong while seeding.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use client::prisma_client_rust::QueryError;

use crate::Profile;

/// Why nothing was seeded. Whatever it is, the database is as it was before, but for what a load had finished.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// There is no profile of this name.
    UnknownProfile(String),
    /// There is no domain of this name.
    UnknownDomain(String),
    /// The profile has no use for something that was asked for.
    NotOf {
        /// The profile.
        profile: Profile,
        /// What was asked for, as it is typed.
        asked: &'static str,
        /// The profile that has a use for it.
        of: Profile,
    },
    /// The data is there, made for another now than the one that was asked for.
    OtherNow {
        /// The now that it was made for.
        made_for: DateTime<Utc>,
        /// The now that was asked for.
        asked: DateTime<Utc>,
    },
    /// The database is not on this machine, and nobody said that it is meant.
    Remote {
        /// The profile.
        profile: Profile,
        /// The host.
        host: String,
        /// The database.
        database: String,
        /// The name that was allowed, which is another one.
        allowed: Option<String>,
    },
    /// No school, or more than one, has the name.
    Org {
        /// The name.
        name: String,
        /// Those that have it.
        ids: Vec<String>,
    },
    /// A load cannot be of this size.
    Size(String),
    /// The rows of a table were refused.
    Rows {
        /// The model.
        model: &'static str,
        /// What the database said.
        source: QueryError,
    },
    /// What is already there could not be read, or the transaction failed.
    Database(QueryError),
    /// A part of the load came to an end that is a bug.
    Interrupted(String),
}

impl Error {
    /// Prisma's code, when it is the database that refused.
    pub fn code(&self) -> Option<&'static str> {
        self.query().map(QueryError::code)
    }

    /// What to do next, where the database refused and there is a command for it.
    pub fn help(&self) -> Option<&'static str> {
        self.query().and_then(QueryError::help)
    }

    fn query(&self) -> Option<&QueryError> {
        match self {
            Self::Rows { source, .. } | Self::Database(source) => Some(source),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownProfile(name) => {
                write!(f, "there is no profile `{name}`; there are: {}", Profile::names())
            }
            Self::UnknownDomain(name) => {
                let known: Vec<&str> = crate::DOMAINS.iter().map(|domain| domain.name).collect();
                write!(f, "there is no domain `{name}`; there are: {}", known.join(", "))
            }
            Self::NotOf { profile, asked, of } => write!(
                f,
                "`{asked}` is of the profile {of}, and this is {profile}: leave it out, or add --profile {of}",
                of = of.name(),
                profile = profile.name()
            ),
            Self::OtherNow { made_for, asked } => write!(
                f,
                "this data is already there, made for {} and not for {}; leave `--now` out to complete it, \
                 or choose another `--seed` for a school beside it",
                second(*made_for),
                second(*asked)
            ),
            Self::Remote { profile, host, database, allowed } => {
                let profile = profile.name();
                write!(
                    f,
                    "the database `{database}` is on {host}, not on this machine, and the profile {profile} "
                )?;
                f.write_str("makes up people and schools, which a live system is not to have")?;
                if let Some(allowed) = allowed {
                    write!(f, "; what was allowed is `{allowed}`, another database")?;
                }
                write!(
                    f,
                    "\n\nIf it is meant: cargo xtask seed --profile {profile} --allow-remote {database}\n\
                     For a live system: cargo xtask seed --profile production"
                )
            }
            Self::Org { name, ids } if ids.is_empty() => write!(
                f,
                "there is no school with the id or the name `{name}`; --new-org makes one of a name"
            ),
            Self::Org { name, ids } => write!(
                f,
                "{} schools have the name `{name}`; name one by its id: {}",
                ids.len(),
                ids.join(", ")
            ),
            Self::Size(why) => f.write_str(why),
            Self::Rows { model, source } => {
                write!(f, "could not write the rows of {model}: {source}")
            }
            Self::Database(source) => source.fmt(f),
            Self::Interrupted(how) => write!(f, "a part of the load was given up: {how}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.query().map(|source| source as &(dyn std::error::Error + 'static))
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
