//! What the folder and the history say of each other: a value, found without a database.
//!
//! An attempt that was rolled back is as if it had never been: its migration is pending while it is in the
//! folder, and not missed when it is not. (Prisma's own diagnosis still counts such attempts as applied, and
//! so calls a database up to date whose next deploy has work to do; its deploy agrees with us.)

use std::collections::{HashMap, HashSet};

use crate::folder::{Folder, Migration, Replaced};
use crate::history::{Row, State};
use crate::squash::standing::Partly;
use crate::squash::standing::{Standing, standing};

/// How a folder and a history stand to each other. Migrations are named in the folder's order, missing and
/// failed ones in the history's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnosis {
    /// Whether the database has a history at all.
    pub has_history: bool,
    /// In the folder and not yet tried.
    pub pending: Vec<String>,
    /// In the folder and applied.
    pub applied: Vec<String>,
    /// Tried and failed, wherever they are.
    pub failed: Vec<Failed>,
    /// Changed in the folder since they were tried.
    pub edited: Vec<String>,
    /// Those of the pending that the folder has before one that is applied: the merge of a branch, mostly.
    pub late: Vec<String>,
    /// In the history and not in the folder.
    pub missing: Vec<String>,
    /// Squashed migrations that count as applied because all that they were squashed from is, or that stand in the
    /// history beside it: the next deploy puts them in its place there.
    pub squashed: Vec<String>,
    /// Squashed migrations of which only some parts are applied.
    pub partly: Vec<Partly>,
    /// The last migration before the folder leaves the history, where both have what the other has not.
    pub last_common: Option<String>,
}

/// A failed attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    pub name: String,
    pub started_at: String,
    /// What the database said; nothing where the attempt was cut off.
    pub logs: Option<String>,
}

/// How the two histories compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    Same,
    /// The folder has migrations that the database has not.
    DatabaseBehind,
    /// The database has migrations that the folder has not.
    FolderBehind,
    /// Each has what the other has not.
    Diverged,
}

impl Diagnosis {
    pub fn relation(&self) -> Relation {
        match (self.pending.is_empty(), self.missing.is_empty()) {
            (true, true) => Relation::Same,
            (false, true) => Relation::DatabaseBehind,
            (true, false) => Relation::FolderBehind,
            (false, false) => Relation::Diverged,
        }
    }
}

/// Compares a folder with a history; `None` is a database without one.
pub(crate) fn diagnose(folder: &Folder, history: Option<&[Row]>) -> Diagnosis {
    let rows: Vec<&Row> =
        history.unwrap_or_default().iter().filter(|row| row.state != State::RolledBack).collect();
    let mut diagnosis = Diagnosis { has_history: history.is_some(), ..Diagnosis::default() };
    let mut attempts_at: HashMap<&str, Vec<&Row>> = HashMap::new();
    for row in &rows {
        attempts_at.entry(&row.name).or_default().push(row);
    }
    let mut explained: HashSet<&str> = HashSet::new();
    for (at, migration) in folder.migrations().iter().enumerate() {
        let attempts = attempts_at.remove(&*migration.name).unwrap_or_default();
        let replaced = folder.replaced_by(&migration.name);
        let parts = parts_in(replaced, &rows);
        if attempts.is_empty() {
            match standing(&migration.name, replaced, &rows) {
                Standing::All => {
                    diagnosis.applied.push(migration.name.clone());
                    diagnosis.squashed.push(migration.name.clone());
                    diagnosis.late.clone_from(&diagnosis.pending);
                    explained.extend(parts);
                    continue;
                }
                Standing::Some(partly) => {
                    diagnosis.partly.push(partly);
                    explained.extend(parts);
                    continue;
                }
                Standing::None => {}
            }
            // A later commit squashed it, and this database has been there.
            if let Some(squashed) = rows.iter().find(|row| row.stands_for(&migration.name)) {
                diagnosis.applied.push(migration.name.clone());
                diagnosis.late.clone_from(&diagnosis.pending);
                explained.insert(&squashed.name);
                continue;
            }
            if diagnosis.pending.is_empty() {
                diagnosis.last_common =
                    at.checked_sub(1).map(|before| folder.migrations()[before].name.clone());
            }
            diagnosis.pending.push(migration.name.clone());
            continue;
        }
        if attempts.iter().any(|row| row.state == State::Applied) {
            diagnosis.applied.push(migration.name.clone());
            diagnosis.late.clone_from(&diagnosis.pending);
            if !parts.is_empty() {
                diagnosis.squashed.push(migration.name.clone());
                explained.extend(parts);
            }
        }
        if attempts.iter().all(|row| !crate::checksum::matches(&migration.script, &row.checksum)) {
            diagnosis.edited.push(migration.name.clone());
        }
    }
    for row in &rows {
        if row.state == State::Failed {
            diagnosis.failed.push(Failed {
                name: row.name.clone(),
                started_at: row.started_at.clone().unwrap_or_default(),
                logs: row.logs.clone(),
            });
        }
        // What is left there is of no migration in the folder.
        let is_known = !attempts_at.contains_key(&*row.name) || explained.contains(&*row.name);
        if !is_known && !diagnosis.missing.contains(&row.name) {
            diagnosis.missing.push(row.name.clone());
        }
    }
    if diagnosis.relation() != Relation::Diverged {
        diagnosis.last_common = None;
    }
    diagnosis
}

/// The replaced migrations that a history still has.
fn parts_in<'a>(replaced: &[Replaced], rows: &[&'a Row]) -> Vec<&'a str> {
    if replaced.is_empty() {
        return Vec::new();
    }
    let is_part = |row: &&&Row| replaced.iter().any(|one| one.name == row.name);
    rows.iter().filter(is_part).map(|row| row.name.as_str()).collect()
}

/// The migrations that a deploy runs, in order.
pub(crate) fn pending<'a>(folder: &'a Folder, diagnosis: &Diagnosis) -> Vec<&'a Migration> {
    let names: HashSet<&str> = diagnosis.pending.iter().map(String::as_str).collect();
    folder.migrations().iter().filter(|migration| names.contains(&*migration.name)).collect()
}

#[cfg(test)]
mod tests;
