//! `migrate down`.

use std::fs;

use insta::assert_snapshot;

use crate::down::{Plan, Target, plan, take_back};
use crate::history::State;
use crate::status::status;
use crate::testing::Project;
use crate::{Error, folder, report, resolve};

const A: (&str, &str) = ("20260101000000_a", "CREATE TABLE \"A\" (id int PRIMARY KEY);\n");
const B: (&str, &str) = ("20260102000000_b", "ALTER TABLE \"A\" ADD COLUMN b text;\n");
const C: (&str, &str) = ("20260103000000_c", "CREATE TABLE \"C\" (id int PRIMARY KEY);\n");

/// Three applied migrations with their ways back.
async fn three(label: &str) -> Project {
    let project = Project::with(label, &[A, B, C]);
    project.write_down(A.0, "DROP TABLE \"A\";\n");
    project.write_down(B.0, "ALTER TABLE \"A\" DROP COLUMN b;\n");
    project.write_down(C.0, "DROP TABLE \"C\";\n");
    project.deploy().await.unwrap();
    project
}

async fn planned(project: &Project, target: Target) -> Result<Plan, Error> {
    plan(&project.folder(), project.url(), &target).await
}

async fn down(project: &Project, target: Target) -> Result<Vec<String>, Error> {
    let plan = planned(project, target).await?;
    take_back(project.url(), &plan, &mut |_| ()).await
}

async fn states(project: &Project) -> Vec<State> {
    project.history().await.iter().map(|row| row.state).collect()
}

fn to(name: &str) -> Target {
    Target::To(name.to_owned())
}

#[tokio::test]
async fn the_last_migration_goes_first() {
    let project = three("down_last").await;
    assert_eq!(down(&project, Target::Steps(1)).await.unwrap(), [C.0]);
    assert!(!project.has_table("C").await);
    assert_eq!(states(&project).await, [State::Applied, State::Applied, State::RolledBack]);
    assert_eq!(down(&project, Target::Steps(5)).await.unwrap(), [B.0, A.0]);
    assert!(!project.has_table("A").await);
    assert!(down(&project, Target::Steps(1)).await.unwrap().is_empty(), "there is none left");

    let told = status(&project.folder(), project.url()).await.unwrap();
    assert_eq!(told.diagnosis.pending, [A.0, B.0, C.0]);
    assert_eq!(project.deploy().await.unwrap().applied, [A.0, B.0, C.0]);
    assert_eq!(project.history().await.len(), 6);
}

#[tokio::test]
async fn a_target_stays() {
    let project = three("down_to").await;
    let plan = planned(&project, to("_a")).await.unwrap();
    assert_eq!(plan.stays.as_deref(), Some(A.0));
    assert_eq!(down(&project, to("_a")).await.unwrap(), [C.0, B.0]);
    assert!(project.has_table("A").await && !project.has_table("C").await);
    assert!(down(&project, to(A.0)).await.unwrap().is_empty());

    let error = down(&project, to("_c")).await.unwrap_err();
    assert!(error.to_string().contains("`20260103000000_c` is not applied"), "{error}");
    let error = down(&project, to("nope")).await.unwrap_err();
    assert_eq!(error.code(), Some("P3017"));
    assert!(!error.to_string().contains("whole name"), "{error}");
    project.deploy().await.unwrap();
    let error = down(&project, to("2026")).await.unwrap_err();
    assert!(error.to_string().starts_with("several migrations have \"2026\""), "{error}");
}

