//! `migrate reset`.

use crate::reset::reset;
use crate::testing::Project;

#[tokio::test]
async fn everything_goes_and_the_migrations_run_again() {
    let project =
        Project::with("reset", &[("1_a", "CREATE TABLE t (a int);\nCREATE TYPE e AS ENUM ('x');")]);
    project.deploy().await.unwrap();
    project
        .execute(
            "INSERT INTO t VALUES (1);
             CREATE TABLE extra (id serial PRIMARY KEY, e e);
             CREATE VIEW v AS SELECT * FROM extra;
             CREATE MATERIALIZED VIEW m AS SELECT * FROM v;
             CREATE SEQUENCE s;
             CREATE TYPE \"Pair; -- \" AS (a int, b e);
             CREATE DOMAIN d AS int;
             CREATE FUNCTION f(e) RETURNS int LANGUAGE sql AS 'SELECT 1';
             CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
             CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int);
             CREATE COLLATION c FROM \"C\";
             CREATE STATISTICS st ON id, e FROM extra;",
        )
        .await;
    let reset = reset(&project.folder(), project.url(), &[], &mut |_| ()).await.unwrap();
    assert_eq!(reset.applied, ["1_a"]);
    assert_eq!(project.value("SELECT count(*) FROM t").await.unwrap(), "0");
    let left = "SELECT count(*) FROM pg_depend d JOIN pg_namespace n ON n.oid = d.refobjid \
                WHERE d.refclassid = 'pg_namespace'::regclass AND n.nspname = 'public' AND d.deptype = 'n'";
    assert_eq!(project.value(left).await.unwrap(), "3", "t, e and the history");
    assert_eq!(project.history().await.len(), 1);
}

#[tokio::test]
async fn who_may_use_the_schema_is_kept() {
    let project = Project::with("grants", &[("1_a", "CREATE TABLE t (a int)")]);
    project
        .execute(
            "GRANT USAGE ON SCHEMA public TO pg_monitor;
             ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO pg_monitor;",
        )
        .await;
    reset(&project.folder(), project.url(), &[], &mut |_| ()).await.unwrap();
    for right in [
        "has_schema_privilege('pg_monitor', 'public', 'USAGE')",
        "has_table_privilege('pg_monitor', 't', 'SELECT')",
    ] {
        assert_eq!(project.value(&format!("SELECT {right}")).await.unwrap(), "true", "{right}");
    }
}

#[tokio::test]
async fn other_schemas_go_where_they_are_named() {
    let project = Project::with("schemas", &[("1_a", "CREATE TABLE billing.t (a int)")]);
    project.execute("CREATE SCHEMA billing; CREATE TABLE billing.old (a int); CREATE SCHEMA other; CREATE TABLE other.kept (a int)").await;
    reset(
        &project.folder(),
        project.url(),
        &["public".to_owned(), "billing".to_owned()],
        &mut |_| (),
    )
    .await
    .unwrap();
    let tables = "SELECT string_agg(table_schema || '.' || table_name, ' ' ORDER BY table_schema) FROM information_schema.tables \
                  WHERE table_schema IN ('billing', 'other')";
    assert_eq!(project.value(tables).await.unwrap(), "billing.t other.kept");
}

#[tokio::test]
async fn a_reset_recovers_from_a_failed_migration() {
    let project = Project::with("reset_failed", &[("1_a", "SELECT nope")]);
    project.deploy().await.unwrap_err();
    project.write("1_a", "SELECT 1");
    let reset = reset(&project.folder(), project.url(), &[], &mut |_| ()).await.unwrap();
    assert_eq!(reset.applied, ["1_a"]);
}
