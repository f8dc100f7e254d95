//! Sending scripts to the server.

use std::path::Path;
use std::pin::pin;

use futures_util::TryStreamExt as _;
use postgres::Connection;
use postgres::driver::SimpleQueryMessage;

use crate::Error;
use crate::apply::stop::Stop;
use crate::failure::Place;
use crate::history::fresh_session;
use crate::script::{Batch, Script};

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
