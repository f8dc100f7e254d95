//! `migrate squash`, and what becomes of the databases that have what was squashed.

use std::fs;

use crate::deploy::deploy;
use crate::down::{Target, plan, take_back};
use crate::history::State;
use crate::replay::Databases;
use crate::report::Told;
use crate::squash::{self, Plan, Request};
use crate::status::{Status, status};
use crate::testing::Project;
use crate::{Error, folder, report, resolve};

const A: (&str, &str) = ("20260101000000_a", "CREATE TABLE \"A\" (id int PRIMARY KEY);\n");
const B: (&str, &str) = (
    "20260102000000_b",
    "ALTER TABLE \"A\" ADD COLUMN b text;\nINSERT INTO \"A\" VALUES (1, 'x');\n\
     CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n",
);
const C: (&str, &str) = ("20260103000000_c", "CREATE TABLE \"C\" (id int PRIMARY KEY);\n");
const SQUASHED: &str = "20260102000000_squashed";

fn three(label: &str) -> Project {
    Project::with(label, &[A, B, C])
}

async fn squashed(project: &Project, from: Option<&str>, to: Option<&str>) -> Result<Plan, Error> {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let request = Request { from: owned(from), to: owned(to), title: None };
    let databases: Databases<'_> = project.databases();
    let folder = project.folder();
    let plan = squash::plan(&folder, databases, &[], &request, &mut |_| ()).await?;
    squash::carry_out(&folder, &plan)?;
    Ok(plan)
}

fn names(project: &Project) -> Vec<String> {
    project.folder().migrations().iter().map(|migration| migration.name.clone()).collect()
}

/// All of `migrate status`.
fn said(status: &Status) -> String {
    let Told { stdout, stderr } = report::status(status, "prisma/migrations");
    stdout + &stderr
}

/// What the history holds, as `name state`.
async fn history(project: &Project) -> Vec<String> {
    let rows = project.history().await;
    rows.iter().map(|row| format!("{} {:?}", row.name, row.state)).collect()
}

#[tokio::test]
async fn a_database_that_has_them_all_takes_it_for_applied() {
    let project = three("squash_all");
    project.deploy().await.unwrap();
    let before = project.history().await;
    let done = squashed(&project, None, Some("_b")).await.unwrap();
    assert_eq!(
        (done.name.as_str(), &done.replaced[..]),
        (SQUASHED, &[A.0.to_owned(), B.0.to_owned()][..])
    );
    assert!(done.is_atomic && !done.refuses_transaction);
    assert_eq!(names(&project), [SQUASHED, C.0]);

    let told = status(&project.folder(), project.url()).await.unwrap();
    assert!(told.is_up_to_date(), "{told:?}");
    let text = said(&told);
    assert!(text.contains("up to date!") && text.contains("puts it in their place"), "{text}");

    assert!(project.deploy().await.unwrap().applied.is_empty());
    assert_eq!(
        history(&project).await,
        [format!("{SQUASHED} Applied"), format!("{} Applied", C.0)]
    );
    let row = &project.history().await[0];
    assert_eq!(row.started_at, before[1].started_at, "it stands where they stood");
    assert_eq!(row.checksum, project.folder().find(SQUASHED).unwrap().checksum());
    let logs = row.logs.as_deref().unwrap();
    assert!(
        logs.contains(&before[0].checksum) && logs.contains(B.0),
        "nothing is forgotten: {logs}"
    );
    assert_eq!(project.value("SELECT count(*) FROM \"A\"").await.unwrap(), "1");

    let told = status(&project.folder(), project.url()).await.unwrap();
    assert!(told.is_up_to_date() && told.diagnosis.squashed.is_empty(), "{told:?}");
    assert!(project.deploy().await.unwrap().applied.is_empty());
}

