//! Schema file, migrations and database: three that ought to be one, as `migrate status --drift` compares them.

use migrate::Folder;
use migrate::status::Status;
use psl::Schema;

use super::report::{Check, Report, one_line};
use crate::commands::migrate::shown_in;
use crate::database::Database;
use crate::failure::Failure;
use crate::terminal::Step;

const CHECK: Check = Check::Drift;

/// Replays the migrations and compares; where they cannot be replayed for want of a right, that is told as skipped.
pub(super) async fn look(
    folder: &Folder,
    status: &Status,
    schema: &Schema,
    database: &Database,
    report: &mut Report,
) {
    let found = {
        let step = Step::start("Comparing schema, migrations and database");
        let mut progress = shown_in(&step);
        let found = migrate::drift::drift(folder, schema, database.for_replays(), &mut progress);
        // In a box, because it is a large future.
        Box::pin(found).await
    };
    let found = match found {
        Ok(found) => found,
        Err(error) if error.code() == Some("P3014") => {
            return report.skip(&[CHECK], "migrations cannot be replayed here");
        }
        Err(error) => {
            // It is told with the place in its script, which is on no line here.
            let failure = Failure::from(error).more_help("cargo xtask migrate status --drift");
            return report.failed(CHECK, &failure);
        }
    };
    if status.needs_baseline {
        // A database that `db push` made, or that was there before.
        if found.apart.is_empty() {
            return report.well(CHECK, "the database is what the schema says");
        }
        let said =
            format!("the database is not what the schema says: {}", one_line(&found.apart.summary));
        return report.wrong(
            CHECK,
            said,
            [
                "cargo xtask db push  # the database as the schema has it",
                "cargo xtask db pull  # the schema as the database has it",
            ],
        );
    }
    if !found.database.is_empty() {
        report.wrong(
            CHECK,
            format!(
                "the database is not what its migrations make: {}",
                one_line(&found.database.summary)
            ),
            [
                "cargo xtask migrate status --drift  # shows it as SQL",
                "cargo xtask migrate dev --adopt --name what_was_done  # makes a migration of it",
            ],
        );
    }
    if !found.schema.is_empty() {
        report.hint(
            CHECK,
            format!("no migration makes what the schema says: {}", one_line(&found.schema.summary)),
            ["cargo xtask migrate dev --name what_changed"],
        );
    }
    if found.database.is_empty() && found.schema.is_empty() {
        let rest =
            if status.diagnosis.pending.is_empty() { " and database are one" } else { " are one" };
        report.well(CHECK, format!("schema, migrations{rest}"));
    }
}
