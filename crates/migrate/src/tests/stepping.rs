//! Migrations in steps: the ledger, and going on where it was.

use crate::deploy::{deploy, preview};
use crate::dev::write_or_withdraw;
use crate::history::State;
use crate::status::status;
use crate::testing::Project;
use crate::{Folder, Options, Progress, reset, resolve};

const T: (&str, &str) = (
    "1_t",
    "CREATE TABLE t (a int, b text);\nINSERT INTO t SELECT n, 'x' FROM generate_series(1, 50) n;\n",
);
const INDEXED: (&str, &str) = (
    "2_indexed",
    "ALTER TABLE t ADD COLUMN c int;\n\
     CREATE INDEX CONCURRENTLY t_a ON t (a) WHERE a > 1;\n\
     VACUUM t;\n\
     UPDATE t SET c = a;\n",
);

/// Everything that a deploy tells of steps, in short.
async fn told(project: &Project) -> Result<Vec<String>, crate::Error> {
    let mut told = Vec::new();
    let mut progress = |progress: Progress<'_>| match progress {
        Progress::Step { number, of, .. } => told.push(format!("{number}/{of}")),
        Progress::Resuming { done, of, .. } => told.push(format!("resumes behind {done}/{of}")),
        Progress::FoundDone { number, .. } => told.push(format!("found {number} done")),
        Progress::NoLedger { reason, .. } => told.push(reason.to_owned()),
        _ => {}
    };
    deploy(&project.folder(), project.url(), &mut progress).await?;
    Ok(told)
}

const LEDGER: &str = "SELECT string_agg(step || ':' || (begun_at IS NOT NULL) || ':' || (done_at IS NOT NULL), ' ' ORDER BY attempt, step) FROM _driveflow.steps";
const HISTORY: &str = "SELECT string_agg(concat_ws(':', migration_name, finished_at IS NOT NULL, rolled_back_at IS NOT NULL, \
     applied_steps_count, logs), ' ' ORDER BY started_at, id) FROM _prisma_migrations";

/// Makes it as if the deploy had been cut off after so many steps, the next one begun or not.
async fn cut_off(project: &Project, done: i32, is_begun: bool) {
    let begun = done + i32::from(is_begun);
    project
        .execute(&format!(
            "UPDATE _driveflow.steps SET done_at = CASE WHEN step <= {done} THEN done_at END, \
             begun_at = CASE WHEN step <= {begun} THEN begun_at END; \
             UPDATE _prisma_migrations SET finished_at = NULL, applied_steps_count = 0 WHERE migration_name = '2_indexed'"
        ))
        .await;
}

#[tokio::test]
async fn a_migration_of_one_transaction_makes_no_ledger() {
    let project = Project::with("no_ledger", &[T, ("2_b", "CREATE INDEX i ON t (a); SELECT 1;")]);
    assert_eq!(told(&project).await.unwrap(), [""; 0]);
    assert_eq!(project.value("SELECT to_regnamespace('_driveflow')").await, None);
}

#[tokio::test]
async fn each_step_is_in_the_ledger_and_the_history_is_prismas() {
    let project = Project::with("ledger", &[T, INDEXED, ("3_after", "SELECT 1")]);
    assert_eq!(told(&project).await.unwrap(), ["1/4", "2/4", "3/4", "4/4"]);
    let all = "1:true:true 2:true:true 3:true:true 4:true:true";
    assert_eq!(project.value(LEDGER).await.unwrap(), all);
    let history = "1_t:t:f:1 2_indexed:t:f:1 3_after:t:f:1";
    assert_eq!(project.value(HISTORY).await.unwrap(), history);
    assert_eq!(told(&project).await.unwrap(), [""; 0]);

    reset::reset(&project.folder(), project.url(), &[], &mut |_| ()).await.unwrap();
    assert_eq!(project.value(LEDGER).await.unwrap(), all, "what was dropped is forgotten");
}

