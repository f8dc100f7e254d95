//! Where a script's transactions begin and end, whatever its text looks like.

use crate::down::{Target, plan, take_back};
use crate::history::State;
use crate::testing::Project;

const T: &str = "CREATE TABLE t (a int);";

#[tokio::test]
async fn a_single_statement_that_refuses_a_transaction_is_sent_alone() {
    let procedure = "CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$ BEGIN\n\
                     INSERT INTO t VALUES (1); COMMIT; INSERT INTO t VALUES (2); COMMIT; END $$;";
    let parts = "CREATE TABLE p (a int) PARTITION BY RANGE (a);\n\
                 CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);\n\
                 CREATE INDEX i ON p (a);";
    let project = Project::with(
        "alone",
        &[
            ("1_t", T),
            ("2_procedure", procedure),
            ("3_call", "-- in steps\nCALL fill();\n"),
            ("4_do", "DO $$ BEGIN INSERT INTO t VALUES (3); COMMIT; END $$"),
            ("5_parts", parts),
            ("6_reindex", "REINDEX TABLE p;"),
            ("7_discard", "DISCARD ALL;"),
            ("8_after", "CREATE TABLE u (a int);"),
        ],
    );
    assert_eq!(project.deploy().await.unwrap().applied.len(), 8);
    assert_eq!(project.value("SELECT sum(a) FROM t").await.unwrap(), "6");
    assert!(project.history().await.iter().all(|row| row.state == State::Applied));
}

#[tokio::test]
async fn what_a_commit_without_a_begin_leaves_is_told() {
    let script = "CREATE TABLE t (a int); COMMIT; SELECT 1/0;";
    let project = Project::with("commit_alone", &[("1_a", script)]);
    let error = project.deploy().await.unwrap_err();
    assert!(project.has_table("t").await);
    assert!(error.help().unwrap().starts_with("It is not one transaction"), "{error:?}");
}

#[tokio::test]
async fn a_way_back_that_commits_halfway_is_not_taken_for_whole() {
    let project = Project::with("commit_down", &[("1_a", T)]);
    project.write_down("1_a", "DROP TABLE t; COMMIT; SELECT 1/0;");
    project.deploy().await.unwrap();
    let plan = plan(&project.folder(), project.url(), &Target::Steps(1)).await.unwrap();
    assert!(!plan.migrations[0].is_atomic);
    let error = take_back(project.url(), &plan, &mut |_| ()).await.unwrap_err();
    assert!(error.help().unwrap().starts_with("The script is not one transaction"), "{error:?}");
    assert!(!project.has_table("t").await);
    assert_eq!(project.history().await[0].state, State::Failed, "and not applied");
}

#[tokio::test]
async fn a_transaction_left_open_after_another_is_told_truly() {
    let script = "BEGIN; CREATE TABLE t (a int); COMMIT;\nBEGIN; CREATE TABLE u (a int);";
    let project = Project::with("left_open_second", &[("1_a", script)]);
    let error = project.deploy().await.unwrap_err();
    assert!(
        error.to_string().contains("What it did in that transaction was rolled back"),
        "{error}"
    );
    assert!(error.help().unwrap().starts_with("Of what it did, only what it had committed"));
    assert!(project.has_table("t").await && !project.has_table("u").await);
}

/// A database can be set to read strings otherwise than we do.
#[tokio::test]
async fn a_begin_that_we_do_not_see_is_noticed_all_the_same() {
    let project =
        Project::with("unseen", &[("1_a", "SELECT '\\''; BEGIN; CREATE TABLE t (a int); --'")]);
    let database = project.url().database();
    let setting = format!("ALTER DATABASE \"{database}\" SET standard_conforming_strings TO off");
    project.execute(&setting).await;
    let error = project.deploy().await.unwrap_err();
    assert!(error.to_string().contains("begins a transaction that it does not end"), "{error}");
    assert!(!project.has_table("t").await);
    assert_eq!(project.history().await[0].state, State::Failed);
}

#[tokio::test]
async fn what_is_put_off_to_the_end_runs_in_the_session_of_its_script() {
    let checks = "CREATE SCHEMA app; CREATE TABLE app.limits (top int); INSERT INTO app.limits VALUES (1);\n\
                  CREATE TABLE t (a int);\n\
                  CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE most int; BEGIN\n\
                  SELECT top INTO most FROM limits; RETURN NEW; END $$;\n\
                  CREATE CONSTRAINT TRIGGER c AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED\n\
                  FOR EACH ROW EXECUTE FUNCTION look();";
    let fills = "SET search_path TO app, public; INSERT INTO t VALUES (1);";
    let project =
        Project::with("put_off", &[("1_checks", checks), ("2_fills", fills), ("3_t", "SELECT 1;")]);
    assert_eq!(project.deploy().await.unwrap().applied.len(), 3);
}
