//! Why a database is not where the folder leads, and whether it can get there without losing what it holds.

use pg_schema::{Pair, PgSchema};

use super::Replayed;
use crate::diagnose::{Diagnosis, Relation};
use crate::difference::Difference;

/// What Prisma resets a database for, one reason at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResetRequired {
    pub reasons: Vec<String>,
    pub diagnosis: Diagnosis,
    /// From what the applied migrations make to what is there.
    pub drift: Difference,
    /// What was pending and has been run, since nothing was wrong before.
    pub applied: Vec<String>,
    /// Whether the database is what all of the folder's migrations make.
    pub is_at_end: bool,
}

/// What can be done in the place of a reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// The database has more or less than the migrations make: the difference becomes a migration.
    AdoptDrift,
    /// Migrations were edited, and still make what the database has: the history takes the scripts as they are now.
    AcceptEdits,
    /// The database has everything the migrations make, but its history does not: those it lacks count as applied.
    Baseline,
}

impl ResetRequired {
    /// `actual` is what is there, `desired` what the schema file asks for.
    pub(super) fn find(
        diagnosis: &Diagnosis,
        replayed: &Replayed,
        actual: &PgSchema,
        desired: &PgSchema,
    ) -> Option<Self> {
        let drift = Difference::drift(Pair::new(&replayed.applied, actual), desired);
        let mut reasons: Vec<String> = Vec::new();
        for failed in &diagnosis.failed {
            reasons.push(format!("The migration `{}` failed.", failed.name));
        }
        for name in &diagnosis.edited {
            reasons.push(format!("The migration `{name}` was modified after it was applied."));
        }
        if !drift.is_empty() {
            reasons.push(format!(
                "Drift detected: Your database schema is not in sync with your migration history.\n\n\
                 The following is a summary of the differences between the expected database schema given your \
                 migrations files, and the actual schema of the database.\n\n\
                 It should be understood as the set of changes to get from the expected schema to the actual \
                 schema.\n{}",
                drift.summary
            ));
        }
        reasons.extend(histories(diagnosis));
        if reasons.is_empty() {
            return None;
        }
        let is_at_end = Difference::drift(Pair::new(&replayed.all, actual), desired).is_empty();
        Some(Self { reasons, diagnosis: diagnosis.clone(), drift, applied: Vec::new(), is_at_end })
    }

    /// All reasons in the reference's form: a list where there are several.
    pub fn text(&self) -> String {
        match &self.reasons[..] {
            [only] => only.clone(),
            reasons => format!("- {}\n", reasons.join("\n- ")),
        }
    }

    /// Whether the pending migrations have been done already, so that to run them would fail: a database from before its
    /// history, or an adoption that was cut off between the migration's file and its row.
    pub(super) fn has_pending_done(&self) -> bool {
        !self.diagnosis.pending.is_empty() && !self.drift.is_empty() && self.is_at_end
    }

    /// The way out that keeps the data, where there is one that asks for nothing but a yes.
    pub fn remedy(&self) -> Option<Remedy> {
        let diagnosis = &self.diagnosis;
        if !diagnosis.failed.is_empty() {
            return None;
        }
        if !diagnosis.edited.is_empty() {
            // With a difference beside it nobody knows what the edit did and what was done by hand.
            let is_harmless = self.drift.is_empty() && diagnosis.missing.is_empty();
            return is_harmless.then_some(Remedy::AcceptEdits);
        }
        if self.has_pending_done() && diagnosis.missing.is_empty() {
            return Some(Remedy::Baseline);
        }
        if !diagnosis.has_history && !diagnosis.pending.is_empty() {
            return None;
        }
        Some(Remedy::AdoptDrift)
    }
}

fn histories(diagnosis: &Diagnosis) -> Option<String> {
    let missing = diagnosis.missing.join(", ");
    match diagnosis.relation() {
        Relation::Same | Relation::DatabaseBehind => None,
        Relation::FolderBehind => Some(format!(
            "The following migration(s) are applied to the database but missing from the local migrations directory: \
             {missing}"
        )),
        Relation::Diverged => {
            let diverge = "The migrations recorded in the database diverge from the local migrations directory.";
            Some(match &diagnosis.last_common {
                Some(common) => format!(
                    "{diverge} Last common migration: `{common}`. Migrations applied to the database but absent from \
                     the migrations directory are: {missing}"
                ),
                None => diverge.to_owned(),
            })
        }
    }
}
