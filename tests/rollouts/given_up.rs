//! Giving a rollout up, of every kind of change: the database is as it was before, with what was written since.

use std::process::Stdio;
use std::thread;

use postgres::testing::{TestDatabase, block_on};
use postgres::{ConnectionUrl, connect};

use super::app::Release;
use super::cases::{CASES, Case};
use super::guide::schema;
use crate::sandbox::Sandbox;

/// In the middle of the fill, and with a migration behind it that needs nothing of it.
#[test]
fn every_kind_of_change_is_given_up() {
    thread::scope(|scope| {
        let given_up: Vec<_> =
            CASES.iter().map(|case| scope.spawn(move || expand_fill_and_give_up(case))).collect();
        let failed = given_up.into_iter().filter_map(|one| one.join().err()).count();
        assert_eq!(failed, 0, "of those that are given up at once");
    });
}

fn expand_fill_and_give_up(case: &'static Case) {
    let label = case.label;
    let database = TestDatabase::empty(&format!("{label}_off"));
    let url = database.url().expose();
    let sandbox = Sandbox::new(&schema(case.before));
    let dev = ["migrate", "dev", "--skip-generate", "--name"];
    sandbox.run_on(&url, &[&dev[..], &["init"]].concat()).success();
    execute(database.url(), &case.seed());
    let before = structure(database.url());
    let mut old = Release::start(database.url(), case.old, 0);
    sandbox.write("prisma/schema.prisma", schema(case.after));
    let begin = ["migrate", "dev", "--skip-generate", "--zero-downtime", "--name", label];
    sandbox.run_on(&url, &[&begin[..], case.flags].concat()).success();
    let name = sandbox.list("prisma/migrations")[1].clone();
    let mut new = Release::start(database.url(), case.new, 1);
    sandbox.write(
        "prisma/migrations/29990101000000_later/migration.sql",
        "CREATE TABLE later (id int);\n",
    );
    sandbox.run_on(&url, &["migrate", "deploy"]).success();

    let mut fill = sandbox.command(&["backfill", "run", "--max-rate", "2000"]);
    fill.env("DATABASE_URL", &url).stdout(Stdio::null()).stderr(Stdio::null());
    let mut fill = fill.spawn().expect("the command starts");
    thread::sleep(std::time::Duration::from_millis(300));
    // The new release goes first: it knows what goes.
    let written = new.stop();
    assert!(!written.is_empty(), "{label}");
    let abort = || sandbox.run_on(&url, &["migrate", "abort", label, "--force"]);
    if label == "dropped_column" {
        // Rows of the new release have no value for what comes back: somebody has to say it, as is told.
        let refused = abort().failure();
        assert!(refused.stderr.contains("contains null values"), "{refused:#?}");
        assert!(
            refused.stderr.contains(&format!("run cargo xtask migrate abort \"{name}\" again")),
            "{refused:#?}"
        );
        let down = format!("prisma/migrations/{name}/down.sql");
        let mended = "UPDATE \"Student\" SET nickname = '' WHERE nickname IS NULL;\n".to_owned();
        sandbox.write(&down, mended + &sandbox.read(&down));
    }
    let aborted = abort();
    assert_eq!(aborted.code, Some(0), "{label}: {aborted:#?}");
    fill.wait().expect("it has ended");
    assert!(!old.stop().is_empty(), "{label}: the old release goes on");

    execute(database.url(), "DROP TABLE later");
    assert_eq!(structure(database.url()), before, "{label}");
    let status = sandbox.run_on(&url, &["migrate", "status"]).failure();
    assert!(status.stdout.contains("not yet been applied"), "{label}: {status:#?}");
    assert!(status.stdout.contains(&name), "{label}: {status:#?}");
}

fn execute(url: &ConnectionUrl, sql: &str) {
    block_on(async {
        connect(url).await.expect("the database is there").batch_execute(sql).await.expect("SQL");
    });
}

/// Columns, constraints, indexes, triggers, functions, types, views and sequences, as text.
fn structure(url: &ConnectionUrl) -> Vec<String> {
    block_on(async {
        let connection = connect(url).await.expect("the database is there");
        let rows = connection.query(include_str!("structure.sql"), &[]).await.expect("a query");
        rows.iter().map(|row| row.get(0)).collect()
    })
}
