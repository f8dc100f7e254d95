//! What there is to say of rollouts, in words and as JSON. Plain text without a final line feed.

use std::fmt::Write as _;
use std::time::Duration;

use migrate::span;
use pg_schema::quote;
use serde_json::{Value, json};
use sql::Statement;
use sql::statement::{ActionKind, Kind};

use crate::Document;
use crate::backfill::{Progress, State};
use crate::contract::Obstacle;
use crate::status::{Phase, Standing};

/// `rollout status`: all of them, each with what to do next.
pub fn status(rollouts: &[Standing]) -> String {
    if rollouts.is_empty() {
        return "No rollout: no migration has a rollout.toml.\n\
                To make a breaking change in phases: cargo xtask migrate dev --zero-downtime"
            .to_owned();
    }
    rollouts.iter().map(one).collect::<Vec<_>>().join("\n\n")
}

/// The end of `migrate dev --zero-downtime`: what was begun, and its phases. `contract` is the way to its end.
pub fn begun(name: &str, document: &Document, contract: &str) -> String {
    let mut text = format!("The rollout `{name}` begins with it:");
    for line in &document.summary {
        let _ = write!(text, "\n  {line}");
    }
    text.push_str("\n\nOn each database, while the release before runs on:\n");
    let mut phases = vec![("deploy it".to_owned(), "cargo xtask migrate deploy".to_owned())];
    if !(document.fills.is_empty() && document.finish.is_empty()) {
        let fill = "fill what is there".to_owned();
        phases.push((fill, "cargo xtask backfill run".to_owned()));
    }
    let switch = "deploy the new release; once no old one runs".to_owned();
    phases.push((switch, format!("cargo xtask migrate contract \"{name}\"")));
    let width = phases.iter().map(|(what, _)| what.len()).max().unwrap_or_default();
    for (at, (what, command)) in phases.iter().enumerate() {
        let _ = write!(text, "\n  {}. {what:width$}  {command}", at + 1);
    }
    for (table, interim, name) in swapped(contract) {
        let _ = write!(
            text,
            "\n\n{name} of {table} is what it was until the contract puts {interim} in its place: by then only releases may run \
             that bear both. Without such a moment: give the field a new name."
        );
    }
    for view in document.retires.iter().filter_map(|retired| retired.strip_prefix("view ")) {
        let _ = write!(
            text,
            "\n\n{view} is a view until the contract, which takes reads and writes as the table did, but not what PostgreSQL does \
             with tables only: COPY, TRUNCATE, MERGE, ON CONFLICT ON CONSTRAINT, ctid, and GROUP BY of the key for other columns. \
             A release that does this under the old name has to be changed before the deploy."
        );
    }
    let _ = write!(
        text,
        "\n\nHow far it is: cargo xtask rollout status. To give it up: cargo xtask migrate abort \"{name}\""
    );
    text
}

/// Columns that get their names only from the contract: table, name until then, name in the end, all quoted.
fn swapped(contract: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for statement in Statement::read(contract) {
        let Kind::AlterTable(alter) = &statement.kind else { continue };
        for action in &alter.actions {
            if let ActionKind::RenameColumn { from, to } = &action.kind {
                let quoted = |name: &str| quote::ident(name).to_string();
                found.push((quoted(&alter.table.name), quoted(from), quoted(to)));
            }
        }
    }
    found
}

/// The end of `migrate contract`.
pub fn contracted(name: &str, document: &Document) -> String {
    let mut text = format!("The rollout `{name}` is at its end.");
    if !document.retires.is_empty() {
        let _ = write!(text, " What only the old release had goes with it:");
        for retired in &document.retires {
            let _ = write!(text, "\n  {retired}");
        }
    }
    let once = if document.old_writes.is_some() { "filled and quiet" } else { "filled" };
    let _ = write!(
        text,
        "\n\nOther databases follow with their next deploy, once they are {once}: cargo xtask migrate deploy"
    );
    text
}

