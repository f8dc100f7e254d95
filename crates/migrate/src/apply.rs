//! Running scripts, and noting in the history what became of them.
//!
//! The note of success is sent with the end of the script: where the script is one transaction, so are
//! script and note, and a server or client that dies at any moment leaves both or neither. Of every other script it is
//! noted first that it begins; without the note of its end it is a failed one, to us as to Prisma. A statement that may
//! refuse a transaction goes without the note, which follows it; where a script has such beside others, it goes in steps
//! ([`steps`]). Whether a script has left a transaction open is asked of the server, unless there is no word in it that could
//! have begun one.

pub(crate) mod deploying;
pub(crate) mod gave_up;
pub(crate) mod run;
pub(crate) mod stop;

use tokio::time::{Instant, sleep};

use self::deploying::{Deploying, End};
use self::gave_up::GaveUp;
use self::run::run;
use self::stop::Stop;
use crate::attempt::Attempt;
use crate::failed::how_to_resolve;
use crate::folder::script_path;
use crate::history::History;
use crate::timeouts::Tries;
use crate::{Error, Progress, steps};

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
