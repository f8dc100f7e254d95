//! A migration that did not get its locks: who has them, and what to do then.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use crate::Error;
use crate::apply::stop::Stop;
use crate::attempt::Attempt;
use crate::blockers::Blocker;
use crate::failure::Refusal;
use crate::span::span;

/// What was tried in vain.
#[derive(Debug)]
pub(crate) struct GaveUp {
    pub(crate) stop: Stop,
    pub(crate) tries: u32,
    pub(crate) waited: Duration,
    /// The steps of it that are done, of how many; none where it is as if it had not been tried.
    pub(crate) done: Option<(usize, usize)>,
}

impl GaveUp {
    /// P1008, with whom it waited for.
    pub(crate) fn error(self, attempt: &Attempt<'_>, file: &Path, blockers: &[Blocker]) -> Error {
        let name = &attempt.migration.name;
        let tries = if self.tries == 1 { "1 try" } else { &format!("{} tries", self.tries) };
        let mut message = format!(
            "Operations timed out after {}\n\nThe migration `{name}` did not get its locks in {tries}.",
            span(self.waited)
        );
        if let Stop::Refused { batch, completed, error } = &self.stop
            && let Some(db) = error.db()
        {
            let refusal =
                Refusal { script: &attempt.script, batch, completed: *completed, error: db };
            let _ = write!(message, "\n\nDatabase error:\n{}", refusal.server_words());
            if let Some(place) = refusal.place() {
                let _ =
                    write!(message, "\n\nin {}:{}:{}", file.display(), place.line, place.column);
            }
        }
        match blockers {
            [] => message.push_str("\n\nWho was in the way could not be seen."),
            _ => message.push_str("\n\nIn the way:"),
        }
        for blocker in blockers {
            let _ = write!(message, "\n  {blocker}");
        }
        let state = match self.done {
            None => "nothing of it was done, and it does not count as failed.".to_owned(),
            Some((0, _)) => {
                "none of its steps is done, and it does not count as failed.".to_owned()
            }
            Some((done, of)) => {
                format!("{done} of its {of} steps are done, and it goes on behind them.")
            }
        };
        let end = blockers.iter().find(|blocker| blocker.process != 0).map_or_else(String::new, |one| {
            format!(
                "\nTo end a session that is in the way, in psql:\n  SELECT pg_terminate_backend({});",
                one.process
            )
        });
        Error::new("P1008", message)
            .with_file(file)
            .with_help(format!(
                "{state} When nobody is in the way:\n  cargo xtask migrate deploy\n\
                 To be more patient:\n  cargo xtask migrate deploy --lock-timeout 10s --max-retries 30{end}"
            ))
            .with_source(self.stop)
    }
}
