//! `migrate resolve`.

use crate::history::State;
use crate::resolve::{applied, rolled_back};
use crate::testing::Project;

async fn states(project: &Project) -> Vec<State> {
    project.history().await.iter().map(|row| row.state).collect()
}

#[tokio::test]
async fn rolled_back_lets_the_mended_migration_run() {
    let project = Project::with("rolled_back", &[("1_a", "SELECT nope")]);
    project.deploy().await.unwrap_err();
    rolled_back(project.url(), "1_a").await.unwrap();
    assert_eq!(states(&project).await, [State::RolledBack]);

    project.write("1_a", "CREATE TABLE t (a int)");
    assert_eq!(project.deploy().await.unwrap().applied, ["1_a"]);
    assert_eq!(states(&project).await, [State::RolledBack, State::Applied]);
}

#[tokio::test]
async fn applied_ends_a_failure_without_running_anything() {
    let project = Project::with("applied", &[("1_a", "SELECT nope"), ("2_b", "SELECT 1")]);
    project.deploy().await.unwrap_err();
    applied(&project.folder(), project.url(), "1_a").await.unwrap();
    assert_eq!(states(&project).await, [State::RolledBack, State::Applied]);
    let row = "SELECT concat_ws(' ', applied_steps_count, started_at = finished_at) FROM _prisma_migrations \
               WHERE rolled_back_at IS NULL";
    assert_eq!(project.value(row).await.unwrap(), "0 t");
    assert_eq!(project.deploy().await.unwrap().applied, ["2_b"]);
}

#[tokio::test]
async fn applied_begins_the_history_of_a_database_with_tables() {
    let project =
        Project::with("baseline", &[("1_a", "CREATE TABLE t (a int)"), ("2_b", "SELECT 1")]);
    project.execute("CREATE TABLE t (a int)").await;
    assert_eq!(project.deploy().await.unwrap_err().code(), Some("P3005"));
    applied(&project.folder(), project.url(), "1_a").await.unwrap();
    assert_eq!(project.deploy().await.unwrap().applied, ["2_b"]);
}

#[tokio::test]
async fn what_cannot_be_resolved_says_why() {
    let project = Project::with("unresolvable", &[("20260101000000_init", "SELECT 1")]);
    let error = rolled_back(project.url(), "20260101000000_init").await.unwrap_err();
    assert_eq!(error.code(), Some("P3011"));
    project.deploy().await.unwrap();
    let error = rolled_back(project.url(), "20260101000000_init").await.unwrap_err();
    assert_eq!(error.code(), Some("P3012"));
    let error = applied(&project.folder(), project.url(), "20260101000000_init").await.unwrap_err();
    assert_eq!(error.code(), Some("P3008"));
    let error = applied(&project.folder(), project.url(), "nope").await.unwrap_err();
    assert_eq!(error.code(), Some("P3017"));
    let error = rolled_back(project.url(), "nope").await.unwrap_err();
    assert_eq!(error.code(), Some("P3011"));
}

#[tokio::test]
async fn a_part_of_a_name_will_do() {
    let project = Project::with(
        "resolve_part",
        &[("20260101000000_a", "SELECT nope"), ("20260102000000_b", "SELECT 1")],
    );
    project.deploy().await.unwrap_err();
    assert_eq!(rolled_back(project.url(), "_a").await.unwrap().name, "20260101000000_a");
    let error = applied(&project.folder(), project.url(), "2026").await.unwrap_err();
    assert!(error.to_string().starts_with("several migrations have \"2026\""), "{error}");
    let name = applied(&project.folder(), project.url(), "_b").await.unwrap();
    assert_eq!(name, "20260102000000_b");
    assert_eq!(states(&project).await, [State::RolledBack, State::Applied]);
}

#[tokio::test]
async fn what_is_half_there_is_told() {
    let script = "CREATE TABLE u (a int);\nCREATE INDEX CONCURRENTLY u_a ON u (a);\nCREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a);\n";
    let project = Project::with(
        "half_there",
        &[("1_t", "CREATE TABLE t (a int);\nINSERT INTO t VALUES (1), (1);"), ("2_steps", script)],
    );
    project.deploy().await.unwrap_err();
    let told = rolled_back(project.url(), "2_steps").await.unwrap();
    assert_eq!(told.done.len(), 2, "{told:?}");
    assert!(told.begun.as_ref().is_some_and(|step| step.contains("t_a")), "{told:?}");
    let text = crate::report::resolved_rolled_back(&told);
    insta::assert_snapshot!(text, @"
    Migration 2_steps marked as rolled back.

    Of it this is done, and is still there:
      CREATE TABLE u (a int)
      CREATE INDEX CONCURRENTLY u_a ON u (a)

    This was begun, and may have left something half done:
      CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a)

    The next deploy begins with its first step again: undo by hand what is there, or write the migration so that it finds it there.
    ");
    // With its first step it cannot begin again, as it says.
    let error = project.deploy().await.unwrap_err();
    assert!(error.to_string().contains("relation \"u\" already exists"), "{error}");
}
