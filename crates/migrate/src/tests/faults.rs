//! Ends in the middle: lost connections and cancelled commands.

use std::time::Duration;

use postgres::database::database_exists;
use postgres::lock;

use crate::history::State;
use crate::resolve;
use crate::shadow::Shadow;
use crate::status::status;
use crate::testing::Project;

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

#[tokio::test]
async fn a_lost_connection_leaves_a_failed_attempt() {
    let project =
        Project::with("lost", &[("1_a", "CREATE TABLE t (a int);\nSELECT pg_sleep(60);\n")]);
    let kill = async {
        let pid = running(&project, "pg_sleep(60)").await;
        project.execute(&format!("SELECT pg_terminate_backend({pid})")).await;
    };
    let (deployed, ()) = tokio::join!(project.deploy(), kill);
    let error = deployed.unwrap_err();
    assert_eq!(error.code(), Some("P1017"), "{error}");
    assert!(error.to_string().contains("while the migration `1_a` was running"), "{error}");
    assert!(error.help().unwrap().contains("cargo xtask migrate status"));
    assert!(!project.has_table("t").await);

    let error = project.deploy().await.unwrap_err();
    assert_eq!(error.code(), Some("P3009"));
    assert!(error.to_string().contains("the attempt was cut off"), "{error}");
    assert!(error.help().unwrap().contains("resolve --rolled-back \"1_a\""));
    resolve::rolled_back(project.url(), "1_a").await.unwrap();
    project.write("1_a", "CREATE TABLE t (a int);\n");
    assert_eq!(project.deploy().await.unwrap().applied, ["1_a"]);
}

#[tokio::test]
async fn a_cancelled_deploy_leaves_nothing_of_its_migration() {
    let script = "CREATE TABLE t (a int);\nSELECT pg_sleep(60);\n";
    let project = Project::with("cancelled", &[("1_a", "SELECT 1"), ("2_b", script)]);
    tokio::select! {
        deployed = project.deploy() => panic!("the deploy was too fast: {deployed:?}"),
        _ = running(&project, "pg_sleep(60)") => {}
    }
    // The statement is stopped on the server too: the next deploy need not wait for it.
    let error = project.deploy().await.unwrap_err();
    assert_eq!(error.code(), Some("P3009"), "{error}");
    let states: Vec<State> = project.history().await.iter().map(|row| row.state).collect();
    assert_eq!(states, [State::Applied, State::Failed]);
    assert!(!project.has_table("t").await);
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

#[tokio::test]
async fn a_shadow_database_goes_in_any_case() {
    let project = Project::new("shadow");
    for at_once in [true, false] {
        let shadow = Shadow::open(project.url(), None, &[]).await.unwrap();
        let url = shadow.connection().url().clone();
        assert!(url.database().starts_with("prisma_migrate_shadow_db_"));
        assert!(database_exists(&url).await.unwrap());
        if at_once {
            // As when the command is cancelled or fails.
            drop(shadow);
        } else {
            shadow.close().await.unwrap();
        }
        assert!(!database_exists(&url).await.unwrap());
    }
}

#[tokio::test]
async fn a_cancelled_dev_leaves_no_shadow_database() {
    let project = Project::new("shadow_cancelled");
    let mark = project.url().database();
    project.write("1_a", &format!("SELECT pg_sleep(60), '{mark}';"));
    let connection = project.connect().await;
    let find = "SELECT datname FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() \
                AND query LIKE '%' || $1 || '%'";
    let shadow = async {
        loop {
            if let Some(row) = connection.query_opt(find, &[&mark]).await.unwrap() {
                break row.get::<_, String>(0);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let name = tokio::select! {
        prepared = project.prepare("") => panic!("dev was too fast: {prepared:?}"),
        name = shadow => name,
    };
    assert!(name.starts_with(crate::shadow::PREFIX), "{name}");
    assert!(!database_exists(&project.url().with_database(&name)).await.unwrap());
}

#[tokio::test]
async fn the_main_database_is_no_shadow() {
    let project = Project::new("main_shadow");
    project.execute("CREATE TABLE precious (a int)").await;
    // The same place by another name: no comparison of texts would know it.
    let host = project.url().host();
    let renamed = project.url().expose().replace(host, &format!("{host}/."));
    assert_ne!(renamed, project.url().expose());
    for same in [project.url().with_schema("other"), renamed.parse().unwrap()] {
        let error = Shadow::open(project.url(), Some(&same), &[]).await.unwrap_err();
        let text = error.to_string();
        assert!(text.contains("appears to be the same as the main database"), "{text}");
        assert!(project.has_table("precious").await);
    }
}

#[tokio::test]
async fn a_given_shadow_database_is_emptied_and_kept() {
    let project = Project::with("given_shadow", &[("1_a", "CREATE TABLE t (a int)")]);
    let given = Project::new("given");
    given.execute("CREATE TABLE old (a int)").await;
    let folder = project.folder();
    let shadow = Shadow::open(project.url(), Some(given.url()), &[]).await.unwrap();
    let all: Vec<_> = folder.migrations().iter().collect();
    shadow.replay(&folder, &all, &mut |_| ()).await.unwrap();
    shadow.close().await.unwrap();
    assert!(given.has_table("t").await && !given.has_table("old").await);
}

#[tokio::test]
async fn without_the_right_to_make_databases_it_is_p3014() {
    let project = Project::new("no_right");
    let (url, role) = project.with_new_role().await;
    let error = Shadow::open(&url, None, &[]).await.unwrap_err();
    project.execute(&format!("DROP ROLE {role}")).await;
    assert_eq!(error.code(), Some("P3014"), "{error}");
    assert!(error.help().unwrap().contains("CREATEDB"));
}
