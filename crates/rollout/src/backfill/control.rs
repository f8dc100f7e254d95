//! What a person says of a backfill from beside: pause, resume, cancel, once more.

use postgres::Connection;

use super::source::Backfill;
use super::{Error, Progress, State, ledger, progress};

/// Has nobody work at it until it is resumed. Who is at it stops after the batch that is under way.
///
/// Gives how it then stands. Fails where there is nothing to pause.
pub async fn pause(connection: &Connection, backfill: &Backfill) -> Result<Vec<Progress>, Error> {
    let parts = [State::Waiting, State::Running];
    change(connection, backfill, &parts, "paused", "there is nothing to pause").await
}

/// Has whoever works at backfills go on with it.
pub async fn resume(connection: &Connection, backfill: &Backfill) -> Result<Vec<Progress>, Error> {
    change(connection, backfill, &[State::Paused], "running", "it is not paused").await
}

/// Gives it up: what is filled stays so, and nobody goes on with it.
pub async fn cancel(connection: &Connection, backfill: &Backfill) -> Result<Vec<Progress>, Error> {
    let parts = [State::Waiting, State::Running, State::Paused];
    change(connection, backfill, &parts, "cancelled", "there is nothing left to cancel").await
}

/// Has it begin anew: all its rows are looked at once more, and those that are pending are filled.
///
/// Fails where somebody is at work at it.
pub async fn again(connection: &Connection, backfill: &Backfill) -> Result<(), Error> {
    let found = progress(connection, std::slice::from_ref(backfill)).await?;
    if let Some(busy) = found.iter().find(|part| part.workers > 0) {
        return Err(Error::new(format!(
            "{} is being filled right now, by {} workers",
            busy.migration, busy.workers
        ))
        .with_help("it ends by itself, or after: cargo xtask backfill pause"));
    }
    ledger::ensure(connection).await?;
    let schema = connection.url().schema();
    let sql = include_str!("ledger/again.sql");
    connection.execute(sql, &[&schema, &backfill.migration]).await?;
    Ok(())
}

async fn change(
    connection: &Connection,
    backfill: &Backfill,
    from: &[State],
    to: &str,
    refusal: &str,
) -> Result<Vec<Progress>, Error> {
    ledger::ensure(connection).await?;
    let attempts = ledger::attempts(connection).await?;
    // Parts that nobody has begun are to be known too.
    for (at, part) in backfill.parts.iter().enumerate() {
        let (name, definition) = (&backfill.migration, part.definition());
        ledger::entered(connection, name, at + 1, &definition, &attempts).await?;
    }
    let from: Vec<&str> = from.iter().map(|state| state.name()).collect();
    let schema = connection.url().schema();
    let sql = include_str!("ledger/change.sql");
    let changed = connection.execute(sql, &[&schema, &backfill.migration, &from, &to]).await?;
    let found = progress(connection, std::slice::from_ref(backfill)).await?;
    if changed == 0 {
        let states: Vec<&str> = found.iter().map(|part| part.state.name()).collect();
        return Err(Error::new(format!(
            "{refusal}: {} is {}",
            backfill.migration,
            states.join(", ")
        ))
        .with_help("cargo xtask backfill status"));
    }
    Ok(found)
}
