//! Rehearsals on a real server: what is measured is what the server did.

use std::path::Path;
use std::time::Duration;

use postgres::database;
use postgres::server::Server;

use crate::rehearse::{Copied, Measured, Rehearsal, Stage, bring_up_to, pending, rehearse};
use crate::testing::Project;

const TABLES: &str = "CREATE TABLE \"Odd one\" (id int PRIMARY KEY, \"a b\" text);\n\
    CREATE TABLE other (id int PRIMARY KEY);\n\
    INSERT INTO \"Odd one\" SELECT n, n::text FROM generate_series(1, 500) n;\n";

fn server() -> Server {
    Server::for_tests(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
}

/// A file in the working directory, which goes with this value.
struct Decoy(&'static str);

impl Decoy {
    fn new(name: &'static str) -> Self {
        std::fs::write(name, "no dump").unwrap();
        Self(name)
    }
}

impl Drop for Decoy {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(self.0);
    }
}

/// A database with two tables, and what is to be rehearsed on a copy of it.
async fn project(label: &str, scripts: &[&str]) -> Project {
    let project = Project::with(label, &[("1_tables", TABLES)]);
    project.deploy().await.unwrap();
    for (at, script) in scripts.iter().enumerate() {
        project.write(&format!("{}_next", at + 2), script);
    }
    project
}

async fn rehearsed(project: &Project, has_load: bool) -> Rehearsal {
    let copy = Stage::of(project.url(), &server()).await.unwrap();
    let twin = if has_load { Some(copy.twin().await.unwrap()) } else { None };
    let on_twin = twin.as_ref().map(Stage::url);
    let rehearsal = rehearse(&project.folder(), copy.url(), on_twin, &mut |_| ()).await.unwrap();
    for copy in twin.into_iter().chain([copy]) {
        let url = copy.url().clone();
        copy.drop_now().await.unwrap();
        assert!(!database::database_exists(&url).await.unwrap());
    }
    rehearsal
}

fn locks(measured: &Measured) -> Vec<String> {
    let shown = |lock: &crate::rehearse::Lock| format!("{} {}", lock.mode, lock.table);
    measured.locks.iter().map(shown).collect()
}

#[tokio::test]
async fn what_a_migration_does_is_measured() {
    let project = project(
        "rehearsing",
        &[
            "ALTER TABLE \"Odd one\" ALTER COLUMN id TYPE bigint;",
            "CREATE INDEX odd ON \"Odd one\" (\"a b\");",
            "UPDATE \"Odd one\" SET \"a b\" = 'x' WHERE id <= 100;\nDELETE FROM \"Odd one\" WHERE id > 490;\n\
             INSERT INTO other VALUES (1);",
            "ALTER TABLE other ADD COLUMN note text;",
            "CREATE INDEX CONCURRENTLY slowly ON \"Odd one\" (id);\nSELECT 1;",
        ],
    )
    .await;
    let rehearsal = rehearsed(&project, false).await;
    assert_eq!(rehearsal.failure, None);
    let [rewrite, index, rows, column, slowly] = &rehearsal.migrations[..] else {
        panic!("{rehearsal:#?}")
    };
    let anew = |measured: &Measured| -> Vec<(String, bool, u64)> {
        let one = |anew: &crate::rehearse::Rewritten| (anew.name.clone(), anew.is_index, anew.rows);
        measured.rewritten.iter().map(one).collect()
    };
    assert_eq!(anew(rewrite), [("Odd one".to_owned(), false, 500)], "its indexes are not told");
    assert_eq!(locks(rewrite)[0], "ACCESS EXCLUSIVE Odd one");
    assert!(rewrite.locks[0].blocks_reads && rewrite.locks[0].held <= rewrite.took);
    assert_eq!(anew(index), [("odd".to_owned(), true, 500)]);
    assert!(locks(index).contains(&"SHARE Odd one".to_owned()), "{index:#?}");
    assert!(!index.locks[0].blocks_reads && index.locks[0].blocks_writes);
    assert_eq!(anew(rows), []);
    let changed: Vec<_> = rows
        .changed
        .iter()
        .map(|changed| (&*changed.table, changed.inserted, changed.updated, changed.deleted))
        .collect();
    assert_eq!(changed, [("Odd one", 0, 100, 10), ("other", 1, 0, 0)]);
    // However short it is.
    assert!(locks(column).contains(&"ACCESS EXCLUSIVE other".to_owned()), "{column:#?}");
    assert_eq!(anew(column), []);
    assert_eq!(anew(slowly), [("slowly".to_owned(), true, 490)]);
    let steps: Vec<&str> = slowly.steps.iter().map(|step| step.summary.as_str()).collect();
    assert!(steps.len() == 2 && steps[0].contains("CONCURRENTLY"), "{steps:?}");
    assert!(slowly.steps.iter().all(|step| step.took <= slowly.took) && rewrite.steps.is_empty());
    assert!(!slowly.locks.iter().any(|lock| lock.blocks_writes), "{slowly:#?}");
    // The database itself is as it was.
    assert_eq!(project.value("SELECT count(*) FROM \"Odd one\"").await.as_deref(), Some("500"));
    assert_eq!(pending(&project.folder(), project.url()).await.unwrap().len(), 5);
    let own = "SELECT to_regnamespace('_driveflow')";
    assert_eq!(project.value(own).await, None, "nothing of the rehearsal is in the database");
}

#[tokio::test]
async fn a_failure_is_a_result_and_leaves_no_copy() {
    let project =
        project("rehearsing_failure", &["SELECT 1/0;", "CREATE TABLE never (id int);"]).await;
    let rehearsal = rehearsed(&project, true).await;
    let names: Vec<&str> = rehearsal.migrations.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["2_next"], "the others stand on it");
    assert!(rehearsal.failure.unwrap().contains("division by zero"));
    assert_eq!(rehearsal.load, None);
}

