//! Tables, sequences and what is left lying about.

use std::time::Duration;

use health::State;
use postgres::testing::{TestDatabase, block_on};

use crate::{finding, names};

#[test]
fn dead_rows_and_bloat() {
    let database = TestDatabase::from_sql(
        "dead",
        "CREATE TABLE t (id int, word text) WITH (autovacuum_enabled = off);\
         INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(1, 100000) AS i; ANALYZE t",
    );
    block_on(async {
        let connection = database.connect().await;
        assert_eq!(finding(&database, "bloat", "").await.state, State::Ok);
        connection.batch_execute("DELETE FROM t WHERE id % 4 <> 0").await.expect("dead rows");
        // The statistics arrive a moment later: before 15 with whatever the session does next.
        let mut dead = finding(&database, "dead_rows", "").await;
        while dead.state == State::Ok {
            tokio::time::sleep(Duration::from_millis(100)).await;
            connection.batch_execute("SELECT 1").await.expect("the session is there");
            dead = finding(&database, "dead_rows", "").await;
        }
        assert!(names(&dead, "t · 3.7 times · 75000 dead rows"), "{}", dead.message);
        assert_eq!(dead.state, State::Critical);
        assert_eq!(dead.advice, ["VACUUM (ANALYZE) t"]);
        connection.batch_execute(&dead.advice[0]).await.expect("the advice can be followed");
        while finding(&database, "dead_rows", "").await.state != State::Ok {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let bloat = finding(&database, "bloat", "").await;
        assert!(names(&bloat, "t · "), "{}", bloat.message);
        assert_eq!(bloat.state, State::Critical, "{}", bloat.message);
        connection.batch_execute("VACUUM (FULL, ANALYZE) t").await.expect("it is written anew");
        assert_eq!(finding(&database, "bloat", "").await.state, State::Ok);
    });
}

#[test]
fn a_sequence_near_its_end() {
    let script = "CREATE TABLE t (id serial, big bigserial); SELECT setval('t_id_seq', 2000000000), setval('t_big_seq', 2000000000)";
    let database = TestDatabase::from_sql("sequences", script);
    block_on(async {
        let found = finding(&database, "sequences", "").await;
        assert!(names(&found, "public.t_id_seq · 93 %"), "{}", found.message);
        assert_eq!(
            (found.state, found.message.lines().count()),
            (State::Critical, 1),
            "{}",
            found.message
        );
        database
            .connect()
            .await
            .batch_execute("ALTER TABLE t ALTER id TYPE bigint; ALTER SEQUENCE t_id_seq AS bigint")
            .await
            .expect("mended");
        assert_eq!(finding(&database, "sequences", "").await.state, State::Ok);
    });
}

#[test]
fn a_table_that_is_read_whole() {
    let script = "CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 2000); ANALYZE t;\
                  DO $$ BEGIN FOR i IN 1..150 LOOP PERFORM count(*) FROM t; END LOOP; END $$";
    let database = TestDatabase::empty("scans");
    block_on(async {
        let connection = database.connect().await;
        connection.batch_execute(script).await.expect("the scans");
        drop(connection);
        let settings = "[sequential_scans]\nwarn = 1000";
        let mut found = finding(&database, "sequential_scans", settings).await;
        while found.state == State::Ok {
            tokio::time::sleep(Duration::from_millis(100)).await;
            found = finding(&database, "sequential_scans", settings).await;
        }
        assert!(names(&found, "t · 2000 rows, read whole 150 times"), "{}", found.message);
        // By the limits that are built in it is a small table.
        assert_eq!(finding(&database, "sequential_scans", "").await.state, State::Ok);
    });
}

#[test]
fn a_shadow_that_was_left() {
    let database = TestDatabase::empty("left");
    let shadow = format!("prisma_migrate_shadow_db_health_{}", std::process::id());
    block_on(async {
        let connection = database.connect().await;
        connection.batch_execute(&format!("CREATE DATABASE {shadow}")).await.expect("a shadow");
        connection.batch_execute("CREATE SCHEMA driveflow_shadow_1").await.expect("another");
        let found = finding(&database, "left_overs", "").await;
        assert!(names(&found, &format!("database {shadow}")), "{}", found.message);
        assert!(names(&found, "schema driveflow_shadow_1"), "{}", found.message);
        connection.batch_execute(&format!("DROP DATABASE {shadow}")).await.expect("as it says");
        connection
            .batch_execute("DROP SCHEMA driveflow_shadow_1 CASCADE")
            .await
            .expect("as it says");
        let found = finding(&database, "left_overs", "").await;
        assert!(!found.message.contains(&shadow), "{}", found.message);
    });
}

/// One that nobody reads is worth a warning, however little it keeps.
#[test]
fn a_replication_slot_without_a_reader() {
    let database = TestDatabase::empty("slots");
    let slot = format!("health_{}", std::process::id());
    block_on(async {
        let connection = database.connect().await;
        connection
            .batch_execute(&format!("SELECT pg_create_physical_replication_slot('{slot}', true)"))
            .await
            .expect("a slot");
        let found = finding(&database, "replication_slots", "").await;
        connection
            .batch_execute(&format!("SELECT pg_drop_replication_slot('{slot}')"))
            .await
            .expect("as it says");
        assert!(names(&found, &format!("slot {slot} · ")), "{}", found.message);
        assert!(
            found.advice.contains(&format!("SELECT pg_drop_replication_slot('{slot}')")),
            "{:?}",
            found.advice
        );
        let found = finding(&database, "replication_slots", "").await;
        assert!(!found.message.contains(&slot), "{}", found.message);
    });
}
