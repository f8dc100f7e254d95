//! Migrations whose locks others have.

use std::time::Duration;

use crate::deploy::{Deployed, Target};
use crate::testing::Project;
use crate::{Error, Options, Progress};

const T: (&str, &str) = ("1_t", "CREATE TABLE t (a int);");
const NOTED: (&str, &str) =
    ("2_noted", "CREATE TABLE u (a int);\nALTER TABLE t ADD COLUMN note text;\n");
const HOLDS: &str = "SELECT 'held by me', count(*)\n  FROM t";

/// Short, so that the test is.
fn hasty(max_retries: u32) -> Options {
    Options { lock_timeout: Duration::from_millis(150), max_retries, ..Options::default() }
}

async fn deploy(
    project: &Project,
    options: &Options,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Deployed, Error> {
    let target = Target::open(project.url(), &mut |_| ()).await.unwrap();
    target.deploy(&project.folder(), options, progress).await
}

/// Does something while all else of the test stands still.
fn meanwhile(work: impl Future<Output = ()> + Send) {
    std::thread::scope(|scope| {
        let alone = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(work);
        });
        alone.join().unwrap();
    });
}

/// Code waits for a moment only, too, whether it stands alone or not.
#[tokio::test]
async fn code_does_not_wait_without_an_end() {
    for (number, more) in ["", "SELECT 1;\n"].into_iter().enumerate() {
        let project = Project::with(&format!("code_gives_up_{number}"), &[T]);
        project.deploy().await.unwrap();
        let code = "DO $$ BEGIN ALTER TABLE t ADD COLUMN note text; EXCEPTION WHEN duplicate_column THEN NULL; END $$;";
        project.write("2_code", &format!("{more}{code}\n"));
        let holder = project.connect().await;
        holder.batch_execute("BEGIN; SELECT FROM t").await.unwrap();
        let error = deploy(&project, &hasty(1), &mut |_| ()).await.unwrap_err();
        assert_eq!(error.code(), Some("P1008"), "{error}");
        holder.batch_execute("ROLLBACK").await.unwrap();
        let applied = project.deploy().await.unwrap().applied;
        assert_eq!(applied, ["2_code"]);
        assert!(project.value("SELECT count(note)::text FROM t").await.is_some());
    }
}

#[tokio::test]
async fn giving_up_leaves_nothing_and_names_who_was_in_the_way() {
    let project = Project::with("gives_up", &[T]);
    project.deploy().await.unwrap();
    project.write(NOTED.0, NOTED.1);
    let holder = project.connect().await;
    holder.batch_execute("SET application_name TO 'holder'; BEGIN").await.unwrap();
    holder.batch_execute(HOLDS).await.unwrap();
    let process: i32 = holder.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    // What it ran last is what is shown.
    holder.batch_execute(HOLDS).await.unwrap();

    // As patient as this machine needs to see who is in the way.
    let mut options = hasty(1);
    let (error, blocked) = loop {
        let (mut blocked, mut retries) = (Vec::new(), 0);
        let error = deploy(&project, &options, &mut |progress| match progress {
            Progress::Blocked { by, .. } => blocked.extend(by.iter().map(ToString::to_string)),
            Progress::Retrying { .. } => retries += 1,
            _ => {}
        })
        .await
        .unwrap_err();
        assert_eq!((error.code(), retries), (Some("P1008"), 1));
        if !blocked.is_empty() {
            break (error, blocked);
        }
        options.lock_timeout *= 2;
        assert!(options.lock_timeout < Duration::from_mins(1), "{error}");
    };
    let who = format!("process {process} (holder), idle in transaction for ");
    assert!(
        blocked[0].starts_with(&who) && blocked[0].ends_with(": SELECT … , count(*) FROM t"),
        "{blocked:?}"
    );
    let text = error.to_string();
    assert!(text.contains("The migration `2_noted` did not get its locks in 2 tries."), "{text}");
    assert!(text.contains(&who) && text.contains("2_noted/migration.sql:2:1"), "{text}");
    let help = error.help().unwrap();
    assert!(help.starts_with("nothing of it was done, and it does not count as failed"), "{help}");
    assert!(
        help.contains("cargo xtask migrate deploy\n")
            && help.contains(&format!("pg_terminate_backend({process})"))
    );
    assert_eq!(project.history().await.len(), 1, "as if it had not been tried");
    assert!(!project.has_table("u").await);

    holder.batch_execute("COMMIT").await.unwrap();
    assert_eq!(project.deploy().await.unwrap().applied, ["2_noted"]);
}

