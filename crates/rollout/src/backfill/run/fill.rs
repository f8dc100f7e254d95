//! One worker going through one part: claims, batches, rests, and what is done where a batch does not go well.

use std::time::Duration;

use migrate::Progress as Told;
use postgres::Connection;

use super::{Ended, Event, Options, Stop, Waits};
use crate::backfill::batch::{self, Batch, Claim, Job, Standing, Trouble};
use crate::backfill::lag::Lag;
use crate::backfill::pace::{Limits, Pace, rest};
use crate::backfill::session::{Session, chance};
use crate::backfill::{Error, Progress, State, ledger};

/// How often it is looked whether somebody goes on with what is paused, or the others are done.
const LOOK: Duration = Duration::from_millis(500);

/// A worker's way through a part.
#[derive(Debug)]
pub(super) struct Filling<'a> {
    job: Job<'a>,
    progress: Progress,
    pace: Pace,
    limits: &'a Limits,
    leaves_paused: bool,
    lag: Lag,
    /// How many are at work, this one among them.
    workers: u64,
    /// What was last waited for: told once.
    waits: Option<Waits>,
    /// How often in a row others had the rows.
    contended: u32,
}

impl<'a> Filling<'a> {
    pub(super) fn new(job: Job<'a>, progress: Progress, size: u64, options: &'a Options) -> Self {
        let limits = &options.limits;
        Self {
            job,
            progress,
            pace: Pace::new(size, limits),
            limits,
            leaves_paused: options.leaves_paused,
            lag: Lag::default(),
            workers: 1,
            waits: None,
            contended: 0,
        }
    }

