//! The engine: goes through the parts of backfills until all are done, or somebody says stop.
//!
//! All that matters is in the ledger. So a worker that loses its connection begins again as another one, and several may
//! work side by side: each batch is claimed by one of them, and what a dead one has claimed is taken over.

mod fill;
mod finish;

use std::pin::pin;
use std::time::Duration;

use futures_util::future::join_all;
use migrate::Blocker;
use postgres::ConnectionUrl;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::ledger::Begun;
use super::pace::Limits;
use super::session::Session;
use super::source::{Backfill, Work};
use super::{Error, Progress, key, ledger};

/// How a backfill is run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    pub limits: Limits,
    /// For how long a server that has gone away is waited for; none is as long as it takes.
    pub patience: Option<Duration>,
    /// Whether what is paused is left rather than waited for.
    pub leaves_paused: bool,
}

/// What happens, for whoever shows it.
#[derive(Debug)]
pub enum Event<'a> {
    /// A part is begun, or gone on with; `key` is the columns that it goes along, as SQL.
    Begins {
        progress: &'a Progress,
        key: &'a str,
    },
    /// A batch is done.
    Batch(&'a Progress),
    /// A part is at its end, by whoever did the last of it.
    Ends(&'a Progress),
    /// The batch of a worker that is gone is taken over.
    TakenOver,
    /// Nothing is done for now.
    Waits(Waits),
    /// These have the row that is needed next, and it is waited for so long.
    Blocked {
        by: &'a [Blocker],
        waited: Duration,
    },
    /// A batch was rolled back and is tried again with so many rows.
    Smaller {
        rows: u64,
        why: &'a str,
    },
    /// The connection is lost, and tried again after a pause.
    Lost {
        why: &'a str,
        pause: Duration,
    },
    Reconnected,
    /// A step of what follows the fills.
    Step {
        number: usize,
        of: usize,
        sql: &'a str,
    },
    /// It did not get its lock and is tried again after a pause.
    Retries {
        pause: Duration,
    },
    /// Both sides are compared.
    Proves {
        number: usize,
        of: usize,
    },
}

/// What a worker waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// Somebody has paused it.
    Paused,
    /// It is not the time of day, for so long.
    Window(Duration),
    /// Standbys are so far behind.
    Lag(Duration),
    /// Others do the last of it.
    Others,
}

/// How a run has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// There is nothing left to do.
    Done,
    /// Somebody said stop.
    Stopped,
    /// One of the backfills was cancelled.
    Cancelled,
    /// One of them is paused, and was left.
    Paused,
}

/// Says stop: the batch that is under way is brought to its end, and nothing follows it.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

/// Hears of it.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

/// The two ends of a word.
pub fn stop() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(false);
    (Stopper(sender), Stop(receiver))
}

impl Stopper {
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    pub fn is_wanted(&self) -> bool {
        *self.0.borrow()
    }

