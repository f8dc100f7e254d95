//! Migrations that the database refuses.

use insta::assert_snapshot;

use crate::history::State;
use crate::testing::Project;

/// The message of the failed deploy, without the path of the test's own folder.
async fn refused(project: &Project) -> String {
    let error = project.deploy().await.unwrap_err();
    assert_eq!(error.code(), Some("P3018"));
    error.to_string().replace(&project.path().display().to_string(), "migrations")
}

#[tokio::test]
async fn the_failing_line_is_shown() {
    let script = "-- x\nCREATE TABLE \"B\" (id int);\n\n\nSELECT 1;\nSELECT 2;\nSELECT 3;\nINSERT INTO\n  \"Nope\" VALUES (1);\nSELECT 4;\n";
    let project = Project::with("failing_line", &[("20240102000000_b", script)]);
    assert_snapshot!(refused(&project).await, @r#"
    A migration failed to apply. New migrations cannot be applied before the error is recovered from.

    Migration name: 20240102000000_b

    Database error code: 42P01

    Database error:
    ERROR: relation "Nope" does not exist

    Position:
      4
      5 SELECT 1;
      6 SELECT 2;
      7 SELECT 3;
      8 INSERT INTO
      9   "Nope" VALUES (1);
          ^

    in migrations/20240102000000_b/migration.sql:9:3
    "#);
    assert!(!project.has_table("B").await, "nothing of it remains");
}

#[tokio::test]
async fn an_error_without_a_position_shows_its_statement() {
    let script = "CREATE TABLE t (id int PRIMARY KEY);\nINSERT INTO t VALUES (1);\n-- again\nINSERT INTO t\nVALUES (1);\nSELECT 1;\n";
    let project = Project::with("no_position", &[("1_a", script)]);
    assert_snapshot!(refused(&project).await, @r#"
    A migration failed to apply. New migrations cannot be applied before the error is recovered from.

    Migration name: 1_a

    Database error code: 23505

    Database error:
    ERROR: duplicate key value violates unique constraint "t_pkey"
    DETAIL: Key (id)=(1) already exists.

    Position:
      1 CREATE TABLE t (id int PRIMARY KEY);
      2 INSERT INTO t VALUES (1);
      3 -- again
      4 INSERT INTO t
        ^

    in migrations/1_a/migration.sql:4:1
    "#);
}

#[tokio::test]
async fn positions_count_from_the_start_of_the_file() {
    // Before it: characters of several bytes, a byte order mark, CRLF and two statements sent on their own.
    let script = "\u{feff}SELECT 'ünïcödé';\r\nCREATE TABLE t (a int);\r\nCREATE INDEX CONCURRENTLY i ON t (a);\r\nVACUUM t;\r\n  SELECT '→', nope;\r\n";
    let project = Project::with("positions", &[("1_a", script)]);
    let text = refused(&project).await;
    assert!(
        text.ends_with(
            "  5   SELECT '→', nope;\n                  ^\n\nin migrations/1_a/migration.sql:5:15"
        ),
        "{text}"
    );
}

#[tokio::test]
async fn the_end_of_a_script_is_its_end() {
    for (script, words) in [
        ("CREATE TABLE t (id int", "ERROR: syntax error at end of input\n"),
        ("SELECT 1;\nSELECT 'open", "unterminated quoted string"),
        ("SELECT 1;\n/* open", "unterminated /* comment"),
    ] {
        let project = Project::with("end", &[("1_a", script)]);
        let text = refused(&project).await;
        assert!(text.contains(words) && !text.contains("_prisma_migrations"), "{text}");
    }
}

#[tokio::test]
async fn a_failed_migration_is_recorded_and_stops_the_next_deploy() {
    let project = Project::with(
        "recorded",
        &[("1_a", "SELECT 1"), ("2_b", "SELECT nope;"), ("3_c", "SELECT 1")],
    );
    let error = project.deploy().await.unwrap_err();
    let help = error.help().unwrap();
    assert!(help.starts_with("Nothing of it remains in the database"), "{help}");
    assert!(help.contains("cargo xtask migrate resolve --rolled-back \"2_b\""), "{help}");
    assert_eq!(error.file(), Some(&*project.path().join("2_b/migration.sql")));

    let rows = project.history().await;
    assert_eq!(
        rows.iter().map(|row| row.state).collect::<Vec<_>>(),
        [State::Applied, State::Failed]
    );
    assert_eq!(rows[1].logs.as_deref(), Some(error.to_string().as_str()));
    let steps = "SELECT applied_steps_count FROM _prisma_migrations WHERE migration_name = '2_b'";
    assert_eq!(project.value(steps).await.unwrap(), "0");

    let error = project.deploy().await.unwrap_err();
    assert!(error.is_failed_migrations());
    let first = format!(
        "migrate found failed migrations in the target database, new migrations will not be applied.\n\
         The `2_b` migration started at {} failed\n",
        rows[1].started_at.as_deref().unwrap()
    );
    assert!(error.to_string().starts_with(&first), "{error}");
    assert!(error.to_string().contains("column \"nope\" does not exist"), "{error}");
    assert_eq!(project.history().await.len(), 2, "and nothing else was tried");
}

#[tokio::test]
async fn what_ran_outside_of_a_transaction_remains_and_is_told() {
    let script = "CREATE TABLE t (a int);\nCREATE INDEX CONCURRENTLY i ON t (a);\nSELECT nope;\n";
    let project = Project::with("remains", &[("1_a", script)]);
    let error = project.deploy().await.unwrap_err();
    assert!(error.help().unwrap().starts_with("It is not one transaction"), "{error:?}");
    assert!(project.has_table("t").await);
}

#[tokio::test]
async fn a_transaction_left_open_is_a_failure() {
    let project = Project::with("left_open", &[("1_a", "BEGIN;\nCREATE TABLE t (a int);\n")]);
    let text = refused(&project).await;
    assert!(text.contains("begins a transaction that it does not end"), "{text}");
    assert!(!project.has_table("t").await);
    assert_eq!(project.history().await[0].state, State::Failed);
}

#[tokio::test]
async fn data_from_a_client_is_refused_before_anything_happens() {
    let copies = "CREATE TABLE t (a int);\nCOPY t FROM stdin;\n1\n\\.\n";
    let project = Project::with("copy", &[("1_a", "CREATE TABLE a (a int);"), ("2_t", copies)]);
    let error = project.deploy().await.unwrap_err();
    assert!(error.to_string().contains("2_t/migration.sql:2: COPY"), "{error}");
    assert!(project.history().await.is_empty());
}
