//! A project that Prisma has led for 100 migrations, taken over half way and in a state to be handed back.
//!
//! `test_data/taken_over` was made by Prisma's engine 6.19.3, migration by migration; `history.sql` is its own record.

use std::path::{Path, PathBuf};

use postgres::introspect;

use crate::diagnose::Relation;
use crate::folder::Folder;
use crate::history::History;
use crate::resolve;
use crate::script::Script;
use crate::status::status;
use crate::testing::Project;

/// How many migrations Prisma has applied before we come.
const BEFORE: usize = 60;

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data/taken_over")
}

fn read(file: &str) -> String {
    std::fs::read_to_string(data().join(file)).unwrap()
}

/// A project with the 100 migrations in its folder and so many of them in its database, by Prisma's hand.
async fn after_prisma(label: &str, applied: usize) -> Project {
    let project = Project::new(label);
    let reference = Folder::read(&data().join("migrations")).unwrap();
    assert_eq!(reference.migrations().len(), 100);
    let connection = project.connect().await;
    for (at, migration) in reference.migrations().iter().enumerate() {
        project.write(&migration.name, &migration.script);
        if at < applied {
            crate::apply::run::replay(&connection, &Script::new(&migration.script)).await.unwrap();
        }
    }
    connection.batch_execute(&read("history.sql")).await.unwrap();
    connection.batch_execute("SET search_path TO public").await.unwrap();
    if let Some(first_pending) = reference.migrations().get(applied) {
        let forget = "DELETE FROM _prisma_migrations WHERE migration_name >= $1";
        connection.execute(forget, &[&first_pending.name]).await.unwrap();
    }
    project
}

/// What Prisma looks at in the history, of every row.
async fn record(project: &Project) -> Vec<String> {
    let sql = "SELECT concat_ws(' ', migration_name, checksum, applied_steps_count, finished_at >= started_at, \
               length(id), logs IS NULL, rolled_back_at IS NULL) FROM _prisma_migrations ORDER BY migration_name";
    let rows = project.connect().await.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn half_way_and_to_the_end() {
    let project = after_prisma("taken_over", BEFORE).await;
    let before = status(&project.folder(), project.url()).await.unwrap();
    assert_eq!(before.diagnosis.relation(), Relation::DatabaseBehind);
    assert_eq!(before.diagnosis.pending.len(), 100 - BEFORE);
    assert_eq!(before.diagnosis.edited, [""; 0]);

    assert_eq!(project.deploy().await.unwrap().applied.len(), 100 - BEFORE);
    assert!(status(&project.folder(), project.url()).await.unwrap().is_up_to_date());
    let ready = project.ready(&read("schema.prisma")).await;
    assert!(ready.next.is_empty(), "no drift and nothing to do:\n{}", ready.next.script);

    // Nobody can tell our rows from Prisma's, nor what was made from what it makes.
    let whole = after_prisma("by_prisma", 100).await;
    assert_eq!(record(&project).await, record(&whole).await);
    let schema = async |project: &Project| introspect(&project.connect().await, &[]).await.unwrap();
    assert_eq!(schema(&project).await, schema(&whole).await);

    let longer = read("schema.prisma").replace("  authorId ", "  subtitle String?\n  authorId ");
    let next = project.dev(&longer, "subtitle").await.unwrap();
    assert_eq!(
        next.script,
        "-- AlterTable\nALTER TABLE \"Post\" ADD COLUMN     \"subtitle\" TEXT;\n"
    );
}

#[tokio::test]
async fn a_failure_that_prisma_left_is_resolved() {
    let project = after_prisma("failed_by_prisma", BEFORE).await;
    let fail = format!(
        "INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, logs) SELECT gen_random_uuid(), 'x', \
         '{}', now(), 'A migration failed to apply.'",
        project.folder().migrations()[BEFORE].name
    );
    project.execute(&fail).await;
    let error = project.deploy().await.unwrap_err();
    assert_eq!(error.code(), Some("P3009"), "{error}");
    let name = project.folder().migrations()[BEFORE].name.clone();
    resolve::rolled_back(project.url(), &name).await.unwrap();
    assert_eq!(project.deploy().await.unwrap().applied.len(), 100 - BEFORE);
    assert!(status(&project.folder(), project.url()).await.unwrap().is_up_to_date());
}

#[tokio::test]
async fn a_database_without_a_history_is_taken_over_as_it_is() {
    let project = after_prisma("baseline", 100).await;
    project.execute("DROP TABLE _prisma_migrations").await;
    assert_eq!(project.deploy().await.unwrap_err().code(), Some("P3005"));
    for migration in project.folder().migrations() {
        resolve::applied(&project.folder(), project.url(), &migration.name).await.unwrap();
    }
    assert_eq!(project.deploy().await.unwrap().applied, [""; 0]);
    assert!(project.ready(&read("schema.prisma")).await.next.is_empty());
    let rows = History::new(&project.connect().await).read().await.unwrap().unwrap();
    assert_eq!(rows.len(), 100);
}
