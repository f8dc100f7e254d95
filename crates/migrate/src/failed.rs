//! Failed attempts that are in the way, and the ways out.

use std::fmt::Write as _;

use crate::Error;
use crate::diagnose::Failed;
use crate::folder::DOWN;

/// What the logs begin with of a migration that counts as failed because its `down.sql` did not come to its end.
pub(crate) const LOGS: &str = "Its down.sql ";

/// `why` is why one that is made of steps does not go on.
pub(crate) fn failed_before(failed: &[Failed], why: Option<&str>) -> Error {
    let rows = failed
        .iter()
        .map(|failed| (failed.name.as_str(), failed.started_at.as_str(), failed.logs.as_deref()));
    let message = "migrate found failed migrations in the target database, new migrations will not be applied.";
    explained_rows(message, rows, why)
}

/// That failed attempts are in the way (P3009): their names, when they began, and what was recorded of them.
pub(crate) fn failed_rows<'a>(
    message: &str,
    failed: impl Iterator<Item = (&'a str, &'a str, Option<&'a str>)> + Clone,
) -> Error {
    explained_rows(message, failed, None)
}

fn explained_rows<'a>(
    message: &str,
    failed: impl Iterator<Item = (&'a str, &'a str, Option<&'a str>)> + Clone,
    why: Option<&str>,
) -> Error {
    let mut message = message.to_owned();
    for (name, started_at, _) in failed.clone() {
        let _ = write!(message, "\nThe `{name}` migration started at {started_at} failed");
    }
    let cut_off = "No error was recorded: the attempt was cut off. A script that is one transaction leaves nothing \
                   behind then.";
    let logs = failed.clone().find_map(|(_, _, logs)| logs);
    if let Some(logs) = logs {
        let _ = write!(message, "\n\nIts logs:\n{}", logs.trim_end());
    }
    if let Some(why) = why.or(logs.is_none().then_some(cut_off)) {
        let _ = write!(message, "\n\n{why}");
    }
    let mut failed = failed;
    let help = failed.next().map(|(name, _, logs)| {
        let is_of_down = logs.is_some_and(|logs| logs.starts_with(LOGS));
        if is_of_down { how_to_end(name) } else { how_to_resolve(name) }
    });
    let help = help.unwrap_or_default();
    Error::new("P3009", message).with_help(help)
}

/// The two ways out for a failed migration.
pub(crate) fn how_to_resolve(name: &str) -> String {
    format!(
        "To mend the migration and run it again:\n  cargo xtask migrate resolve --rolled-back \"{name}\"\n\
         If you have brought the database by hand to where the migration leads:\n  \
         cargo xtask migrate resolve --applied \"{name}\""
    )
}

/// The ways out for a migration that is half taken back.
pub(crate) fn how_to_end(name: &str) -> String {
    format!(
        "To run its {DOWN} again, mended where what it has done already stands in its way:\n  \
         cargo xtask migrate resolve --applied \"{name}\"\n  cargo xtask migrate down\n\
         If you have taken back the rest of it by hand:\n  \
         cargo xtask migrate resolve --rolled-back \"{name}\""
    )
}
