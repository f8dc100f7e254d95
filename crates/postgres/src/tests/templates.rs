//! The databases of tests: copied from templates, kept when a test fails.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::database::database_exists;
use crate::testing::{TestDatabase, block_on};
use crate::{ConnectionUrl, connect};

fn run(url: &ConnectionUrl, sql: &str) {
    block_on(async { connect(url).await.unwrap().batch_execute(sql).await.unwrap() });
}

#[test]
fn a_template_is_made_once_for_all() {
    static MADE: AtomicU32 = AtomicU32::new(0);

    let unique = format!("{:?} {}", std::time::SystemTime::now(), std::process::id());
    let make = |url: &ConnectionUrl| {
        MADE.fetch_add(1, Ordering::Relaxed);
        run(url, "CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 3)");
    };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let database = TestDatabase::from_template("once", unique.as_bytes(), make);
                // Each has a copy of its own.
                run(database.url(), "INSERT INTO t VALUES (4)");
                let rows: i64 = block_on(async {
                    database
                        .connect()
                        .await
                        .query_one("SELECT count(*) FROM t", &[])
                        .await
                        .unwrap()
                        .get(0)
                });
                assert_eq!(rows, 4);
            });
        }
    });
    assert_eq!(MADE.load(Ordering::Relaxed), 1);
}

#[test]
fn a_database_goes_with_its_test_and_stays_when_that_fails() {
    let passed = TestDatabase::empty("passed");
    let url = passed.url().clone();
    drop(passed);
    assert!(!block_on(database_exists(&url)).unwrap());

    let failed = std::thread::spawn(|| {
        let database = TestDatabase::empty("failed");
        std::panic::panic_any(database.url().clone());
    });
    let url = failed.join().unwrap_err().downcast::<ConnectionUrl>().unwrap();
    assert!(block_on(database_exists(&url)).unwrap());
    block_on(crate::database::drop_database(&url)).unwrap();
}

#[tokio::test]
async fn works_inside_a_runtime() {
    let database = TestDatabase::from_sql("inside", "CREATE TABLE t (a int)");
    database.connect().await.batch_execute("INSERT INTO t VALUES (1)").await.unwrap();
}
