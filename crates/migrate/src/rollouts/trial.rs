//! A contract, tried where it is to run and rolled back: what the server would refuse is known before a migration is
//! written, and no attempt fails. A shadow database has nothing of what was made by hand, a view on a table that goes, say.

use std::time::Duration;

use postgres::Connection;
use tokio::time::sleep;

use super::guard::{self, Refusal};
use super::{CONTRACT, Rollout};
use crate::apply::run::send;
use crate::apply::stop::Stop;
use crate::folder::{Folder, script_path};
use crate::history::fresh_session;
use crate::script::{Batch, Script};
use crate::steps::cut::{Work, cut};
use crate::timeouts::Patience;
use crate::{Error, Options};

/// How often it is tried to get its locks, and with which pause. Where it gets none, nothing is said: the contract itself
/// is more patient, and tells who is in the way.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(500);

/// What a trial has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trial {
    /// Nothing speaks against it.
    Passes,
    /// The guard says that the database is not ready.
    NotReady(Refusal),
    /// The server refuses it, in its words, with the place.
    Refused(String),
}

/// Runs a rollout's contract as `options` say, in one transaction that is rolled back; where its migration is written, that
/// with what was edited there. Of a contract that is several the first is run; of any other only the guard is asked.
///
/// Fails where the server cannot be asked.
pub async fn try_out(
    connection: &Connection,
    folder: &Folder,
    rollout: &Rollout,
    options: &Options,
) -> Result<Trial, Error> {
    let written = rollout.contracted_by.as_ref().and_then(|name| folder.find(name));
    let (text, file) = match written {
        Some(written) => (&written.script, script_path(folder.path(), &written.name)),
        None => (&rollout.contract.script, folder.path().join(&rollout.name).join(CONTRACT)),
    };
    if let Some(refusal) = guard::ask(connection, &rollout.name, text, options.quiet).await? {
        return Ok(Trial::NotReady(refusal));
    }
    // It reads whole tables: once is enough, and the locks come behind it.
    let text = guard::without(text);
    let script = Script::new(&text);
    let Some(first) = first_transaction(&script) else { return Ok(Trial::Passes) };
    let session = fresh_session(connection.url().schema());
    let limits = options.limits_sql(&script, Patience::Short);
    for number in 1..=TRIES {
        connection.batch_execute(&format!("BEGIN;\n{session}{limits}")).await?;
        let ran = run(connection, &script, &first).await;
        if !connection.is_closed() {
            connection.batch_execute("ROLLBACK").await?;
        }
        match ran {
            Ok(()) => return Ok(Trial::Passes),
            Err(stop) if stop.is_contention() => {
                if number < TRIES {
                    sleep(PAUSE).await;
                }
            }
            Err(stop) if stop.error().is_some_and(|error| error.db().is_none()) => {
                return Err(stop.into_error(&script, None));
            }
            Err(stop) => {
                return Ok(Trial::Refused(stop.findings(&script, &file)));
            }
        }
    }
    Ok(Trial::Passes)
}

/// What may be run and taken back as a whole.
fn first_transaction(script: &Script<'_>) -> Option<Batch> {
    if script.is_atomic() {
        return script.batches().first().cloned();
    }
    let first = cut(script).into_iter().next()?;
    let Work::Transaction { end } = first.work else { return None };
    // Without its COMMIT.
    Some(Batch { range: first.batch.range.start..end, ..first.batch })
}

async fn run(connection: &Connection, script: &Script<'_>, batch: &Batch) -> Result<(), Stop> {
    send(connection, batch, &script.text()[batch.range.clone()]).await?;
    // What is put off until the end of the transaction would come there.
    connection.batch_execute("SET CONSTRAINTS ALL IMMEDIATE").await.map_err(Stop::Other)
}