/// The end of `migrate contract --create-only`.
pub fn contract_written(name: &str, document: &Document) -> String {
    if document.old_writes.is_some() {
        format!(
            "Deploy asks for ten minutes of quiet; this asks for as much as you say:\n  \
             cargo xtask migrate contract \"{name}\" --quiet TIME"
        )
    } else {
        "It waits for no quiet, since nothing tells who writes: deploy applies it where all is filled and equal.\n  \
         cargo xtask migrate deploy"
            .to_owned()
    }
}

/// The end of `migrate abort`; where the rollout's folders are, that of its contract among them where it was written, and
/// the schema file, as people know them.
pub fn aborted(name: &str, folders: &[String], schema: &str) -> String {
    let (pending, them) = match folders {
        [_, _, ..] => ("Its migration is pending again, and so is its contract", "them"),
        _ => ("Its migration is pending again", "it"),
    };
    let remove: Vec<String> = folders.iter().map(|folder| format!("  rm -r {folder}\n")).collect();
    let remove = remove.concat();
    format!(
        "The rollout `{name}` is given up: the database is as it was before, with all that was written since.\n\n\
         {pending}. To be rid of {them}, once it is given up wherever it was deployed:\n\
         {remove}\
         and undo the change in {schema}, for example:\n  git checkout -- {schema}\n  cargo xtask generate"
    )
}

/// One line of `migrate status`.
pub fn in_short(rollout: &Standing) -> String {
    let mut text = format!("{}: {}", rollout.name, phase(rollout));
    if rollout.conflicts.count > 0 {
        let _ = write!(text, ", {}", conflicts(rollout.conflicts.count));
    }
    if let Some(next) = rollout.next() {
        let _ = write!(text, "; next: {next}");
    }
    text
}

/// The conflicts of one rollout, the last first.
pub fn conflicts_of(rollout: &Standing) -> String {
    let found = &rollout.conflicts;
    if found.count == 0 {
        return "No conflict: no row was written on both sides at once, to different values."
            .to_owned();
    }
    let mut text = format!(
        "{}: rows that were written on both sides at once, to different values. The new side was kept.",
        conflicts(found.count)
    );
    for conflict in &found.last {
        let _ = write!(text, "\n  {conflict}");
    }
    let told = u64::try_from(found.last.len()).unwrap_or(u64::MAX);
    if told < found.count {
        let _ = write!(text, "\n  … and {} before them", found.count - told);
    }
    text
}

/// Why a rollout is not contracted.
pub fn obstacles(name: &str, found: &[Obstacle]) -> (String, String) {
    let what: Vec<String> =
        found.iter().map(|one| format!("- {}", one.what.replace('\n', "\n  "))).collect();
    let mut help: Vec<&str> = Vec::new();
    for one in found {
        // Several may have one remedy.
        if !help.contains(&one.help.as_str()) {
            help.push(&one.help);
        }
    }
    (
        format!("the rollout `{name}` cannot be contracted yet:\n{}", what.join("\n")),
        format!("nothing was changed.\n{}", help.join("\n")),
    )
}

/// All that is known, for programs.
pub fn json(rollouts: &[Standing]) -> String {
    let all: Vec<Value> = rollouts.iter().map(value).collect();
    format!("{:#}", Value::Array(all))
}

/// What is known of one, for programs.
pub fn value(rollout: &Standing) -> Value {
    let parts = rollout.parts.iter().map(|part| {
        json!({
            "table": part.table.as_ref().map(|table| &table.name),
            "state": part.state.name(),
            "seen": part.seen,
            "changed": part.changed,
            "total": part.total,
            "rate": part.rate,
            "etaSeconds": part.eta.map(|eta| eta.as_secs()),
            "workers": part.workers,
            "error": part.error,
        })
    });
    let last = rollout.conflicts.last.iter();
    let last = last.map(|text| text.parse::<Value>().unwrap_or_else(|_| json!(text)));
    json!({
        "name": rollout.name,
        "phase": rollout.phase.name(),
        "percent": rollout.percent(),
        "summary": rollout.document.summary,
        "retires": rollout.document.retires,
        "contractedBy": rollout.contracted_by,
        "oldSideWrittenSecondsAgo": rollout.old_write.map(|ago| ago.as_secs()),
        "parts": parts.collect::<Vec<_>>(),
        "conflicts": { "count": rollout.conflicts.count, "last": last.collect::<Vec<_>>() },
        "next": rollout.next(),
    })
}

