//! Constraints that new rows keep and nobody checked the old ones for.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "not_valid_constraint",
    name: "Constraints not valid",
    unit: Unit::Days,
    limits: Limits::warning(1.0),
    well: "none is left",
    partly_hidden: None,
    query: |server| {
        let since = match (server.keeps_commit_times, &server.migrations) {
            (true, _) => "pg_xact_commit_timestamp(xmin)".to_owned(),
            (false, Some(migrations)) => format!("(SELECT max(finished_at) FROM {migrations})"),
            (false, None) => {
                return Err(
                    "how old a constraint is cannot be told: there are no migrations, and \
                            track_commit_timestamp is off"
                        .to_owned(),
                );
            }
        };
        Ok(include_str!("not_valid_constraint.sql").replace("{since}", &since))
    },
};