#[tokio::test]
async fn a_database_that_has_none_runs_it() {
    let project = three("squash_none");
    squashed(&project, None, None).await.unwrap();
    let only = "20260103000000_squashed";
    assert_eq!(project.deploy().await.unwrap().applied, [only]);
    assert_eq!(project.value("SELECT f()").await.unwrap(), "1");
    assert_eq!(project.value("SELECT count(*) FROM \"A\"").await.unwrap(), "1");
    assert_eq!(history(&project).await, [format!("{only} Applied")]);
}

#[tokio::test]
async fn a_database_that_has_some_is_refused() {
    let project = Project::with("squash_some", &[A]);
    project.deploy().await.unwrap();
    project.write(B.0, B.1);
    project.write(C.0, C.1);
    squashed(&project, None, Some("_b")).await.unwrap();

    let error = project.deploy().await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("only some of the migrations"), "{text}");
    assert!(
        text.contains("Applied:\n20260101000000_a\n\nNot applied:\n20260102000000_b"),
        "{text}"
    );
    assert!(error.help().unwrap().contains(&format!("resolve --applied \"{SQUASHED}\"")));
    assert_eq!(history(&project).await, [format!("{} Applied", A.0)]);
    assert!(!project.has_table("C").await, "nor was anything else run");
    let told = status(&project.folder(), project.url()).await.unwrap();
    assert!(!told.is_up_to_date());
    let text = said(&told);
    assert!(text.contains("only some of the migrations") && !text.contains("up to date"), "{text}");
    assert!(project.prepare("").await.is_err(), "dev neither");

    project.execute(B.1).await;
    resolve::applied(&project.folder(), project.url(), SQUASHED).await.unwrap();
    assert_eq!(history(&project).await, [format!("{SQUASHED} Applied")]);
    assert_eq!(project.deploy().await.unwrap().applied, [C.0]);
}

#[tokio::test]
async fn a_commit_from_before_still_finds_what_was_applied() {
    let project = three("squash_older");
    project.deploy().await.unwrap();
    squashed(&project, None, Some("_b")).await.unwrap();
    project.deploy().await.unwrap();
    // The release is rolled back.
    project.remove(SQUASHED);
    project.write(A.0, A.1);
    project.write(B.0, B.1);
    assert!(project.deploy().await.unwrap().applied.is_empty());
    let told = status(&project.folder(), project.url()).await.unwrap();
    assert!(told.is_up_to_date() && told.diagnosis.missing.is_empty(), "{told:?}");
}

#[tokio::test]
async fn a_squash_can_be_squashed_again() {
    let project = three("squash_twice");
    let other = Project::with("squash_twice_other", &[A, B]);
    other.deploy().await.unwrap();
    project.deploy().await.unwrap();
    squashed(&project, None, Some("_b")).await.unwrap();
    project.deploy().await.unwrap();
    let done = squashed(&project, None, None).await.unwrap();
    assert_eq!(done.name, "20260103000000_squashed");
    assert_eq!(project.folder().replaced_by(&done.name).len(), 4);
    assert!(project.deploy().await.unwrap().applied.is_empty());
    assert_eq!(history(&project).await, [format!("{} Applied", done.name)]);
    assert!(project.history().await[0].stands_for(A.0), "what it stood for before, too");

    // A database that stopped before the first squash has some, told by their first names.
    let error = deploy(&project.folder(), other.url(), &mut |_| ()).await.unwrap_err();
    assert!(error.to_string().contains("Not applied:\n20260103000000_c"), "{error}");
}

#[tokio::test]
async fn attempts_that_failed_once_go_into_the_logs() {
    let project = Project::with("squash_failed", &[A, ("20260102000000_b", "SELECT nope")]);
    project.deploy().await.unwrap_err();
    resolve::rolled_back(project.url(), B.0).await.unwrap();
    project.write(B.0, B.1);
    project.deploy().await.unwrap();
    squashed(&project, None, None).await.unwrap();
    project.deploy().await.unwrap();
    assert_eq!(history(&project).await.len(), 1);
    let logs = project.history().await[0].logs.clone().unwrap();
    assert!(
        logs.contains("rolled-back") && logs.contains("column \"nope\" does not exist"),
        "{logs}"
    );
}