fn one(rollout: &Standing) -> String {
    let mut text = format!("{}  {}", rollout.name, phase(rollout));
    for line in &rollout.document.summary {
        let _ = write!(text, "\n  {line}");
    }
    if matches!(rollout.phase, Phase::Contracted | Phase::Pending | Phase::ContractPending) {
        return with_next(text, rollout);
    }
    for part in rollout.parts.iter().filter(|part| part.state != State::Waiting) {
        let _ = write!(text, "\n  {}", part_line(part));
    }
    if rollout.document.old_writes.is_some() {
        let _ = write!(text, "\n  {}", quiet(rollout.old_write));
    }
    if rollout.conflicts.count > 0 {
        let _ = write!(text, "\n  {}, the last:", conflicts(rollout.conflicts.count));
        for conflict in &rollout.conflicts.last {
            let _ = write!(text, "\n    {conflict}");
        }
    }
    with_next(text, rollout)
}

fn with_next(mut text: String, rollout: &Standing) -> String {
    match rollout.phase {
        Phase::Filled => text.push_str("\n  next, once no old release runs any more:"),
        _ if rollout.next().is_some() => text.push_str("\n  next:"),
        _ => {}
    }
    if let Some(next) = rollout.next() {
        let _ = write!(text, " {next}");
    }
    text
}

fn phase(rollout: &Standing) -> String {
    let filling = || match rollout.percent() {
        Some(percent) => format!("filling, {percent} %"),
        None => "filling".to_owned(),
    };
    let by = rollout.contracted_by.as_deref().unwrap_or_default();
    match rollout.phase {
        Phase::Pending => "not begun in this database".to_owned(),
        Phase::Expanded => "expanded, nothing is filled yet".to_owned(),
        Phase::Filling => filling(),
        Phase::Paused => format!("{}, paused", filling()),
        Phase::Cancelled => format!("{}, cancelled", filling()),
        Phase::Filled => "filled, and the old side is still written".to_owned(),
        Phase::Ready => "ready to contract".to_owned(),
        Phase::ContractPending => format!("its contract {by} is not applied to this database"),
        Phase::Contracted => format!("contracted by {by}"),
    }
}

fn quiet(old_write: Option<Duration>) -> String {
    match old_write {
        Some(ago) => format!("quiet since {}: then an old release wrote", span(ago)),
        None => "no old release has written since it was expanded".to_owned(),
    }
}

/// `"Booking": running, 43 of 100 rows, 12 changed, 5000 rows/s, 10 s left`.
fn part_line(part: &Progress) -> String {
    let state = part.state.name();
    let Some(table) = &part.table else {
        return with_error(format!("{}: {state}", part.beside_fills()), part);
    };
    let mut text = format!("\"{}\": {state}", table.name);
    match part.total {
        Some(total) if part.state != State::Done => {
            let _ = write!(text, ", {} of about {total} rows", part.seen);
        }
        _ => _ = write!(text, ", {} rows", part.seen),
    }
    let _ = write!(text, ", {} changed", part.changed);
    if let Some(rate) = part.rate {
        let _ = write!(text, ", {rate:.0} rows/s");
    }
    if let Some(eta) = part.eta {
        let _ = write!(text, ", {} left", span(eta));
    }
    with_error(text, part)
}

fn with_error(mut text: String, part: &Progress) -> String {
    if let Some(error) = &part.error {
        let _ = write!(text, "; stopped by: {error}");
    }
    text
}

fn conflicts(count: u64) -> String {
    if count == 1 { "1 conflict".to_owned() } else { format!("{count} conflicts") }
}

#[cfg(test)]
mod tests;
