//! What commands did, in words: Prisma's texts, with our commands in the place of Prisma's.
//!
//! Where ours say more, it comes after. All of it is plain text without a final line feed; colours, the
//! lines before it and where it goes are the caller's.

mod adopt;
mod backup;
mod branches;
mod dev;
mod down;
mod drift;
mod notice;
mod plan;
pub mod pull;
mod push;
mod rehearsal;
mod renames;
mod squash;
mod status;
mod steps;

use std::fmt::Write as _;

pub use adopt::{adopted, question, reset_required, undone};
pub use backup::{backed_up, backup_progress, restore_prospect, restored};
pub use branches::{changed_by_order, ran_late};
pub use dev::{
    applied_pending, created, created_and_applied, synchronised, unexecutable, unexecutable_steps,
    warnings,
};
pub use down::{down_plan, down_scripts, nothing_to_take_back, taken_back};
pub use drift::{drift, drift_json, is_good};
pub use notice::notice;
pub use plan::{plan, plan_in_short, plan_json};
use postgres::ConnectionUrl;
use postgres::database::Session;
pub use push::{executed, push_reset, push_unexecutable, push_warnings, pushed};
pub use rehearsal::rehearsal;
pub use renames::{
    Written, no_rename, possible_renames, push_renames, rename_choice, rename_question,
};
pub use squash::{squash_plan, squash_scripts, squashed};
pub use status::{Told, status};
pub use steps::{
    blocked, found_done, no_ledger, previewed, resuming, retrying, step, stopped_while_waiting,
};

use crate::deploy::Deployed;
use crate::folder::SCRIPT;
use crate::reset::Reset;
use crate::resolve::RolledBack;

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

/// That a database that was to be made is there.
pub fn database_exists(url: &ConnectionUrl) -> String {
    format!("PostgreSQL database {} already exists at {}", url.database(), location(url))
}

/// That a database is gone.
pub fn database_dropped(url: &ConnectionUrl) -> String {
    format!("PostgreSQL database {} dropped at {}", url.database(), location(url))
}

/// Who is in the way of dropping a database.
pub fn database_in_use(url: &ConnectionUrl, sessions: &[Session]) -> String {
    let mut text =
        format!("PostgreSQL database {} at {} is in use:\n", url.database(), location(url));
    for session in sessions {
        let _ = write!(text, "\n  {session}");
    }
    text + "\n\nNothing was dropped."
}

/// The end of `migrate deploy`.
pub fn deployed(deployed: &Deployed) -> String {
    if deployed.applied.is_empty() {
        return "No pending migrations to apply.".to_owned();
    }
    let mut text = format!(
        "The following migration(s) have been applied:\n\n{}\n      \nAll migrations have been successfully applied.",
        tree("migrations", &deployed.applied)
    );
    if !deployed.late.is_empty() {
        let _ = write!(text, "\n\n{}", ran_late(&deployed.late));
    }
    text
}

/// That migrations did nothing, where some did.
pub fn applied_nothing(deployed: &Deployed) -> Option<String> {
    let names = &deployed.without_statements;
    (!names.is_empty()).then(|| {
        format!(
            "note: applied, though {SCRIPT} holds no statement (only comments, or nothing at all):\n{}",
            names.join("\n")
        )
    })
}

/// What to do about a migration that was being applied when the command was stopped.
pub fn stopped_while_applying(name: &str) -> String {
    format!(
        "the migration `{name}` was under way. One that is a single transaction has left nothing and is pending as before. \
         Another one, or one that the server could not be made to stop, may stay in the history as a failed attempt; whether it \
         does, says\n  cargo xtask migrate status"
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
pub fn resolved_rolled_back(rolled_back: &RolledBack) -> String {
    let RolledBack { name, done, begun } = rolled_back;
    let mut text = format!("Migration {name} marked as rolled back.");
    if !done.is_empty() {
        text.push_str("\n\nOf it this is done, and is still there:");
        for step in done {
            let _ = write!(text, "\n  {step}");
        }
    }
    if let Some(step) = begun {
        let _ =
            write!(text, "\n\nThis was begun, and may have left something half done:\n  {step}");
    }
    if !done.is_empty() || begun.is_some() {
        text.push_str(
            "\n\nThe next deploy begins with its first step again: undo by hand what is there, or write the migration so \
             that it finds it there.",
        );
    }
    text
}

/// Migrations as the folders they are.
fn tree(folder: &str, names: &[String]) -> String {
    tree_of(folder, names, SCRIPT)
}

/// The same, with another of their files.
fn tree_of(folder: &str, names: &[String], file: &str) -> String {
    names.iter().fold(format!("{folder}/"), |mut tree, name| {
        let _ = write!(tree, "\n  └─ {name}/\n    └─ {file}");
        tree
    })
}

/// `schema "public"`: the schemas that a file names, by name, else the URL's.
pub fn schemas_of(url: &ConnectionUrl, named: &[String]) -> String {
    let mut named: Vec<&str> = named.iter().map(String::as_str).collect();
    named.sort_unstable();
    match named.as_slice() {
        [] => format!("schema \"{}\"", url.schema()),
        [one] => format!("schema \"{one}\""),
        several => format!("schemas \"{}\"", several.join(", ")),
    }
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
