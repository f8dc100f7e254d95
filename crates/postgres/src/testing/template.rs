//! Templates: made once for a content, copied for each test, swept when old.
//!
//! Advisory locks on the server's `postgres` database keep processes apart: a template's maker
//! holds its lock alone, its copiers together.

use std::sync::mpsc;
use std::time::{SystemTime, UNIX_EPOCH};

use pg_schema::quote::ident;

use super::{PREFIX, block_on};
use crate::{Connection, ConnectionUrl, Error, connect, short_hash};

/// What fills a template.
pub(super) type Make<'a> = Box<dyn FnOnce(&ConnectionUrl) + 'a>;

const TEMPLATE_PREFIX: &str = "driveflow_template_";
/// Templates kept for the next run, beside the one in use.
const TEMPLATES_KEPT: i64 = 30;
/// After this many seconds the database of a failed test goes.
const FAILED_KEPT: u64 = 24 * 60 * 60;
/// Seconds since 1970 that no process id or count gets to, and every time this runs at is past.
const ANY_TIME: u64 = 1_000_000_000;

pub(super) fn create_empty(server: &ConnectionUrl, name: &str) {
    execute(server, &format!("CREATE DATABASE {} TEMPLATE template0", ident(name)));
}

/// Creates `name` as a copy of the template for `key`, making the template first if need be.
pub(super) fn create_copy(server: &ConnectionUrl, name: &str, key: &[u8], make: Make<'_>) {
    let template = format!("{TEMPLATE_PREFIX}{}", short_hash(key, 24));
    let mut make = Some(make);
    loop {
        if told(block_on(copy_existing(server, name, &template))) {
            return;
        }
        // Made by whoever comes first; the others wait here, find it made and copy it.
        let Some(make) = make.take() else {
            panic!("the template {template} vanished while it was needed");
        };
        make_template(server, &template, make);
    }
}

/// Runs one statement on a connection of its own.
pub(super) fn execute(server: &ConnectionUrl, sql: &str) {
    told(block_on(async {
        let connection = connect(server).await?;
        let executed = connection.batch_execute(sql).await;
        connection.close().await;
        executed
    }));
}

async fn copy_existing(server: &ConnectionUrl, name: &str, template: &str) -> Result<bool, Error> {
    let connection = connect(server).await?;
    connection
        .batch_execute(&format!("SELECT pg_advisory_lock_shared({})", lock_key(template)))
        .await?;
    let exists = exists(&connection, template).await?;
    if exists {
        // Copying files beats replaying them through the log, which is the default since 15.
        let strategy = if connection.server_major() >= 15 { " STRATEGY FILE_COPY" } else { "" };
        let (name, template) = (ident(name), ident(template));
        connection
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}{strategy}"))
            .await?;
    }
    connection.close().await;
    Ok(exists)
}

/// Makes the template unless somebody else did while we waited for its lock.
fn make_template(server: &ConnectionUrl, template: &str, make: Make<'_>) {
    let (locked, wait_locked) = mpsc::channel();
    let (done, wait_done) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || hold_lock(server, template, locked, wait_done));
        // Dropped at the end of this block, also by a panic in `make`: that is the signal.
        let _done = done;
        let unmade =
            wait_locked.recv().unwrap_or_else(|_| panic!("no lock on the template {template}"));
        if unmade {
            let unfinished = format!("{template}_making");
            execute(
                server,
                &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", ident(&unfinished)),
            );
            execute(server, &format!("CREATE DATABASE {} TEMPLATE template0", ident(&unfinished)));
            make(&server.with_database(&unfinished));
            told(block_on(finish(server, &unfinished, template)));
        }
    });
}

/// Holds the template's lock until `done` hangs up. Says first whether the template is unmade.
fn hold_lock(
    server: &ConnectionUrl,
    template: &str,
    locked: mpsc::Sender<bool>,
    done: mpsc::Receiver<()>,
) {
    told(block_on(async move {
        let connection = connect(server).await?;
        connection
            .batch_execute(&format!("SELECT pg_advisory_lock({})", lock_key(template)))
            .await?;
        sweep(&connection, template).await?;
        let unmade = !exists(&connection, template).await?;
        if locked.send(unmade).is_ok() {
            // Blocks the runtime, which has nothing else to do than to keep the connection.
            let _ = done.recv();
        }
        connection.close().await;
        Ok(())
    }));
}

/// Gives the template its name, once whoever filled it is gone.
async fn finish(server: &ConnectionUrl, unfinished: &str, template: &str) -> Result<(), Error> {
    let connection = connect(server).await?;
    let (from, to) = (ident(unfinished), ident(template));
    connection.batch_execute(&format!("ALTER DATABASE {from} ALLOW_CONNECTIONS false")).await?;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
    connection.query(end, &[&unfinished]).await?;
    // Nobody can come back, and the server itself waits a few seconds for those that leave.
    connection.batch_execute(&format!("ALTER DATABASE {from} RENAME TO {to}")).await?;
    connection.close().await;
    Ok(())
}

/// Drops the oldest templates, unless in use, and what tests that failed long ago left.
async fn sweep(connection: &Connection, template: &str) -> Result<(), Error> {
    let old = "SELECT datname::text FROM pg_database \
               WHERE starts_with(datname, $1) AND datname <> $2 AND datname !~ '_making$' ORDER BY oid DESC OFFSET $3";
    for row in connection.query(old, &[&TEMPLATE_PREFIX, &template, &TEMPLATES_KEPT]).await? {
        let name: String = row.get(0);
        let lock = lock_key(&name);
        if connection.query_one(&format!("SELECT pg_try_advisory_lock({lock})"), &[]).await?.get(0)
        {
            connection
                .batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", ident(&name)))
                .await?;
            connection.batch_execute(&format!("SELECT pg_advisory_unlock({lock})")).await?;
        }
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let tests = "SELECT datname::text FROM pg_database WHERE starts_with(datname, $1)";
    for row in connection.query(tests, &[&PREFIX]).await? {
        let name: String = row.get(0);
        // Tests give databases of theirs longer names: the time is known by its size, wherever it stands.
        let numbers = name.split('_').filter_map(|part| part.parse::<u64>().ok());
        let made = numbers.max().filter(|seconds| *seconds > ANY_TIME);
        if made.is_some_and(|made| made + FAILED_KEPT < now) {
            connection
                .batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", ident(&name)))
                .await?;
        }
    }
    Ok(())
}

async fn exists(connection: &Connection, name: &str) -> Result<bool, Error> {
    Ok(connection
        .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
        .await?
        .is_some())
}

/// The SQL of a template's lock key.
fn lock_key(template: &str) -> String {
    format!("hashtextextended('{template}', 0)")
}

fn told<T>(result: Result<T, Error>) -> T {
    result.unwrap_or_else(|error| panic!("the test server failed: {error}"))
}
