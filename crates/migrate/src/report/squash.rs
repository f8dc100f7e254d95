//! The texts of `migrate squash`, and what `migrate status` says of squashed migrations.

use std::fmt::Write as _;

use super::tree_of;
use crate::folder::{DOWN, SCRIPT};
use crate::squash::{Partly, Squashed};
use crate::status::Status;

/// The end of `migrate squash`; `folder` as people know it.
pub fn squashed(squashed: &Squashed, folder: &str) -> String {
    if squashed.only_finished {
        return format!(
            "An earlier squash was cut off. What it had left has been deleted, for `{}` stands for it:\n{}\n\n\
             Nothing else was done.",
            squashed.name,
            squashed.replaced.join("\n")
        );
    }
    let count = squashed.replaced.len();
    let mut text = format!(
        "{count} migrations are one now:\n\n{}\n\nIt does what they did, one by one: both were replayed and compared. \
         They were deleted from the folder:\n{}\n\n\
         Databases that have all of them take it for applied at their next cargo xtask migrate deploy; those that have \
         none run it. A database that has only some is refused: deploy the commit before this one there first.",
        tree_of(folder, std::slice::from_ref(&squashed.name), SCRIPT),
        squashed.replaced.join("\n")
    );
    let _ = write!(
        text,
        "\nWhere Prisma's own CLI deploys, tell each database that has them before: prisma migrate resolve --applied \"{}\".",
        squashed.name
    );
    if !squashed.is_atomic {
        text.push_str(
            "\n\nThe script is not one transaction, for they could not be one. If it fails on a new database, begin that \
             again: cargo xtask migrate reset",
        );
    }
    if squashed.refuses_transaction {
        text.push_str(
            "\n\nThe script has statements that PostgreSQL refuses inside a transaction. cargo xtask runs them by \
             themselves; Prisma's own CLI cannot run such a script on a new database.",
        );
    }
    if !squashed.without_down.is_empty() {
        let why = if squashed.without_down.len() < squashed.replaced.len() {
            format!("Its {DOWN} fails until you write into it what undoes these, which had none:")
        } else {
            format!("It has no {DOWN}, because none of them had one:")
        };
        let _ = write!(text, "\n\n{why}\n{}", squashed.without_down.join("\n"));
    }
    text
}

/// That a squashed migration can neither run nor count as applied.
pub(super) fn partly(partly: &Partly) -> String {
    format!(
        "The database has only some of the migrations that {} was squashed from.\nApplied:\n{}\nNot applied:\n{}\n\
         Deploy the commit before they were squashed first.",
        partly.name,
        partly.has.join("\n"),
        partly.lacks.join("\n")
    )
}

/// What else is to be said of squashed migrations.
pub(super) fn remarks(status: &Status, folder: &str) -> Vec<String> {
    let mut remarks: Vec<String> = Vec::new();
    for name in &status.diagnosis.squashed {
        remarks.push(format!(
            "The database has all migrations that {name} was squashed from: the next cargo xtask migrate deploy puts it \
             in their place in the history."
        ));
    }
    if !status.left_over.is_empty() {
        remarks.push(format!(
            "A squash was cut off: these are squashed, do not count any more, and are still in {folder}. \
             cargo xtask migrate squash deletes them.\n{}",
            status.left_over.join("\n")
        ));
    }
    remarks
}
