//! Databases for this crate's tests: DriveFlow's schema with the demo school in it, a copy for each test.

use std::time::UNIX_EPOCH;

use client::PrismaClient;
use postgres::ConnectionUrl;
use postgres::testing::{TestDatabase, block_on, migrations};

use crate::rule::Rule;
use crate::{Report, validate_migration};

/// A database with the demo school.
pub(crate) fn demo(label: &str) -> TestDatabase {
    let migrations = migrations();
    // What the seed writes is compiled into this binary: another build may write something else.
    let binary = std::env::current_exe().and_then(std::fs::metadata).expect("a test is a file");
    let built = binary.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let key = format!("validator {built:?} {migrations}");
    TestDatabase::from_template(label, key.as_bytes(), |url| {
        block_on(async {
            let connection = postgres::connect(url).await.expect("the database is there");
            connection.batch_execute(&migrations).await.expect("the migrations apply");
            let options = seed::Options {
                now: Some("2026-11-23T00:00:00Z".parse().expect("a time")),
                ..Default::default()
            };
            seed::seed(&client(url).await, &options).await.expect("the demo school is seeded");
        });
    })
}

/// A client of the database at `url`.
pub(crate) async fn client(url: &ConnectionUrl) -> PrismaClient {
    PrismaClient::_builder().with_url(url.expose()).build().await.expect("the database is there")
}

/// Breaks the demo school by `statement` and checks that `rule`, and no other, notices.
pub(crate) fn assert_caught(rule: &Rule, statement: &str) {
    let database = demo(&rule.id);
    let report = block_on(async {
        let connection = database.connect().await;
        let changed =
            connection.execute(statement, &[]).await.expect("the statement breaks the data");
        assert!(changed > 0, "nothing was there to break: {statement}");
        validate_migration(&client(database.url()).await).await
    });
    assert_eq!(broken(&report), [rule.id.as_ref()], "{}", report.to_text());
}

/// The ids of the rules that are not kept.
pub(crate) fn broken(report: &Report) -> Vec<&str> {
    report.broken().map(|outcome| outcome.rule.id.as_ref()).collect()
}
