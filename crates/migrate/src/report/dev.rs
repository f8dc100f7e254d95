//! The texts of `migrate dev`.

use std::fmt::Write as _;

use super::tree;
use crate::folder::{DOWN, SCRIPT};
use crate::risks::Risks;

/// What was pending and has been run.
pub fn applied_pending(names: &[String]) -> String {
    format!("The following migration(s) have been applied:\n\n{}", tree("migrations", names))
}

/// What is lost with the data that is there now; nothing where nothing is.
pub fn warnings(risks: &Risks) -> String {
    if risks.warnings.is_empty() {
        return String::new();
    }
    format!("⚠️  Warnings for the current datasource:\n\n  • {}\n", risks.warnings.join("\n  • "))
}

/// What cannot be done with the data that is there now, and what to do about it; nothing where everything can.
pub fn unexecutable(risks: &Risks) -> String {
    if risks.unexecutable.is_empty() {
        return String::new();
    }
    unexecutable_steps(risks)
        + "\n\nYou can use cargo xtask migrate dev --create-only to create the migration file, and manually modify it to \
           address the underlying issue(s).\nThen run cargo xtask migrate dev to apply it and verify it works."
}

/// The steps alone, for who is going to edit them.
pub fn unexecutable_steps(risks: &Risks) -> String {
    let mut text = "⚠️ We found changes that cannot be executed:\n".to_owned();
    for step in &risks.unexecutable {
        let _ = write!(text, "\n  • Step {} {}", step.step, step.message);
    }
    text
}

/// The end of `migrate dev --create-only`.
pub fn created(name: &str) -> String {
    format!(
        "Prisma Migrate created the following migration without applying it {name}\n\n\
         You can now edit it and apply it by running cargo xtask migrate dev.\n\
         The {DOWN} beside it takes it back: edit both alike."
    )
}

/// The end of `migrate dev` that made a migration; `folder` as people know it.
pub fn created_and_applied(names: &[String], folder: &str) -> String {
    format!(
        "The following migration(s) have been created and applied from new schema changes:\n\n{}\n\n\
         Your database is now in sync with your schema.\n\
         The {DOWN} beside each {SCRIPT} takes it back: edit both alike.",
        tree(folder, names)
    )
}

/// The end of `migrate dev` that made none, after what was pending.
pub fn synchronised(applied: &[String]) -> &'static str {
    if applied.is_empty() {
        "Already in sync, no schema change or pending migration was found."
    } else {
        "Your database is now in sync with your schema."
    }
}
