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
    assert!(text.ends_with("1 of 85 rules is not kept.\n"), "{text}");

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
    assert!(
        text.starts_with("✘ none of the 85 rules could be checked, the first because: P2021: "),
        "{text}"
    );
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
    assert!(help.contains("Example: cargo xtask verify --format json"), "{help}");
}
