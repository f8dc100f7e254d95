//! A connection of the pool for one statement.
//!
//! A statement that nobody waits for any more must not become the next one's burden: the connection goes back once the
//! server has answered, and where that takes long, the statement is stopped and the connection closed.

use std::time::Duration;

use postgres::{ConnectionUrl, PooledConnection};
use tokio::time::timeout;

/// How long the server may be at a statement that was given up before it is asked to stop.
const PATIENCE: Duration = Duration::from_millis(100);

/// The same of one that came behind it, and how many of them are stopped at most: one that cannot be stopped is left alone.
const NEXT: Duration = Duration::from_millis(10);
const MOST: usize = 1_000;

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
            drop(PooledConnection::take(connection));
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
        drop(PooledConnection::take(connection));
        return;
    };
    let url = url.clone();
    drop(runtime.spawn(async move {
        if matches!(timeout(PATIENCE, connection.batch_execute("")).await, Ok(Ok(()))) {
            return;
        }
        // A request to cancel may come late and stop another statement, so that nobody gets the connection after it.
        let token = connection.cancel_token();
        let _ = postgres::cancel(&token, &url).await;
        let connection = PooledConnection::take(connection);
        // It stops one statement, and others may be behind it: the server would go through them before it sees the end.
        for _ in 0..MOST {
            let is_over = timeout(NEXT, connection.batch_execute("")).await.is_ok();
            if is_over || postgres::cancel(&token, &url).await.is_err() {
                break;
            }
        }
    }));
}

/// Whether there is something in the midst of a statement that outlives it.
pub(crate) fn leaves_something(sql: &str) -> bool {
    let mut before = "";
    all_words(sql).any(|word| {
        let is = |name: &&str| word.eq_ignore_ascii_case(name);
        let leaves = ["set_config", "pg_advisory_lock", "pg_advisory_lock_shared"].iter().any(is)
            || (before.eq_ignore_ascii_case("into") && ["temp", "temporary"].iter().any(is));
        before = word;
        leaves
    })
}

/// Whether a statement written by hand may leave something behind in its session that the next one would meet: a
/// setting, an open transaction, a lock, a temporary table. What functions of the user's own do cannot be seen.
pub(crate) fn changes_session(sql: &str) -> bool {
    if leaves_something(sql) {
        return true;
    }
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
/// Procedures and blocks may end transactions themselves, unless they have to find a schema that is not the usual one.
pub(crate) fn fits_a_transaction(sql: &str, schema: &str) -> bool {
    let mut words = words(sql);
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let concurrently = || all_words(sql).any(|word| word.eq_ignore_ascii_case("concurrently"));
    match first.as_str() {
        "select" | "insert" | "update" | "delete" | "merge" | "with" | "values" | "table"
        | "explain" | "show" | "truncate" | "comment" | "grant" | "revoke" | "refresh"
        | "analyze" => true,
        "create" | "drop" | "alter" => {
            let alone = ["database", "tablespace", "subscription", "system"];
            !alone.contains(&second.as_str()) && !concurrently()
        }
        "do" | "call" => schema != "public",
        _ => false,
    }
}

/// Whatever looks like a word, those in texts and comments too: one too many costs a connection, and no more.
fn all_words(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// The words that a statement begins with, in small letters, without comments.
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
    use super::{changes_session, fits_a_transaction, outlives_transaction};

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
    fn what_a_transaction_takes_is_known() {
        for sql in [
            "CREATE TABLE t ()",
            "drop index i",
            "ALTER TABLE t ADD a int",
            "COMMENT ON TABLE t IS 'x'",
        ] {
            assert!(fits_a_transaction(sql, "public"), "{sql}");
        }
        for sql in [
            "CREATE INDEX CONCURRENTLY i ON t (a)",
            "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)",
            "DROP INDEX CONCURRENTLY i",
            "CREATE DATABASE d",
            "ALTER SYSTEM SET x = 1",
            "VACUUM t",
            "CALL p()",
        ] {
            assert!(!fits_a_transaction(sql, "public"), "{sql}");
        }
        // Where bare names mean another schema, they have to be told.
        assert!(
            fits_a_transaction("CALL p()", "other")
                && fits_a_transaction("DO $$ BEGIN END $$", "other")
        );
    }

    #[test]
    fn what_a_session_remembers_is_known() {
        for sql in [
            "SELECT set_config('work_mem', '77MB', false)",
            "SELECT * INTO TEMP t FROM u",
            "select pg_advisory_lock(1)",
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
            "SELECT temp, temporary FROM sensors",
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
