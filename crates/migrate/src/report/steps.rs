//! What a deploy tells while it runs: of steps, of who is in the way, and of trying again.

use std::fmt::Write as _;
use std::time::Duration;

use postgres::ConnectionUrl;

use super::branches::ran_late;
use crate::deploy::Preview;
use crate::span::span;
use crate::{Blocker, Resumes};

/// `Step 2 of 3: CREATE INDEX CONCURRENTLY i ON t (a)`.
pub fn step(number: usize, of: usize, summary: &str) -> String {
    format!("Step {number} of {of}: {summary}")
}

/// That a migration goes on where it was.
pub fn resuming(name: &str, done: usize, of: usize) -> String {
    let steps = if done == 1 { "step 1".to_owned() } else { format!("steps 1 to {done}") };
    format!("{name} was cut off and goes on: {steps} of {of} had ended.")
}

/// That a step need not be run again.
pub fn found_done(number: usize, of: usize) -> String {
    format!("Step {number} of {of} had done its work before it was cut off.")
}

/// That nobody could go on where these migrations are, if they were cut off.
pub fn no_ledger(url: &ConnectionUrl, reason: &str) -> String {
    let (database, user) =
        (pg_schema::quote::ident(url.database()), pg_schema::quote::ident(url.user()));
    format!(
        "WARNING: a migration of several steps runs without a ledger of them ({reason}): if it is cut off, it does not go \
         on by itself. To let it, as the database's owner, in psql:\n  \
         CREATE SCHEMA IF NOT EXISTS _driveflow; GRANT CREATE, USAGE ON SCHEMA _driveflow TO {user};\n\
         or\n  GRANT CREATE ON DATABASE {database} TO {user};"
    )
}

/// Who is in the way.
pub fn blocked(by: &[Blocker], waited: Duration) -> String {
    let since = match waited.as_secs() {
        0 => String::new(),
        _ => format!(" for {}", span(waited)),
    };
    let mut text = format!("Waiting for a lock{since}, behind:");
    for blocker in by {
        let _ = write!(text, "\n  {blocker}");
    }
    text
}

/// That a migration, or a step of it, is tried again.
pub fn retrying(number: u32, of: u32, pause: Duration) -> String {
    format!(
        "The lock was not to be had: what waited for it is rolled back, and nobody waits behind it. Try {number} of {of} \
         follows in {:.1} s.",
        pause.as_secs_f64()
    )
}

/// What to do about a command that was stopped between two tries, or between or in the middle of two steps.
pub fn stopped_while_waiting() -> &'static str {
    "nothing is lost: the next deploy goes on where this one was:\n  cargo xtask migrate deploy"
}

/// That a migration is between its steps, in `migrate status`.
pub(super) fn half_applied(resumes: &Resumes) -> String {
    let Resumes { migration, step, of, summary } = resumes;
    format!(
        "The following migration is half applied:\n{migration}\n\n\
         It goes on at step {step} of {of} with the next deploy: cargo xtask migrate deploy\n  {summary}\n\n\
         To give it up instead, undo by hand what it has done, then: cargo xtask migrate resolve --rolled-back \"{migration}\""
    )
}

/// All of `migrate deploy --dry-run`.
pub fn previewed(preview: &Preview) -> String {
    if preview.migrations.is_empty() {
        return "No pending migrations to apply.".to_owned();
    }
    let mut text = "The following migration(s) would be applied:\n".to_owned();
    for migration in &preview.migrations {
        let _ = write!(text, "\n{}", migration.name);
        match migration.steps.len() {
            0 => text.push_str(": one transaction"),
            1 => text.push_str(": one step, which is no transaction"),
            steps => {
                let _ = write!(text, ": {steps} steps, between which it goes on if it is cut off");
            }
        }
        for (at, summary) in migration.steps.iter().enumerate() {
            let done = if at < migration.done { " (done)" } else { "" };
            let _ = write!(text, "\n  {}. {summary}{done}", at + 1);
        }
        if let Some(refusal) = &migration.refusal {
            let _ = write!(text, "\n  refused as the database is now: {}", refusal.message);
        }
    }
    if !preview.late.is_empty() {
        let _ = write!(text, "\n\n{}", ran_late(&preview.late));
    }
    let first = if preview.creates_database { "The database would be made first. " } else { "" };
    let _ = write!(text, "\n\n{first}Nothing was done.");
    text
}
