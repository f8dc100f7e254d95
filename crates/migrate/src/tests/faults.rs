//! Ends in the middle: lost connections and cancelled commands.

use std::time::Duration;

use postgres::lock;

use crate::history::State;
use crate::status::status;
use crate::testing::Project;
use crate::{Error, resolve};

/// Waits until the project's database runs something like this, and says which backend.
async fn running(project: &Project, sql: &str) -> i32 {
    let connection = project.connect().await;
    for _ in 0..200 {
        let find = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' \
                    AND pid <> pg_backend_pid() AND query LIKE '%' || $1 || '%'";
        if let Some(row) = connection.query_opt(find, &[&sql]).await.unwrap() {
            return row.get(0);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nothing like {sql} runs");
}

/// Ends the session that runs the first of two migrations, and gives what the deploy says.
async fn lose(project: &Project) -> Error {
    let kill = async {
        let pid = running(project, "pg_sleep(60)").await;
        project.execute(&format!("SELECT pg_terminate_backend({pid})")).await;
    };
    let (deployed, ()) = tokio::join!(project.deploy(), kill);
    let error = deployed.unwrap_err();
    assert_eq!(error.code(), Some("P1017"), "{error}");
    assert!(error.to_string().contains("while the migration `1_a` was running"), "{error}");
    error
}

#[tokio::test]
async fn a_lost_connection_leaves_nothing_of_a_transaction() {
    let script = "CREATE TABLE t (a int);\nSELECT pg_sleep(60);\n";
    let project = Project::with("lost", &[("1_a", script), ("2_b", "SELECT 1")]);
    let error = lose(&project).await;
    assert!(error.help().unwrap().contains("cargo xtask migrate deploy"), "{error}");
    assert_eq!(project.history().await, []);
    assert!(!project.has_table("t").await);
    project.write("1_a", "CREATE TABLE t (a int);\n");
    assert_eq!(project.deploy().await.unwrap().applied, ["1_a", "2_b"]);
}

#[tokio::test]
async fn a_lost_connection_leaves_a_script_at_the_transaction_where_it_was() {
    let script = "BEGIN;\nCREATE TABLE t (a int);\nCOMMIT;\nSELECT pg_sleep(60);\n";
    let project = Project::with("lost_own", &[("1_a", script), ("2_b", "SELECT 1")]);
    let error = lose(&project).await;
    assert!(error.help().unwrap().contains("goes on at the step where it was"), "{error}");
    assert!(project.has_table("t").await);
    let error = lose(&project).await;
    assert_eq!(error.code(), Some("P1017"), "the table is not made once more");
}

#[tokio::test]
async fn a_lost_connection_leaves_a_failed_attempt_where_a_script_commits_where_it_likes() {
    let script = "DO $$ BEGIN CREATE TABLE t (a int); COMMIT; PERFORM pg_sleep(60); END $$;\n";
    let project = Project::with("lost_code", &[("1_a", script), ("2_b", "SELECT 1")]);
    let error = lose(&project).await;
    assert!(error.help().unwrap().contains("cargo xtask migrate status"), "{error}");
    assert!(project.has_table("t").await);

    let error = project.deploy().await.unwrap_err();
    assert_eq!(error.code(), Some("P3009"));
    assert!(error.to_string().contains("the attempt was cut off"), "{error}");
    assert!(error.help().unwrap().contains("resolve --rolled-back \"1_a\""));
    resolve::rolled_back(project.url(), "1_a").await.unwrap();
    project.write("1_a", "CREATE TABLE IF NOT EXISTS t (a int);\n");
    assert_eq!(project.deploy().await.unwrap().applied, ["1_a", "2_b"]);
}

#[tokio::test]
async fn a_cancelled_deploy_leaves_nothing_of_its_migration() {
    let script = "CREATE TABLE t (a int);\nSELECT pg_sleep(60);\n";
    let project = Project::with("cancelled", &[("1_a", "SELECT 1"), ("2_b", script)]);
    tokio::select! {
        deployed = project.deploy() => panic!("the deploy was too fast: {deployed:?}"),
        _ = running(&project, "pg_sleep(60)") => {}
    }
    // The statement is stopped on the server too.
    let states: Vec<State> = project.history().await.iter().map(|row| row.state).collect();
    assert_eq!(states, [State::Applied]);
    assert!(!project.has_table("t").await);
    project.write("2_b", "CREATE TABLE t (a int);\n");
    assert_eq!(project.deploy().await.unwrap().applied, ["2_b"]);
}

#[tokio::test]
async fn status_knows_that_somebody_is_at_work() {
    let project = Project::with("busy", &[("1_a", "SELECT 1")]);
    let is_busy = async || status(&project.folder(), project.url()).await.unwrap().is_busy;
    let connection = project.connect().await;
    let lock = lock::acquire(&connection).await.unwrap();
    assert!(is_busy().await);
    lock.release().await.unwrap();
    assert!(!is_busy().await);
}