/// Nobody mends a contract in its folder: it goes where it left nothing, and stays where it did.
#[tokio::test]
async fn what_fails_at_its_first_step_can_be_withdrawn() {
    let project = Project::with("withdrawn", &[T]);
    project.deploy().await.unwrap();
    for (name, script, stays) in [
        ("2_first", "BEGIN; CREATE TABLE u (a int); SELECT 1 / 0; COMMIT; DROP TABLE t;", false),
        ("2_second", "BEGIN; CREATE TABLE u (a int); COMMIT; SELECT 1 / 0;", true),
    ] {
        let written = write_or_withdraw(
            &project.folder(),
            (name, &[("migration.sql", script)]),
            Some(&Options::default()),
            project.url(),
            &mut |_| (),
        )
        .await;
        let error = written.unwrap_err();
        assert!(error.to_string().contains("division by zero"), "{error}");
        assert_eq!(project.folder().find(name).is_some(), stays);
        assert_eq!(project.has_table("u").await, stays);
        let count = "SELECT count(*) FROM _driveflow.steps";
        assert_eq!(project.value(count).await.unwrap(), if stays { "2" } else { "0" });
        assert_eq!(project.history().await.len(), if stays { 2 } else { 1 });
    }
}

#[tokio::test]
async fn it_goes_on_at_the_step_where_it_was() {
    let project = Project::with("goes_on", &[T, INDEXED]);
    project.deploy().await.unwrap();
    let structure = "SELECT pg_get_indexdef('t_a'::regclass) || (SELECT indisvalid FROM pg_index WHERE indexrelid = 't_a'::regclass) || (SELECT count(c) FROM t)";
    let whole = project.value(structure).await.unwrap();
    // Cut off before the index was begun, in the middle of it, when it was there and nobody had noted it.
    for (made, is_begun, found) in [
        ("DROP INDEX t_a", false, false),
        ("DROP INDEX t_a", true, false),
        ("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 't_a'::regclass", true, false),
        ("SELECT 1", true, true),
        ("DROP INDEX t_a; CREATE INDEX t_a ON t (a)", true, false),
    ] {
        let is_other = made.contains("CREATE INDEX");
        cut_off(&project, 1, is_begun).await;
        project.execute(&format!("UPDATE t SET c = NULL; {made}")).await;
        let oid = project.value("SELECT to_regclass('t_a')::oid").await;
        let went_on = told(&project).await;
        if is_other {
            // Somebody else's index of this name is nobody's to drop.
            let error = went_on.unwrap_err();
            assert!(error.to_string().contains("relation \"t_a\" already exists"), "{error}");
            assert!(error.to_string().contains("2_indexed/migration.sql:2:1"), "{error}");
            project.execute("DROP INDEX t_a").await;
            assert_eq!(told(&project).await.unwrap()[0], "resumes behind 1/4");
        } else {
            let mut expected = vec!["resumes behind 1/4", "2/4"];
            expected.extend(found.then_some("found 2 done"));
            expected.extend(["3/4", "4/4"]);
            assert_eq!(went_on.unwrap(), expected, "{made}");
        }
        let is_same = project.value("SELECT to_regclass('t_a')::oid").await == oid;
        assert_eq!(is_same, found, "{made}");
        assert_eq!(project.value(structure).await.unwrap(), whole, "{made}");
        assert_eq!(project.value(HISTORY).await.unwrap(), "1_t:t:f:1 2_indexed:t:f:1");
    }
}

#[tokio::test]
async fn what_failed_goes_on_once_its_cause_is_mended() {
    let script = "CREATE TABLE u (a int);\nCREATE UNIQUE INDEX CONCURRENTLY t_b ON t (b);\nINSERT INTO u VALUES (1);\n";
    let project = Project::with("mended", &[T, ("2_u", script), ("3_v", "CREATE TABLE v (a int)")]);
    let error = project.deploy().await.unwrap_err();
    assert_eq!(error.code(), Some("P3018"));
    assert!(
        error.help().unwrap().contains("with the file as it is, the next deploy goes on"),
        "{error:?}"
    );
    assert_eq!(project.history().await[1].state, State::Failed);
    let is_valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_b'::regclass";
    assert_eq!(project.value(is_valid).await.unwrap(), "false");

    let error = project.deploy().await.unwrap_err();
    assert_eq!(error.code(), Some("P3018"), "as long as it is not: {error}");
    project.execute("UPDATE t SET b = a").await;
    assert_eq!(told(&project).await.unwrap(), ["resumes behind 1/3", "2/3", "3/3"]);
    assert_eq!(project.value(is_valid).await.unwrap(), "true");
    assert_eq!(project.value("SELECT sum(a) FROM u").await.unwrap(), "1");
    assert_eq!(project.value(HISTORY).await.unwrap(), "1_t:t:f:1 2_u:t:f:1 3_v:t:f:1");
}

