//! Running scripts, and noting in the history what became of them.
//!
//! The note of success is sent with the end of the script: where the script is one transaction, so are
//! script and note, and a server or client that dies at any moment leaves both or neither. Of every other script it is
//! noted first that it begins; without the note of its end it is a failed one, to us as to Prisma. A statement that may
//! refuse a transaction goes without the note, which follows it; where a script has such beside others, it goes in steps
//! ([`steps`]). Whether a script has left a transaction open is asked of the server, unless there is no word in it that could
//! have begun one.

mod gave_up;

use std::path::Path;
use std::pin::pin;

use futures_util::TryStreamExt as _;
use postgres::Connection;
use postgres::driver::{SimpleQueryMessage, SqlState};
use tokio::time::{Instant, sleep};

pub(crate) use self::gave_up::GaveUp;
use crate::blockers::Watcher;
use crate::failure::{Place, Refusal};
use crate::folder::script_path;
use crate::history::{Attempt, History, fresh_session};
use crate::script::{Batch, Script, Statement};
use crate::timeouts::{Options, Tries};
use crate::{Error, Progress, steps};

/// What migrations are run on, and how.
#[derive(Debug)]
pub(crate) struct Deploying<'a> {
    pub(crate) connection: &'a Connection,
    /// The folder of the migrations.
    pub(crate) folder: &'a Path,
    pub(crate) options: &'a Options,
    pub(crate) watcher: Watcher,
    /// Which of how many migrations it is.
    pub(crate) place: (usize, usize),
}

impl Deploying<'_> {
    /// That the migration is about to run.
    pub(crate) fn begin(&self, name: &str, progress: &mut dyn FnMut(Progress<'_>)) {
        let (number, of) = self.place;
        progress(Progress::Applying { name, number, of });
    }
}

/// Runs a migration that has begun, and begins the next one with its end: a way to the server and back less for each of
/// hundreds.
///
/// Fails with P3018 where the database refuses the script, which is then noted, with P1017 where the connection is lost,
/// after which an attempt that was noted first counts as failed unless it had ended, and with P1008 where it did not get
/// its locks, after which it counts as not tried.
pub(crate) async fn apply(
    on: &mut Deploying<'_>,
    attempt: &Attempt<'_>,
    next: Option<&Attempt<'_>>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(), Error> {
    let begin = Instant::now();
    let ran = if attempt.steps.is_empty() {
        whole(on, attempt, next, progress).await
    } else {
        // In a box, because it is a large future that few need.
        Box::pin(steps::run(on, attempt, progress)).await
    };
    let Attempt { migration, script, .. } = attempt;
    let file = script_path(on.folder, &migration.name);
    let stop = match ran {
        Ok(()) => return Ok(()),
        Err(End::Error(error)) => return Err(error),
        Err(End::GaveUp(gave_up)) => {
            return Err(gave_up.error(attempt, &file, on.watcher.found()));
        }
        Err(End::Stop(stop)) => stop,
    };
    if on.connection.is_closed() || stop.error().is_some_and(postgres::Error::is_closed) {
        return Err(lost(attempt, stop));
    }
    let report = stop.report(script, &migration.name, &file);
    let noted = History::new(on.connection).fail(attempt, &report, begin.elapsed()).await;
    let error =
        Error::new("P3018", report).with_file(file).with_help(after_failure(attempt, &stop));
    // The attempt counts as failed without its logs too; what the database said matters more.
    Err(if noted.is_err() { error } else { error.with_source(stop) })
}

