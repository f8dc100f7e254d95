//! The command: what it prints and how it ends.

use std::process::Command;

use postgres::testing::{TestDatabase, block_on, migrations};
use serde_json::Value;

fn command(url: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_validator"))
        .args(arguments)
        .env("DATABASE_URL", url)
        .output();
    let output = output.expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn clean_data_ends_with_0_and_broken_data_with_1() {
    let database = TestDatabase::from_sql("command", &migrations());
    let url = database.url().expose();
    let (code, text, _) = command(&url, &[]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.starts_with("✔ 45 relations lead to rows that exist\n"), "{text}");

    block_on(async {
        let free = r#"INSERT INTO "CancellationPolicy" ("id", "orgId", "actor", "hoursBeforeStart", "refundPercentage", "updatedAt")
                      SELECT 'policy', "id", 'admin', 0, 200, now() FROM "Org""#;
        let script = format!(
            r#"INSERT INTO "Org" ("id", "name", "updatedAt") VALUES ('org', 'School', now()); {free}"#
        );
        database.connect().await.batch_execute(&script).await.expect("a policy");
    });
    let (code, text, _) = command(&url, &[]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("✘ refund-percentage (error): 1 row: policy\n"), "{text}");
    let rules = validator::rules().len();
    assert!(text.contains(&format!("\n1 of {rules} rules is not kept (")), "{text}");

    let (code, json, _) = command(&url, &["--format", "json"]);
    assert_eq!(code, Some(1));
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let rules = json["rules"].as_array().expect("rules");
    let broken: Vec<&Value> = rules.iter().filter(|rule| rule["status"] == "broken").collect();
    assert_eq!(broken.len(), 1);
    assert_eq!((&broken[0]["id"], &broken[0]["count"]), (&"refund-percentage".into(), &1.into()));
}

#[test]
fn an_empty_database_is_told_once() {
    let database = TestDatabase::empty("command_empty");
    let (code, text, _) = command(&database.url().expose(), &[]);
    assert_eq!(code, Some(1));
    let rules = validator::rules().len();
    let told = format!("✘ none of the {rules} rules could be checked, the first because: P2021: ");
    assert!(text.starts_with(&told), "{text}");
}

#[test]
fn no_server_is_told_without_the_password() {
    let (code, text, error) = command("postgresql://u:secret@127.0.0.1:1/d", &[]);
    assert_eq!((code, text.as_str()), (Some(1), ""));
    assert!(
        error.starts_with("Error: P1001\n\nCan't reach database server at `127.0.0.1:1`"),
        "{error}"
    );
    assert!(!error.contains("secret"), "{error}");
}

#[test]
fn a_wrong_argument_ends_with_1_and_help_with_0() {
    let (code, _, error) = command("", &["--frmat", "json"]);
    assert_eq!(code, Some(1), "{error}");
    assert!(error.contains("unexpected argument '--frmat'"), "{error}");
    assert!(error.contains("Usage: cargo xtask verify"), "{error}");
    let (code, help, _) = command("", &["--help"]);
    assert_eq!(code, Some(0));
    assert!(help.contains("cargo xtask verify --fail-on error"), "{help}");
}

/// A school with a policy that refunds twice the price, and a session nobody can go on with.
fn faulty(label: &str) -> TestDatabase {
    let script = r#"
        INSERT INTO "Org" ("id", "name", "updatedAt") VALUES ('org', 'School', now());
        INSERT INTO "CancellationPolicy" ("id", "orgId", "actor", "hoursBeforeStart", "refundPercentage", "updatedAt")
        VALUES ('policy', 'org', 'admin', 0, 200, now()), ('policy 2', 'org', 'admin', 1, 200, now());
        INSERT INTO "User" ("id", "email", "fullName", "updatedAt") VALUES ('user', 'a@example.com', 'A', now());
        INSERT INTO "RefreshToken" ("id", "userId", "jti", "rotationId", "tokenHash", "used", "expiresAt")
        VALUES ('token', 'user', 'jti', 'one', 'x', true, now() + interval '1 day')"#;
    TestDatabase::from_sql(label, &format!("{}{script}", migrations()))
}

#[test]
fn rules_are_chosen_and_warnings_fail_who_asks_for_it() {
    let database = faulty("choose");
    let url = database.url().expose();
    let warning = ["--rule", "refresh-token-newest"];
    let (code, text, _) = command(&url, &warning);
    assert_eq!(code, Some(1));
    assert!(text.starts_with("! refresh-token-newest (warning): 1 row: token\n"), "{text}");
    let (code, text, _) = command(&url, &[&warning[..], &["--fail-on", "error"]].concat());
    assert_eq!(code, Some(0), "{text}");
    let (code, text, _) = command(&url, &[&warning[..], &["--org", "org"]].concat());
    assert_eq!(code, Some(0), "a session belongs to no school: {text}");
    let (code, text, _) = command(&url, &["--rule", "refund-percentage", "--org", "School"]);
    assert_eq!(code, Some(1), "by its name: {text}");
    let (code, _, error) = command(&url, &["--org", "nosuch"]);
    assert_eq!(code, Some(1));
    assert!(error.contains("there is no school with the id or the name `nosuch`"), "{error}");
    let (code, text, _) = command(&url, &["--rule", "refund-percentage", "--sample", "1"]);
    assert_eq!(code, Some(1));
    assert!(text.contains("2 rows: policy, …\n"), "{text}");
    let (code, text, _) = command(&url, &["--rule", "refund-percentage", "--since", "2999-01-01"]);
    assert_eq!(code, Some(0), "{text}");
    let (code, _, error) = command(&url, &["--since", "yesterday"]);
    assert_eq!(code, Some(1));
    assert!(error.contains("neither how long ago (1h, 30m, 7d) nor a day"), "{error}");
    let (code, text, _) = command(&url, &["--rule", "refund-percentage", "--since", "1h"]);
    assert_eq!(code, Some(1), "the policies are made now: {text}");
    assert!(text.contains("\nThe rule is not kept ("), "{text}");
    let (code, _, error) = command(&url, &["--rule", "refund"]);
    assert_eq!(code, Some(1));
    assert!(
        error.contains("there is no rule `refund`; did you mean refund-percentage?"),
        "{error}"
    );
    let (_, _, error) = command(&url, &["--explain", "refund-precentage"]);
    assert!(error.contains("did you mean refund-percentage?"), "{error}");
    let (_, _, error) = command(&url, &["--rule", "cars"]);
    assert!(
        error.contains("there is no rule `cars`\n\nhelp: cargo xtask verify --list"),
        "{error}"
    );
}

#[test]
fn rules_are_listed_without_a_database() {
    let nowhere = "postgresql://u@127.0.0.1:1/d";
    let (code, text, _) = command(nowhere, &["--list"]);
    assert_eq!((code, text.lines().count()), (Some(0), validator::rules().len()));
    assert!(text.lines().any(|line| line.starts_with("booking-no-overlap ")), "{text}");
    let (code, json, _) = command(nowhere, &["--list", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        (code, json["rules"].as_array().map(Vec::len)),
        (Some(0), Some(validator::rules().len()))
    );
}

#[test]
fn what_is_missing_is_told_with_what_makes_it() {
    let database = TestDatabase::empty("command_gone");
    let gone = database.url().expose().replace("driveflow_test_command_gone", "not_there");
    let (code, _, error) = command(&gone, &[]);
    assert_eq!(code, Some(1));
    assert!(
        error.starts_with("Error: P1003\n\n") && error.contains("cargo xtask db create"),
        "{error}"
    );
    let (_, _, error) = command("postgresql://u@127.0.0.1:1/d", &[]);
    assert!(error.contains("\n\nhelp: where the URL is from"), "{error}");
}

#[test]
fn ci_systems_get_their_formats() {
    let database = faulty("formats");
    let url = database.url().expose();
    let (code, junit, _) = command(&url, &["--format", "junit"]);
    assert_eq!(code, Some(1));
    assert!(junit.contains("failures=\"2\" errors=\"0\""), "{junit}");
    assert!(
        junit.contains("<testcase classname=\"business.Booking\" name=\"booking-no-overlap\""),
        "{junit}"
    );
    let (_, github, _) = command(&url, &["--format", "github"]);
    let lines: Vec<&str> = github.lines().collect();
    assert_eq!(lines.len(), 2, "{github}");
    assert!(
        lines[0].starts_with("::error title=refund-percentage::2 rows: policy, policy 2%0A"),
        "{github}"
    );
    assert!(
        lines[1].starts_with("::warning title=refresh-token-newest::1 row: token%0A"),
        "{github}"
    );
}

#[test]
fn a_rule_is_explained_with_its_plan() {
    let database = faulty("explain");
    let (code, text, _) = command(&database.url().expose(), &["--explain", "booking-no-overlap"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.starts_with("booking-no-overlap (error, of Booking)\n\nNo two active bookings"),
        "{text}"
    );
    assert!(
        text.contains("PARTITION BY \"instructorId\"") && text.contains("WindowAgg  (cost="),
        "{text}"
    );
}