#[tokio::test]
async fn an_edited_file_does_not_go_on_and_says_why() {
    let project = Project::with("edited_steps", &[T, INDEXED]);
    project.deploy().await.unwrap();
    cut_off(&project, 1, true).await;
    project.write(INDEXED.0, &INDEXED.1.replace("c = a", "c = 1"));
    let error = project.deploy().await.unwrap_err();
    assert!(error.is_failed_migrations());
    let why = "`2_indexed` is made of 4 steps and does not go on by itself: its file has been changed since it was begun.\n\n\
               Its steps:\n  1. ALTER TABLE t ADD COLUMN c int (done)\n\
               \x20 2. CREATE INDEX CONCURRENTLY t_a ON t (a) WHERE a > … (begun)\n  3. VACUUM t (not begun)\n";
    assert!(error.to_string().contains(why), "{error}");
    assert!(error.help().unwrap().contains("resolve --applied"), "{error:?}");
    assert_eq!(status(&project.folder(), project.url()).await.unwrap().resumes, None);
    assert!(preview(&project.folder(), project.url(), &Options::default()).await.is_err());
    project.write(INDEXED.0, INDEXED.1);
    assert_eq!(told(&project).await.unwrap()[0], "resumes behind 1/4");
}

#[tokio::test]
async fn what_nobody_can_tell_does_not_go_on() {
    let calls = "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES (1); COMMIT; END $$;\nVACUUM t;\nCALL p();\n";
    let temporary =
        "CREATE TEMP TABLE x AS SELECT 1 AS a;\nVACUUM t;\nINSERT INTO t SELECT a FROM x;\n";
    for (script, why) in [(calls, "commits where it likes"), (temporary, "gone with that session")]
    {
        let project = Project::with("untold", &[T, ("2_indexed", script)]);
        project.deploy().await.unwrap();
        cut_off(&project, 2, true).await;
        let error = project.deploy().await.unwrap_err();
        assert!(error.is_failed_migrations() && error.to_string().contains(why), "{error}");
        resolve::applied(&project.folder(), project.url(), "2_indexed").await.unwrap();
        project.deploy().await.unwrap();
    }
}

#[tokio::test]
async fn what_was_set_holds_for_the_steps_behind() {
    let role = "owner_of_steps";
    let script = format!(
        "CREATE SCHEMA IF NOT EXISTS app;\nSET search_path TO app;\nSET ROLE {role};\nCREATE INDEX CONCURRENTLY u_a ON u (a);\n\
         CREATE TABLE after (a int);\nVACUUM u;\nCREATE TABLE last (a int);\n"
    );
    let project = Project::with("set_steps", &[T, ("2_indexed", &script)]);
    project
        .execute(&format!(
            "DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN END $$; \
         CREATE SCHEMA app; CREATE TABLE app.u (a int); \
         ALTER TABLE app.u OWNER TO {role}; GRANT ALL ON SCHEMA app TO {role}"
        ))
        .await;
    project.deploy().await.unwrap();
    let owners = "SELECT string_agg(tablename || ':' || tableowner, ' ' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'app'";
    let all = format!("after:{role} last:{role} u:{role}");
    assert_eq!(project.value(owners).await.unwrap(), all);
    project.execute("DROP INDEX app.u_a; DROP TABLE app.after, app.last").await;
    cut_off(&project, 1, false).await;
    let went_on = told(&project).await;
    let owned = project.value(owners).await;
    project.execute(&format!("DROP OWNED BY {role}")).await;
    assert_eq!(went_on.unwrap(), ["resumes behind 1/5", "2/5", "3/5", "4/5", "5/5"]);
    assert_eq!(owned.unwrap(), all);
}