    /// Sleeps, unless it is to stop.
    pub async fn sleep(&mut self, time: Duration) {
        let wanted = async {
            if self.0.wait_for(|wanted| *wanted).await.is_err() {
                // Nobody is left to say it.
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            biased;
            () = wanted => {}
            () = sleep(time) => {}
        }
    }
}

/// How many are at it at once where nobody says otherwise: while the one waits for the disk, the other writes.
pub const WORKERS: u64 = 2;

/// Runs backfills by so many workers at once, who share the batches. What the first of them sees is told. Fails as [`run`]
/// does, and then nobody goes on.
pub async fn run_by(
    workers: u64,
    url: &ConnectionUrl,
    backfills: &[Backfill],
    options: &Options,
    stop: Stop,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Ended, Error> {
    let helper = |stop| async { run(url, backfills, options, stop, &mut |_| ()).await };
    // What goes wrong with one that helps is taken over, and then it is the first one's matter.
    let mut helpers = pin!(join_all((1..workers).map(|_| helper(stop.clone()))));
    let mut first = Box::pin(run(url, backfills, options, stop, tell));
    tokio::select! {
        biased;
        ended = &mut first => {
            if ended.is_ok() {
                helpers.await;
            }
            ended
        }
        _ = &mut helpers => first.await,
    }
}

/// Runs backfills, one after the other.
///
/// Fails where the server refuses something that a smaller batch would not change, where a table has no key, where both
/// sides differ in the end, and where the server is gone for longer than the patience lasts. What was done stays done, and
/// the next run goes on from there.
pub async fn run(
    url: &ConnectionUrl,
    backfills: &[Backfill],
    options: &Options,
    mut stop: Stop,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Ended, Error> {
    const FIRST_PAUSE: Duration = Duration::from_millis(500);
    const LONGEST_PAUSE: Duration = Duration::from_secs(30);
    // Somebody who names a server that is not there is told at once.
    let mut session = Some(Session::open(url).await?);
    let (mut pause, mut lost): (Duration, Option<Instant>) = (FIRST_PAUSE, None);
    loop {
        let ran = async {
            let session = match &mut session {
                Some(session) => session,
                None => session.insert(Session::open(url).await?),
            };
            if lost.take().is_some() {
                tell(Event::Reconnected);
            }
            pause = FIRST_PAUSE;
            work(session, backfills, options, &mut stop, tell).await
        };
        // In a box, because it is a large future.
        let error = match Box::pin(ran).await {
            Err(error) if is_lost(&error) => error,
            other => return other,
        };
        session = None;
        let since = *lost.get_or_insert_with(Instant::now);
        if stop.is_wanted() {
            return Ok(Ended::Stopped);
        }
        if options.patience.is_some_and(|patience| since.elapsed() > patience) {
            let help = "what is done is kept; once the server is there again, this goes on:\n  cargo xtask backfill run";
            return Err(error.with_help(help));
        }
        tell(Event::Lost { why: &error.to_string(), pause });
        stop.sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
        if stop.is_wanted() {
            return Ok(Ended::Stopped);
        }
    }
}

/// Whether the connection is gone, or could not be had for now.
fn is_lost(error: &Error) -> bool {
    let Some(error) = error.server() else { return false };
    let is_full = error.code() == "P2037";
    error.is_closed() || error.is_unreachable() || is_full || error.code() == "P1002"
}

async fn work(
    session: &mut Session,
    backfills: &[Backfill],
    options: &Options,
    stop: &mut Stop,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Ended, Error> {
    ledger::ensure(&session.connection).await?;
    let attempts = ledger::attempts(&session.connection).await?;
    let mut ended = Ended::Done;
    for backfill in backfills {
        for at in 0..backfill.parts.len() {
            let begun = {
                let (name, part) = (&backfill.migration, &backfill.parts[at]);
                let connection = &session.connection;
                ledger::entered(connection, name, at + 1, &part.definition(), &attempts).await?
            };
            match part(session, backfill, at, begun, options, stop, tell).await? {
                Ended::Done => {}
                Ended::Stopped => return Ok(Ended::Stopped),
                other => {
                    ended = other;
                    break;
                }
            }
        }
    }
    Ok(ended)
}

async fn part(
    session: &mut Session,
    backfill: &Backfill,
    at: usize,
    begun: Begun,
    options: &Options,
    stop: &mut Stop,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Ended, Error> {
    let part = &backfill.parts[at];
    let connection = &session.connection;
    match begun.state.as_str() {
        "done" => return Ok(Ended::Done),
        "cancelled" => return Ok(Ended::Cancelled),
        "paused" if options.leaves_paused => return Ok(Ended::Paused),
        _ => {}
    }
    let progress = Progress::of_part(backfill, at, &[], &ledger::Attempts::new());
    let (table, set) = match &part.work {
        Work::Finish { steps, proofs } => {
            let leaves_paused = options.leaves_paused;
            let all = finish::All { id: begun.id, steps, proofs, progress, leaves_paused };
            return finish::run(session, all, stop, tell).await;
        }
        Work::Fill(fill) => (&fill.table, &[][..]),
        Work::Statement(statement) => (&statement.table, statement.set()),
    };
    let target = key::find(connection, table, set).await?;
    if begun.state == "waiting" {
        ledger::start(connection, begun.id, &target).await?;
    }
    let job = super::batch::Job { id: begun.id, work: &part.work, target };
    let filling = fill::Filling::new(job, progress, begun.size, options);
    filling.run(session, stop, tell).await
}
