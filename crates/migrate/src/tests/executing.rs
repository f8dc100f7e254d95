//! `db execute`.

use std::fmt::Write as _;
use std::path::Path;

use insta::assert_snapshot;

use crate::Error;
use crate::execute::execute;
use crate::testing::Project;

async fn executed(project: &Project, script: &str) -> Result<(), Error> {
    execute(script, Path::new("script.sql"), project.url(), &mut |_| ()).await
}

#[tokio::test]
async fn a_script_is_run_and_not_recorded() {
    let project = Project::new("execute");
    executed(&project, "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1), (2);").await.unwrap();
    assert_eq!(project.value("SELECT count(*) FROM a").await.as_deref(), Some("2"));
    assert!(!project.has_table("_prisma_migrations").await);
    executed(&project, "").await.unwrap();
    executed(&project, "-- nothing\n").await.unwrap();
}

#[tokio::test]
async fn a_script_is_one_transaction() {
    let project = Project::new("execute_atomic");
    let error = executed(&project, "CREATE TABLE a (id int);\nSELECT 1;\nSELEC 2;\n").await;
    assert_snapshot!(error.unwrap_err(), @r#"
    ERROR: syntax error at or near "SELEC"

    Database error code: 42601

    Position:
      1 CREATE TABLE a (id int);
      2 SELECT 1;
      3 SELEC 2;
        ^

    in script.sql:3:1
    "#);
    assert!(!project.has_table("a").await);
}

#[tokio::test]
async fn what_cannot_be_in_a_transaction_is_run_too() {
    let project = Project::new("execute_alone");
    let script = "CREATE TABLE a (id int);\nCREATE INDEX CONCURRENTLY i ON a (id);\nVACUUM a;\n";
    executed(&project, script).await.unwrap();
    assert!(project.has_table("i").await);
}

#[tokio::test]
async fn the_references_codes_are_used() {
    let project = Project::new("execute_codes");
    let tables = "CREATE TABLE a (id int PRIMARY KEY, t varchar(2));
                  CREATE TABLE b (a int CONSTRAINT of_a REFERENCES a (id));";
    executed(&project, tables).await.unwrap();
    for (script, code, begin) in [
        (
            "SELECT * FROM nope",
            Some("P1014"),
            "The underlying table for model `nope` does not exist.",
        ),
        (
            "INSERT INTO a VALUES (1), (1)",
            Some("P2002"),
            "Unique constraint failed on the constraint: `a_pkey`",
        ),
        (
            "INSERT INTO b VALUES (1)",
            Some("P2003"),
            "Foreign key constraint violated on the constraint: `of_a`",
        ),
        (
            "INSERT INTO a VALUES (1, 'abc')",
            Some("P2000"),
            "The provided value for the column is too long",
        ),
        ("SELECT 1/0", None, "ERROR: division by zero"),
        (
            "SET statement_timeout = '10ms'; SELECT pg_sleep(9)",
            Some("P1008"),
            "Operations timed out",
        ),
        (
            "SELECT pg_terminate_backend(pg_backend_pid())",
            Some("P1017"),
            "Server has closed the connection.",
        ),
    ] {
        let error = executed(&project, script).await.unwrap_err();
        assert_eq!(error.code(), code, "{script}");
        assert!(error.to_string().starts_with(begin), "{error}");
    }
}

#[tokio::test]
async fn what_is_for_psql_is_told() {
    let project = Project::new("execute_psql");
    let error = executed(&project, "\\d a\n").await.unwrap_err();
    assert!(error.to_string().contains("\\d is a command of psql"), "{error}");
    let error = executed(&project, "COPY a FROM stdin;\n1\n\\.\n").await.unwrap_err();
    assert!(error.to_string().starts_with("script.sql:1: COPY"), "{error}");
    let error = executed(&project, "BEGIN;\nCREATE TABLE a (id int);\n").await.unwrap_err();
    assert!(error.to_string().contains("does not end"), "{error}");
    assert!(!project.has_table("a").await);
}

#[tokio::test]
async fn a_large_script_is_no_trouble() {
    let project = Project::new("execute_large");
    let mut script = "CREATE TABLE a (id int, t text);\n".to_owned();
    for id in 0..20_000 {
        let _ = writeln!(script, "INSERT INTO a VALUES ({id}, '{}');", "x".repeat(200));
    }
    executed(&project, &script).await.unwrap();
    assert_eq!(project.value("SELECT count(*) FROM a").await.as_deref(), Some("20000"));
}
