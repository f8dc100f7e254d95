//! The session in which a worker fills: how it is set, and the lock by which the others know that the worker lives.
//!
//! Commits do not wait for the disk. Where the server crashes, the last batches are lost with what the ledger said of
//! them, and nobody had been told that they were kept: the end of a part waits for the disk, and all before it with that.

use std::fmt::Write as _;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use migrate::Watcher;
use pg_schema::quote::{ident, literal};
use postgres::{Connection, ConnectionUrl};

use super::Error;
use super::ledger::LOCKS;
use crate::SETTINGS;

/// What this session has that others have not.
const OWN: &[(&str, &str)] = &[
    ("statement_timeout", "0"),
    ("lock_timeout", "0"),
    ("application_name", "driveflow backfill"),
    ("synchronous_commit", "off"),
    ("default_transaction_isolation", "read committed"),
    ("standard_conforming_strings", "on"),
    ("lc_monetary", "C"),
    // Rows that a policy hides would be left out without a word; so it is refused.
    ("row_security", "off"),
    ("idle_in_transaction_session_timeout", "0"),
    // A batch goes along the key, whatever the statistics make of its range; nor is it worth compiling.
    ("enable_seqscan", "off"),
    ("enable_sort", "off"),
    ("jit", "off"),
];

/// A worker's connection.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) connection: Connection,
    pub(super) watcher: Watcher,
    /// The number that the worker is known by.
    pub(super) worker: i32,
}

impl Session {
    /// Connects, and takes a number that nobody has.
    pub(super) async fn open(url: &ConnectionUrl) -> Result<Self, Error> {
        if url.is_pgbouncer() {
            return Err(Error::new(
                "behind a pooler in transaction mode (`pgbouncer=true`) a worker has no session of its own",
            )
            .with_help("set `directUrl` beside `url` in the datasource, to a URL that leads to the server itself"));
        }
        let connection = postgres::connect(url).await?;
        let mut set = settings(url);
        for (name, value) in OWN {
            let _ = writeln!(set, "SET {name} TO {};", literal(value));
        }
        connection.batch_execute(&set).await?;
        let process = connection.query_one("SELECT pg_catalog.pg_backend_pid()", &[]).await?.get(0);
        let worker = loop {
            let number = chance();
            let sql = format!("SELECT pg_catalog.pg_try_advisory_lock({LOCKS}, {number})");
            if number != 0 && connection.query_one(&sql, &[]).await?.get(0) {
                break number;
            }
        };
        let watcher = Watcher::new(url, Some(process));
        Ok(Self { connection, watcher, worker })
    }
}

/// What every session is set to that evaluates expressions of a rollout, where nothing of it may depend on whoever runs it.
pub(super) fn settings(url: &ConnectionUrl) -> String {
    let mut set = format!("SET search_path TO {};\n", ident(url.schema()));
    for (name, value) in SETTINGS {
        let _ = writeln!(set, "SET {name} TO {};", literal(value));
    }
    set
}

/// A number that nobody can foresee.
pub(super) fn chance() -> i32 {
    let bits = RandomState::new().build_hasher().finish();
    i32::from_ne_bytes([
        bits.to_ne_bytes()[0],
        bits.to_ne_bytes()[1],
        bits.to_ne_bytes()[2],
        bits.to_ne_bytes()[3],
    ])
}