#[tokio::test]
async fn a_left_over_that_is_not_valid_is_built_again() {
    let script = "CREATE INDEX CONCURRENTLY IF NOT EXISTS t_a ON t (a);";
    let invalid = "CREATE INDEX t_a ON t (KEY); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 't_a'::regclass";
    let project = Project::with("left_over", &[T]);
    project.deploy().await.unwrap();
    project.execute(&invalid.replace("KEY", "a")).await;
    project.write("2_indexed", script);
    project.deploy().await.unwrap();
    let is_valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_a'::regclass";
    assert_eq!(project.value(is_valid).await.unwrap(), "true");

    // One that is none of this migration's is not taken for its work, nor dropped.
    let project = Project::with("left_over_other", &[T]);
    project.deploy().await.unwrap();
    project.execute(&invalid.replace("KEY", "b")).await;
    project.write("2_indexed", script);
    let error = project.deploy().await.unwrap_err();
    assert!(
        error.to_string().contains("The index public.t_a was there already and is not valid"),
        "{error}"
    );
    project.execute("DROP INDEX t_a").await;
    assert_eq!(told(&project).await.unwrap(), ["1/1"]);
    assert_eq!(project.value(is_valid).await.unwrap(), "true");
}

#[tokio::test]
async fn other_statements_are_recognized_by_what_they_did() {
    let script = "CREATE INDEX CONCURRENTLY ON t (b);\nDROP INDEX CONCURRENTLY t_gone;\n\
                  ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;\nREINDEX TABLE CONCURRENTLY t;\nVACUUM;\n";
    let parts = "CREATE INDEX t_gone ON t (a); CREATE TABLE p (a int) PARTITION BY LIST (a);\n\
                 CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);";
    let project = Project::with("recognized", &[T, ("2_a", parts), ("2_indexed", script)]);
    if project.connect().await.server_major() < 14 {
        return; // DETACH CONCURRENTLY is of 14.
    }
    project.deploy().await.unwrap();
    let count = "SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass";
    assert_eq!(project.value(count).await.unwrap(), "1");
    // None of the first three would work a second time.
    for step in 0..5 {
        cut_off(&project, step, true).await;
        // What the steps behind it are to find.
        if step < 1 {
            project.execute("CREATE INDEX t_gone ON t (a)").await;
        }
        if step < 2 {
            project.execute("ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1)").await;
        }
        let went_on = told(&project).await.unwrap();
        let found = format!("found {} done", step + 1);
        assert_eq!(went_on.contains(&found), step < 3, "{went_on:?}");
        assert_eq!(project.value(count).await.unwrap(), "1", "step {step}");
    }
}

#[tokio::test]
async fn without_the_right_to_make_a_ledger_it_runs_and_says_so() {
    let project = Project::with("no_right", &[T, INDEXED]);
    let (url, role) = project.with_new_role().await;
    project.execute(&format!("GRANT ALL ON SCHEMA public TO {role}")).await;
    let mut reasons = Vec::new();
    let deployed = deploy(&project.folder(), &url, &mut |progress| {
        if let Progress::NoLedger { reason, .. } = progress {
            reasons.push(reason.to_owned());
        }
    })
    .await;
    let history = project.value(HISTORY).await;
    // With a ledger that is somebody else's it is the same.
    project.execute("CREATE SCHEMA _driveflow").await;
    project.write("3_more", "VACUUM t;");
    let again = deploy(&project.folder(), &url, &mut |progress| {
        if let Progress::NoLedger { reason, .. } = progress {
            reasons.push(reason.to_owned());
        }
    })
    .await;
    project.execute(&format!("GRANT CREATE, USAGE ON SCHEMA _driveflow TO {role}")).await;
    project.write("4_more", "VACUUM t;");
    let third = deploy(&project.folder(), &url, &mut |_| ()).await;
    let steps = project.value("SELECT count(*) FROM _driveflow.steps").await;
    project.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
    assert_eq!(deployed.unwrap().applied.len(), 2);
    assert_eq!(history.unwrap(), "1_t:t:f:1 2_indexed:t:f:1");
    again.unwrap();
    let database = project.url().database();
    let expected = [
        format!("permission denied for database {database}"),
        "permission denied for schema _driveflow".to_owned(),
    ];
    assert_eq!(reasons, expected);
    third.unwrap();
    assert_eq!(steps.unwrap(), "1");
}

