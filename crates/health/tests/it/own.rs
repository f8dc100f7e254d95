//! What the shared server has not: statements that are counted, a standby that is behind, transactions that are prepared,
//! ids that run out, a memory that is too small.

use std::path::PathBuf;
use std::time::Duration;

use health::{Finding, Settings, State};
use postgres::testing::{OwnServer, SecondServer, block_on, program};
use postgres::{Connection, ConnectionUrl, connect};

use crate::names;

/// Trusts whoever comes, standbys too.
const ENTRY: &str = "local all all trust\nlocal replication all trust\n";

fn programs() -> PathBuf {
    let postgres = program("postgres").expect("PostgreSQL is there: every test here needs it");
    postgres.parent().expect("a folder").to_owned()
}

async fn open(url: &ConnectionUrl) -> Connection {
    connect(url).await.expect("the server answers")
}

async fn finding(url: &ConnectionUrl, id: &str, settings: &str) -> Finding {
    let settings = Settings::read(settings).expect("the settings are right");
    let connection = health::connect(Some(url.expose())).await;
    let report = health::check(&connection, &settings).await;
    let outcome = report.outcomes.into_iter().find(|outcome| outcome.id == id).expect("the check");
    outcome.result.expect("the check runs")
}

#[test]
fn a_statement_that_is_slow() {
    let programs = programs();
    // Debian's layout, and those of the packages which the project fetches.
    let folders = ["lib", "lib/postgresql"];
    let has = |folder: &&str| {
        let root = programs.parent().expect("a folder");
        root.join(folder).join("pg_stat_statements.so").exists()
    };
    if !folders.iter().any(has) {
        eprintln!("SKIPPED: this PostgreSQL comes without pg_stat_statements");
        return;
    }
    let server =
        OwnServer::start(&programs, &["shared_preload_libraries=pg_stat_statements"], ENTRY, &[]);
    let url = server.url("postgres");
    block_on(async {
        let connection = open(&url).await;
        let before = finding(&url, "slow_statements", "").await;
        assert_eq!(before.state, State::Unknown);
        assert!(
            before.message.contains("CREATE EXTENSION pg_stat_statements"),
            "{}",
            before.message
        );
        connection.batch_execute("CREATE EXTENSION pg_stat_statements").await.expect("as it says");
        assert_eq!(finding(&url, "slow_statements", "").await.state, State::Ok);
        for _ in 0..10 {
            connection.query("SELECT pg_sleep(0.03) AS napping", &[]).await.expect("a nap");
        }
        let found = finding(&url, "slow_statements", "").await;
        assert_eq!(found.state, State::Warn, "{}", found.message);
        assert!(names(&found, "SELECT pg_sleep($1) AS napping · 3"), "{}", found.message);
        connection.batch_execute("SELECT pg_stat_statements_reset()").await.expect("forgotten");
        assert_eq!(finding(&url, "slow_statements", "").await.state, State::Ok);
    });
}

