//! What takes a server of the test's own: one that asks for passwords, and one that counts statements.

use postgres::ConnectionUrl;
use postgres::testing::{self, OwnServer, block_on};

use super::{doctor, finding, states, wrong};
use crate::sandbox::{PASSWORD, STUDENTS, Sandbox};

/// A server of the test's own, which wants a password over TCP and has no TLS.
struct Own {
    server: OwnServer,
    admin: ConnectionUrl,
}

impl Own {
    /// None, loudly, where the tests' server is somebody else's: there are no programs to start another one with.
    fn start(settings: &[&str]) -> Option<Self> {
        let Some(program) = testing::program("postgres") else {
            eprintln!(
                "SKIPPED, NOT TESTED: TEST_DATABASE_URL names a server that is not ours to set up"
            );
            return None;
        };
        let entry = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n";
        let programs = program.parent().expect("a folder");
        let server = OwnServer::start(programs, settings, entry, &[]);
        let (user, port, folder) = (server.user(), server.port(), server.socket_folder().display());
        let admin = format!("postgresql://{user}@localhost:{port}/postgres?host={folder}");
        let admin = admin.parse().expect("a URL");
        Some(Self { server, admin })
    }

    fn execute(&self, database: &str, sql: &str) {
        block_on(async {
            let url = self.admin.with_database(database);
            let connection = postgres::connect(&url).await.expect("it lets us in");
            connection.batch_execute(sql).await.expect("the statement is right");
        });
    }
}

#[test]
fn what_a_server_says_at_the_door_is_told_at_its_step() {
    let Some(own) = Own::start(&[]) else { return };
    let execute = |sql: &str| own.execute("postgres", sql);
    execute(&format!("CREATE ROLE ada LOGIN PASSWORD '{PASSWORD}'"));
    execute("CREATE DATABASE shop OWNER ada");
    let sandbox = Sandbox::new(STUDENTS);
    let port = own.server.port();
    let url = |password: &str| format!("postgresql://ada{password}@127.0.0.1:{port}/shop");
    let right = url(&format!(":{PASSWORD}"));
    sandbox.run_on(&right, &["migrate", "dev", "--name", "init"]).success();
    // For when it owns the database no longer.
    own.execute("shop", "GRANT ALL ON SCHEMA public TO ada");
    let told = doctor(&sandbox, &right);
    assert_eq!(told["ok"], true, "{told:#}");

    for password in ["", ":nonsense"] {
        let told = doctor(&sandbox, &url(password));
        assert_eq!(wrong(&told), ["password"], "{told:#}");
        let (message, advice) = finding(&told, "password", "wrong");
        assert!(message.starts_with("P1000: "), "{told:#}");
        assert!(advice.contains("-c '\\password ada'") && !advice.contains("nonsense"), "{told:#}");
        assert_eq!((states(&told, "tls"), states(&told, "server")), (vec!["ok"], vec!["ok"]));
        assert_eq!(states(&told, "database"), ["skipped"], "{told:#}");
    }
    let told = doctor(&sandbox, &format!("{right}?sslmode=require"));
    assert_eq!(wrong(&told), ["tls"], "{told:#}");
    assert!(finding(&told, "tls", "wrong").1.contains("SET ssl = on"), "{told:#}");

    // Both are mended by what is told.
    for (break_it, id) in [
        ("ALTER ROLE ada NOLOGIN", "password"),
        (
            "ALTER DATABASE shop OWNER TO postgres; REVOKE CONNECT ON DATABASE shop FROM PUBLIC",
            "database",
        ),
    ] {
        break_it.split(';').for_each(execute);
        let told = doctor(&sandbox, &right);
        assert_eq!(wrong(&told), [id], "{told:#}");
        execute(&finding(&told, id, "wrong").1);
        let told = doctor(&sandbox, &right);
        assert_eq!(told["ok"], true, "{told:#}");
    }
}

#[test]
fn slow_statements_are_told_once_somebody_counts() {
    let library = testing::program("postgres").and_then(|program| {
        let library = program.parent()?.parent()?.join("lib/pg_stat_statements.so");
        library.is_file().then_some(library)
    });
    if library.is_none() {
        eprintln!("SKIPPED, NOT TESTED: this PostgreSQL comes without pg_stat_statements");
        return;
    }
    let Some(own) = Own::start(&["shared_preload_libraries=pg_stat_statements"]) else { return };
    let sandbox = Sandbox::new(STUDENTS);
    let url = own.admin.expose();
    let (message, advice) = finding(&doctor(&sandbox, &url), "slow_statements", "hint");
    assert!(message.starts_with("nobody counts"), "{message}");
    own.execute("postgres", &advice);
    assert_eq!(states(&doctor(&sandbox, &url), "slow_statements"), ["ok"]);
    for _ in 0..10 {
        // What is said in a statement is not normalized where it is no query.
        own.execute(
            "postgres",
            &format!("DO $$ BEGIN PERFORM pg_sleep(0.03), 'password={PASSWORD}'; END $$"),
        );
    }
    let (message, _) = finding(&doctor(&sandbox, &url), "slow_statements", "hint");
    assert!(message.contains("10 calls: DO $$ BEGIN PERFORM pg_sleep(0.03)"), "{message}");
}
