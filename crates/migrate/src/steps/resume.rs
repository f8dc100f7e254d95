//! Whether an attempt that did not come to its end can go on, and where: what the history, the ledger and the file say of
//! each other.

use std::fmt::Write as _;

use postgres::Connection;

use crate::attempt::Attempt;
use crate::folder::Folder;
use crate::history::{Row, State};
use crate::script::{Statement, has_word};
use crate::steps::cut::Work;
use crate::steps::entry::Entry;
use crate::steps::ledger;
use crate::{Error, checksum};

/// How the failed attempts of a history stand.
#[derive(Debug)]
pub(crate) enum Standing<'a> {
    /// The only one goes on at its first step that is not done.
    Resumes(Box<Attempt<'a>>),
    /// It was made of steps, and does not go on for this reason.
    Explained(String),
    /// Nobody knows of steps.
    Unknown,
}

/// Where a migration goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resumes {
    pub migration: String,
    /// From 1.
    pub step: usize,
    pub of: usize,
    /// What that step does.
    pub summary: String,
}

/// Looks at the failed attempts among the rows of a history.
pub(crate) async fn standing<'a>(
    connection: &Connection,
    folder: &'a Folder,
    rows: &[Row],
) -> Result<Standing<'a>, Error> {
    let mut failed = rows.iter().filter(|row| row.state == State::Failed);
    let (Some(row), None) = (failed.next(), failed.next()) else { return Ok(Standing::Unknown) };
    let Some(migration) = folder.find(&row.name) else { return Ok(Standing::Unknown) };
    let entries = ledger::read(connection, &row.id).await?;
    let Some(next) = entries.iter().position(|entry| !entry.is_done) else {
        return Ok(Standing::Unknown);
    };
    let mut attempt = Attempt::new(migration);
    attempt.id.clone_from(&row.id);
    if let Some(why) = obstacle(&attempt, &entries, next) {
        return Ok(Standing::Explained(explanation(&attempt, &entries, &why)));
    }
    attempt.entries = Some(entries);
    Ok(Standing::Resumes(Box::new(attempt)))
}

/// Why an attempt cannot go on.
fn obstacle(attempt: &Attempt<'_>, entries: &[Entry], next: usize) -> Option<String> {
    let is_same = |entry: &Entry| checksum::matches(&attempt.migration.script, &entry.checksum);
    if !entries.iter().all(is_same) {
        return Some("its file has been changed since it was begun".to_owned());
    }
    let is_as_written = entries.len() == attempt.steps.len()
        && entries
            .iter()
            .zip(&attempt.steps)
            .all(|(entry, step)| entry.steps == entries.len() && entry.summary == step.summary);
    if !is_as_written {
        return Some("another version of this tool had cut it into other steps".to_owned());
    }
    if attempt.steps[next].work == Work::Uncertain && entries[next].is_begun {
        return Some(format!(
            "step {} commits where it likes, so that nobody can tell how far it came",
            next + 1
        ));
    }
    let done = &attempt.script.statements()[..attempt.steps[next].batch.statements.start];
    let is_temporary = |statement: &Statement| {
        let words = statement.words().iter().take(4);
        words.into_iter().any(|word| matches!(word.as_str(), "TEMP" | "TEMPORARY"))
            && statement.words()[0] == "CREATE"
            || has_word(&attempt.script.text()[statement.start..statement.range.end], "pg_temp")
    };
    done.iter()
        .any(is_temporary)
        .then(|| "what it had made for its session alone is gone with that session".to_owned())
}

fn explanation(attempt: &Attempt<'_>, entries: &[Entry], why: &str) -> String {
    let mut text = format!(
        "`{}` is made of {} steps and does not go on by itself: {why}.\n\nIts steps:",
        attempt.migration.name,
        entries.len()
    );
    for (at, entry) in entries.iter().enumerate() {
        let state = match (entry.is_done, entry.is_begun) {
            (true, _) => "done",
            (false, true) => "begun",
            (false, false) => "not begun",
        };
        let _ = write!(text, "\n  {}. {} ({state})", at + 1, entry.summary);
    }
    text
}

/// Where an attempt goes on.
pub(crate) fn resumes(attempt: &Attempt<'_>) -> Option<Resumes> {
    let at = attempt.entries.as_ref()?.iter().position(|entry| !entry.is_done)?;
    Some(Resumes {
        migration: attempt.migration.name.clone(),
        step: at + 1,
        of: attempt.steps.len(),
        summary: attempt.steps[at].summary.clone(),
    })
}

/// What the steps that are done had set in their session, for the next one to find it.
pub(crate) fn settings(attempt: &Attempt<'_>, next: usize) -> String {
    let script = &attempt.script;
    let end = attempt.steps[next].batch.statements.start;
    let is_setting = |statement: &&Statement| {
        let words: Vec<&str> = statement.words().iter().map(String::as_str).collect();
        match words.as_slice() {
            ["SET", second, ..] => !matches!(*second, "LOCAL" | "TRANSACTION" | "CONSTRAINTS"),
            ["RESET", ..] => true,
            ["SELECT", rest @ ..] => rest.contains(&"SET_CONFIG"),
            _ => false,
        }
    };
    let mut sql = String::new();
    for statement in script.statements()[..end].iter().filter(is_setting) {
        let text = script.text()[statement.start..statement.range.end].trim_end();
        let _ = writeln!(sql, "{}\n;", text.strip_suffix(';').unwrap_or(text));
    }
    sql
}
