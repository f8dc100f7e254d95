use super::{Judged, github, json, sarif, text, total};
use crate::{Report, Source, check};

const TEXT: &str = "CREATE INDEX \"i\" ON a (name);\n\nALTER TABLE b ADD CONSTRAINT b_a FOREIGN KEY (a)\n  REFERENCES a (id);\n\
                    -- lint: allow nothing\n";

fn with_files<T>(say: impl FnOnce(&[Judged<'_>]) -> T) -> T {
    let tables = "CREATE TABLE a (id text PRIMARY KEY, name varchar(20));\nCREATE TABLE b (id text PRIMARY KEY, a text);\n";
    let history = [
        Source { name: "1_tables", text: tables, is_judged: false, is_pending: false },
        Source { name: "2_changes", text: TEXT, is_judged: true, is_pending: false },
    ];
    let reports: Vec<Report> = check(&history, &[], 15);
    let [Report { migration, findings }] = reports.as_slice() else { panic!("{reports:?}") };
    say(&[Judged { migration, path: "my schema/2_changes/migration.sql", text: TEXT, findings }])
}

#[test]
fn findings_are_shown_to_people() {
    insta::assert_snapshot!(with_files(|files| text(files, false) + &total(files)));
    assert_eq!(total(&[]), "Nothing was found in 0 migrations.");
}

#[test]
fn findings_are_json() {
    insta::assert_snapshot!(with_files(json));
}

#[test]
fn findings_are_commands_for_github() {
    insta::assert_snapshot!(with_files(github));
}

#[test]
fn findings_are_sarif() {
    let sarif: serde_json::Value = serde_json::from_str(&with_files(sarif)).unwrap();
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]), "{result}");
    }
    let place = &run["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "my%20schema/2_changes/migration.sql");
    assert_eq!(place["region"]["startLine"], 1);
}

/// Rows that are written are locked, though the table is not.
#[test]
fn what_is_written_is_not_said_to_be_in_nobodys_way() {
    let script = "UPDATE a SET name = 'x';";
    let history = [
        Source {
            name: "1",
            text: "CREATE TABLE a (name text)",
            is_judged: false,
            is_pending: false,
        },
        Source { name: "2", text: script, is_judged: true, is_pending: false },
    ];
    let reports = check(&history, &[], 15);
    let files = [Judged {
        migration: "2",
        path: "migration.sql",
        text: script,
        findings: &reports[0].findings,
    }];
    let told = text(&files, false);
    assert!(
        told.contains("ROW EXCLUSIVE on a, which blocks other writes of the same rows"),
        "{told}"
    );
}