/// Runs a script that is sent at once, as often as it does not get its locks.
async fn whole(
    on: &mut Deploying<'_>,
    attempt: &Attempt<'_>,
    next: Option<&Attempt<'_>>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(), End> {
    let (connection, script) = (on.connection, &attempt.script);
    let history = History::new(connection);
    let finish = history.finish_sql(attempt, next);
    let (begin, mut tries) = (Instant::now(), Tries::new(on.options, &attempt.id));
    loop {
        let work = run(connection, script, &finish);
        let ran = on.watcher.watching(connection, on.options.soon(), progress, work).await;
        let Err(stop) = ran else { return Ok(()) };
        if !stop.is_contention() || !stop.left_nothing(script) {
            return Err(End::Stop(stop));
        }
        // Between two tries it is as if there had been none, for whoever is killed then or gives up.
        history.withdraw(attempt).await.map_err(End::Error)?;
        let Some(pause) = tries.next() else {
            let (tries, waited) = (tries.done() + 1, begin.elapsed());
            return Err(End::GaveUp(GaveUp { stop, tries, waited, done: None }));
        };
        progress(Progress::Retrying {
            name: &attempt.migration.name,
            number: tries.done(),
            of: on.options.max_retries,
            pause,
        });
        sleep(pause).await;
        on.begin(&attempt.migration.name, progress);
        history.start(attempt).await.map_err(End::Error)?;
    }
}

/// Why a migration did not come to its end.
#[derive(Debug)]
pub(crate) enum End {
    /// What is then noted.
    Stop(Stop),
    /// It did not get its locks, and nothing is noted.
    GaveUp(GaveUp),
    /// It was not about the migration.
    Error(Error),
}

/// For sessions whose work has not to outlive a power cut: nobody waits for the disk.
pub(crate) const NOT_DURABLE: &str = "SET synchronous_commit TO off";

/// Runs a script without a history, as the shadow database does. What it set in the session is undone.
pub(crate) async fn replay(connection: &Connection, script: &Script<'_>) -> Result<(), Stop> {
    let script_runs = run(connection, script, "");
    if script.leaves_the_session() {
        return script_runs.await;
    }
    let session = fresh_session(connection.url().schema());
    let reset = format!("ROLLBACK;\n{session}{NOT_DURABLE}");
    let reset = connection.batch_execute(&reset);
    if script.batches().len() == 1 && !script.opens_transaction() {
        // Sent before the script is answered: hundreds of migrations are hundreds of ways to the server and back.
        let (ran, is_reset) = tokio::join!(biased; script_runs, reset);
        return ran.and(is_reset.map_err(Stop::Other));
    }
    script_runs.await?;
    reset.await.map_err(Stop::Other)
}

/// What a file cannot tell a server, such as the data of `COPY … FROM STDIN`, is refused before anything is sent.
pub(crate) fn refuse_copy(script: &Script<'_>, file: &Path) -> Result<(), Error> {
    let Some(refusal) = script.refusal() else { return Ok(()) };
    let line = Place::of(script.text(), refusal.at).line;
    Err(Error::plain(format!("{}:{line}: {}", file.display(), refusal.message))
        .with_file(file)
        .with_help(refusal.help))
}

/// Why a script did not get to its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The database refused a statement of this batch after so many that it took.
    Refused { batch: Batch, completed: usize, error: postgres::Error },
    /// The script leaves a transaction open, which was then rolled back.
    TransactionLeftOpen,
    /// A statement went well that builds an index, which is not valid afterwards.
    HalfBuilt { index: String },
    /// It was not the script's fault.
    Other(postgres::Error),
}

impl Stop {
    /// The database's report, as far as it has one.
    pub(crate) fn report(&self, script: &Script<'_>, migration: &str, file: &Path) -> String {
        match self {
            Self::Refused { batch, completed, error } => match error.db() {
                Some(db) => Refusal { script, batch, completed: *completed, error: db }
                    .report(migration, file),
                None => short_report(migration, &error.to_string()),
            },
            Self::TransactionLeftOpen | Self::HalfBuilt { .. } => {
                short_report(migration, &self.to_string())
            }
            Self::Other(error) => short_report(migration, &error.to_string()),
        }
    }

