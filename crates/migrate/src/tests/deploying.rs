//! `migrate deploy` and `migrate status` where nothing goes wrong.

use crate::deploy::deploy;
use crate::history::State;
use crate::status::status;
use crate::testing::Project;
use crate::{Progress, checksum, report};

const A: (&str, &str) = ("20260101000000_a", "CREATE TABLE \"A\" (id int PRIMARY KEY);\n");
const B: (&str, &str) = ("20260102000000_b", "CREATE TABLE \"B\" (id int PRIMARY KEY);\n");

#[tokio::test]
async fn pending_migrations_run_in_order_and_once() {
    let project = Project::with("deploy", &[A, B]);
    let mut progress = Vec::new();
    let deployed =
        deploy(&project.folder(), project.url(), &mut |step| progress.push(format!("{step:?}")))
            .await
            .unwrap();
    assert_eq!((deployed.found, deployed.created_database), (2, false));
    assert_eq!(deployed.applied, [A.0, B.0]);
    assert_eq!(progress.len(), 4, "{progress:?}");
    assert_eq!(progress[3], format!("{:?}", Progress::Applied { name: B.0, number: 2, of: 2 }));

    assert!(project.deploy().await.unwrap().applied.is_empty());
    let rows = project.history().await;
    assert_eq!(rows.len(), 2);
    for (row, (name, script)) in rows.iter().zip([A, B]) {
        assert_eq!((row.name.as_str(), row.state), (name, State::Applied));
        assert_eq!(row.checksum, checksum::of(script));
        assert_eq!((row.id.len(), &row.logs), (36, &None));
    }
}

#[tokio::test]
async fn the_history_is_as_prisma_keeps_it() {
    let project = Project::with("history", &[A]);
    project.deploy().await.unwrap();
    let columns = project
        .value(
            "SELECT string_agg(concat_ws(' ', column_name, data_type, character_maximum_length, is_nullable, \
             column_default), ', ' ORDER BY ordinal_position) FROM information_schema.columns \
             WHERE table_name = '_prisma_migrations'",
        )
        .await;
    assert_eq!(
        columns.unwrap(),
        "id character varying 36 NO, checksum character varying 64 NO, finished_at timestamp with time zone YES, \
         migration_name character varying 255 NO, logs text YES, rolled_back_at timestamp with time zone YES, \
         started_at timestamp with time zone NO now(), applied_steps_count integer NO 0"
    );
    let row = "SELECT concat_ws(' ', applied_steps_count, finished_at >= started_at, logs IS NULL, \
               rolled_back_at IS NULL) FROM _prisma_migrations";
    assert_eq!(project.value(row).await.unwrap(), "1 t t t");
    let key = "SELECT conname FROM pg_constraint WHERE conrelid = '_prisma_migrations'::regclass AND contype = 'p'";
    assert_eq!(project.value(key).await.unwrap(), "_prisma_migrations_pkey");
}

#[tokio::test]
async fn the_database_and_the_schema_are_made_where_missing() {
    let project = Project::with("missing", &[A]);
    let url = project
        .url()
        .with_database(&format!("{}_made", project.url().database()))
        .with_schema("two words");
    let deployed = deploy(&project.folder(), &url, &mut |_| ()).await.unwrap();
    assert!(deployed.created_database);
    let again = deploy(&project.folder(), &url, &mut |_| ()).await.unwrap();
    assert_eq!((again.created_database, again.applied.len()), (false, 0));
    let connection = postgres::connect(&url).await.unwrap();
    let row = connection
        .query_one("SELECT to_regclass('\"two words\".\"A\"') IS NOT NULL", &[])
        .await
        .unwrap();
    assert!(row.get::<_, bool>(0));
    connection.close().await;
    postgres::database::drop_database(&url).await.unwrap();
}

#[tokio::test]
async fn tables_without_a_history_are_p3005() {
    let project = Project::with("not_empty", &[A]);
    project.execute("CREATE TABLE mine (id int)").await;
    let error = project.deploy().await.unwrap_err();
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        (Some("P3005"), "The database schema is not empty.")
    );
    assert!(error.help().unwrap().contains("resolve --applied \"20260101000000_a\""));
    assert!(!project.has_table("_prisma_migrations").await, "nothing was begun");
}

#[tokio::test]
async fn a_user_who_may_make_nothing_is_told_what_to_ask_for() {
    let project = Project::with("no_grant", &[A]);
    let (url, role) = project.with_new_role().await;
    project.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC").await;
    let error = deploy(&project.folder(), &url, &mut |_| ()).await.unwrap_err();
    project.execute(&format!("DROP ROLE {role}")).await;
    assert!(error.to_string().contains("permission denied for schema public"), "{error}");
    assert!(
        error.help().unwrap().contains(&format!("GRANT ALL ON SCHEMA \"public\" TO \"{role}\";"))
    );
}