#[tokio::test]
async fn up_to_one_of_them_and_no_further() {
    let project = Project::with("up_to", &[T, INDEXED, ("3_c", "CREATE TABLE c (a int)")]);
    let up_to = |name: &str| Options { up_to: Some(name.to_owned()), ..Options::default() };
    let run = async |name: &str| {
        let target = crate::deploy::Target::open(project.url(), &mut |_| ()).await.unwrap();
        target.deploy(&project.folder(), &up_to(name), &mut |_| ()).await
    };
    assert_eq!(run("nope").await.unwrap_err().code(), Some("P3017"));
    assert_eq!(
        project.value("SELECT to_regclass('_prisma_migrations')").await,
        None,
        "and nothing was begun"
    );
    assert_eq!(run("2_indexed").await.unwrap().applied, ["1_t", "2_indexed"]);
    assert_eq!(run("1_t").await.unwrap().applied, [""; 0]);
    cut_off(&project, 1, false).await;
    let error = run("1_t").await.unwrap_err();
    assert!(error.to_string().contains("half applied"), "{error}");
    project.execute("DROP INDEX t_a").await;
    assert_eq!(run("indexed").await.unwrap().applied, ["2_indexed"]);
    assert_eq!(project.deploy().await.unwrap().applied, ["3_c"]);
}

#[tokio::test]
async fn a_preview_touches_nothing() {
    let project = Project::with("preview", &[T, INDEXED]);
    let see = async |folder: &Folder| preview(folder, project.url(), &Options::default()).await;
    let seen = see(&project.folder()).await.unwrap();
    assert_eq!(seen.migrations[0].steps, [""; 0]);
    assert_eq!(seen.migrations[1].steps.len(), 4);
    assert_eq!(
        project
            .value("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
            .await
            .unwrap(),
        "0"
    );
    let missing = project.url().with_database("driveflow_test_never_made");
    let seen = preview(&project.folder(), &missing, &Options::default()).await.unwrap();
    assert!(seen.creates_database && seen.migrations.len() == 2);
    assert!(!postgres::database::database_exists(&missing).await.unwrap());
    project.deploy().await.unwrap();
    cut_off(&project, 1, true).await;
    let resumes = status(&project.folder(), project.url()).await.unwrap().resumes.unwrap();
    assert_eq!((resumes.step, resumes.of), (2, 4));
    let seen = see(&project.folder()).await.unwrap();
    assert_eq!((seen.migrations.len(), seen.migrations[0].done), (1, 1));
    assert_eq!(project.history().await[1].state, State::Failed);
}

/// What somebody else has made, or taken away, is not this migration's work, however often it is tried.
#[tokio::test]
async fn what_was_so_before_is_no_work_of_its_own() {
    let project = Project::with("was_so", &[T]);
    project.deploy().await.unwrap();
    let other = format!("{}_other", project.url().database());
    project.execute(&format!("CREATE DATABASE \"{other}\"")).await;
    for (name, statement, said, mend) in [
        (
            "2_make",
            format!("CREATE DATABASE \"{other}\";"),
            "already exists",
            format!("DROP DATABASE \"{other}\""),
        ),
        (
            "3_unmake",
            format!("DROP DATABASE \"{other}_more\";"),
            "does not exist",
            format!("CREATE DATABASE \"{other}_more\""),
        ),
        (
            "4_index",
            "DROP INDEX CONCURRENTLY t_gone;".to_owned(),
            "does not exist",
            "CREATE INDEX t_gone ON t (a)".to_owned(),
        ),
    ] {
        project.write(name, &format!("SELECT 1;\n{statement}\n"));
        for _ in 0..2 {
            let error = project.deploy().await.unwrap_err();
            assert!(error.to_string().contains(said), "{name}: {error}");
        }
        project.execute(&mend).await;
        assert_eq!(project.deploy().await.unwrap().applied, [name]);
    }
    project.execute(&format!("DROP DATABASE \"{other}\"")).await;
}