    /// The same of a script that is no migration's own: what went wrong, and where.
    pub(crate) fn findings(&self, script: &Script<'_>, file: &Path) -> String {
        match self {
            Self::Refused { batch, completed, error } => match error.db() {
                Some(db) => {
                    Refusal { script, batch, completed: *completed, error: db }.findings(file)
                }
                None => error.to_string(),
            },
            _ => self.to_string(),
        }
    }

    /// What a replay says of it: the code, the database's words and the place.
    pub(crate) fn details(&self, script: &Script<'_>, file: &Path) -> String {
        match self {
            Self::Refused { batch, completed, error } => match error.db() {
                Some(db) => {
                    Refusal { script, batch, completed: *completed, error: db }.details(file)
                }
                None => error.to_string(),
            },
            _ => self.to_string(),
        }
    }

    /// What ends a command that runs a script which is no migration.
    pub(crate) fn into_error(self, script: &Script<'_>, file: Option<&Path>) -> Error {
        match self {
            Self::Refused { batch, completed, error } => match error.db() {
                Some(db) if error.is_statement() => {
                    Refusal { script, batch: &batch, completed, error: db }
                        .error(file)
                        .with_source(error)
                }
                _ => error.into(),
            },
            Self::TransactionLeftOpen | Self::HalfBuilt { .. } => Error::plain(self.to_string()),
            Self::Other(error) => error.into(),
        }
    }

    pub(crate) fn error(&self) -> Option<&postgres::Error> {
        match self {
            Self::Refused { error, .. } | Self::Other(error) => Some(error),
            Self::TransactionLeftOpen | Self::HalfBuilt { .. } => None,
        }
    }

    /// Whether others were in the way, as they may not be the next time.
    pub(crate) fn is_contention(&self) -> bool {
        let code = self.error().and_then(postgres::Error::db).map(|db| db.code().clone());
        code.is_some_and(|code| {
            code == SqlState::LOCK_NOT_AVAILABLE || code == SqlState::T_R_DEADLOCK_DETECTED
        })
    }

    /// Whether all that a script did was rolled back.
    fn left_nothing(&self, script: &Script<'_>) -> bool {
        let Self::Refused { batch, completed, .. } = self else { return false };
        let done = script.statements()[batch.statements.clone()].iter().take(*completed);
        !script.goes_alone(batch) && !done.into_iter().any(Statement::ends_transaction)
    }
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused { error, .. } | Self::Other(error) => error.fmt(f),
            Self::HalfBuilt { index } => write!(
                f,
                "The index {index} was there already and is not valid: an earlier build of it was cut off, and the \
                 server leaves it at that where it is told IF NOT EXISTS. Drop it first: DROP INDEX CONCURRENTLY {index};"
            ),
            Self::TransactionLeftOpen => f.write_str(
                "The script begins a transaction that it does not end. What it did in that transaction was rolled back. \
                 Add a COMMIT, or leave out the BEGIN: a script is one transaction anyway.",
            ),
        }
    }
}

impl std::error::Error for Stop {}

/// Runs a script, and `finish` with the end of it.
pub(crate) async fn run(
    connection: &Connection,
    script: &Script<'_>,
    finish: &str,
) -> Result<(), Stop> {
    let [before @ .., last] = script.batches() else { return Ok(()) };
    for batch in before {
        send(connection, batch, &script.text()[batch.range.clone()]).await?;
    }
    let text = &script.text()[last.range.clone()];
    let work = async {
        if finish.is_empty() {
            send(connection, last, text).await
        } else if last.transactional && script.is_closed() && !script.goes_alone(last) {
            send(connection, last, &format!("{text}\n;\n{finish}")).await
        } else {
            send(connection, last, text).await?;
            connection.batch_execute(finish).await.map_err(Stop::Other)
        }
    };
    if !script.may_leave_transaction_open() {
        work.await?;
    } else if and_look(connection, work).await? {
        connection.batch_execute("ROLLBACK").await.map_err(Stop::Other)?;
        return Err(Stop::TransactionLeftOpen);
    }
    Ok(())
}

