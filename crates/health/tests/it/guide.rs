//! The checks of the guide on real databases: a good one, one with a table missing, one that answers to nobody.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use health::{Report, State};
use postgres::testing::{TestDatabase, block_on};
use serde_json::json;

use crate::{check, check_after, database};

/// Whether each of the first three checks is well.
fn verdicts(report: &Report) -> Vec<bool> {
    report.outcomes[..3].iter().map(|outcome| outcome.result.is_ok()).collect()
}

fn error(report: &Report, index: usize) -> &str {
    &report.outcomes[index].result.as_ref().expect_err("the check failed").reason
}

#[test]
fn a_good_database_is_well() {
    let report = check_after(&database("well"), "");
    assert!(report.passes(State::Critical), "{}", report.to_text());
    let message =
        |index: usize| report.outcomes[index].result.as_ref().expect("well").message.clone();
    assert!(message(0).contains(" ms to `driveflow_test_well_"), "{}", message(0));
    assert_eq!(message(1), "Org 1, User 0, Booking 3 · 8 rows in 30 tables");
    assert_eq!(message(2), "2 bookings in the last 24 hours");
    let json = report.to_json();
    assert_eq!(json["checks"][1]["figures"]["Booking"], json!({ "rows": 3, "estimated": false }));
    assert_eq!(json["checks"][2]["figures"], json!({ "bookings": 2 }));
}

#[test]
fn a_missing_table_fails_its_check_alone_and_by_name() {
    let report = check_after(&database("missing"), r#"DROP TABLE "Outbox", "TripPoint""#);
    assert_eq!(verdicts(&report), [true, false, true], "{}", report.to_text());
    let error = error(&report, 1);
    assert_eq!(error, "TripPoint, Outbox: not there");
    assert!(
        report.to_text().contains("→ the migrations come first: cargo xtask migrate deploy\n"),
        "{}",
        report.to_text()
    );
}

#[test]
fn an_empty_database_is_told_in_a_line_with_what_fills_it() {
    let report = block_on(check(&TestDatabase::empty("none").url().expose()));
    assert_eq!(verdicts(&report), [true, false, false], "{}", report.to_text());
    assert_eq!(error(&report, 1), "all 30 tables: not there");
    let json = report.to_json();
    let advice = json["checks"][1]["advice"].to_string();
    assert!(advice.contains("cargo xtask migrate deploy"), "{advice}");
}

#[test]
fn a_database_that_is_not_there_is_told_with_what_makes_it() {
    let database = TestDatabase::empty("gone");
    let url = database.url().expose().replace("driveflow_test_gone", "not_there");
    let report = block_on(check(&url));
    assert!(error(&report, 0).starts_with("P1003: "), "{}", report.to_text());
    assert!(
        report.to_text().contains("→ to make it: cargo xtask db create\n"),
        "{}",
        report.to_text()
    );
}

#[test]
fn a_missing_column_fails_its_check_alone() {
    let report =
        check_after(&database("column"), r#"ALTER TABLE "Booking" DROP COLUMN "createdAt""#);
    assert_eq!(verdicts(&report), [true, true, false], "{}", report.to_text());
    assert!(error(&report, 2).contains("createdAt"), "{}", error(&report, 2));
}

#[test]
fn without_a_server_each_check_says_so() {
    let url = "postgresql://somebody:secret@127.0.0.1:1/nowhere?connect_timeout=2";
    let report = block_on(check(url));
    assert_eq!(verdicts(&report), [false, false, false]);
    assert!(
        error(&report, 0).contains("Can't reach database server at `127.0.0.1:1`"),
        "{}",
        report.to_text()
    );
    for outcome in &report.outcomes[1..] {
        let failure = outcome.result.as_ref().expect_err("there is no server");
        assert_eq!(failure.reason, "not checked: there is no connection");
    }
    assert!(
        !report.to_text().contains("secret") && !report.to_json().to_string().contains("secret")
    );
}

/// A lock on one table holds up its count until that one's time is over, and nothing else.
#[test]
fn a_check_that_hangs_holds_up_no_other() {
    let database = database("hangs");
    let start = Instant::now();
    let report = block_on(async {
        let connection = database.connect().await;
        connection
            .batch_execute(r#"BEGIN; LOCK TABLE "Payout" IN ACCESS EXCLUSIVE MODE"#)
            .await
            .expect("a lock");
        check(&database.url().expose()).await
    });
    assert_eq!(verdicts(&report), [true, false, true], "{}", report.to_text());
    assert_eq!(error(&report, 1), "Payout: no answer within 5 s");
    assert!(start.elapsed() < Duration::from_mins(1));
}

#[test]
fn a_large_table_is_estimated() {
    let database = database("large");
    let pretend = r#"UPDATE pg_class SET reltuples = 5e6 WHERE oid = '"TripPoint"'::regclass"#;
    let report = check_after(&database, pretend);
    let finding = report.outcomes[1].result.as_ref().expect("well");
    assert_eq!(finding.figures["TripPoint"], json!({ "rows": 5_000_000, "estimated": true }));
    assert!(finding.message.contains("about 5000008 rows"), "{}", finding.message);
}

#[test]
fn every_model_of_the_schema_is_counted() {
    let schema = include_str!("../../../../prisma/schema.prisma");
    let names =
        schema.lines().filter_map(|line| line.strip_prefix("model ")?.split_whitespace().next());
    let report = check_after(&database("models"), "");
    let finding = report.outcomes[1].result.as_ref().expect("well");
    let counted: BTreeSet<&str> =
        finding.figures.as_object().expect("tables").keys().map(String::as_str).collect();
    assert_eq!(counted, names.collect::<BTreeSet<&str>>());
}
