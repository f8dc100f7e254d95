//! What scripts have the server say.

use std::path::Path;

use crate::deploy::deploy;
use crate::execute::execute;
use crate::testing::Project;
use crate::{Progress, report};

const RAISE: &str = "CREATE TABLE a (id int);\n\
    DO $$ BEGIN RAISE NOTICE 'first'; RAISE WARNING 'second' USING HINT = 'look'; END $$;\n\
    DROP TABLE IF EXISTS none;\n";
const SAID: [&str; 3] = [
    "NOTICE: first",
    "WARNING: second\nHINT: look",
    "NOTICE: table \"none\" does not exist, skipping",
];

/// What a command's progress says of notices goes into `said`.
fn into(said: &mut Vec<String>) -> impl FnMut(Progress<'_>) {
    |progress| {
        if let Progress::Notice(notice) = progress {
            said.push(report::notice(notice));
        }
    }
}

#[tokio::test]
async fn a_deploy_tells_what_its_migrations_say_and_no_more() {
    let project = Project::with("notices", &[("20260101000000_a", RAISE)]);
    let mut said = Vec::new();
    deploy(&project.folder(), project.url(), &mut into(&mut said)).await.unwrap();
    assert_eq!(said, SAID);

    project.write("20260102000000_b", "DO $$ BEGIN RAISE NOTICE 'before'; END $$; SELECT 1/0;");
    said.clear();
    deploy(&project.folder(), project.url(), &mut into(&mut said)).await.unwrap_err();
    assert_eq!(said, ["NOTICE: before"]);
}

#[tokio::test]
async fn a_script_tells_and_a_replay_is_silent() {
    let project = Project::new("notices_script");
    let mut said = Vec::new();
    execute(RAISE, Path::new("a.sql"), project.url(), &mut into(&mut said)).await.unwrap();
    assert_eq!(said, SAID);

    let replayed = Project::with("notices_replay", &[("20260101000000_a", RAISE)]);
    replayed.deploy().await.unwrap();
    said.clear();
    let schema = crate::testing::analyzed("model a {\n  id Int @id\n}\n");
    let databases = replayed.databases();
    let drift =
        crate::drift::drift(&replayed.folder(), &schema, databases, &mut into(&mut said)).await;
    drift.unwrap();
    assert_eq!(said, [""; 0]);
}

#[tokio::test]
async fn a_notice_is_told_while_the_script_runs() {
    let project = Project::new("notices_live");
    let holder = project.connect().await;
    holder.batch_execute("SELECT pg_advisory_lock(1)").await.unwrap();
    let script = "DO $$ BEGIN RAISE NOTICE 'begun'; END $$; SELECT pg_advisory_lock(1)";
    let (tell, told) = tokio::sync::oneshot::channel();
    let mut tell = Some(tell);
    let running = async {
        let mut hear = |_: Progress<'_>| {
            if let Some(tell) = tell.take() {
                tell.send(()).unwrap();
            }
        };
        execute(script, Path::new("a.sql"), project.url(), &mut hear).await.unwrap();
    };
    // Told at its end, it would never end.
    let letting_go = async {
        told.await.unwrap();
        holder.batch_execute("SELECT pg_advisory_unlock(1)").await.unwrap();
    };
    let both = async { tokio::join!(running, letting_go) };
    tokio::time::timeout(std::time::Duration::from_mins(1), both).await.unwrap();
}

#[tokio::test]
async fn a_script_that_says_very_much_is_no_trouble() {
    let project = Project::new("notices_many");
    let script = "DO $$ BEGIN FOR i IN 1..20000 LOOP RAISE NOTICE '%', i; END LOOP; END $$";
    let mut said = Vec::new();
    execute(script, Path::new("a.sql"), project.url(), &mut into(&mut said)).await.unwrap();
    assert_eq!((said.len(), said.last().unwrap().as_str()), (20_000, "NOTICE: 20000"));
}