#[tokio::test]
async fn what_is_lost_is_told_before() {
    let project = three("down_losses").await;
    project
        .execute("INSERT INTO \"A\" VALUES (1, 'x'), (2, NULL); INSERT INTO \"C\" VALUES (1)")
        .await;
    let comment = "/*\n  Warnings:\n\n  - You are about to drop the `C` table. If the table is not empty, all the data \
                   it contains will be lost.\n  - Nobody will like it.\n\n*/\n";
    project.write_down(C.0, &format!("{comment}DROP TABLE \"C\";\n"));
    project.write_down(B.0, "BEGIN;\nALTER TABLE \"A\" DROP COLUMN \"b\";\nCOMMIT;\n");
    project.write(B.0, "-- edited");
    let plan = planned(&project, Target::Steps(3)).await.unwrap();
    let text = report::down_plan(&plan, project.url());
    assert_snapshot!(text.split_once(":\n\n").unwrap().1, @r#"
    20260103000000_c
      • drops the table `C` (1 row)
      • Nobody will like it.

    20260102000000_b
      • was modified after it was applied: its down.sql may not fit
      • is not one transaction: a failure leaves it half done
      • drops the column `b` of the table `A` (1 value)

    20260101000000_a
      • drops the table `A` (2 rows)
    "#);
    assert_eq!(states(&project).await, [State::Applied; 3], "nothing was changed");
}

#[tokio::test]
async fn what_may_stay_is_told_before_and_after() {
    let function = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';";
    let project = Project::with("down_stays", &[A, B, (C.0, function)]);
    project.deploy().await.unwrap();
    project.write_down(C.0, "-- nothing\n");
    project.write_down(B.0, "ALTER TABLE \"A\" DROP COLUMN \"b\";\n");
    let plan = planned(&project, Target::Steps(2)).await.unwrap();
    let text = report::down_plan(&plan, project.url());
    assert_snapshot!(text.split_once(":\n\n").unwrap().1, @r"
    20260103000000_c
      • down.sql holds no statement, so that only the history changes
      • migration.sql has CREATE FUNCTION, which down.sql may not undo

    20260102000000_b
      • drops the column `b` of the table `A` (no values)
    ");
    let done = take_back(project.url(), &plan, &mut |_| ()).await.unwrap();
    let text = report::taken_back(&done, &plan, "prisma/migrations");
    let (_, text) = text.split_once("\n\nThe last ").unwrap();
    assert_snapshot!(text.split_once("\n\nThe migrations are").unwrap().0, @r"
    migration that counts as applied is `20260101000000_a`.

    Of `20260103000000_c`: down.sql holds no statement, so that only the history changes.

    Of `20260103000000_c`: migration.sql has CREATE FUNCTION, which down.sql may not undo.
    ");
}

#[tokio::test]
async fn a_script_that_fails_changes_nothing() {
    let project = three("down_fails").await;
    project.write_down(B.0, "-- x\nDROP TABLE \"A\";\nDROP TABLE \"Nope\";\n");
    let error = down(&project, Target::Steps(2)).await.unwrap_err();
    let text = error.to_string().replace(&project.path().display().to_string(), "migrations");
    assert_snapshot!(text, @r#"
    the migration `20260102000000_b` could not be taken back.

    Database error code: 42P01

    Database error:
    ERROR: table "Nope" does not exist

    Position:
      1 -- x
      2 DROP TABLE "A";
      3 DROP TABLE "Nope";
        ^

    in migrations/20260102000000_b/down.sql:3:1
    "#);
    let help = error.help().unwrap().replace(&project.path().display().to_string(), "migrations");
    assert_snapshot!(help, @r#"
    Nothing of it was done: the script is one transaction, and the migration still counts as applied.
    Mend migrations/20260102000000_b/down.sql and run cargo xtask migrate down again.
    Taken back before it: 20260103000000_c.
    "#);
    assert!(project.has_table("A").await);
    assert_eq!(states(&project).await, [State::Applied, State::Applied, State::RolledBack]);
}

#[tokio::test]
async fn a_script_in_pieces_that_fails_leaves_a_failed_attempt() {
    let project = three("down_pieces").await;
    project.write_down(C.0, "DROP TABLE \"C\";\nVACUUM \"A\";\nSELECT nope;\n");
    let error = down(&project, Target::Steps(1)).await.unwrap_err();
    assert!(error.help().unwrap().starts_with("The script is not one transaction"), "{error:?}");
    assert_eq!(states(&project).await, [State::Applied, State::Applied, State::Failed]);
    let logs = project.history().await[2].logs.clone().unwrap();
    assert!(logs.contains("column \"nope\" does not exist"), "{logs}");

    let error = down(&project, Target::Steps(1)).await.unwrap_err();
    assert_eq!(error.code(), Some("P3009"));
    assert!(error.to_string().contains("nothing will be taken back"), "{error}");
    resolve::rolled_back(project.url(), C.0).await.unwrap();
    assert_eq!(project.deploy().await.unwrap().applied, [C.0]);
}

#[tokio::test]
async fn statements_that_refuse_transactions_run_on_the_way_back_too() {
    let project = three("down_concurrently").await;
    project.write_down(C.0, "DROP INDEX CONCURRENTLY IF EXISTS i;\nDROP TABLE \"C\";\n");
    assert_eq!(down(&project, Target::Steps(1)).await.unwrap(), [C.0]);
    assert_eq!(states(&project).await[2], State::RolledBack);
    assert_eq!(project.history().await[2].logs, None);
    assert_eq!(project.deploy().await.unwrap().applied, [C.0]);
}

#[tokio::test]
async fn a_lost_connection_leaves_the_migration_applied() {
    let project = three("down_lost").await;
    project.write_down(C.0, "DROP TABLE \"C\";\nSELECT pg_terminate_backend(pg_backend_pid());\n");
    let error = down(&project, Target::Steps(1)).await.unwrap_err();
    assert_eq!(error.code(), Some("P1017"), "{error}");
    assert!(project.has_table("C").await);
    assert_eq!(states(&project).await, [State::Applied; 3]);
}

#[tokio::test]
async fn a_lost_connection_between_pieces_leaves_a_failed_attempt() {
    let project = three("down_lost_pieces").await;
    let script =
        "DROP TABLE \"C\";\nVACUUM \"A\";\nSELECT pg_terminate_backend(pg_backend_pid());\n";
    project.write_down(C.0, script);
    assert_eq!(down(&project, Target::Steps(1)).await.unwrap_err().code(), Some("P1017"));
    assert_eq!(states(&project).await, [State::Applied, State::Applied, State::Failed]);
    let error = project.deploy().await.unwrap_err();
    assert!(error.to_string().contains("Its down.sql was begun"), "{error}");
}

#[tokio::test]
async fn without_a_script_there_is_no_way_back() {
    let project = three("down_none").await;
    fs::remove_file(folder::down_path(&project.path(), B.0)).unwrap();
    let error = down(&project, Target::Steps(2)).await.unwrap_err();
    assert!(error.to_string().contains("`20260102000000_b` has no down.sql"), "{error}");
    assert_eq!(error.file(), Some(&*folder::down_path(&project.path(), B.0)));
    assert!(error.help().unwrap().contains("cargo xtask migrate diff"), "{error:?}");
    assert_eq!(states(&project).await, [State::Applied; 3], "not even the one that has one");

    project.remove(B.0);
    let error = down(&project, Target::Steps(2)).await.unwrap_err();
    assert!(error.to_string().contains("is applied to the database but is not in"), "{error}");
}

#[tokio::test]
async fn two_at_once_take_back_once() {
    let project = three("down_twice").await;
    let plan = planned(&project, Target::Steps(1)).await.unwrap();
    let one = || async { take_back(project.url(), &plan, &mut |_| ()).await };
    let (first, second) = tokio::join!(one(), one());
    let (done, refused) = if first.is_ok() { (first, second) } else { (second, first) };
    assert_eq!(done.unwrap(), [C.0]);
    let error = refused.unwrap_err();
    assert!(error.to_string().contains("the history has changed"), "{error}");
    assert_eq!(states(&project).await, [State::Applied, State::Applied, State::RolledBack]);
}

/// A script may leave the session anywhere: the mark finds the history all the same.
#[tokio::test]
async fn what_a_script_sets_does_not_matter() {
    let project = three("down_settings").await;
    let script =
        "SELECT pg_catalog.set_config('search_path', '', false);\nDROP TABLE public.\"C\";\n";
    project.write_down(C.0, script);
    assert_eq!(down(&project, Target::Steps(2)).await.unwrap(), [C.0, B.0]);
}

#[tokio::test]
async fn data_for_a_client_is_refused_before_anything_happens() {
    let project = three("down_copy").await;
    project.write_down(C.0, "COPY \"C\" FROM stdin;\n1\n\\.\n");
    let error = down(&project, Target::Steps(1)).await.unwrap_err();
    assert!(error.to_string().contains("down.sql:1: COPY"), "{error}");
}

#[tokio::test]
async fn a_database_without_history_has_nothing_to_take_back() {
    let project = Project::with("down_nothing", &[A]);
    assert_eq!(planned(&project, Target::Steps(1)).await.unwrap(), Plan::default());
}
