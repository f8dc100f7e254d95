//! Deploy in steps: a migration of which the server refuses statements in a transaction.
//!
//! Such a migration cannot leave all or nothing. So each of its transactions and each such statement is a step, whose
//! beginning and end are noted ([`ledger`]). After a crash the next deploy goes on at the step where it was: a transaction
//! that is not noted has left nothing and is run again; of a statement it is looked up whether it has done its work
//! ([`postcondition`]), and what it has left half-done is cleared before it is run again ([`precondition`]).
//!
//! A migration that is one transaction knows nothing of all this.

pub(crate) mod cut;
pub(crate) mod entry;
mod indexes;
pub(crate) mod ledger;
mod postcondition;
mod precondition;
mod resume;
mod statement;

use std::time::Duration;

use tokio::time::{Instant, sleep};

pub(crate) use self::cut::Step;
pub(crate) use self::entry::Entry;
pub use self::resume::Resumes;
pub(crate) use self::resume::{Standing, resumes, standing};
use crate::apply::deploying::{Deploying, End};
use crate::apply::gave_up::GaveUp;
use crate::apply::run::{and_look, send};
use crate::apply::stop::Stop;
use crate::attempt::Attempt;
use crate::blockers::Watcher;
use crate::history::History;
use crate::steps::cut::Work;
use crate::steps::postcondition::Outcome;
use crate::steps::statement::Alone;
use crate::timeouts::{Patience, Tries};
use crate::{Error, Progress};

/// Runs the steps of an attempt that are not done, and notes with the last of them that it is finished.
pub(crate) async fn run(
    on: &mut Deploying<'_>,
    attempt: &Attempt<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(), End> {
    let (name, of) = (attempt.migration.name.as_str(), attempt.steps.len());
    let is_done = |entry: &Entry| entry.is_done;
    let first = attempt.entries.iter().flatten().take_while(|entry| is_done(entry)).count();
    if first > 0 {
        progress(Progress::Resuming { name, done: first, of });
        let settings = resume::settings(attempt, first);
        let set = on.connection.batch_execute(&settings).await;
        set.map_err(|error| End::Stop(Stop::Other(error)))?;
    }
    for (at, step) in attempt.steps.iter().enumerate().skip(first) {
        let is_kept = attempt.entries.is_some();
        progress(Progress::Step { name, number: at + 1, of, summary: &step.summary, is_kept });
        let finish = if at + 1 == of {
            History::new(on.connection).finish_sql(attempt, None)
        } else {
            String::new()
        };
        let mut under_way = UnderWay::new(attempt, at, finish);
        tried(on, &mut under_way, progress).await?;
    }
    Ok(())
}

/// A step as it is run.
struct UnderWay<'a> {
    attempt: &'a Attempt<'a>,
    at: usize,
    step: &'a Step,
    /// What notes the end of the whole migration, with its last step.
    finish: String,
    /// Whether a ledger is kept.
    is_kept: bool,
    is_begun: bool,
    /// What was there before it was begun.
    before: Vec<String>,
}

impl<'a> UnderWay<'a> {
    fn new(attempt: &'a Attempt<'a>, at: usize, finish: String) -> Self {
        let entry = attempt.entries.as_ref().and_then(|entries| entries.get(at));
        Self {
            attempt,
            at,
            step: &attempt.steps[at],
            finish,
            is_kept: attempt.entries.is_some(),
            is_begun: entry.is_some_and(|entry| entry.is_begun),
            before: entry.map(|entry| entry.before.clone()).unwrap_or_default(),
        }
    }

    fn text(&self) -> &'a str {
        &self.attempt.script.text()[self.step.batch.range.clone()]
    }

    /// What notes that it has done its work.
    fn done(&self) -> String {
        let mut sql = String::new();
        if self.is_kept {
            sql = ledger::done_sql(&self.attempt.id, self.at + 1);
        }
        sql + &self.finish
    }

    fn begin(&self) -> String {
        if !self.is_kept {
            return String::new();
        }
        ledger::begin_sql(&self.attempt.id, self.at + 1, &self.before)
    }
}

