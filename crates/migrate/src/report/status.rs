//! The text of `migrate status`.

use std::fmt::Write as _;

use super::{branches, found, plural, squash, steps};
use crate::diagnose::{Diagnosis, Relation};
use crate::status::Status;

/// What is said, and where: Prisma tells on stderr what is wrong with a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub stdout: String,
    /// Empty where nothing is wrong.
    pub stderr: String,
}

/// All of `migrate status`; `folder` as people know it.
pub fn status(status: &Status, folder: &str) -> Told {
    let diagnosis = &status.diagnosis;
    let mut stdout = found(status.found, folder) + "\n";
    let mut problems: Vec<String> = Vec::new();
    match diagnosis.relation() {
        Relation::DatabaseBehind => stdout.push_str(&behind(&diagnosis.pending)),
        Relation::Diverged => problems.push(diverged(diagnosis, folder)),
        Relation::Same | Relation::FolderBehind if !diagnosis.has_history => {
            problems.push("The current database is not managed by Prisma Migrate.".to_owned());
        }
        Relation::Same | Relation::FolderBehind
            if diagnosis.failed.is_empty() && diagnosis.partly.is_empty() =>
        {
            stdout.push_str("\nDatabase schema is up to date!");
        }
        Relation::Same | Relation::FolderBehind => {}
    }
    match &status.resumes {
        Some(resumes) => problems.push(steps::half_applied(resumes)),
        None if !diagnosis.failed.is_empty() => problems.push(failed(diagnosis)),
        None => {}
    }
    problems.extend(diagnosis.partly.iter().map(squash::partly));
    // What Prisma does not say comes after what it says.
    let remarks = remarks(status, folder);
    if problems.is_empty() {
        for remark in remarks {
            let _ = write!(stdout, "\n\n{remark}");
        }
    } else {
        problems.extend(remarks);
    }
    Told { stdout: stdout.trim_end().to_owned(), stderr: problems.join("\n\n") }
}

fn behind(pending: &[String]) -> String {
    format!(
        "Following migration{} have not yet been applied:\n{}\n\n\
         To apply migrations in development run cargo xtask migrate dev.\n\
         To apply migrations in production run cargo xtask migrate deploy.",
        plural(pending),
        pending.join("\n")
    )
}

fn diverged(diagnosis: &Diagnosis, folder: &str) -> String {
    let common = match &diagnosis.last_common {
        Some(common) => format!("The last common migration is: {common}"),
        None => "They have no migration in common.".to_owned(),
    };
    format!(
        "Your local migration history and the migrations table from your database are different:\n\n\
         {common}\n\n\
         The migration{} have not yet been applied:\n{}\n\n\
         The migration{} from the database are not found locally in {folder}:\n{}",
        plural(&diagnosis.pending),
        diagnosis.pending.join("\n"),
        plural(&diagnosis.missing),
        diagnosis.missing.join("\n")
    )
}

fn failed(diagnosis: &Diagnosis) -> String {
    let names: Vec<String> = diagnosis.failed.iter().map(|failed| failed.name.clone()).collect();
    let first = names.first().map_or("", String::as_str);
    format!(
        "Following migration{} have failed:\n{}\n\n\
         During development if the failed migration(s) have not been deployed to a production database you can then fix \
         the migration(s) and run cargo xtask migrate dev.\n\n\
         The failed migration(s) can be marked as rolled back or applied:\n\n\
         - If you rolled back the migration(s) manually:\n\
         cargo xtask migrate resolve --rolled-back \"{first}\"\n\n\
         - If you fixed the database manually (hotfix):\n\
         cargo xtask migrate resolve --applied \"{first}\"",
        plural(&names),
        names.join("\n")
    )
}

fn remarks(status: &Status, folder: &str) -> Vec<String> {
    let diagnosis = &status.diagnosis;
    let mut remarks = Vec::new();
    if diagnosis.relation() == Relation::FolderBehind {
        remarks.push(format!(
            "The migration{} from the database are not found locally in {folder}:\n{}",
            plural(&diagnosis.missing),
            diagnosis.missing.join("\n")
        ));
    }
    if !diagnosis.missing.is_empty() {
        remarks.push(branches::missing(diagnosis, folder));
    }
    if !diagnosis.edited.is_empty() {
        remarks.push(format!(
            "The migration{} modified after being applied:\n{}",
            if diagnosis.edited.len() == 1 { " was" } else { "s were" },
            diagnosis.edited.join("\n")
        ));
    }
    remarks.extend(squash::remarks(status, folder));
    remarks.extend(branches::late(diagnosis));
    remarks.extend(branches::same_moment(&status.same_moment));
    if status.is_busy {
        remarks.push(
            "Another migrate command is at work on this database: ask again when it is done."
                .to_owned(),
        );
    }
    remarks
}