#[tokio::test]
async fn it_is_tried_again_until_nobody_is_in_the_way() {
    let project = Project::with("again", &[T]);
    project.deploy().await.unwrap();
    project.write(NOTED.0, NOTED.1);
    project.write(
        "3_own",
        "BEGIN;\nALTER TABLE t ADD COLUMN b int;\nCOMMIT;\nCREATE TABLE own (a int);\n",
    );
    let holder = project.connect().await;
    holder.batch_execute("BEGIN; SELECT FROM t").await.unwrap();
    let process: i32 = holder.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    let mut retries = Vec::new();
    let mut hear = |progress: Progress<'_>| {
        if let Progress::Retrying { name, .. } = progress {
            retries.push(name.to_owned());
            // The next try begins when this is done, however long it takes.
            meanwhile(async {
                // Between two tries nothing of it is to be seen, and nobody waits behind it.
                assert_eq!(project.history().await.len(), 1);
                project.execute("SET lock_timeout TO 5000; INSERT INTO t VALUES (1)").await;
                project.execute(&format!("SELECT pg_terminate_backend({process})")).await;
                let is_there = format!("SELECT pid FROM pg_stat_activity WHERE pid = {process}");
                while project.value(&is_there).await.is_some() {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            });
        }
    };
    let deployed = deploy(&project, &hasty(10), &mut hear).await;
    assert_eq!(deployed.unwrap().applied, ["2_noted", "3_own"]);
    assert_eq!(retries, ["2_noted"]);
}

#[tokio::test]
async fn a_transaction_of_the_scripts_own_is_tried_again_too() {
    let begins = "BEGIN;\nALTER TABLE t ADD COLUMN b int;\nCOMMIT;\n";
    for script in [begins, &format!("BEGIN; CREATE TABLE v (a int); COMMIT; {begins}")] {
        let project = Project::with("own_transaction", &[T]);
        project.deploy().await.unwrap();
        project.write("2_own", script);
        let holder = project.connect().await;
        holder.batch_execute("BEGIN; SELECT FROM t").await.unwrap();
        let error = deploy(&project, &hasty(1), &mut |_| ()).await.unwrap_err();
        assert_eq!(error.code(), Some("P1008"), "{script}");
        holder.batch_execute("ROLLBACK").await.unwrap();
        assert_eq!(project.deploy().await.unwrap().applied, ["2_own"]);
    }
}

#[tokio::test]
async fn what_a_file_sets_holds_and_what_works_beside_others_waits() {
    let project = Project::with(
        "sets_timeouts",
        &[
            (
                "1_t",
                "CREATE TABLE t (a int);\nCREATE TABLE seen (at text, lock text, statement text);",
            ),
            (
                "2_short",
                "LOCK t;\nINSERT INTO seen VALUES ('short', current_setting('lock_' || 'timeout'), current_setting('statement_' || 'timeout'));",
            ),
            (
                "3_own",
                "SET lock_timeout = '7s';\nLOCK t;\nINSERT INTO seen VALUES ('own', current_setting('lock_' || 'timeout'), current_setting('statement_' || 'timeout'));",
            ),
            (
                "4_none",
                "INSERT INTO seen VALUES ('none', current_setting('lock_' || 'timeout'), current_setting('statement_' || 'timeout'));",
            ),
        ],
    );
    let options = Options { statement_timeout: Some(Duration::from_mins(1)), ..Options::default() };
    deploy(&project, &options, &mut |_| ()).await.unwrap();
    let seen = project
        .value("SELECT string_agg(concat_ws(' ', at, lock, statement), ', ' ORDER BY at) FROM seen")
        .await;
    assert_eq!(seen.unwrap(), "none 0 1min, own 7s 1min, short 1s 1min");

    // Longer than the limit for others, and longer than the database allows.
    project
        .execute(&format!(
            "ALTER DATABASE \"{}\" SET lock_timeout TO 100",
            project.url().database()
        ))
        .await;
    project.write("5_beside", "CREATE TABLE v (a int);\nCREATE INDEX CONCURRENTLY t_a ON t (a);");
    let holder = project.connect().await;
    holder.batch_execute("SET lock_timeout TO 0; BEGIN; INSERT INTO t VALUES (1)").await.unwrap();
    let options = hasty(0);
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    let mut hear = |progress: Progress<'_>| {
        if let Progress::Blocked { .. } = progress {
            sender.send(()).unwrap();
        }
    };
    let deployed = deploy(&project, &options, &mut hear);
    let release = async {
        receiver.recv().await.unwrap();
        holder.batch_execute("COMMIT").await.unwrap();
    };
    let (deployed, ()) = tokio::join!(deployed, release);
    deployed.unwrap();
    let is_valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_a'::regclass";
    assert_eq!(project.value(is_valid).await.unwrap(), "true");
}

