//! What the shared server has not: statements that are counted, a standby that is behind, transactions that are prepared.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use health::{Finding, Settings, State};
use postgres::testing::{OwnServer, block_on, free_port, program};
use postgres::{Connection, ConnectionUrl, connect};

use crate::names;

/// Trusts whoever comes, standbys too.
const ENTRY: &str = "local all all trust\nlocal replication all trust\n";

fn programs() -> PathBuf {
    let postgres = program("postgres").expect("PostgreSQL is there: every test here needs it");
    postgres.parent().expect("a folder").to_owned()
}

fn url(socket_folder: &Path, port: u16) -> String {
    format!("postgresql://postgres@localhost:{port}/postgres?host={}", socket_folder.display())
}

async fn open(url: &str) -> Connection {
    connect(&url.parse::<ConnectionUrl>().expect("a URL")).await.expect("the server answers")
}

async fn finding(url: &str, id: &str, settings: &str) -> Finding {
    let settings = Settings::read(settings).expect("the settings are right");
    let connection = health::connect(Some(url.to_owned())).await;
    let report = health::check(&connection, &settings).await;
    let outcome = report.outcomes.into_iter().find(|outcome| outcome.id == id).expect("the check");
    outcome.result.expect("the check runs")
}

#[test]
fn a_statement_that_is_slow() {
    let programs = programs();
    // Debian's layout, and that of the packages which the project fetches.
    let library = programs.parent().map(|folder| folder.join("lib/pg_stat_statements.so"));
    if !library.is_some_and(|library| library.exists()) {
        eprintln!("SKIPPED: this PostgreSQL comes without pg_stat_statements");
        return;
    }
    let server =
        OwnServer::start(&programs, &["shared_preload_libraries=pg_stat_statements"], ENTRY, &[]);
    let url = url(server.socket_folder(), server.port());
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

/// A second server that follows the first, some seconds behind.
struct Standby {
    process: Child,
    folder: PathBuf,
    port: u16,
}

impl Standby {
    fn follow(server: &OwnServer, programs: &Path, delay: &str) -> Self {
        let folder = server.socket_folder().join("standby");
        let copied = server
            .command(&programs.join("pg_basebackup"))
            .args([
                "-h",
                &server.socket_folder().display().to_string(),
                "-p",
                &server.port().to_string(),
            ])
            .args(["-U", server.user(), "--checkpoint", "fast", "-R", "-D"])
            .arg(&folder)
            .output()
            .expect("pg_basebackup runs");
        assert!(copied.status.success(), "{copied:?}");
        let port = free_port();
        let mut command: Command = server.command(&programs.join("postgres"));
        command.arg("-D").arg(&folder);
        for setting in [
            format!("port={port}"),
            format!("unix_socket_directories={}", server.socket_folder().display()),
            format!("recovery_min_apply_delay={delay}"),
            "listen_addresses=".to_owned(),
            "wal_receiver_status_interval=1s".to_owned(),
        ] {
            command.args(["-c", &setting]);
        }
        let process =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Self { process: process.expect("postgres runs"), folder, port }
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        // Its children follow it.
        let _ = Command::new("kill").args(["-INT", &self.process.id().to_string()]).status();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn a_standby_that_is_behind() {
    let programs = programs();
    let server = OwnServer::start(&programs, &["wal_level=replica"], ENTRY, &[]);
    let primary = url(server.socket_folder(), server.port());
    let standby = Standby::follow(&server, &programs, "3s");
    let replica = url(server.socket_folder(), standby.port);
    block_on(async {
        let connection = open(&primary).await;
        connection.batch_execute("CREATE TABLE t (a int)").await.expect("a table");
        let settings = "[replication_lag]\nwarn = 1\ncritical = 100";
        let behind = async |url: &str, subject: &str| {
            for _ in 0..300 {
                if connect(&url.parse::<ConnectionUrl>().expect("a URL")).await.is_ok() {
                    connection.batch_execute("INSERT INTO t VALUES (1)").await.expect("a row");
                    let found = finding(url, "replication_lag", settings).await;
                    if names(&found, subject) {
                        return found;
                    }
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
    let url = url(server.socket_folder(), server.port());
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
