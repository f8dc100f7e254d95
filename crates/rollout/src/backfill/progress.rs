//! How far backfills have come: read by whoever wants to know, changed by nobody here.

use std::time::Duration;

use postgres::Connection;

use super::Error;
use super::ledger::{self, Attempts, Entry};
use super::source::{Backfill, Work};
use crate::TableName;

/// How one part of a backfill stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// The migration that asks for it, which is also its name.
    pub migration: String,
    /// Which part of that migration's it is, from 1.
    pub part: usize,
    /// Of how many.
    pub parts: usize,
    /// The table to be filled; none for what is built before the fills, and for what follows them: indexes, constraints,
    /// the proof.
    pub table: Option<TableName>,
    pub state: State,
    /// How many rows were looked at, and how many of them changed.
    pub seen: u64,
    pub changed: u64,
    /// How many rows there are, by the planner's estimate, and never less than were seen.
    pub total: Option<u64>,
    /// Rows a second, of all workers together; none where nobody has worked at it lately.
    pub rate: Option<f64>,
    /// How long it will take at that rate.
    pub eta: Option<Duration>,
    /// How many are at work at it.
    pub workers: u64,
    /// What stopped it last.
    pub error: Option<String>,
    /// In UTC: `2026-11-28T18:30:00Z`.
    pub started_at: Option<String>,
    pub updated_at: Option<String>,
    pub done_at: Option<String>,
}

/// What is to become of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody has begun it.
    Waiting,
    /// It was begun, and goes on whenever somebody works at it.
    Running,
    /// Nobody works at it until it is resumed.
    Paused,
    /// It was given up.
    Cancelled,
    Done,
}

impl State {
    /// `waiting`, `running`, `paused`, `cancelled`, `done`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
            Self::Done => "done",
        }
    }

    pub(super) fn of(name: &str) -> Self {
        let all = [Self::Running, Self::Paused, Self::Cancelled, Self::Done];
        all.into_iter().find(|state| state.name() == name).unwrap_or(Self::Waiting)
    }
}

/// How the parts of these backfills stand, in their order, as the ledger has them. It changes nothing.
pub async fn progress(
    connection: &Connection,
    backfills: &[Backfill],
) -> Result<Vec<Progress>, Error> {
    if backfills.is_empty() {
        return Ok(Vec::new());
    }
    let entries = ledger::read(connection).await?;
    let attempts = ledger::attempts(connection).await?;
    let mut found = Vec::new();
    for backfill in backfills {
        for at in 0..backfill.parts.len() {
            found.push(Progress::of_part(backfill, at, &entries, &attempts));
        }
    }
    Ok(found)
}

/// Whether all parts of a migration's are done; also where it has none.
pub fn is_done(progress: &[Progress], migration: &str) -> bool {
    let mut parts = progress.iter().filter(|part| part.migration == migration);
    parts.all(|part| part.state == State::Done)
}

impl Progress {
    /// Whether it is what is built before the fills.
    pub fn is_preparation(&self) -> bool {
        self.table.is_none() && self.part < self.parts
    }

    /// What a part is about that has no table, in words.
    pub fn beside_fills(&self) -> &'static str {
        if self.is_preparation() {
            "indexes for the fill"
        } else {
            "indexes, constraints and proof"
        }
    }

    /// How a part stands by what the ledger says.
    pub(super) fn of_part(
        backfill: &Backfill,
        at: usize,
        entries: &[Entry],
        attempts: &Attempts,
    ) -> Self {
        let part = &backfill.parts[at];
        let number = i32::try_from(at + 1).unwrap_or(i32::MAX);
        let definition = part.definition();
        let is_it = |entry: &&Entry| entry.migration == backfill.migration && entry.part == number;
        let attempt = attempts.get(&backfill.migration);
        let is_same =
            |entry: &&Entry| entry.definition == definition && entry.attempt.as_ref() == attempt;
        let entry = entries.iter().find(is_it).filter(is_same);
        let mut progress = Self {
            migration: backfill.migration.clone(),
            part: at + 1,
            parts: backfill.parts.len(),
            table: match &part.work {
                Work::Finish { .. } => None,
                Work::Fill(fill) => Some(fill.table.clone()),
                Work::Statement(statement) => Some(statement.table.clone()),
            },
            state: State::Waiting,
            seen: 0,
            changed: 0,
            total: None,
            rate: None,
            eta: None,
            workers: 0,
            error: None,
            started_at: None,
            updated_at: None,
            done_at: None,
        };
        if let Some(entry) = entry {
            let count = |number: i64| u64::try_from(number).unwrap_or_default();
            progress.state = State::of(&entry.state);
            progress.seen = count(entry.seen);
            progress.changed = count(entry.changed);
            progress.total = entry.total.map(|total| count(total).max(progress.seen));
            progress.rate = entry.rate;
            progress.workers = count(entry.workers);
            progress.error.clone_from(&entry.error);
            progress.started_at.clone_from(&entry.started_at);
            progress.updated_at.clone_from(&entry.updated_at);
            progress.done_at.clone_from(&entry.done_at);
            progress.eta = progress.estimate();
        }
        progress
    }

    /// How long it will take, where somebody works at it.
    pub(super) fn estimate(&self) -> Option<Duration> {
        let (rate, total) = (self.rate.filter(|rate| *rate >= 0.5)?, self.total?);
        if self.state != State::Running {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let seconds = (total - self.seen) as f64 / rate;
        Duration::try_from_secs_f64(seconds).ok()
    }
}
