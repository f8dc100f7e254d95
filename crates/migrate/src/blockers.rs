//! Who keeps a migration waiting: asked over a second connection, which is made when a statement takes long and not
//! before.
//!
//! What others run is shown as far as this user may see it. Not to know must not stop the work: where the question fails,
//! nobody is named.

use std::fmt;
use std::pin::pin;
use std::time::Duration;

use postgres::{Connection, ConnectionUrl};
use tokio::time::{Instant, sleep_until};

use crate::Progress;
use crate::span::span;
use crate::summary::summary;

/// How long a statement may take before it is looked after.
const PATIENCE: Duration = Duration::from_millis(400);
/// The time between two looks, at first and in the end.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How often those are named who were named before.
const REMINDER: Duration = Duration::from_secs(30);

/// A session that holds what a migration waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// The server's process for it; 0 is a prepared transaction.
    pub process: i32,
    /// What its client calls itself, or what part of the server it is.
    pub program: String,
    /// As the server calls it: `active`, `idle in transaction`.
    pub state: String,
    /// What it runs, or ran last, in one line.
    pub query: String,
    /// How long its transaction has been open, in whole seconds.
    pub age: Duration,
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.process {
            0 => f.write_str("a prepared transaction (see pg_prepared_xacts)")?,
            process => write!(f, "process {process}")?,
        }
        if self.process != 0 && !self.program.is_empty() {
            write!(f, " ({})", self.program)?;
        }
        if !self.state.is_empty() {
            write!(f, ", {} for {}", self.state, span(self.age))?;
        }
        if self.query.is_empty() { Ok(()) } else { write!(f, ": {}", self.query) }
    }
}

/// Looks after one session that may have to wait.
#[derive(Debug)]
pub struct Watcher {
    url: ConnectionUrl,
    /// The session's process.
    process: Option<i32>,
    /// For the questions; none as long as none was asked, or if it cannot be had.
    connection: Option<Connection>,
    /// Who was found last.
    found: Vec<Blocker>,
    /// When they were last told.
    told: Option<Instant>,
}

impl Watcher {
    /// For the session that the server knows by this process; for none there is nobody to look for.
    pub fn new(url: &ConnectionUrl, process: Option<i32>) -> Self {
        Self { url: url.clone(), process, connection: None, found: Vec::new(), told: None }
    }

    /// Who was in the way when it was last looked.
    pub fn found(&self) -> &[Blocker] {
        &self.found
    }

    /// Does the work, and tells what the server says meanwhile and who keeps it waiting. `within` is how soon to look, for
    /// work that gives up by itself.
    pub async fn watching<T>(
        &mut self,
        connection: &Connection,
        within: Duration,
        progress: &mut dyn FnMut(Progress<'_>),
        work: impl Future<Output = T>,
    ) -> T {
        let mut notices = connection.notices();
        let mut work = pin!(work);
        let begin = Instant::now();
        let (mut next, mut pause) = (begin + within.min(PATIENCE), PAUSE);
        let result = loop {
            tokio::select! {
                biased;
                Some(notice) = notices.next() => progress(Progress::Notice(&notice)),
                result = &mut work => break result,
                () = sleep_until(next), if self.process.is_some() => {
                    let is_news = tokio::select! {
                        biased;
                        result = &mut work => break result,
                        is_news = self.look() => is_news,
                    };
                    if is_news {
                        progress(Progress::Blocked { by: &self.found, waited: begin.elapsed() });
                    }
                    next = Instant::now() + pause;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        };
        while let Some(notice) = notices.next_now() {
            progress(Progress::Notice(&notice));
        }
        result
    }

    /// Asks who is in the way, and says whether there is something to tell.
    async fn look(&mut self) -> bool {
        let Some(found) = self.ask().await else { return false };
        let is_known = |one: &Blocker| {
            let is_it = |known: &Blocker| known.process == one.process && known.query == one.query;
            self.found.iter().any(is_it)
        };
        let is_old = self.told.is_some_and(|told| told.elapsed() < REMINDER);
        let is_told = is_old && found.iter().all(is_known);
        if found.is_empty() {
            return false;
        }
        self.found = found;
        if !is_told {
            self.told = Some(Instant::now());
        }
        !is_told
    }

    async fn ask(&mut self) -> Option<Vec<Blocker>> {
        if self.connection.is_none() {
            self.connection = postgres::connect(&self.url).await.ok();
        }
        let rows = self
            .connection
            .as_ref()?
            .query(include_str!("blockers/blockers.sql"), &[&self.process?])
            .await;
        let Ok(rows) = rows else {
            self.connection = None;
            return None;
        };
        let blocker = |row: &postgres::driver::Row| Blocker {
            process: row.get(0),
            program: row.get(1),
            state: row.get(2),
            query: summary(row.get(3)),
            age: Duration::try_from_secs_f64(row.get::<_, f64>(4).max(0.0).floor())
                .unwrap_or_default(),
        };
        Some(rows.iter().map(blocker).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blocker_is_told_in_one_line() {
        let blocker = Blocker {
            process: 4711,
            program: "psql".to_owned(),
            state: "idle in transaction".to_owned(),
            query: summary("UPDATE card\n  SET pan = '4111'"),
            age: Duration::from_secs(750),
        };
        let line = "process 4711 (psql), idle in transaction for 12 min: UPDATE card SET pan = …";
        assert_eq!(blocker.to_string(), line);
        let prepared =
            Blocker { process: 0, state: String::new(), query: String::new(), ..blocker };
        assert_eq!(prepared.to_string(), "a prepared transaction (see pg_prepared_xacts)");
    }
}
