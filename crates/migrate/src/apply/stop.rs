//! Why a script did not get to its end, and how that is told.

use std::path::Path;

use postgres::driver::SqlState;

use crate::Error;
use crate::failure::Refusal;
use crate::script::{Batch, Script, Statement};

/// Why a script did not get to its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The database refused a statement of this batch after so many that it took.
    Refused { batch: Batch, completed: usize, error: postgres::Error },
    /// The script leaves a transaction open, which was then rolled back.
    TransactionLeftOpen,
    /// A statement went well that builds an index, which is not valid afterwards.
    HalfBuilt { index: String },
    /// It was not the script's fault.
    Other(postgres::Error),
}

impl Stop {
    /// The database's report, as far as it has one.
    pub(crate) fn report(&self, script: &Script<'_>, migration: &str, file: &Path) -> String {
        let report = self.of_refusal(script, |refusal| refusal.report(migration, file));
        report.unwrap_or_else(|| {
            format!(
                "A migration failed to apply. New migrations cannot be applied before the error is recovered from.\n\n\
                 Migration name: {migration}\n\n{self}"
            )
        })
    }

    /// The same of a script that is no migration's own: what went wrong, and where.
    pub(crate) fn findings(&self, script: &Script<'_>, file: &Path) -> String {
        let findings = self.of_refusal(script, |refusal| refusal.findings(file));
        findings.unwrap_or_else(|| self.to_string())
    }

    /// What a replay says of it: the code, the database's words and the place.
    pub(crate) fn details(&self, script: &Script<'_>, file: &Path) -> String {
        let details = self.of_refusal(script, |refusal| refusal.details(file));
        details.unwrap_or_else(|| self.to_string())
    }

    /// What is told of a statement that the database refused, with its reasons.
    fn of_refusal(
        &self,
        script: &Script<'_>,
        tell: impl FnOnce(&Refusal<'_>) -> String,
    ) -> Option<String> {
        let Self::Refused { batch, completed, error } = self else { return None };
        let error = error.db()?;
        Some(tell(&Refusal { script, batch, completed: *completed, error }))
    }

    /// What ends a command that runs a script which is no migration.
    pub(crate) fn into_error(self, script: &Script<'_>, file: Option<&Path>) -> Error {
        match self {
            Self::Refused { batch, completed, error } => match error.db() {
                Some(db) if error.is_statement() => {
                    Refusal { script, batch: &batch, completed, error: db }
                        .error(file)
                        .with_source(error)
                }
                _ => error.into(),
            },
            Self::TransactionLeftOpen | Self::HalfBuilt { .. } => Error::plain(self.to_string()),
            Self::Other(error) => error.into(),
        }
    }

    pub(crate) fn error(&self) -> Option<&postgres::Error> {
        match self {
            Self::Refused { error, .. } | Self::Other(error) => Some(error),
            Self::TransactionLeftOpen | Self::HalfBuilt { .. } => None,
        }
    }

    /// Whether others were in the way, as they may not be the next time.
    pub(crate) fn is_contention(&self) -> bool {
        let code = self.error().and_then(postgres::Error::db).map(|db| db.code().clone());
        code.is_some_and(|code| {
            code == SqlState::LOCK_NOT_AVAILABLE || code == SqlState::T_R_DEADLOCK_DETECTED
        })
    }

    /// Whether all that a script did was rolled back.
    pub(crate) fn left_nothing(&self, script: &Script<'_>) -> bool {
        let Self::Refused { batch, completed, .. } = self else { return false };
        let done = script.statements()[batch.statements.clone()].iter().take(*completed);
        !script.goes_alone(batch) && !done.into_iter().any(Statement::ends_transaction)
    }
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused { error, .. } | Self::Other(error) => error.fmt(f),
            Self::HalfBuilt { index } => write!(
                f,
                "The index {index} was there already and is not valid: an earlier build of it was cut off, and the \
                 server leaves it at that where it is told IF NOT EXISTS. Drop it first: DROP INDEX CONCURRENTLY {index};"
            ),
            Self::TransactionLeftOpen => f.write_str(
                "The script begins a transaction that it does not end. What it did in that transaction was rolled back. \
                 Add a COMMIT, or leave out the BEGIN: a script is one transaction anyway.",
            ),
        }
    }
}

impl std::error::Error for Stop {}
