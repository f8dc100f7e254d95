//! A connection of the pool for one statement.
//!
//! A statement that nobody waits for any more must not become the next one's burden: the connection goes back once the
//! server has answered, and where that takes long, the statement is stopped and the connection closed.

use std::time::Duration;

use postgres::driver::deadpool_postgres;
use postgres::{ConnectionUrl, PooledConnection};
use tokio::time::timeout;

/// How long the server may be at a statement that was given up before it is asked to stop.
const PATIENCE: Duration = Duration::from_millis(100);

/// The connection of one statement; dropped before [`Lent::answered`], it is settled first.
#[derive(Debug)]
pub(crate) struct Lent<'u> {
    connection: Option<PooledConnection>,
    url: &'u ConnectionUrl,
}

impl<'u> Lent<'u> {
    pub(crate) fn new(connection: PooledConnection, url: &'u ConnectionUrl) -> Self {
        Self { connection: Some(connection), url }
    }

    pub(crate) fn connection(&self) -> &PooledConnection {
        self.connection.as_ref().expect("it is lent until it is given back")
    }

    /// The answer has come: back to the pool.
    pub(crate) fn answered(mut self) {
        self.connection = None;
    }

    /// The answer has come, and what was said may have changed the session: nobody else gets it.
    pub(crate) fn spent(mut self) {
        if let Some(connection) = self.connection.take() {
            drop(deadpool_postgres::Object::take(connection));
        }
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            settle(connection, self.url);
        }
    }
}

/// Gives a connection back when the server has done what it is at, or closes it.
pub(crate) fn settle(connection: PooledConnection, url: &ConnectionUrl) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else {
        drop(deadpool_postgres::Object::take(connection));
        return;
    };
    let url = url.clone();
    drop(runtime.spawn(async move {
        if matches!(timeout(PATIENCE, connection.batch_execute("")).await, Ok(Ok(()))) {
            return;
        }
        // A request to cancel may come late and stop another statement, so there is none after it.
        let _ = postgres::cancel(&connection.cancel_token(), &url).await;
        drop(deadpool_postgres::Object::take(connection));
    }));
}

/// Whether a statement written by hand may leave something behind in its session that the next one would meet: a
/// setting, an open transaction, a lock, a temporary table.
pub(crate) fn changes_session(sql: &str) -> bool {
    let mut words = words(sql);
    let first = words.next().unwrap_or_default();
    match first.as_str() {
        "create" => matches!(
            words.next().unwrap_or_default().as_str(),
            "temp" | "temporary" | "local" | "global"
        ),
        "select" | "insert" | "update" | "delete" | "merge" | "with" | "values" | "table"
        | "explain" | "show" | "alter" | "drop" | "truncate" | "comment" | "grant" | "revoke"
        | "analyze" | "vacuum" | "reindex" | "cluster" | "refresh" | "notify" | "do" | "call"
        | "copy" | "" => false,
        _ => true,
    }
}

/// Whether a statement written by hand leaves something behind in its session even where the transaction around it ends
/// well.
pub(crate) fn outlives_transaction(sql: &str) -> bool {
    let mut words = words(sql);
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    match first.as_str() {
        "set" => !matches!(second.as_str(), "local" | "transaction" | "constraints"),
        "prepare" => second != "transaction",
        "create" => matches!(second.as_str(), "temp" | "temporary" | "local" | "global"),
        "reset" | "listen" | "unlisten" | "deallocate" | "load" => true,
        _ => false,
    }
}

/// Whether a statement written by hand may run inside a transaction: some may not, and of others it is not known.
pub(crate) fn fits_a_transaction(sql: &str) -> bool {
    let first = words(sql).next().unwrap_or_default();
    matches!(
        first.as_str(),
        "select"
            | "insert"
            | "update"
            | "delete"
            | "merge"
            | "with"
            | "values"
            | "table"
            | "explain"
            | "show"
            | "truncate"
    )
}

/// The words of a statement in small letters, without comments.
fn words(sql: &str) -> impl Iterator<Item = String> {
    let mut rest = sql;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '(' || c == ';');
            if let Some(comment) = rest.strip_prefix("--") {
                rest = comment.split_once('\n').map_or("", |(_, after)| after);
            } else if let Some(comment) = rest.strip_prefix("/*") {
                rest = comment.split_once("*/").map_or("", |(_, after)| after);
            } else {
                break;
            }
        }
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        (!word.is_empty()).then(|| word.to_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::{changes_session, outlives_transaction};

    #[test]
    fn what_ends_with_a_transaction_is_known() {
        for sql in [
            "SET x TO 1",
            "set session x = 1",
            "LISTEN a",
            "PREPARE p AS SELECT 1",
            "CREATE TEMP TABLE t ()",
        ] {
            assert!(outlives_transaction(sql) && changes_session(sql), "{sql}");
        }
        for sql in [
            "SET LOCAL x TO 1",
            "SET CONSTRAINTS ALL DEFERRED",
            "SAVEPOINT a",
            "SELECT 1",
            "LOCK TABLE t",
        ] {
            assert!(!outlives_transaction(sql), "{sql}");
        }
    }

    #[test]
    fn what_a_session_remembers_is_known() {
        for sql in [
            "SET search_path TO x",
            "/* a */ -- b\n begin",
            "LISTEN x",
            "create temp table t ()",
            "CREATE LOCAL TEMPORARY TABLE t ()",
            "PREPARE p AS SELECT 1",
            "lock table t",
        ] {
            assert!(changes_session(sql), "{sql}");
        }
        for sql in [
            "SELECT 1",
            "(select 1)",
            "with a as (select 1) select * from a",
            "CREATE TABLE t (a int)",
            "create index on temp (a)",
            "",
            "-- nothing",
        ] {
            assert!(!changes_session(sql), "{sql}");
        }
    }
}
