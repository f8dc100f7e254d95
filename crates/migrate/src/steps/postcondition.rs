//! Whether a statement has done its work that refuses a transaction, seen from the catalogs: nobody was there to hear it.

use postgres::{Connection, Error};

use crate::steps::indexes::{candidates, definition};
use crate::steps::statement::{Alone, Build};

/// That all was as though a statement had been run, before it was for the first time.
pub(super) const WAS_SO: &str = "as afterwards";

/// What the catalogs say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    NotDone,
    /// They do not tell; it may be done again.
    Untold,
}

/// Looks whether a step that was begun has done its work; `before` is what was there then.
pub(super) async fn look(
    connection: &Connection,
    alone: &Alone,
    before: &[String],
) -> Result<Outcome, Error> {
    if before.iter().any(|one| one == WAS_SO) && !matches!(alone, Alone::BuildIndex(_)) {
        // Somebody else's work: the statement is for the server to refuse again, or to pass over.
        return Ok(Outcome::NotDone);
    }
    let is_there = match alone {
        Alone::BuildIndex(build) => {
            let found = candidates(connection, build, Some(before)).await?;
            let mut valid = found.into_iter().filter(|index| index.is_valid).peekable();
            if valid.peek().is_none() {
                return Ok(Outcome::NotDone);
            }
            let wanted = definition(connection, build).await?;
            valid.any(|index| wanted.as_ref().is_none_or(|wanted| *wanted == index.definition))
        }
        Alone::DropIndexes(names) => {
            let sql = "SELECT FROM unnest($1::text[]) AS name WHERE pg_catalog.to_regclass(name) IS NOT NULL LIMIT 1";
            connection.query_opt(sql, &[names]).await?.is_none()
        }
        Alone::Detach { table, partition } => {
            let sql = "SELECT FROM pg_catalog.pg_inherits WHERE inhparent = to_regclass($1) AND inhrelid = to_regclass($2)";
            connection.query_opt(sql, &[table, partition]).await?.is_none()
        }
        Alone::Make(object) => connection.query_opt(object.find, &[&object.name]).await?.is_some(),
        Alone::Unmake(object) => {
            connection.query_opt(object.find, &[&object.name]).await?.is_none()
        }
        Alone::Reindex | Alone::Repeatable => return Ok(Outcome::Untold),
    };
    Ok(if is_there { Outcome::Done } else { Outcome::NotDone })
}

/// An index of a build that has ended well, and is not valid all the same: with IF NOT EXISTS the server is content with
/// what it finds.
pub(super) async fn invalid(
    connection: &Connection,
    build: &Build,
    before: &[String],
) -> Result<Option<String>, Error> {
    let found = candidates(connection, build, Some(before)).await?;
    if found.iter().any(|index| index.is_valid) {
        return Ok(None);
    }
    Ok(found.into_iter().next().map(|index| index.qualified))
}
