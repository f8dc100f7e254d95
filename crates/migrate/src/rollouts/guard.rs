//! The guard of a contract: the block at the top of its script that raises where this database is not ready for it.
//!
//! It is asked before the migration begins, so that a refusal leaves no failed attempt in the history. The script has it
//! all the same: Prisma, or a hand, runs it whole.

use std::time::Duration;

use postgres::Connection;
use sql::Statement;
use sql::statement::Kind;

use crate::Error;

/// What keeps a database from a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The rollout.
    pub rollout: String,
    /// In the guard's words.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Refusal {
    pub(crate) fn error(&self, migration: &str) -> Error {
        let Self { rollout, message, help } = self;
        let help = help.as_deref().map(|help| format!("{help}\n")).unwrap_or_default();
        Error::plain(format!(
            "the migration `{migration}` contracts the rollout `{rollout}`, which is not at its end in this database: \
             {message}"
        ))
        .with_help(format!(
            "{help}Nothing of the migration was run, and no attempt is recorded. To see how far the rollout is:\n  \
             cargo xtask rollout status"
        ))
    }
}

/// The statement that tells guards of this session how long the old side has to be quiet, other than they say themselves.
pub(crate) fn quiet_sql(quiet: Duration) -> String {
    format!("SET driveflow.quiet TO '{} milliseconds';\n", quiet.as_millis())
}

/// Asks the guard of a contract's script; none where it lets the contract pass, or there is no guard. `quiet` is how long
/// the old side has to be quiet, where that is not as the guard says.
///
/// Fails where the server cannot be asked. That its query is refused counts as the guard's refusal.
pub async fn ask(
    connection: &Connection,
    rollout: &str,
    script: &str,
    quiet: Option<Duration>,
) -> Result<Option<Refusal>, Error> {
    let Some(guard) = guard_of(script) else { return Ok(None) };
    let quiet = quiet.map(quiet_sql).unwrap_or_default();
    // With the end of the transaction it is as it was.
    connection.batch_execute(&format!("BEGIN READ ONLY;\n{quiet}")).await?;
    let asked = connection.batch_execute(guard).await;
    if !connection.is_closed() {
        connection.batch_execute("ROLLBACK").await?;
    }
    let error = match asked {
        Ok(()) => return Ok(None),
        Err(error) if error.db().is_none() => return Err(error.into()),
        Err(error) => error,
    };
    let db = error.db();
    let refusal = Refusal {
        rollout: rollout.to_owned(),
        message: db.map_or_else(|| error.to_string(), |db| db.message().to_owned()),
        help: db.and_then(|db| db.hint()).map(str::to_owned),
    };
    Ok(Some(refusal))
}

/// A script without its guard; what follows that stands where it stood, for whoever is told of a place there.
pub(crate) fn without(script: &str) -> String {
    let Some(guard) = guard_of(script) else { return script.to_owned() };
    let blank = |char: char| if char == '\n' { char } else { ' ' };
    script.replacen(guard, &guard.chars().map(blank).collect::<String>(), 1)
}

/// The block with which a script begins.
fn guard_of(script: &str) -> Option<&str> {
    let first = Statement::read(script).into_iter().next()?;
    let text = &script[first.range.clone()];
    (matches!(first.kind, Kind::Code(_)) && text.get(..2)?.eq_ignore_ascii_case("do"))
        .then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{guard_of, without};

    #[test]
    fn the_guard_is_the_block_at_the_top() {
        assert_eq!(
            guard_of("-- why\nDO $$ BEGIN END $$;\nDROP TABLE t;"),
            Some("DO $$ BEGIN END $$")
        );
        assert_eq!(guard_of("DROP TABLE t; DO $$ BEGIN END $$;"), None);
        assert_eq!(guard_of("CALL p();"), None);
        assert_eq!(guard_of(""), None);
    }
    #[test]
    fn what_follows_the_guard_stays_where_it_is() {
        let script = "-- DO it\nDO $$ BEGIN\n  NULL; -- ü\nEND $$;\nDROP TABLE t;";
        let rest = without(script);
        assert_eq!(rest.trim_start_matches("-- DO it").trim_start(), ";\nDROP TABLE t;");
        assert_eq!(rest.chars().count(), script.chars().count());
        assert_eq!(rest.lines().count(), script.lines().count());
        assert_eq!(without("DROP TABLE t;"), "DROP TABLE t;");
    }
}
