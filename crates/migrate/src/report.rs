//! What commands did, in words: Prisma's texts, with our commands in the place of Prisma's.
//!
//! Where ours say more, it comes after. All of it is plain text without a final line feed; colours, the
//! lines before it and where it goes are the caller's.

mod dev;

use std::fmt::Write as _;

pub use dev::{
    applied_pending, created, created_and_applied, reset_required, synchronised, unexecutable,
    warnings,
};
use postgres::ConnectionUrl;

use crate::deploy::Deployed;
use crate::diagnose::{Diagnosis, Relation};
use crate::folder::SCRIPT;
use crate::reset::Reset;
use crate::status::Status;

/// `3 migrations found in prisma/migrations`; `folder` as people know it.
pub fn found(count: usize, folder: &str) -> String {
    match count {
        0 => format!("No migration found in {folder}"),
        1 => format!("1 migration found in {folder}"),
        _ => format!("{count} migrations found in {folder}"),
    }
}

/// That a database was made on the way.
pub fn database_created(url: &ConnectionUrl) -> String {
    format!("PostgreSQL database {} created at {}", url.database(), location(url))
}

/// The end of `migrate deploy`.
pub fn deployed(deployed: &Deployed) -> String {
    if deployed.applied.is_empty() {
        return "No pending migrations to apply.".to_owned();
    }
    format!(
        "The following migration(s) have been applied:\n\n{}\n      \nAll migrations have been successfully applied.",
        tree("migrations", &deployed.applied)
    )
}

/// The end of `migrate reset`.
pub fn reset(reset: &Reset) -> String {
    if reset.applied.is_empty() {
        return "Database reset successful".to_owned();
    }
    format!(
        "Database reset successful\n\nThe following migration(s) have been applied:\n\n{}",
        tree("migrations", &reset.applied)
    )
}

/// The end of `migrate resolve --applied`.
pub fn resolved_applied(name: &str) -> String {
    format!("Migration {name} marked as applied.")
}

/// The end of `migrate resolve --rolled-back`.
pub fn resolved_rolled_back(name: &str) -> String {
    format!("Migration {name} marked as rolled back.")
}

/// All of `migrate status`.
pub fn status(status: &Status, folder: &str) -> String {
    let mut text = found(status.found, folder) + "\n";
    let diagnosis = &status.diagnosis;
    match diagnosis.relation() {
        Relation::DatabaseBehind => text.push_str(&behind(&diagnosis.pending)),
        Relation::Diverged => text.push_str(&diverged(diagnosis, folder)),
        Relation::Same | Relation::FolderBehind if !diagnosis.has_history => {
            text.push_str("The current database is not managed by Prisma Migrate.");
        }
        Relation::Same | Relation::FolderBehind if diagnosis.failed.is_empty() => {
            text.push_str("\nDatabase schema is up to date!");
        }
        Relation::Same | Relation::FolderBehind => {}
    }
    if !diagnosis.failed.is_empty() {
        if diagnosis.relation() == Relation::DatabaseBehind
            || diagnosis.relation() == Relation::Diverged
        {
            text.push_str("\n\n");
        }
        text.push_str(&failed(diagnosis));
    }
    text.push_str(&remarks(diagnosis, folder));
    if status.is_busy {
        text.push_str(
            "\n\nAnother migrate command is at work on this database: ask again when it is done.",
        );
    }
    text
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

/// What Prisma does not say.
fn remarks(diagnosis: &Diagnosis, folder: &str) -> String {
    let mut text = String::new();
    if diagnosis.relation() == Relation::FolderBehind {
        let _ = write!(
            text,
            "\n\nThe migration{} from the database are not found locally in {folder}:\n{}",
            plural(&diagnosis.missing),
            diagnosis.missing.join("\n")
        );
    }
    if !diagnosis.edited.is_empty() {
        let _ = write!(
            text,
            "\n\nThe migration{} modified after being applied:\n{}",
            if diagnosis.edited.len() == 1 { " was" } else { "s were" },
            diagnosis.edited.join("\n")
        );
    }
    text
}

/// Migrations as the folders they are.
fn tree(folder: &str, names: &[String]) -> String {
    names.iter().fold(format!("{folder}/"), |mut tree, name| {
        let _ = write!(tree, "\n  └─ {name}/\n    └─ {SCRIPT}");
        tree
    })
}

/// `host:port`; of a socket, its folder.
pub fn location(url: &ConnectionUrl) -> String {
    if url.is_socket() { url.host().to_owned() } else { format!("{}:{}", url.host(), url.port()) }
}

fn plural(names: &[String]) -> &'static str {
    if names.len() > 1 { "s" } else { "" }
}

#[cfg(test)]
mod tests;