/// Runs a step, as often as it does not get its locks and may be tried again.
async fn tried(
    on: &mut Deploying<'_>,
    under_way: &mut UnderWay<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(), End> {
    let UnderWay { attempt, at, step, is_kept, .. } = *under_way;
    let script = &attempt.script;
    let statements = &script.statements()[step.batch.statements.clone()];
    let patience = match &step.work {
        Work::Uncertain => Patience::AsSet,
        _ => Patience::of(script, statements),
    };
    let limits = on.options.limits_sql(script, patience);
    let soon = if patience == Patience::Short { on.options.soon() } else { Duration::MAX };
    let (begin, mut tries) = (Instant::now(), Tries::new(on.options, &attempt.id));
    loop {
        let connection = on.connection;
        let work = async {
            connection.batch_execute(&limits).await.map_err(Stop::Other)?;
            once(connection, under_way).await
        };
        let stop = match on.watcher.watching(connection, soon, progress, work).await {
            Ok(Ran::Now) => return Ok(()),
            Ok(Ran::Before) => {
                progress(Progress::FoundDone { number: at + 1, of: attempt.steps.len() });
                return Ok(());
            }
            Err(stop) => stop,
        };
        if !stop.is_contention() || step.work == Work::Uncertain {
            return Err(End::Stop(stop));
        }
        let Some(pause) = tries.next() else {
            let is_nothing_done = at == 0 && matches!(step.work, Work::Transaction { .. });
            let waited = begin.elapsed();
            let done = if is_nothing_done {
                History::new(connection).withdraw(attempt).await.map_err(End::Error)?;
                None
            } else if is_kept {
                Some((at, attempt.steps.len()))
            } else {
                return Err(End::Stop(stop));
            };
            return Err(End::GaveUp(GaveUp { stop, tries: tries.done() + 1, waited, done }));
        };
        let ended = connection.batch_execute("ROLLBACK").await;
        ended.map_err(|error| End::Stop(Stop::Other(error)))?;
        progress(Progress::Retrying {
            name: &attempt.migration.name,
            number: tries.done(),
            of: on.options.max_retries,
            pause,
        });
        sleep(pause).await;
    }
}

/// Runs `CREATE INDEX CONCURRENTLY` for whoever runs no migration: waits for as long as it takes and tells for whom, clears
/// what an earlier try has left half-built, and does nothing where the index is there as it is to be.
///
/// Fails where the server refuses it, or leaves it at an index that is not valid.
pub async fn build_beside(
    connection: &postgres::Connection,
    statement: &str,
    watcher: &mut Watcher,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(), Error> {
    let alone = statement::read(statement);
    let work = async {
        precondition::quiet(connection, &alone).await?;
        if postcondition::look(connection, &alone, &[]).await? == Outcome::Done {
            return Ok(None);
        }
        precondition::clear(connection, &alone, None).await?;
        let guard = connection.cancel_on_drop();
        let built = connection.batch_execute(statement).await;
        guard.done();
        built?;
        match &alone {
            Alone::BuildIndex(build) => postcondition::invalid(connection, build, &[]).await,
            _ => Ok(None),
        }
    };
    match watcher.watching(connection, Duration::MAX, progress, work).await? {
        None => Ok(()),
        Some(index) => Err(Error::plain(Stop::HalfBuilt { index }.to_string())),
    }
}

/// When a step has done its work.
enum Ran {
    Now,
    /// An earlier try had, and was cut off before it could note it.
    Before,
}

async fn once(
    connection: &postgres::Connection,
    under_way: &mut UnderWay<'_>,
) -> Result<Ran, Stop> {
    let script = &under_way.attempt.script;
    let (step, text) = (under_way.step, under_way.text());
    match &step.work {
        Work::Transaction { end } => {
            let (work, rest) = text.split_at(end - step.batch.range.start);
            // As behind a whole script: what was put off runs with what the script has set.
            let put_off =
                if script.sets_something() { "SET CONSTRAINTS ALL IMMEDIATE;\n" } else { "" };
            let whole = format!("{work}\n;\n{put_off}{}{rest}", under_way.done());
            closed(
                connection,
                script.may_leave_transaction_open(),
                send(connection, &step.batch, &whole),
            )
            .await?;
        }
        Work::Alone(alone) => return stand_alone(connection, under_way, alone).await,
        Work::Uncertain => {
            note(connection, &under_way.begin()).await?;
            closed(
                connection,
                script.may_leave_transaction_open(),
                send(connection, &step.batch, text),
            )
            .await?;
            note(connection, &under_way.done()).await?;
        }
    }
    Ok(Ran::Now)
}

/// A statement that refuses a transaction: whether it is needed, what is in its way, itself, and whether it is done.
async fn stand_alone(
    connection: &postgres::Connection,
    under_way: &mut UnderWay<'_>,
    alone: &Alone,
) -> Result<Ran, Stop> {
    let batch = &under_way.step.batch;
    if under_way.is_begun {
        precondition::quiet(connection, alone).await.map_err(Stop::Other)?;
        let outcome = postcondition::look(connection, alone, &under_way.before).await;
        if outcome.map_err(Stop::Other)? == Outcome::Done {
            note(connection, &under_way.done()).await?;
            return Ok(Ran::Before);
        }
    }
    let before = under_way.is_begun.then_some(&*under_way.before);
    let instead = precondition::clear(connection, alone, before).await.map_err(Stop::Other)?;
    if !under_way.is_begun {
        under_way.before = precondition::before(connection, alone).await.map_err(Stop::Other)?;
    }
    note(connection, &under_way.begin()).await?;
    under_way.is_begun = true;
    send(connection, batch, instead.as_deref().unwrap_or(under_way.text())).await?;
    if let Alone::BuildIndex(build) = alone {
        let unbuilt = postcondition::invalid(connection, build, &under_way.before).await;
        if let Some(index) = unbuilt.map_err(Stop::Other)? {
            return Err(Stop::HalfBuilt { index });
        }
    }
    note(connection, &under_way.done()).await?;
    Ok(Ran::Now)
}

async fn note(connection: &postgres::Connection, sql: &str) -> Result<(), Stop> {
    if sql.is_empty() {
        return Ok(());
    }
    connection.batch_execute(sql).await.map_err(Stop::Other)
}

/// Does the work, after which no transaction may be open.
async fn closed(
    connection: &postgres::Connection,
    may_be_open: bool,
    work: impl Future<Output = Result<(), Stop>>,
) -> Result<(), Stop> {
    if !may_be_open {
        return work.await;
    }
    if and_look(connection, work).await? {
        connection.batch_execute("ROLLBACK").await.map_err(Stop::Other)?;
        return Err(Stop::TransactionLeftOpen);
    }
    Ok(())
}