#[tokio::test]
async fn a_step_that_gives_up_goes_on_the_next_time() {
    let script = "CREATE INDEX CONCURRENTLY t_a ON t (a);\nCREATE TABLE u (a int);\nALTER TABLE held ADD COLUMN note text;\n";
    let project = Project::with("step_gives_up", &[T, ("2_held", "CREATE TABLE held (a int);")]);
    project.deploy().await.unwrap();
    project.write("3_steps", script);
    let holder = project.connect().await;
    holder.batch_execute("BEGIN; SELECT FROM held").await.unwrap();
    let error = deploy(&project, &hasty(1), &mut |_| ()).await.unwrap_err();
    assert_eq!(error.code(), Some("P1008"), "{error}");
    assert!(error.help().unwrap().starts_with("1 of its 2 steps are done"), "{error:?}");
    assert!(!project.has_table("u").await, "of the second nothing is left");
    let unfinished =
        "SELECT count(*) FROM _prisma_migrations WHERE finished_at IS NULL AND logs IS NULL";
    assert_eq!(project.value(unfinished).await.unwrap(), "1");
    holder.batch_execute("COMMIT").await.unwrap();
    assert_eq!(project.deploy().await.unwrap().applied, ["3_steps"]);
    assert!(project.has_table("u").await);
}

#[tokio::test]
async fn a_first_step_that_gives_up_leaves_nothing() {
    let script = "ALTER TABLE t ADD COLUMN b int;\nCREATE INDEX CONCURRENTLY t_a ON t (a);\n";
    let project = Project::with("first_gives_up", &[T]);
    project.deploy().await.unwrap();
    project.write("2_steps", script);
    let holder = project.connect().await;
    holder.batch_execute("BEGIN; SELECT FROM t").await.unwrap();
    let error = deploy(&project, &hasty(0), &mut |_| ()).await.unwrap_err();
    assert!(error.to_string().contains("in 1 try."), "{error}");
    assert_eq!(project.history().await.len(), 1);
    assert_eq!(project.value("SELECT count(*) FROM _driveflow.steps").await.unwrap(), "0");
}

#[tokio::test]
async fn two_at_once_do_it_once() {
    let script = "CREATE TABLE u (a int);\nCREATE INDEX CONCURRENTLY t_a ON t (a);\nINSERT INTO u VALUES (1);\n";
    let project = Project::with("two_steps", &[T, ("2_steps", script)]);
    let (one, other) = tokio::join!(project.deploy(), project.deploy());
    let mut applied = [one.unwrap().applied.len(), other.unwrap().applied.len()];
    applied.sort_unstable();
    assert_eq!(applied, [0, 2]);
    assert_eq!(project.value("SELECT count(*) FROM u").await.unwrap(), "1");
    assert_eq!(
        project
            .value("SELECT count(*) FROM _driveflow.steps WHERE done_at IS NOT NULL")
            .await
            .unwrap(),
        "3"
    );
}
