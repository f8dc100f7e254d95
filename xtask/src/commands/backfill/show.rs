//! What is shown of a run: a bar for a person, a line now and then for a log, a line of JSON for each event for a program.

use std::io::{self, IsTerminal as _};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use migrate::span;
use rollout::backfill::{Event, Progress, Waits};
use serde_json::{Value, json};

use super::part::{counted, json as as_json, remaining, rows, what};
use crate::cli::StatusFormat;
use crate::secrets::hide;
use crate::terminal::{note, say};

/// How often a log gets a line.
const LOG: Duration = Duration::from_secs(10);
/// How often a program gets one.
const JSON: Duration = Duration::from_secs(1);

pub(super) struct Show {
    format: StatusFormat,
    is_watched: bool,
    bar: Option<ProgressBar>,
    told: Option<Instant>,
    changed: u64,
}

impl Show {
    pub(super) fn new(format: StatusFormat) -> Self {
        let is_watched = format == StatusFormat::Text && io::stderr().is_terminal();
        Self { format, is_watched, bar: None, told: None, changed: 0 }
    }

    pub(super) fn event(&mut self, event: &Event<'_>) {
        if self.format == StatusFormat::Json {
            return self.json(event);
        }
        match event {
            Event::Begins { progress, key } => {
                self.end();
                let what = what(progress);
                let along = if key.is_empty() { String::new() } else { format!(", along {key}") };
                self.note(&format!("{}: {what}{along}", progress.migration));
                self.told = Some(Instant::now());
                if self.is_watched && progress.table.is_some() {
                    self.bar = Some(bar(progress));
                }
            }
            Event::Batch(progress) => {
                if let Some(bar) = &self.bar {
                    bar.set_length(progress.total.unwrap_or_default().max(progress.seen));
                    bar.set_position(progress.seen);
                    let rest = remaining(progress).map(|rest| format!(", {rest}"));
                    bar.set_message(rest.unwrap_or_default());
                } else if self.is_due(LOG) {
                    let rest = remaining(progress).map(|rest| format!(", {rest}"));
                    self.note(&format!("{}{}", counted(progress), rest.unwrap_or_default()));
                }
            }
            Event::Ends(progress) => {
                self.end();
                self.changed += progress.changed;
                if progress.table.is_some() {
                    self.note(&format!("{}: done, {}", what(progress), counted(progress)));
                }
            }
            _ => {
                if let Some(line) = line(event) {
                    self.note(&line);
                }
            }
        }
    }

    /// Takes the bar away.
    pub(super) fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    /// Says that all is done.
    pub(super) fn done(&self) {
        self.line(&format!("All is filled: {} changed.", rows(self.changed)));
    }

    /// Something for whoever reads text, on stdout.
    pub(super) fn line(&self, text: &str) {
        match self.format {
            StatusFormat::Text => say!("{}", hide(text)),
            StatusFormat::Json => say!("{}", json!({ "event": "note", "text": hide(text) })),
        }
    }

    /// Something that went wrong and is tried again later.
    pub(super) fn failed(&self, text: &str, pause: Duration) {
        match self.format {
            StatusFormat::Text => {
                note!("{}\nIt is tried again in {} s.", hide(text), pause.as_secs());
            }
            StatusFormat::Json => {
                let seconds = pause.as_secs();
                say!(
                    "{}",
                    json!({ "event": "failed", "error": hide(text), "triedAgainIn": seconds })
                );
            }
        }
    }

    fn note(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| note!("{}", hide(text))),
            None => note!("{}", hide(text)),
        }
    }

    fn is_due(&mut self, every: Duration) -> bool {
        let is_due = self.told.is_none_or(|told| told.elapsed() >= every);
        if is_due {
            self.told = Some(Instant::now());
        }
        is_due
    }

    fn json(&mut self, event: &Event<'_>) {
        let with = |name: &str, progress: &Progress| {
            let mut value = as_json(progress);
            value["event"] = Value::from(name);
            value
        };
        let value = match event {
            Event::Begins { progress, key } => {
                let mut value = with("begins", progress);
                value["key"] = Value::from(*key);
                value
            }
            Event::Batch(progress) => {
                if !self.is_due(JSON) {
                    return;
                }
                with("progress", progress)
            }
            Event::Ends(progress) => {
                self.changed += progress.changed;
                with("ends", progress)
            }
            Event::Waits(waits) => {
                let (why, seconds) = match waits {
                    Waits::Paused => ("paused", None),
                    Waits::Window(time) => ("window", Some(time.as_secs())),
                    Waits::Lag(time) => ("lag", Some(time.as_secs())),
                    Waits::Others => ("others", None),
                };
                json!({ "event": "waits", "for": why, "seconds": seconds })
            }
            Event::Blocked { by, waited } => {
                let by: Vec<String> = by.iter().map(ToString::to_string).collect();
                json!({ "event": "blocked", "by": by, "seconds": waited.as_secs() })
            }
            Event::Smaller { rows, why } => json!({ "event": "smaller", "rows": rows, "why": why }),
            Event::Lost { why, pause } => {
                json!({ "event": "lost", "why": why, "seconds": pause.as_secs_f64() })
            }
            Event::Reconnected => json!({ "event": "reconnected" }),
            Event::TakenOver => json!({ "event": "taken-over" }),
            Event::Step { number, of, sql } => {
                json!({ "event": "step", "number": number, "of": of, "sql": sql })
            }
            Event::Retries { pause } => {
                json!({ "event": "retries", "seconds": pause.as_secs_f64() })
            }
            Event::Proves { number, of } => {
                json!({ "event": "proves", "number": number, "of": of })
            }
        };
        say!("{}", hide(&value.to_string()));
    }
}

/// What there is to say in a line of its own.
fn line(event: &Event<'_>) -> Option<String> {
    Some(match event {
        Event::Waits(Waits::Paused) => {
            "Paused: it goes on after cargo xtask backfill resume".to_owned()
        }
        Event::Waits(Waits::Window(time)) => format!("Waiting for its window, {}", span(*time)),
        Event::Waits(Waits::Lag(time)) => {
            format!("Waiting for a standby that is {} behind", span(*time))
        }
        Event::Waits(Waits::Others) => "Waiting for the batches of other workers".to_owned(),
        Event::Blocked { by, waited } => {
            let by: Vec<String> = by.iter().map(ToString::to_string).collect();
            format!("Waiting {} for a row or lock of {}", span(*waited), by.join("; "))
        }
        Event::Lost { why, pause } => {
            let why = why.lines().next().unwrap_or_default();
            format!("The connection is lost ({why}). Trying again in {:.1} s", pause.as_secs_f64())
        }
        Event::Reconnected => "Connected again".to_owned(),
        Event::Step { number, of, sql } => format!("{number} of {of}: {sql}"),
        Event::Retries { pause } => {
            format!("It did not get its lock. Trying again in {:.1} s", pause.as_secs_f64())
        }
        Event::Proves { number, of } => format!("Comparing both sides ({number} of {of})"),
        Event::TakenOver
        | Event::Smaller { .. }
        | Event::Begins { .. }
        | Event::Batch(_)
        | Event::Ends(_) => return None,
    })
}

fn bar(progress: &Progress) -> ProgressBar {
    let bar = ProgressBar::new(progress.total.unwrap_or_default().max(progress.seen));
    let style =
        ProgressStyle::with_template("  {bar:32} {percent:>3} % of {len} rows{msg} {elapsed:.dim}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_position(progress.seen);
    bar
}
