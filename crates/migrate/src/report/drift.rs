//! The texts of `migrate status --drift`.

use serde_json::{Value, json};

use crate::drift::{Difference, Drift};
use crate::status::Status;

/// How schema file, migrations and database differ, or that they do not.
pub fn drift(drift: &Drift) -> String {
    let mut parts = Vec::new();
    if !drift.database.is_empty() {
        parts.push(format!(
            "Drift detected: Your database schema is not in sync with your migration history.\n\n\
             From what the applied migrations make to what the database has:\n{}\n\
             To make a migration of it that counts as applied in this database:\n  \
             cargo xtask migrate dev --adopt --name NAME",
            drift.database.summary
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
        return "No drift: the database has what the migrations make, and the schema file asks for nothing else."
            .to_owned();
    }
    if drift.apart.is_empty() {
        parts.push("The schema file and the database agree.".to_owned());
    } else if !drift.database.is_empty() {
        parts.push(format!(
            "From what the database has to what the schema file asks for:\n{}\n\
             To change the schema file so that it asks for what the database has:\n  cargo xtask db pull",
            drift.apart.summary
        ));
    }
    parts.join("\n\n")
}

/// All that `migrate status` knows, for programs; `drift` where it was looked for.
pub fn drift_json(status: &Status, drift: Option<&Drift>) -> String {
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
        "upToDate": status.is_up_to_date(),
        "busy": status.is_busy,
        "applied": diagnosis.applied,
        "pending": diagnosis.pending,
        "outOfOrder": diagnosis.late,
        "failed": failed,
        "edited": diagnosis.edited,
        "missing": diagnosis.missing,
        "lastCommon": diagnosis.last_common,
    });
    if let Some(drift) = drift {
        told["drift"] = json!({
            "any": drift.is_any(),
            "migrationsToDatabase": difference(&drift.database),
            "migrationsToSchema": difference(&drift.schema),
            "databaseToSchema": difference(&drift.apart),
        });
    }
    format!("{told:#}")
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
