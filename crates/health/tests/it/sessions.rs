//! Sessions in each other's way, provoked by sessions.

use std::time::Duration;

use health::State;
use postgres::testing::{TestDatabase, block_on};

use crate::{finding, names};

fn database(label: &str) -> TestDatabase {
    TestDatabase::from_sql(label, "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
}

#[test]
fn who_is_blocked_and_by_whom() {
    let database = database("blocking");
    block_on(async {
        let (blocker, blocked) = (database.connect().await, database.connect().await);
        let pid = blocker.query_one("SELECT pg_backend_pid()", &[]).await.expect("a pid");
        let pid: i32 = pid.get(0);
        blocker.batch_execute("BEGIN; UPDATE t SET id = 2").await.expect("a lock");
        let waiting =
            tokio::spawn(async move { blocked.batch_execute("UPDATE t SET id = 3").await });
        let settings = "[blocking]\nwarn = 0.5\ncritical = 100";
        let mut found = finding(&database, "blocking", settings).await;
        while found.state == State::Ok {
            tokio::time::sleep(Duration::from_millis(100)).await;
            found = finding(&database, "blocking", settings).await;
        }
        assert_eq!(found.state, State::Warn);
        assert!(found.message.contains(&format!("waits for pid {pid} (")), "{}", found.message);
        assert!(found.message.contains("it runs BEGIN; UPDATE t SET id = 2"), "{}", found.message);
        assert_eq!(found.advice, [format!("SELECT pg_terminate_backend({pid})")]);

        blocker.batch_execute("ROLLBACK").await.expect("the lock goes");
        waiting.await.expect("it ends").expect("it was let through");
        let found = finding(&database, "blocking", settings).await;
        assert_eq!((found.state, found.message.as_str()), (State::Ok, "nobody waits for a lock"));
    });
}

#[test]
fn transactions_that_stay_open() {
    let database = database("open");
    block_on(async {
        let connection = database.connect().await;
        connection
            .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM t")
            .await
            .expect("a snapshot");
        let pid =
            connection.query_one("SELECT 'pid ' || pg_backend_pid()", &[]).await.expect("a pid");
        let pid: String = pid.get(0);
        // Transactions that the snapshot does not see: what it looks back over.
        let other = database.connect().await;
        for _ in 0..3 {
            other.batch_execute("UPDATE t SET id = id").await.expect("a transaction");
        }
        let settings = "[long_transaction]\nwarn = 0.0001\n[idle_in_transaction]\nwarn = 0.01\n[xmin_holders]\nwarn = 3";
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        for id in ["long_transaction", "idle_in_transaction", "xmin_holders"] {
            let found = finding(&database, id, settings).await;
            assert!(names(&found, &pid), "{id}: {}", found.message);
        }
        // By the limits that are built in nothing of that is long.
        for id in ["long_transaction", "idle_in_transaction", "xmin_holders"] {
            assert_eq!(finding(&database, id, "").await.state, State::Ok, "{id}");
        }
        connection.batch_execute("COMMIT").await.expect("it ends");
        for id in ["long_transaction", "idle_in_transaction", "xmin_holders"] {
            let found = finding(&database, id, settings).await;
            assert!(!names(&found, &pid), "{id}: {}", found.message);
        }
    });
}

#[test]
fn a_table_of_connections_that_fills() {
    let database = database("connections");
    block_on(async {
        let before = finding(&database, "connections", "").await.value.expect("a share");
        let mut open = Vec::new();
        // Far more than other tests close meanwhile.
        for _ in 0..40 {
            open.push(database.connect().await);
        }
        let settings = format!("[connections]\nwarn = {}\ncritical = 100", before + 10.0);
        let found = finding(&database, "connections", &settings).await;
        assert_eq!(found.state, State::Warn, "{}", found.message);
        assert!(found.message.contains(" connections, "), "{}", found.message);
    });
}

/// An ordinary user is told what it cannot see, and how to change that.
#[test]
fn a_right_that_is_missing() {
    let database = crate::database("rights");
    let role = format!("health_reader_{}", std::process::id());
    block_on(async {
        let owner = database.connect().await;
        owner.batch_execute(&format!("CREATE ROLE {role} LOGIN")).await.expect("a role");
        let url = database.url().expose().replacen("postgres@", &format!("{role}@"), 1);
        let report = crate::check(&url).await;
        owner.batch_execute(&format!("DROP ROLE {role}")).await.expect("it owns nothing");
        let outcome = report
            .outcomes
            .iter()
            .find(|outcome| outcome.id == "long_transaction")
            .expect("a check");
        let finding = outcome.result.as_ref().expect("it runs");
        let hint = format!("GRANT pg_read_all_stats TO {role}");
        assert!(finding.message.contains(&hint), "{}", finding.message);
        // The tables are somebody else's: that alone fails.
        let failed: Vec<&str> = report
            .outcomes
            .iter()
            .filter(|outcome| outcome.result.is_err())
            .map(|outcome| outcome.id)
            .collect();
        assert_eq!(failed, ["table_counts", "recent_bookings"], "{}", report.to_text());
        let text = report.to_text();
        assert!(text.contains("all 30 tables: this user may not read them\n"), "{text}");
        assert!(text.contains("→ as their owner: GRANT USAGE ON SCHEMA public"), "{text}");
    });
}