    pub(super) async fn run(
        mut self,
        session: &mut Session,
        stop: &mut Stop,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<Ended, Error> {
        let mut claim: Option<Claim> = None;
        let mut is_told = false;
        loop {
            let Some(held) = claim.take() else {
                if stop.is_wanted() {
                    return Ok(Ended::Stopped);
                }
                if let Some(wait) = self.obstacle(&session.connection).await? {
                    self.wait(wait, stop, tell).await;
                    continue;
                }
                let standing = batch::claim(session, &self.job, self.pace.size()).await?;
                self.stand(&standing);
                if !is_told {
                    let key = self.job.target.key.names().join(", ");
                    tell(Event::Begins { progress: &self.progress, key: &key });
                    is_told = true;
                }
                claim = match self.next(session, standing, tell).await? {
                    Next::Batch(claim) => Some(claim),
                    Next::Again => None,
                    Next::Wait(wait) => {
                        self.wait(wait, stop, tell).await;
                        None
                    }
                    Next::End(ended) => return Ok(ended),
                };
                continue;
            };
            self.waits = None;
            claim = self.batch(session, held, stop, tell).await?;
        }
    }

    /// Writes a batch of a claim, or tries to; what is left of it, or the next claim.
    async fn batch(
        &mut self,
        session: &mut Session,
        claim: Claim,
        stop: &mut Stop,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<Option<Claim>, Error> {
        let size = self.pace.size();
        // A claim that is only a little larger, being made before the last batch was measured, is not worth two.
        let bound = if claim.size > size + size / 2 {
            self.job.bound(&session.connection, &claim, size).await?
        } else {
            None
        };
        let left = bound.as_ref().map(|bound| Claim {
            after: Some(bound.clone()),
            upto: claim.upto.clone(),
            size: claim.size.saturating_sub(size).max(1),
        });
        let goes_on = !stop.is_wanted() && self.obstacle(&session.connection).await?.is_none();
        let batch = Batch {
            after: claim.after.as_deref(),
            upto: bound.as_ref().unwrap_or(&claim.upto),
            seen: if left.is_some() { size } else { claim.size },
            rest: left.as_ref(),
            size,
            goes_on,
        };
        let mut told = |progress: Told<'_>| {
            if let Told::Blocked { by, waited } = progress {
                tell(Event::Blocked { by, waited });
            }
        };
        let written = batch::write(session, &self.job, &batch, self.limits, &mut told).await;
        let (took, standing) = match written {
            Ok(written) => written,
            Err(trouble) => {
                let seen = batch.seen;
                let upto = batch.upto.to_vec();
                self.troubled(session, trouble, seen, &upto, stop, tell).await?;
                return Ok(Some(claim));
            }
        };
        self.contended = 0;
        self.pace.after(&took, self.limits);
        let rest = rest(&took, self.limits, self.workers);
        let next = match standing {
            None => {
                self.progress.seen += took.seen;
                self.progress.changed += took.changed;
                tell(Event::Batch(&self.progress));
                left
            }
            Some(standing) => {
                self.stand(&standing);
                tell(Event::Batch(&self.progress));
                if standing.is_taken_over {
                    tell(Event::TakenOver);
                }
                standing.claim
            }
        };
        if !rest.is_zero() {
            stop.sleep(rest).await;
        }
        Ok(next)
    }

    /// After a batch that was rolled back: smaller, later, or not at all.
    async fn troubled(
        &mut self,
        session: &Session,
        trouble: Trouble,
        seen: u64,
        upto: &[String],
        stop: &mut Stop,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), Error> {
        let is_single = seen <= 1;
        let why = match trouble {
            Trouble::Contention => "others have its rows",
            Trouble::TooLong => "it took too long",
            Trouble::Refused(_) if !is_single => "a row of it is refused",
            Trouble::Refused(error) => {
                let row = self.job.target.key.shown(upto);
                let relation = &self.job.target.relation;
                let what = format!("the row of {relation} where {row} is refused: {error}");
                return Err(self.stopped(session, error.retold(what)).await);
            }
            Trouble::Other(error) => return Err(self.stopped(session, error).await),
        };
        self.pace.smaller(seen);
        if why != "others have its rows" {
            tell(Event::Smaller { rows: self.pace.size(), why });
            return Ok(());
        }
        self.contended += 1;
        if !is_single {
            tell(Event::Smaller { rows: self.pace.size(), why });
        }
        let longest = 20 * u64::from(self.contended.min(10));
        let share = u64::from(chance().unsigned_abs()) % longest;
        stop.sleep(Duration::from_millis(10 + share)).await;
        Ok(())
    }

    /// Notes what has stopped it, for those who ask later.
    async fn stopped(&self, session: &Session, error: Error) -> Error {
        if !session.connection.is_closed() {
            // Not to have it noted does not make it another error.
            let _ = ledger::stopped(&session.connection, self.job.id, &error.to_string()).await;
        }
        match error.server() {
            Some(server) if server.is_statement() && error.help().is_none() => error.with_help(
                "what is done is kept; once the cause is mended, this goes on:\n  cargo xtask backfill run",
            ),
            _ => error,
        }
    }

    fn stand(&mut self, standing: &Standing) {
        let progress = &mut self.progress;
        progress.state = State::of(&standing.state);
        progress.seen = standing.seen;
        progress.changed = standing.changed;
        progress.total = standing.total.map(|total| total.max(standing.seen));
        progress.rate = standing.rate;
        self.workers = standing.others + 1;
        progress.workers = self.workers;
        progress.eta = progress.estimate();
    }

    async fn next(
        &mut self,
        session: &Session,
        standing: Standing,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<Next, Error> {
        if standing.is_taken_over {
            tell(Event::TakenOver);
        }
        if let Some(claim) = standing.claim {
            return Ok(Next::Batch(claim));
        }
        Ok(match State::of(&standing.state) {
            State::Done => {
                ledger::keep(&session.connection, self.job.id).await?;
                self.progress.workers = 0;
                tell(Event::Ends(&self.progress));
                Next::End(Ended::Done)
            }
            State::Cancelled => Next::End(Ended::Cancelled),
            State::Paused if self.leaves_paused => Next::End(Ended::Paused),
            State::Paused => Next::Wait(Waits::Paused),
            State::Waiting => {
                // Resumed before anybody had begun it, or to begin anew.
                ledger::start(&session.connection, self.job.id, &self.job.target).await?;
                Next::Again
            }
            State::Running => Next::Wait(Waits::Others),
        })
    }

    /// What keeps it from claiming rows.
    async fn obstacle(&mut self, connection: &Connection) -> Result<Option<Waits>, Error> {
        let now = chrono::Local::now().time();
        if let Some(wait) = self.limits.window.and_then(|window| window.opens_in(now)) {
            return Ok(Some(Waits::Window(wait)));
        }
        let Some(most) = self.limits.max_lag else { return Ok(None) };
        let behind = self.lag.look(connection).await?;
        Ok((behind > most).then_some(Waits::Lag(behind)))
    }

    async fn wait(&mut self, wait: Waits, stop: &mut Stop, tell: &mut dyn FnMut(Event<'_>)) {
        let is_same = self
            .waits
            .is_some_and(|before| std::mem::discriminant(&before) == std::mem::discriminant(&wait));
        if !is_same {
            tell(Event::Waits(wait));
        }
        self.waits = Some(wait);
        let time = match wait {
            Waits::Window(time) => time.min(Duration::from_mins(1)),
            Waits::Lag(_) => Duration::from_secs(1),
            Waits::Paused => LOOK,
            Waits::Others => LOOK / 5,
        };
        stop.sleep(time).await;
    }
}

enum Next {
    Batch(Claim),
    Again,
    Wait(Waits),
    End(Ended),
}
