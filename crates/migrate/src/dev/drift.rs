//! Why a database cannot be brought to where the folder leads without losing what it holds.

use pg_schema::{Pair, PgSchema, diff, drift_summary};

use crate::diagnose::{Diagnosis, Relation};

/// The reasons for a reset, one at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResetRequired {
    pub reasons: Vec<String>,
    /// The migrations behind them that failed, in case that is all: `migrate resolve` then helps too.
    pub failed: Vec<String>,
}

impl ResetRequired {
    /// `expected` is what the applied migrations make, `actual` what is there.
    pub(super) fn find(
        diagnosis: &Diagnosis,
        expected: &PgSchema,
        actual: &PgSchema,
    ) -> Option<Self> {
        let mut reasons: Vec<String> = Vec::new();
        for failed in &diagnosis.failed {
            reasons.push(format!("The migration `{}` failed.", failed.name));
        }
        for name in &diagnosis.edited {
            reasons.push(format!("The migration `{name}` was modified after it was applied."));
        }
        reasons.extend(drift(Pair::new(expected, actual)));
        reasons.extend(histories(diagnosis));
        if reasons.is_empty() {
            return None;
        }
        let failed = diagnosis.failed.iter().map(|failed| failed.name.clone()).collect();
        Some(Self { reasons, failed })
    }

    /// All reasons in the reference's form: a list where there are several.
    pub fn text(&self) -> String {
        match &self.reasons[..] {
            [only] => only.clone(),
            reasons => format!("- {}\n", reasons.join("\n- ")),
        }
    }
}

fn drift(schemas: Pair<&PgSchema>) -> Option<String> {
    let steps = diff(schemas);
    if steps.is_empty() {
        return None;
    }
    Some(format!(
        "Drift detected: Your database schema is not in sync with your migration history.\n\n\
         The following is a summary of the differences between the expected database schema given your migrations \
         files, and the actual schema of the database.\n\n\
         It should be understood as the set of changes to get from the expected schema to the actual schema.\n{}",
        drift_summary(&steps, schemas)
    ))
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