#[tokio::test]
async fn scripts_that_cannot_be_one_transaction_stay_apart() {
    let project = Project::with(
        "squash_apart",
        &[
            ("1_a", "CREATE TYPE e AS ENUM ('x');\nCREATE TABLE t (e e)"),
            ("2_b", "ALTER TYPE e ADD VALUE 'y'"),
            ("3_c", "INSERT INTO t VALUES ('y') -- the new one"),
        ],
    );
    let done = squashed(&project, None, None).await.unwrap();
    // Since 17 the values of an enum that the transaction makes may be used at once.
    let major = project.connect().await.server_major();
    assert_eq!(done.is_atomic, major >= 17);
    assert_eq!(done.name, "3_c_squashed");
    assert_eq!(project.deploy().await.unwrap().applied, [done.name]);
    assert_eq!(project.value("SELECT e FROM t").await.unwrap(), "y");
}

#[tokio::test]
async fn statements_that_refuse_transactions_still_run() {
    let project = Project::with(
        "squash_concurrently",
        &[
            ("1_a", "CREATE TABLE t (a int);\n"),
            ("2_b", "CREATE INDEX CONCURRENTLY i ON t (a);"),
            ("3_c", "BEGIN;\nINSERT INTO t VALUES (1);\nCOMMIT;\n"),
            (
                "4_d",
                "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.u ();",
            ),
            ("5_e", "CREATE TABLE v (b int);"),
        ],
    );
    let done = squashed(&project, None, None).await.unwrap();
    assert!(done.refuses_transaction && !done.is_atomic);
    assert_eq!(project.deploy().await.unwrap().applied.len(), 1);
    assert!(project.has_table("v").await && project.has_table("u").await);
    assert_eq!(project.value("SELECT count(*) FROM t").await.unwrap(), "1");
}

#[tokio::test]
async fn the_ways_back_are_squashed_too() {
    let project = three("squash_down");
    for (name, script) in
        [(A, "DROP TABLE \"A\";"), (B, "DROP FUNCTION f();"), (C, "DROP TABLE \"C\"")]
    {
        project.write_down(name.0, script);
    }
    let done = squashed(&project, None, None).await.unwrap();
    assert!(done.without_down.is_empty());
    project.deploy().await.unwrap();
    let plan = plan(&project.folder(), project.url(), &Target::Steps(1)).await.unwrap();
    assert_eq!(plan.migrations[0].losses.len(), 2, "{plan:?}");
    take_back(project.url(), &plan, &mut |_| ()).await.unwrap();
    assert!(!project.has_table("A").await && !project.has_table("C").await);
    assert_eq!(project.history().await[0].state, State::RolledBack);
    assert_eq!(project.deploy().await.unwrap().applied, [done.name]);
}

#[tokio::test]
async fn a_way_back_that_is_missing_stops_before_anything_is_undone() {
    let project = three("squash_no_down");
    project.write_down(A.0, "DROP TABLE \"A\";");
    let done = squashed(&project, None, None).await.unwrap();
    assert_eq!(done.without_down, [C.0, B.0]);
    let down = fs::read_to_string(folder::down_path(&project.path(), &done.name)).unwrap();
    assert!(down.contains("DROP TABLE \"A\";"), "what was written is kept: {down}");
    assert!(report::squashed(&done, "m").contains("fails until you write"));
    project.deploy().await.unwrap();
    let plan = plan(&project.folder(), project.url(), &Target::Steps(1)).await.unwrap();
    let error = take_back(project.url(), &plan, &mut |_| ()).await.unwrap_err();
    assert!(error.to_string().contains(&format!("{} had no down.sql", C.0)), "{error}");
    assert!(project.has_table("A").await, "nothing is undone");

    let project = three("squash_no_downs");
    let done = squashed(&project, None, None).await.unwrap();
    assert!(!folder::down_path(&project.path(), &done.name).exists());
    assert!(report::squashed(&done, "m").contains("none of them had one"));
}

