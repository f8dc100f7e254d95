//! What follows the fills of a rollout: its indexes and constraints, one after the other beside whoever uses the tables,
//! and the proof that both sides are equal. One worker does it, and the others wait.

use std::time::Duration;

use migrate::{Options as Deploying, Progress as Told, Watcher};
use pg_schema::quote::ident;
use postgres::Connection;
use postgres::driver::{SimpleQueryMessage, SqlState};

use super::{Ended, Event, Stop, Waits};
use crate::backfill::session::{Session, chance, settings};
use crate::backfill::{Error, Progress, State, ledger};
use crate::{Finish, FinishKind};

/// What the numbers of the locks of whoever does this begin with; the second half is the part's.
const LOCKS: i32 = ledger::LOCKS + 1;
const LOOK: Duration = Duration::from_millis(500);
/// How many rows that differ are shown.
const SHOWN: usize = 10;

/// The part.
#[derive(Debug)]
pub(super) struct All<'a> {
    pub(super) id: i64,
    pub(super) steps: &'a [Finish],
    pub(super) proofs: &'a [String],
    pub(super) progress: Progress,
    /// Whether what is paused is left rather than waited for.
    pub(super) leaves_paused: bool,
}

pub(super) async fn run(
    session: &Session,
    mut all: All<'_>,
    stop: &mut Stop,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Ended, Error> {
    let connection = &session.connection;
    loop {
        if let Some(ended) = wait_for_lock(connection, &mut all, stop, tell).await? {
            return Ok(ended);
        }
        let done = locked(session, &mut all, stop, tell).await;
        if !connection.is_closed() {
            if let Err(error) = &done {
                let _ = ledger::stopped(connection, all.id, &error.to_string()).await;
            }
            let sql = format!("SELECT pg_catalog.pg_advisory_unlock({LOCKS}, {})", all.id);
            connection.query(&sql, &[]).await?;
        }
        if let Some(ended) = done? {
            return Ok(ended);
        }
    }
}

/// Waits until it is this worker's to do; or says how it has ended without it.
async fn wait_for_lock(
    connection: &Connection,
    all: &mut All<'_>,
    stop: &mut Stop,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Option<Ended>, Error> {
    let mut waits = None;
    loop {
        let state = ledger::state(connection, all.id).await?;
        all.progress.state = state;
        let wait = match state {
            State::Done => return Ok(Some(Ended::Done)),
            State::Cancelled => return Ok(Some(Ended::Cancelled)),
            State::Paused if all.leaves_paused => return Ok(Some(Ended::Paused)),
            State::Paused => Waits::Paused,
            State::Waiting | State::Running => {
                let sql = format!("SELECT pg_catalog.pg_try_advisory_lock({LOCKS}, {})", all.id);
                if connection.query_one(&sql, &[]).await?.get(0) {
                    return Ok(None);
                }
                Waits::Others
            }
        };
        if waits != Some(wait) {
            tell(Event::Waits(wait));
            waits = Some(wait);
        }
        stop.sleep(LOOK).await;
        if stop.is_wanted() {
            return Ok(Some(Ended::Stopped));
        }
    }
}

/// Does it; how it has ended, or nothing where somebody has paused or cancelled it between two steps.
async fn locked(
    session: &Session,
    all: &mut All<'_>,
    stop: &mut Stop,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Option<Ended>, Error> {
    // Another one may have done it between the look and the lock.
    if !ledger::begin_finish(&session.connection, all.id).await? {
        return Ok(None);
    }
    all.progress.state = State::Running;
    tell(Event::Begins { progress: &all.progress, key: "" });
    // The fills' own session is set for fills.
    let url = session.connection.url();
    let connection = postgres::connect(url).await?;
    connection.batch_execute(&(settings(url) + "SET row_security TO off")).await?;
    let process = connection.query_one("SELECT pg_catalog.pg_backend_pid()", &[]).await?.get(0);
    let mut watcher = Watcher::new(url, Some(process));
    for (number, finish) in (1..).zip(all.steps) {
        if stop.is_wanted() {
            return Ok(Some(Ended::Stopped));
        }
        if ledger::state(&session.connection, all.id).await? != State::Running {
            return Ok(None);
        }
        tell(Event::Step { number, of: all.steps.len(), sql: &finish.sql });
        step(&connection, finish, &mut watcher, stop, tell).await?;
    }
    for (number, proof) in (1..).zip(all.proofs) {
        if stop.is_wanted() {
            return Ok(Some(Ended::Stopped));
        }
        if ledger::state(&session.connection, all.id).await? != State::Running {
            return Ok(None);
        }
        tell(Event::Proves { number, of: all.proofs.len() });
        prove(&connection, proof, &all.progress.migration).await?;
    }
    connection.close().await;
    ledger::end_finish(&session.connection, all.id).await?;
    let state = ledger::state(&session.connection, all.id).await?;
    if state != State::Done {
        return Ok(None);
    }
    all.progress.state = state;
    tell(Event::Ends(&all.progress));
    Ok(Some(Ended::Done))
}

async fn step(
    connection: &Connection,
    finish: &Finish,
    watcher: &mut Watcher,
    stop: &mut Stop,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<(), Error> {
    let mut told = |progress: Told<'_>| {
        if let Told::Blocked { by, waited } = progress {
            tell(Event::Blocked { by, waited });
        }
    };
    let is_valid = match finish.kind {
        FinishKind::Index => {
            // What gives up in the middle leaves an index that is not valid: so it waits as long as it takes.
            connection.batch_execute("SET lock_timeout TO 0;\nSET statement_timeout TO 0").await?;
            let built = migrate::build_beside(connection, &finish.sql, watcher, &mut told).await;
            return built.map_err(|error| unbuilt(finish, error.into()));
        }
        _ => validity(connection, finish).await?,
    };
    match (finish.kind, is_valid) {
        (FinishKind::Validate, Some(false)) => {
            connection.batch_execute("SET lock_timeout TO 0;\nSET statement_timeout TO 0").await?;
            let guard = connection.cancel_on_drop();
            let work = connection.batch_execute(&finish.sql);
            let validated = watcher.watching(connection, Duration::MAX, &mut told, work).await;
            guard.done();
            validated.map_err(|error| unbuilt(finish, error.into()))
        }
        (FinishKind::Constraint, None) => {
            short(connection, &finish.sql, watcher, stop, tell)
                .await
                .map_err(|error| unbuilt(finish, error))
        }
        (FinishKind::Validate, None) => Err(Error::new(format!(
            "there is no constraint {} on {}.{} to validate",
            ident(&finish.name),
            ident(&finish.table.schema),
            ident(&finish.table.name)
        ))
        .with_help("cargo xtask migrate status --drift\nshows where the database is not what its migrations make")),
        _ => Ok(()),
    }
}

/// Whether a constraint is there, and valid.
async fn validity(connection: &Connection, finish: &Finish) -> Result<Option<bool>, Error> {
    let sql = "SELECT c.convalidated FROM pg_catalog.pg_constraint c \
               JOIN pg_catalog.pg_class t ON t.oid = c.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace \
               WHERE n.nspname = $1 AND t.relname = $2 AND c.conname = $3";
    let Finish { table, name, .. } = finish;
    let row = connection.query_opt(sql, &[&table.schema, &table.name, name]).await?;
    Ok(row.map(|row| row.get(0)))
}

/// Runs what takes a lock that keeps others out: they wait for a moment, and it is tried again later.
async fn short(
    connection: &Connection,
    sql: &str,
    watcher: &mut Watcher,
    stop: &mut Stop,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<(), Error> {
    let options = Deploying::default();
    let limit = options.lock_timeout.as_millis();
    connection
        .batch_execute(&format!("SET lock_timeout TO {limit};\nSET statement_timeout TO 0"))
        .await?;
    let mut pause = Duration::from_millis(500);
    for tries in 0.. {
        let mut told = |progress: Told<'_>| {
            if let Told::Blocked { by, waited } = progress {
                tell(Event::Blocked { by, waited });
            }
        };
        let work = connection.batch_execute(sql);
        let ran = watcher.watching(connection, options.lock_timeout / 2, &mut told, work).await;
        let Err(error) = ran else { return Ok(()) };
        let code = error.db().map(|db| db.code().clone());
        let is_contention = code.is_some_and(|code| {
            [SqlState::LOCK_NOT_AVAILABLE, SqlState::T_R_DEADLOCK_DETECTED].contains(&code)
        });
        if !is_contention || tries >= options.max_retries || stop.is_wanted() {
            return Err(error.into());
        }
        let permille = 500 + chance().unsigned_abs() % 1001;
        let wait = pause * permille / 1000;
        tell(Event::Retries { pause: wait });
        stop.sleep(wait).await;
        pause = (pause * 2).min(Duration::from_secs(30));
    }
    Ok(())
}

fn unbuilt(finish: &Finish, error: Error) -> Error {
    let what = match finish.kind {
        FinishKind::Index => "the index",
        FinishKind::Constraint | FinishKind::Validate => "the constraint",
    };
    let message = format!(
        "{what} {} of {}.{} cannot be had: {error}",
        ident(&finish.name),
        ident(&finish.table.schema),
        ident(&finish.table.name)
    );
    if error.help().is_some() || error.server().is_some_and(postgres::Error::is_closed) {
        return error;
    }
    error.retold(message).with_help(
        "the rows that are in the way are to be mended first; then this goes on:\n  cargo xtask backfill run",
    )
}

/// That a query finds no row.
async fn prove(connection: &Connection, proof: &str, migration: &str) -> Result<(), Error> {
    connection.batch_execute("SET lock_timeout TO 0;\nSET statement_timeout TO 0").await?;
    let guard = connection.cancel_on_drop();
    let answers = connection.simple_query(proof).await;
    guard.done();
    let answers = answers.map_err(postgres::Error::from)?;
    let rows = answers.iter().filter_map(|answer| match answer {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    let mut lines = Vec::new();
    for row in rows.take(SHOWN) {
        let columns = row.columns().iter().enumerate();
        let values = columns.map(|(at, column)| {
            format!("{} = {}", ident(column.name()), row.get(at).unwrap_or("NULL"))
        });
        lines.push(format!("  {}", values.collect::<Vec<_>>().join(", ")));
    }
    if lines.is_empty() {
        return Ok(());
    }
    Err(Error::new(format!(
        "both sides are not equal; rows in which they differ, ten at most:\n{}",
        lines.join("\n")
    ))
    .with_help(format!(
        "rows that are still to be filled are filled by\n  cargo xtask backfill run {migration} --again"
    )))
}