/// Does the last of the work, and says whether a transaction is still open that has changed something.
///
/// The question is sent before the work is answered, so that it takes no way to the server and back of its own.
pub(crate) async fn and_look(
    connection: &Connection,
    work: impl Future<Output = Result<(), Stop>>,
) -> Result<bool, Stop> {
    let question =
        connection.simple_query("SELECT pg_catalog.txid_current_if_assigned() IS NOT NULL");
    let (worked, answers) = tokio::join!(biased; work, question);
    worked?;
    let answers = answers.map_err(|error| Stop::Other(error.into()))?;
    Ok(answers.iter().any(|answer| match answer {
        SimpleQueryMessage::Row(row) => row.get(0) == Some("t"),
        _ => false,
    }))
}

/// Sends one batch and counts the statements that went well, because not every error has a position.
pub(crate) async fn send(connection: &Connection, batch: &Batch, text: &str) -> Result<(), Stop> {
    let mut completed = 0;
    let answered = async {
        let mut answers = pin!(connection.simple_query_raw(text).await?);
        while let Some(answer) = answers.try_next().await? {
            completed += usize::from(matches!(answer, SimpleQueryMessage::CommandComplete(_)));
        }
        Ok::<(), postgres::driver::tokio_postgres::Error>(())
    };
    // Whoever gives up on a migration does not leave it running with its locks.
    let guard = connection.cancel_on_drop();
    let answer = answered.await;
    guard.done();
    match answer {
        Ok(()) => Ok(()),
        Err(error) => {
            let error = postgres::Error::from(error);
            Err(Stop::Refused { batch: batch.clone(), completed, error })
        }
    }
}

fn short_report(migration: &str, what: &str) -> String {
    format!(
        "A migration failed to apply. New migrations cannot be applied before the error is recovered from.\n\n\
         Migration name: {migration}\n\n{what}"
    )
}

fn after_failure(attempt: &Attempt<'_>, stop: &Stop) -> String {
    let state = if matches!(stop, Stop::TransactionLeftOpen) {
        "Of what it did, only what it had committed before remains in the database."
    } else if attempt.script.is_atomic() {
        "Nothing of it remains in the database: it was rolled back as a whole."
    } else {
        "It is not one transaction: what came before the failing statement may remain in the database."
    };
    let name = &attempt.migration.name;
    let go_on = if attempt.entries.is_some() {
        "Once the cause is mended, with the file as it is, the next deploy goes on at the step that failed:\n  \
         cargo xtask migrate deploy\n\
         Rolled back, it begins with its first step again: what the steps before have done is to be undone by hand first.\n"
    } else {
        ""
    };
    format!("{state}\n{go_on}{}", how_to_resolve(name))
}

/// The two ways out for a failed migration.
pub(crate) fn how_to_resolve(name: &str) -> String {
    format!(
        "To mend the migration and run it again:\n  cargo xtask migrate resolve --rolled-back \"{name}\"\n\
         If you have brought the database by hand to where the migration leads:\n  \
         cargo xtask migrate resolve --applied \"{name}\""
    )
}

fn lost(attempt: &Attempt<'_>, stop: Stop) -> Error {
    let name = &attempt.migration.name;
    let help = if attempt.entries.is_some() {
        "Once the server is there again, the next deploy goes on at the step where it was:\n  cargo xtask migrate deploy"
    } else if attempt.is_noted_at_its_end {
        "Either all of it is there or nothing. Once the server is there again, the next deploy sees which, and goes on:\n  \
         cargo xtask migrate deploy"
    } else {
        "cargo xtask migrate status\nsays whether the migration had ended; it counts as failed where it had not. No other \
         migration runs before that is resolved"
    };
    let message = format!(
        "Server has closed the connection.\n\nIt happened while the migration `{name}` was running."
    );
    Error::new("P1017", message).with_help(help).with_source(stop)
}