#[test]
fn a_standby_that_is_behind() {
    let programs = programs();
    let server = OwnServer::start(&programs, &["wal_level=replica"], ENTRY, &[]);
    let primary = server.url("postgres");
    block_on(async {
        let mut standby = SecondServer::following(&server, &programs);
        standby.start(&["recovery_min_apply_delay=3s", "wal_receiver_status_interval=1s"]).await;
        let replica = standby.url();
        let connection = open(&primary).await;
        connection.batch_execute("CREATE TABLE t (a int)").await.expect("a table");
        let settings = "[replication_lag]\nwarn = 1\ncritical = 100";
        let behind = async |url: &ConnectionUrl, subject: &str| {
            for _ in 0..300 {
                connection.batch_execute("INSERT INTO t VALUES (1)").await.expect("a row");
                let found = finding(url, "replication_lag", settings).await;
                if names(&found, subject) {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            panic!("{subject} is never behind");
        };
        let found = behind(&primary, "standby walreceiver").await;
        assert_eq!(found.state, State::Warn, "{}", found.message);
        let found = behind(&replica, "this standby").await;
        assert_eq!(found.state, State::Warn, "{}", found.message);
        // Nothing more is written: it catches up.
        for _ in 0..300 {
            if finding(&replica, "replication_lag", settings).await.state == State::Ok {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the standby never catches up");
    });
}

#[test]
fn a_prepared_transaction_that_was_forgotten() {
    let server = OwnServer::start(&programs(), &["max_prepared_transactions=2"], ENTRY, &[]);
    let url = server.url("postgres");
    block_on(async {
        let connection = open(&url).await;
        connection.batch_execute("CREATE TABLE t (a int)").await.expect("a table");
        let prepare = "BEGIN; INSERT INTO t VALUES (1); PREPARE TRANSACTION 'forgotten'";
        connection.batch_execute(prepare).await.expect("it is prepared");
        for _ in 0..3 {
            connection.batch_execute("INSERT INTO t VALUES (2)").await.expect("a transaction");
        }
        let settings = "[xmin_holders]\nwarn = 3";
        let found = finding(&url, "xmin_holders", settings).await;
        assert!(names(&found, "prepared transaction forgotten"), "{}", found.message);
        connection.batch_execute(&found.advice[0]).await.expect("the advice can be followed");
        // Autovacuum, which began while it was there, may still look back to it for a moment.
        for _ in 0..300 {
            let found = finding(&url, "xmin_holders", settings).await;
            assert!(!names(&found, "prepared transaction"), "{}", found.message);
            if found.state == State::Ok {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("something still holds it up");
    });
}

/// Transaction ids in a file of `pg_xact`, and the bytes of one.
const SEGMENT: u32 = 32 * 8_192 * 4;
const SEGMENT_SIZE: usize = 32 * 8_192;

/// For real, but for the six hundred million transactions: the server is told that they were.
#[test]
fn transaction_ids_that_run_out() {
    let programs = programs();
    let server = OwnServer::start(&programs, &[], ENTRY, &[]);
    block_on(async {
        let mut cluster = SecondServer::new(&server, &programs);
        let segment = 600_000_000 / SEGMENT;
        let next = (segment * SEGMENT).to_string();
        cluster.run("pg_resetwal", &["-x", &next]);
        cluster.zeros(&format!("pg_xact/{segment:04X}"), SEGMENT_SIZE);
        // Else the server itself would mend it at once.
        cluster.start(&["autovacuum=off", "autovacuum_freeze_max_age=2000000000"]).await;
        let found = finding(&cluster.url(), "wraparound", "").await;
        assert_eq!(found.state, State::Warn, "{}", found.message);
        assert!(names(&found, "database postgres · 59"), "{}", found.message);
        assert_eq!(found.advice.len(), 2, "postgres and template1: {:?}", found.advice);
        for advice in &found.advice {
            let words = advice.split(", after ").next().unwrap_or_default();
            let mut words = words.split(' ');
            let program = words.next().expect("a program");
            cluster.run_client(program, &words.collect::<Vec<&str>>());
        }
        let found = finding(&cluster.url(), "wraparound", "").await;
        assert_eq!((found.state, found.message.as_str()), (State::Ok, "far from running out"));
    });
}

/// Pages that are asked for again and again, and have no room in memory.
#[test]
fn a_memory_that_is_too_small() {
    const READ: &str = "DO $$ BEGIN FOR i IN 1..70 LOOP PERFORM count(*) FROM t; END LOOP; END $$";
    let programs = programs();
    let server = OwnServer::start(&programs, &[], ENTRY, &[]);
    block_on(async {
        let mut cluster = SecondServer::new(&server, &programs);
        cluster.start(&["shared_buffers=2MB", "autovacuum=off"]).await;
        let connection = open(&cluster.url()).await;
        let table = "CREATE TABLE t (a int, b text); INSERT INTO t SELECT i, repeat('x', 1000) FROM generate_series(1, 14000) AS i";
        connection.batch_execute(table).await.expect("sixteen megabytes");
        connection.batch_execute("SELECT pg_stat_reset()").await.expect("reset");
        assert_eq!(
            finding(&cluster.url(), "cache_hits", "").await.state,
            State::Ok,
            "nothing is read yet"
        );
        connection.batch_execute(READ).await.expect("read");
        drop(connection);
        let found = until(&cluster.url(), "cache_hits", State::Critical).await;
        assert!(names(&found, "database postgres · "), "{}", found.message);
        assert!(found.advice[0].starts_with("more shared_buffers"), "{:?}", found.advice);

        cluster.stop();
        // More than four times the table: a scan of it is kept in memory only then.
        cluster.start(&["shared_buffers=128MB", "autovacuum=off"]).await;
        let connection = open(&cluster.url()).await;
        connection.batch_execute("SELECT count(*) FROM t").await.expect("into memory");
        // As the advice says: the figures are those since the last reset.
        assert!(found.advice[0].contains("SELECT pg_stat_reset()"), "{:?}", found.advice);
        // Only what was counted says that it is well.
        let counted = "[cache_hits]\nwarn = 101";
        let found = async || {
            for _ in 0..100 {
                let found = finding(&cluster.url(), "cache_hits", counted).await;
                if found.state != State::Ok {
                    return found.value;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            None
        };
        let mut hits = None;
        for _ in 0..5 {
            connection.batch_execute("SELECT pg_stat_reset()").await.expect("reset");
            connection.batch_execute(READ).await.expect("read");
            // A session tells once a second what it has done.
            connection.batch_execute("SELECT pg_sleep(1.2)").await.expect("a pause");
            hits = found().await;
            // What was read into memory first may be counted late, after the reset: then once more.
            let is_well = finding(&cluster.url(), "cache_hits", "").await.state == State::Ok;
            if is_well && hits.is_some_and(|hits| hits > 99.0) {
                return;
            }
        }
        panic!("the cache is never well: {hits:?}");
    });
}

/// What a check finds as soon as it is as bad as this: statistics arrive a moment later.
async fn until(url: &ConnectionUrl, id: &str, state: State) -> Finding {
    for _ in 0..100 {
        let found = finding(url, id, "").await;
        if found.state == state {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{id} is never {state:?}: {:?}", finding(url, id, "").await);
}
