//! The texts of `migrate squash`, and what `migrate status` says of squashed migrations.

use std::fmt::Write as _;

use super::tree_of;
use crate::folder::{DOWN, SCRIPT};
use crate::squash::{Partly, Plan};
use crate::status::Status;

/// What will become one and go from the folder, for whoever has to say yes; `folder` as people know it.
pub fn squash_plan(plan: &Plan, folder: &str) -> String {
    let list = format!("  {}\n", plan.replaced.join("\n  "));
    if plan.only_finishes {
        return format!(
            "An earlier squash was cut off. `{}` stands for these, and they will be deleted from {folder}:\n\n{list}",
            plan.name
        );
    }
    let mut text = format!(
        "The following {} migrations will be joined into `{}`, and deleted from {folder}:\n\n{list}",
        plan.replaced.len(),
        plan.name
    );
    for remark in squash_remarks(plan) {
        let _ = write!(text, "\n{remark}\n");
    }
    text
}

/// The new migration's files, one after the other; nothing where none would be written.
pub fn squash_scripts(plan: &Plan) -> String {
    if plan.only_finishes {
        return String::new();
    }
    let file = |name, text: &str| format!("-- {}/{name}\n{}\n", plan.name, text.trim_end());
    let down = plan.down.iter().map(|down| file(DOWN, down));
    std::iter::once(file(SCRIPT, &plan.script)).chain(down).collect::<Vec<_>>().join("\n")
}

/// The end of `migrate squash`; `folder` as people know it.
pub fn squashed(plan: &Plan, folder: &str) -> String {
    if plan.only_finishes {
        return format!(
            "What an earlier squash had left has been deleted, for `{}` stands for it:\n{}\n\n\
             Nothing else was done.",
            plan.name,
            plan.replaced.join("\n")
        );
    }
    let mut text = format!(
        "{} migrations are one now:\n\n{}\n\nIt does what they did, one by one: both were replayed and compared. \
         They were deleted from the folder:\n{}\n\n\
         Databases that have all of them take it for applied at their next cargo xtask migrate deploy; those that have \
         none run it. A database that has only some is refused: deploy the commit before this one there first.\n\
         Where Prisma's own CLI deploys, tell each database that has them before: prisma migrate resolve --applied \"{}\".",
        plan.replaced.len(),
        tree_of(folder, std::slice::from_ref(&plan.name), SCRIPT),
        plan.replaced.join("\n"),
        plan.name
    );
    for remark in squash_remarks(plan) {
        let _ = write!(text, "\n\n{remark}");
    }
    text
}

/// What the new migration is not.
fn squash_remarks(plan: &Plan) -> Vec<String> {
    let mut remarks = Vec::new();
    if !plan.is_atomic {
        remarks.push(
            "The script is not one transaction, for they could not be one. If it fails on a new database, begin that \
             again: cargo xtask migrate reset"
                .to_owned(),
        );
    }
    if plan.refuses_transaction {
        remarks.push(
            "The script has statements that PostgreSQL refuses inside a transaction. cargo xtask runs them by \
             themselves; Prisma's own CLI cannot run such a script on a new database."
                .to_owned(),
        );
    }
    if !plan.without_down.is_empty() {
        let why = if plan.without_down.len() < plan.replaced.len() {
            format!("Its {DOWN} fails until you write into it what undoes these, which had none:")
        } else {
            format!("It has no {DOWN}, because none of them had one:")
        };
        remarks.push(format!("{why}\n{}", plan.without_down.join("\n")));
    }
    remarks
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