#[tokio::test]
async fn a_script_may_have_transactions_of_its_own() {
    let script = "BEGIN;\nCREATE TABLE kept (id int);\nCOMMIT;\nBEGIN;\nCREATE TABLE dropped (id int);\nROLLBACK;\n";
    let project = Project::with("transactions", &[("1_a", script), B]);
    assert_eq!(project.deploy().await.unwrap().applied.len(), 2);
    assert!(project.has_table("kept").await && !project.has_table("dropped").await);
}

#[tokio::test]
async fn statements_that_refuse_transactions_run_in_the_middle() {
    let script = "CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\n\
                  CREATE INDEX CONCURRENTLY t_a ON t (a); -- no transaction\n\
                  VACUUM t;\nINSERT INTO t VALUES (2);\nALTER SYSTEM RESET work_mem;";
    let project = Project::with("concurrently", &[("1_a", script), B]);
    assert_eq!(project.deploy().await.unwrap().applied.len(), 2);
    assert_eq!(
        project
            .value("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_a'::regclass")
            .await
            .unwrap(),
        "true"
    );
    assert_eq!(project.value("SELECT count(*) FROM t").await.unwrap(), "2");
    assert!(project.history().await.iter().all(|row| row.state == State::Applied));
}

#[tokio::test]
async fn what_a_script_sets_does_not_reach_the_next() {
    let script = "SELECT pg_catalog.set_config('search_path', '', false);\nSET standard_conforming_strings = off;\n\
                  SET default_transaction_isolation = 'serializable';\n";
    let project = Project::with("settings", &[("1_it's", script), B]);
    assert_eq!(project.deploy().await.unwrap().applied.len(), 2);
    assert!(project.has_table("B").await, "it is where the URL says");
}

#[tokio::test]
async fn scripts_of_nothing_are_applied_too() {
    let project = Project::with(
        "nothing",
        &[("1_a", ""), ("2_b", "-- nothing"), ("3_c", "\u{feff}SELECT 1 /* x */ ;;")],
    );
    assert_eq!(project.deploy().await.unwrap().applied.len(), 3);
    assert_eq!(
        project.value("SELECT sum(applied_steps_count) FROM _prisma_migrations").await.unwrap(),
        "3"
    );
}

#[tokio::test]
async fn eight_deploys_at_once_apply_everything_once() {
    let project = Project::with("at_once", &[A, B, ("20260103000000_c", "SELECT pg_sleep(0.2);")]);
    let folder = project.folder();
    let deploys = (0..8)
        .map(|_| async { deploy(&folder, project.url(), &mut |_| ()).await.unwrap().applied });
    let applied: Vec<Vec<String>> = futures_util::future::join_all(deploys).await;
    assert_eq!(applied.concat().len(), 3, "{applied:?}");
    assert_eq!(project.history().await.len(), 3);
}

#[tokio::test]
async fn status_tells_how_things_stand() {
    let project = Project::with("status", &[A, B]);
    let told = async || {
        let status = status(&project.folder(), project.url()).await.unwrap();
        let told = report::status(&status, "prisma/migrations");
        (status.is_up_to_date(), format!("{}\n{}", told.stdout, told.stderr).trim_end().to_owned())
    };
    let (good, text) = told().await;
    assert!(
        !good
            && text.contains("Following migrations have not yet been applied:\n20260101000000_a\n"),
        "{text}"
    );

    project.deploy().await.unwrap();
    let (good, text) = told().await;
    assert!(good && text.ends_with("Database schema is up to date!"), "{text}");

    project.write(A.0, "-- edited");
    let (good, text) = told().await;
    assert!(good && text.contains("up to date!") && text.contains("modified after"), "{text}");

    project.write("20260103000000_c", "SELECT nope");
    project.deploy().await.unwrap_err();
    let (good, text) = told().await;
    assert!(
        !good && text.contains("Following migration have failed:\n20260103000000_c\n"),
        "{text}"
    );

    project.remove(A.0);
    project.write("20260104000000_d", "SELECT 1");
    let (good, text) = told().await;
    assert!(
        !good
            && text.contains("histor")
            && text.contains("last common migration is: 20260103000000_c"),
        "{text}"
    );
}

#[tokio::test]
async fn status_of_no_database_is_p1003() {
    let project = Project::with("no_database", &[A]);
    let url = project.url().with_database("driveflow_test_that_is_not_there");
    assert_eq!(status(&project.folder(), &url).await.unwrap_err().code(), Some("P1003"));
}