#[tokio::test]
async fn what_was_cut_off_is_finished_by_the_next() {
    let project = three("squash_cut");
    project.deploy().await.unwrap();
    squashed(&project, None, Some("_b")).await.unwrap();
    // As if it had ended between writing the new folder and taking the old ones away.
    project.write(A.0, A.1);
    project.write(B.0, B.1);
    assert_eq!(names(&project), [SQUASHED, C.0], "they do not count any more");
    let told = status(&project.folder(), project.url()).await.unwrap();
    assert!(said(&told).contains("A squash was cut off"), "{told:?}");
    assert!(project.deploy().await.unwrap().applied.is_empty());

    let done = squashed(&project, None, None).await.unwrap();
    assert!(done.only_finishes);
    assert_eq!(done.replaced, [A.0, B.0]);
    assert!(!project.path().join(A.0).exists() && project.path().join(C.0).exists());

    project.write(A.0, "-- something else");
    let error = squashed(&project, None, None).await.unwrap_err();
    assert!(error.to_string().contains("was changed after it was squashed"), "{error}");
    assert!(project.path().join(A.0).exists());
}

#[tokio::test]
async fn what_cannot_be_squashed_is_left_alone() {
    let project = three("squash_refused");
    let refused = async |from, to| {
        let error = squashed(&project, from, to).await.unwrap_err();
        assert_eq!(names(&project), [A.0, B.0, C.0]);
        error
    };
    assert_eq!(refused(Some("nope"), None).await.code(), Some("P3017"));
    assert!(refused(Some("2026"), None).await.to_string().contains("several migrations"));
    assert!(refused(Some("_c"), Some("_a")).await.to_string().contains("comes after"));
    assert!(refused(Some("_b"), Some("_b")).await.to_string().contains("no two migrations"));
    let notes = project.path().join(B.0).join("notes.md");
    fs::write(&notes, "mine").unwrap();
    assert!(refused(None, None).await.to_string().contains("notes.md would be lost"));
    fs::remove_file(notes).unwrap();
    project.write(C.0, "SELECT nope");
    assert_eq!(refused(None, None).await.code(), Some("P3006"));
    assert_eq!(fs::read_dir(project.path().parent().unwrap()).unwrap().count(), 1, "no drafts");
}

/// Whoever is asked may take their time.
#[tokio::test]
async fn what_has_changed_since_it_was_planned_is_not_squashed() {
    let project = three("squash_changed");
    let folder = project.folder();
    let planned = async || {
        let request = Request::default();
        squash::plan(&folder, project.databases(), &[], &request, &mut |_| ()).await.unwrap()
    };
    let plan = planned().await;
    assert_eq!(names(&project), [A.0, B.0, C.0], "a plan changes nothing");
    fs::write(folder::down_path(&project.path(), C.0), "DROP TABLE \"C\";\n").unwrap();
    let changed = "the migrations have changed since this was planned; nothing was done";
    assert_eq!(squash::carry_out(&folder, &plan).unwrap_err().to_string(), changed);
    let plan = planned().await;
    project.write("20260104000000_d", "SELECT 1;\n");
    assert_eq!(squash::carry_out(&folder, &plan).unwrap_err().to_string(), changed);
    assert_eq!(names(&project).len(), 4);
}

/// One script has one moment that is now, however many transactions it has.
#[tokio::test]
async fn a_script_that_would_do_something_else_is_refused() {
    let project = Project::with(
        "squash_other",
        &[
            (
                "1_a",
                "CREATE TABLE t (at timestamptz DEFAULT now());\nINSERT INTO t DEFAULT VALUES;",
            ),
            ("2_b", "DELETE FROM t WHERE at < now();"),
        ],
    );
    let error = squashed(&project, None, None).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "one script of all 2 migrations does not do what they do one by one:\n  - \"public\".\"t\" has 1 rows instead of 0"
    );
    assert_eq!(names(&project), ["1_a", "2_b"]);
}
