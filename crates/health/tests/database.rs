//! The checks on real databases: a good one, one with a table missing, one that answers to nobody; and the command.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

use postgres::testing::{TestDatabase, block_on, migrations};
use serde_json::{Value, json};

use health::{Report, check};

/// DriveFlow's schema with a school in it, and bookings of now and of long ago.
fn database(label: &str) -> TestDatabase {
    let script = format!("{}{}", migrations(), include_str!("school.sql"));
    TestDatabase::from_sql(label, &script)
}

fn check_after(database: &TestDatabase, script: &str) -> Report {
    block_on(async {
        database.connect().await.batch_execute(script).await.expect("the script runs");
        check(Some(database.url().expose())).await
    })
}

/// Whether each check is well, in their order.
fn verdicts(report: &Report) -> Vec<bool> {
    report.checks.iter().map(|check| check.result.is_ok()).collect()
}

fn error(report: &Report, index: usize) -> &str {
    report.checks[index].result.as_ref().expect_err("the check failed")
}

#[test]
fn a_good_database_is_well() {
    let report = check_after(&database("well"), "");
    assert!(report.is_healthy(), "{}", report.to_text());
    let message =
        |index: usize| report.checks[index].result.as_ref().expect("well").message.clone();
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
    assert!(
        error.contains("Outbox: ")
            && error.contains("TripPoint: ")
            && error.matches("; ").count() == 1,
        "{error}"
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
    let report = block_on(check(Some(url.to_owned())));
    assert_eq!(verdicts(&report), [false, false, false]);
    for index in 0..3 {
        assert!(
            error(&report, index).contains("Can't reach database server at `127.0.0.1:1`"),
            "{}",
            report.to_text()
        );
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
        check(Some(database.url().expose())).await
    });
    assert_eq!(verdicts(&report), [true, false, true], "{}", report.to_text());
    assert_eq!(error(&report, 1), "Payout: no answer within 5 s");
    assert!(start.elapsed() < Duration::from_secs(15));
}

#[test]
fn a_large_table_is_estimated() {
    let database = database("large");
    let pretend = r#"UPDATE pg_class SET reltuples = 5e6 WHERE oid = '"TripPoint"'::regclass"#;
    let report = check_after(&database, pretend);
    let finding = report.checks[1].result.as_ref().expect("well");
    assert_eq!(finding.figures["TripPoint"], json!({ "rows": 5_000_000, "estimated": true }));
    assert!(finding.message.contains("about 5000008 rows"), "{}", finding.message);
}

#[test]
fn every_model_of_the_schema_is_counted() {
    let schema = include_str!("../../../prisma/schema.prisma");
    let names =
        schema.lines().filter_map(|line| line.strip_prefix("model ")?.split_whitespace().next());
    let report = check_after(&database("models"), "");
    let finding = report.checks[1].result.as_ref().expect("well");
    let counted: BTreeSet<&str> =
        finding.figures.as_object().expect("tables").keys().map(String::as_str).collect();
    assert_eq!(counted, names.collect::<BTreeSet<&str>>());
}

/// How the command ended and what it said on stdout, else on stderr.
fn command(url: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_health"))
        .args(arguments)
        .env("DATABASE_URL", url)
        .output();
    let output = output.expect("the binary runs");
    let said = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    (output.status.code(), String::from_utf8(said).expect("text"))
}

#[test]
fn the_command_ends_with_0_when_all_is_well_and_with_1_when_not() {
    let database = database("command");
    let (code, json) = command(&database.url().expose(), &["--format", "json"]);
    assert_eq!(code, Some(0), "{json}");
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["healthy"], true);
    assert_eq!(json["checks"].as_array().map(Vec::len), Some(3));

    let (code, text) = command("postgresql://u:secret@127.0.0.1:1/d", &[]);
    assert_eq!(code, Some(1));
    assert_eq!(text.matches("✘ ").count(), 3, "{text}");
    assert!(
        text.starts_with("✘ Database connection  P1001: Can't reach database server"),
        "{text}"
    );
    assert!(!text.contains("secret"), "{text}");
}

#[test]
fn a_wrong_argument_ends_with_1_and_help_with_0() {
    let (code, error) = command("", &["--frmat", "json"]);
    assert_eq!(code, Some(1), "{error}");
    assert!(error.contains("unexpected argument '--frmat'"), "{error}");
    assert!(error.contains("Usage: cargo xtask health"), "{error}");
    let (code, help) = command("", &["--help"]);
    assert_eq!(code, Some(0));
    assert!(help.contains("Example: cargo xtask health --format json"), "{help}");
}
