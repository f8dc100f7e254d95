//! What `migrate dev` does where Prisma asks for a reset: with a yes it adopts what the database has.

use std::time::SystemTime;

use migrate::dev::{Adopted, Remedy, ResetRequired, adopt};
use migrate::{Folder, report};
use psl::Schema;

use super::{Database, shown_in};
use crate::cli::Dev;
use crate::failure::{CANCELLED, Failure, Result};
use crate::paths;
use crate::terminal::{Step, ask, can_prompt, confirm, say};

/// The name of a migration for which nobody gave one.
const TITLE: &str = "adopt_drift";

/// Keeps the data where that can be done and somebody wants it; otherwise the command ends here, with nothing changed.
pub(super) async fn instead_of_reset(
    required: &ResetRequired,
    folder: &Folder,
    (schema, database): (&Schema, &Database),
    arguments: &Dev,
) -> Result<Adopted> {
    let shown_folder = paths::shown(folder.path());
    let question = report::question(required, &shown_folder);
    let Some(question) = question.filter(|_| arguments.adopt || can_prompt()) else {
        return Err(refuse(required, folder, database));
    };
    say!("{}\n", required.text().trim_end());
    if !arguments.adopt && !confirm(&question)? {
        return Err(refuse(required, folder, database));
    }
    let title = match (&arguments.name, required.remedy()) {
        (Some(name), _) if !name.trim().is_empty() => name.clone(),
        (_, Some(Remedy::AdoptDrift)) if can_prompt() => {
            ask("Enter a name for the migration that adopts them")?
                .unwrap_or_else(|| TITLE.to_owned())
        }
        _ => TITLE.to_owned(),
    };
    let databases = database.for_replays();
    let step = Step::start("Adopting what the database has");
    let titled = (title.as_str(), SystemTime::now());
    let adopted = adopt(folder, schema, databases, required, titled, &mut shown_in(&step)).await?;
    drop(step);
    say!("{}\n", report::adopted(&adopted, &shown_folder));
    Ok(adopted)
}

/// What the schema file does not have of what was adopted would be taken away by the next migration: not in the same
/// breath.
pub(super) fn stop_before_loss(undone: &str) -> Result<()> {
    if undone.is_empty() {
        return Ok(());
    }
    Err(Failure::cancelled(report::undone(undone)).help(
        "to bring the schema file up to date:\n  cargo xtask db pull\nto change the database back to what the schema file \
         says:\n  cargo xtask migrate dev --name NAME",
    ))
}

/// Told on stdout, as Prisma tells it.
pub(super) fn refuse(required: &ResetRequired, folder: &Folder, database: &Database) -> Failure {
    let folder = paths::shown(folder.path());
    say!("{}", report::reset_required(required, &database.direct, &folder));
    Failure::already_told(CANCELLED)
}
