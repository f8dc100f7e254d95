//! Where a script's transactions begin and end, whatever its text looks like.

use crate::deploy::deploy;
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

#[tokio::test]
async fn what_is_put_off_may_put_off_more() {
    let keys = "CREATE TABLE p (a int PRIMARY KEY);\n\
                CREATE TABLE c (a int REFERENCES p DEFERRABLE INITIALLY DEFERRED);\n\
                CREATE TABLE t (a int);\n\
                CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n\
                INSERT INTO c VALUES (NEW.a); INSERT INTO p VALUES (NEW.a); RETURN NEW; END $$;\n\
                CREATE CONSTRAINT TRIGGER f AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED\n\
                FOR EACH ROW EXECUTE FUNCTION fill();";
    let project = Project::with("put_off_more", &[("1_keys", keys), ("2_t", "SELECT 1;")]);
    project.write("3_fills", "INSERT INTO t VALUES (1);");
    project.write("4_next", "SELECT 1;");
    assert_eq!(project.deploy().await.unwrap().applied.len(), 4);
}

/// As a dump with `--use-set-session-authorization` leaves it.
#[tokio::test]
async fn a_script_may_end_as_somebody_else() {
    let project = Project::new("somebody");
    let (url, role) = project.with_new_role().await;
    let (other, user) = (format!("other_{role}"), url.user().to_owned());
    project.execute(&format!("CREATE ROLE {other}; GRANT {other} TO {role}")).await;
    project.execute(&format!("ALTER ROLE {role} SET role = {other}")).await;
    project.execute(&format!("GRANT CREATE ON SCHEMA public TO {other}")).await;
    project.write("1_a", "CREATE TABLE t (a int);\nRESET ROLE;\nSET ROLE none;");
    project.write("2_b", "CREATE TABLE u (a int);");
    let deployed = deploy(&project.folder(), &url, &mut |_| ()).await;
    let owner = project.value("SELECT tableowner FROM pg_tables WHERE tablename = 'u'").await;

    let of_superuser = Project::with(
        "somebody_else",
        &[
            ("1_a", &format!("CREATE TABLE t (a int); SET SESSION AUTHORIZATION {user};")),
            ("2_b", T.replace(" t ", " u ").as_str()),
            ("3_c", &format!("SET SESSION AUTHORIZATION {user}; COMMIT; SELECT 1/0;")),
        ],
    );
    of_superuser.write_down("2_b", &format!("DROP TABLE u; SET SESSION AUTHORIZATION {user};"));
    let error = of_superuser.deploy().await.unwrap_err();
    let history = of_superuser.history().await;
    of_superuser.remove("3_c");
    of_superuser.execute("DELETE FROM _prisma_migrations WHERE migration_name = '3_c'").await;
    let way_back = plan(&of_superuser.folder(), of_superuser.url(), &Target::Steps(1)).await;
    let taken_back = take_back(of_superuser.url(), &way_back.unwrap(), &mut |_| ()).await;

    project.execute(&format!("DROP OWNED BY {other}, {role}; DROP ROLE {other}, {role}")).await;
    assert_eq!(deployed.unwrap().applied, ["1_a", "2_b"]);
    assert_eq!(owner.unwrap(), other, "who its connection begins as");
    assert!(error.is_failed_to_apply() && error.to_string().contains("3_c"), "{error}");
    assert!(history[2].logs.as_deref().unwrap().contains("division by zero"), "{history:?}");
    assert_eq!(taken_back.unwrap(), ["2_b"]);
}

#[tokio::test]
async fn what_a_failure_says_is_noted_whatever_was_set() {
    let script = "SET default_transaction_read_only = on; COMMIT; SELECT 1/0;";
    let project = Project::with("read_only", &[("1_a", script)]);
    project.deploy().await.unwrap_err();
    let history = project.history().await;
    assert!(history[0].logs.as_deref().unwrap().contains("division by zero"), "{history:?}");
}

#[tokio::test]
async fn a_chained_transaction_that_is_left_open_is_noticed() {
    let script = "BEGIN; CREATE TABLE t (a int); COMMIT AND CHAIN; CREATE TABLE u (a int);";
    let project = Project::with("chained", &[("1_a", script), ("2_b", T)]);
    let error = project.deploy().await.unwrap_err();
    assert!(error.to_string().contains("begins a transaction that it does not end"), "{error}");
    assert!(project.has_table("t").await && !project.has_table("u").await);
    let states = project.history().await.iter().map(|row| row.state).collect::<Vec<_>>();
    assert_eq!(states, [State::Failed], "and of the next nothing is noted");
}
