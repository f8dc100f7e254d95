//! `migrate resolve`: tells the history how a migration ended, where a person knows better.

use postgres::ConnectionUrl;

use crate::Error;
use crate::folder::{Folder, find};
use crate::history::{History, Row, State};
use crate::locked::locked;
use crate::steps::ledger;

/// Notes a migration as applied without running it; failed attempts at it count as rolled back. This is
/// also how an existing database begins its history.
///
/// A part of its name will do where only one migration of the folder has it; which one it was is returned.
///
/// Fails with P3017 where the folder has no such migration and P3008 where it is recorded as applied.
pub async fn applied(folder: &Folder, url: &ConnectionUrl, text: &str) -> Result<String, Error> {
    let names: Vec<&str> = folder.migrations().iter().map(|one| one.name.as_str()).collect();
    let meant = find::meant(&names, text)?.and_then(|name| folder.find(name));
    let migration = meant.ok_or_else(|| not_found(folder, text))?;
    let name = migration.name.as_str();
    locked(postgres::connect(url).await?, async |connection| {
        let history = History::new(connection);
        match history.read().await? {
            None => history.create().await?,
            Some(rows) if attempts(&rows, name).any(|row| row.state == State::Applied) => {
                return Err(Error::new(
                    "P3008",
                    format!(
                        "The migration `{name}` is already recorded as applied in the database."
                    ),
                ));
            }
            Some(_) => {}
        }
        match folder.replaced_by(name) {
            [] => history.baseline(migration).await,
            replaced => history.squash(migration, replaced).await,
        }
    })
    .await?;
    Ok(name.to_owned())
}

/// What was marked as rolled back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolledBack {
    pub name: String,
    /// Of a migration in steps, those that are done and stay so, in one line each.
    pub done: Vec<String>,
    /// The one that was begun and may have left something.
    pub begun: Option<String>,
}

/// Marks the failed attempts at a migration as rolled back: the next deploy runs it again, with its first step.
///
/// A part of its name will do where only one migration of the history has it; which one it was is returned.
///
/// Fails with P3011 where it was never tried and P3012 where it did not fail.
pub async fn rolled_back(url: &ConnectionUrl, text: &str) -> Result<RolledBack, Error> {
    locked(postgres::connect(url).await?, async |connection| {
        let history = History::new(connection);
        let rows = history.read().await?.unwrap_or_default();
        let mut names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let name = find::meant(&names, text)?.ok_or_else(|| never_applied(text))?;
        let is_any = |state| attempts(&rows, name).any(|row| row.state == state);
        if is_any(State::Applied) && !is_any(State::Failed) {
            return Err(Error::new(
                "P3012",
                format!(
                    "Migration `{name}` cannot be rolled back because it is not in a failed state."
                ),
            ));
        }
        let mut rolled_back = RolledBack { name: name.to_owned(), done: Vec::new(), begun: None };
        for attempt in attempts(&rows, name).filter(|row| row.state == State::Failed) {
            for entry in ledger::read(connection, &attempt.id).await? {
                if entry.is_done {
                    rolled_back.done.push(entry.summary);
                } else if entry.is_begun {
                    rolled_back.begun = Some(entry.summary);
                }
            }
        }
        history.roll_back(name).await?;
        Ok(rolled_back)
    })
    .await
}

fn attempts<'a>(rows: &'a [Row], name: &'a str) -> impl Iterator<Item = &'a Row> {
    rows.iter().filter(move |row| row.name == name)
}

/// That the folder has no such migration (P3017).
pub(crate) fn not_found(folder: &Folder, name: &str) -> Error {
    Error::new(
        "P3017",
        format!(
            "The migration {name} could not be found. Please make sure that the migration exists, and that you \
             included the whole name of the directory. (example: \"20201207184859_initial_migration\")"
        ),
    )
    .with_help(format!("the migrations are the folders in {}", folder.path().display()))
}

fn never_applied(name: &str) -> Error {
    Error::new(
        "P3011",
        format!(
            "Migration `{name}` cannot be rolled back because it was never applied to the database. Hint: did you pass \
             in the whole migration name? (example: \"20201207184859_initial_migration\")"
        ),
    )
}
