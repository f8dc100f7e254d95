//! The texts of `migrate status --drift`.

use serde_json::{Value, json};

use crate::drift::{Difference, Drift};
use crate::status::Status;

/// What no comparison looks at, because no schema file has it; for whoever takes "no difference" for all there is.
pub(super) const NOT_COMPARED: &str = "Not compared, since a schema file cannot express them: checks, views, functions, \
    triggers, policies, comments, exclusion constraints, expression indexes, and partial ones unless the schema file names \
    some.";

/// How schema file, migrations and database differ, or that they do not. `missing` are the migrations that only the
/// database has: what they did is no drift that somebody made by hand.
pub fn drift(drift: &Drift, missing: &[String]) -> String {
    let mut parts = Vec::new();
    if !drift.database.is_empty() {
        parts.push(format!(
            "Drift detected: Your database schema is not in sync with your migration history.\n\n\
             From what the applied migrations make to what the database has:\n{}\n{}",
            drift.database.summary,
            to_settle(missing)
        ));
    }
    if !drift.schema.is_empty() {
        parts.push(format!(
            "The schema file is not in sync with the migrations.\n\n\
             From what all migrations make to what the schema file asks for:\n{}\n\
             To make a migration of it:\n  cargo xtask migrate dev --name NAME",
            drift.schema.summary
        ));
    }
    if parts.is_empty() {
        let mut text = "No drift: the database has what the migrations make, and the schema file asks for nothing else."
            .to_owned();
        if !drift.open.is_empty() {
            text = format!(
                "No drift: the database has what the migrations make, and with the contract of the open rollout{} the schema \
                 file asks for nothing else:\n{}",
                super::plural(&drift.open),
                drift.open.join("\n")
            );
        }
        return format!("{text}\n\n{NOT_COMPARED}");
    }
    if drift.apart.is_empty() {
        parts.push("The schema file and the database agree.".to_owned());
    } else if !drift.database.is_empty() && missing.is_empty() {
        let (what, to_change) = if drift.open.is_empty() {
            let pull = "To change the schema file so that it asks for what the database has:\n  cargo xtask db pull";
            ("what the database has", pull)
        } else {
            let by_hand = "To keep it, write it into the schema file by hand: before the contract, `db pull` would also write \
                           what that takes away.";
            ("what the database has, with the contracts of open rollouts,", by_hand)
        };
        parts.push(format!(
            "From {what} to what the schema file asks for:\n{}\n{to_change}",
            drift.apart.summary
        ));
    }
    parts.push(NOT_COMPARED.to_owned());
    parts.join("\n\n")
}

/// What to do about a database that is not what the migrations make.
fn to_settle(missing: &[String]) -> String {
    if missing.is_empty() {
        return "To make a migration of it that counts as applied in this database:\n  \
                cargo xtask migrate dev --adopt --name NAME"
            .to_owned();
    }
    format!(
        "The database has migrations of another branch, and what they did is part of it:\n{}\n\
         Merge that branch, or take them back, as is said above.\n\
         If that branch is given up, adopt what it did as a migration of this one:\n  \
         cargo xtask migrate dev --adopt --name NAME",
        missing.join("\n")
    )
}

/// All that `migrate status` knows, for programs; `drift` where it was looked for, and what is known elsewhere of rollouts.
pub fn drift_json(status: &Status, drift: Option<&Drift>, rollouts: &[Value]) -> String {
    let diagnosis = &status.diagnosis;
    let failed: Vec<Value> = diagnosis
        .failed
        .iter()
        .map(|failed| {
            json!({ "name": failed.name, "startedAt": failed.started_at, "logs": failed.logs })
        })
        .collect();
    let mut told = json!({
        "found": status.found,
        "hasHistory": diagnosis.has_history,
        "upToDate": is_good(status, drift),
        "busy": status.is_busy,
        "applied": diagnosis.applied,
        "pending": diagnosis.pending,
        "outOfOrder": diagnosis.late,
        "failed": failed,
        "edited": diagnosis.edited,
        "missing": diagnosis.missing,
        "lastCommon": diagnosis.last_common,
        "rollouts": rollouts,
    });
    if let Some(drift) = drift {
        told["drift"] = json!({
            "any": drift.is_any(),
            "migrationsToDatabase": difference(&drift.database),
            "migrationsToSchema": difference(&drift.schema),
            "databaseToSchema": difference(&drift.apart),
            "openRollouts": drift.open,
        });
    }
    format!("{told:#}")
}

/// Whether there is nothing to do; the exit status follows it.
pub fn is_good(status: &Status, drift: Option<&Drift>) -> bool {
    status.is_up_to_date() && drift.is_none_or(|drift| !drift.is_any())
}

fn difference(difference: &Difference) -> Value {
    if difference.is_empty() {
        return json!({ "steps": 0 });
    }
    json!({
        "steps": difference.steps,
        "summary": difference.summary.trim(),
        "script": difference.script,
    })
}