#[tokio::test]
async fn clients_wait_as_long_as_the_lock_is_held() {
    let script = "ALTER TABLE \"Odd one\" RENAME COLUMN \"a b\" TO c;\nSELECT pg_sleep(1);";
    let project = project("rehearsing_load", &[script]).await;
    let load = rehearsed(&project, true).await.load.unwrap();
    let [stall] = &load.stalls[..] else { panic!("{load:#?}") };
    assert_eq!(stall.table, "Odd one");
    let least = Duration::from_millis(500);
    assert!(stall.read >= least && stall.write >= least, "{stall:#?}");
    assert!(load.statements > 0 && load.clients > 0);
}

#[tokio::test]
async fn a_table_that_goes_breaks_who_uses_it() {
    let script = "SELECT pg_sleep(0.2);\nDROP TABLE other;\nSELECT pg_sleep(0.5);";
    let project = project("rehearsing_broken", &[script]).await;
    let load = rehearsed(&project, true).await.load.unwrap();
    let stall = load.stalls.iter().find(|stall| stall.table == "other").unwrap();
    assert!(stall.failed > 0, "{stall:#?}");
    assert!(stall.error.as_ref().unwrap().contains("other"), "{stall:#?}");
}

#[tokio::test]
async fn whoever_is_connected_does_not_keep_it_from_being_copied() {
    let project = project("rehearsing_dump", &["ALTER TABLE other ADD COLUMN note text;"]).await;
    let somebody = project.connect().await;
    // A database that listens to another server could not be dropped.
    let subscribe = "CREATE SUBSCRIPTION heard CONNECTION 'host=nowhere.invalid' PUBLICATION p WITH (connect = false)";
    somebody.batch_execute(subscribe).await.unwrap();
    // What happens to be called like its dump where the command runs is nobody's dump.
    let dump = Decoy::new("dump");
    let copy = Stage::of(project.url(), &server()).await;
    drop(dump);
    let copy = copy.unwrap();
    assert_eq!(copy.how, Copied::Dump);
    let rehearsal = rehearse(&project.folder(), copy.url(), None, &mut |_| ()).await.unwrap();
    assert_eq!((rehearsal.migrations.len(), rehearsal.failure), (1, None));
    // Given up, it goes too.
    let url = copy.url().clone();
    drop(copy);
    assert!(!database::database_exists(&url).await.unwrap());
    for sql in ["ALTER SUBSCRIPTION heard SET (slot_name = NONE)", "DROP SUBSCRIPTION heard"] {
        somebody.batch_execute(sql).await.unwrap();
    }
    somebody.close().await;
}

#[tokio::test]
async fn a_new_copy_is_brought_to_where_the_database_is() {
    let project = project("rehearsing_new", &["ALTER TABLE other ADD COLUMN note text;"]).await;
    let folder = project.folder();
    let without = pending(&folder, project.url()).await.unwrap();
    assert_eq!(without, ["2_next"]);
    let copy = Stage::empty(project.url()).await.unwrap();
    bring_up_to(&folder, copy.url(), &without).await.unwrap();
    let rehearsal = rehearse(&folder, copy.url(), None, &mut |_| ()).await.unwrap();
    assert_eq!(rehearsal.migrations.len(), 1);
    copy.drop_now().await.unwrap();
}

#[tokio::test]
async fn without_the_right_to_make_databases_nothing_is_tried() {
    let project = project("rehearsing_right", &["ALTER TABLE other ADD COLUMN note text;"]).await;
    let (url, role) = project.with_new_role().await;
    for error in
        [Stage::of(&url, &server()).await.unwrap_err(), Stage::empty(&url).await.unwrap_err()]
    {
        assert!(error.to_string().contains("this user may make none"), "{error}");
        assert!(
            error.help().unwrap().contains(&format!("ALTER ROLE \"{role}\" CREATEDB;")),
            "{error:?}"
        );
    }
    project.execute(&format!("DROP ROLE {role}")).await;
}
