//! `backfill`: what a person meets, and what a kill, a stop and a server that dies leave.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use postgres::server::{Server, Status};
use postgres::testing::{TestDatabase, block_on};
use postgres::{ConnectionUrl, connect};

use crate::sandbox::{PASSWORD, Run, STUDENTS, Sandbox};

const RUN: &[&str] = &["backfill", "run"];
const NAME: &str = "20260102000000_cents";
/// Rows that are not what they are to be, or were written twice.
const WRONG: &str =
    "SELECT count(*) FROM item WHERE cents IS DISTINCT FROM price * 100 OR written <> 1";

/// A project with a table of so many rows, and a backfill of it that is not safe to run twice.
fn project(rows: u32) -> Sandbox {
    let sandbox = Sandbox::new(STUDENTS);
    sandbox.write(
        "prisma/migrations/20260101000000_init/migration.sql",
        format!(
            "CREATE TABLE item (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), price integer, cents integer, written integer NOT NULL DEFAULT 0);\n\
             INSERT INTO item (price) SELECT i FROM generate_series(1, {rows}) i;\n"
        ),
    );
    sandbox.write(&format!("prisma/migrations/{NAME}/migration.sql"), "-- nothing\n");
    sandbox.write(
        &format!("prisma/migrations/{NAME}/backfill.sql"),
        "UPDATE item i SET cents = i.price * 100, written = i.written + 1 WHERE :batch;\n",
    );
    sandbox
}

fn start(sandbox: &Sandbox, url: &ConnectionUrl, arguments: &[&str]) -> Child {
    let mut command = sandbox.command(arguments);
    command.env("DATABASE_URL", url.expose()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the command starts")
}

fn value(url: &ConnectionUrl, sql: &str) -> String {
    block_on(async {
        let connection = connect(url).await.expect("the database is there");
        let row = connection.query_one(&format!("SELECT ({sql})::text"), &[]).await;
        row.expect(sql).get::<_, Option<String>>(0).unwrap_or_default()
    })
}

fn wait_for(url: &ConnectionUrl, what: &str, sql: &str) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while value(url, sql) != "true" {
        assert!(Instant::now() < deadline, "{what} did not come");
        thread::sleep(Duration::from_millis(10));
    }
}

fn is_under_way(url: &ConnectionUrl) {
    wait_for(url, "the ledger", "SELECT to_regclass('_driveflow.backfills') IS NOT NULL");
    wait_for(url, "a batch", "SELECT coalesce(sum(changed), 0) > 0 FROM _driveflow.backfills");
}

#[test]
fn from_a_template_to_filled() {
    let sandbox = project(2_000);
    let database = TestDatabase::empty("template");
    let url = database.url().expose();
    let run = |arguments: &[&str]| sandbox.run_on(&url, arguments);
    run(&["migrate", "deploy"]).success();

    let made = run(&["backfill", "new", "Old prices"]).success();
    let folder =
        sandbox.list("prisma/migrations").into_iter().rfind(|name| name.ends_with("old_prices"));
    let folder = folder.expect("it was made");
    assert!(made.stdout.contains(&format!("{folder}/backfill.sql")), "{made:#?}");
    // It is pending, so only the other one is there to be run.
    let ran = run(RUN).success();
    assert!(ran.stdout.contains("All is filled: 2,000 rows changed."), "{ran:#?}");
    assert!(ran.stderr.contains("public.item, along \"id\""), "{ran:#?}");
    run(&["migrate", "deploy"]).success();
    let empty = run(RUN).failure();
    assert!(empty.stderr.contains("backfill.sql: it has no statement"), "{empty:#?}");

    sandbox.write(
        &format!("prisma/migrations/{folder}/backfill.sql"),
        "DELETE FROM item WHERE :batch AND price <= 500;\n",
    );
    let waiting = run(&["backfill", "status"]).success();
    assert!(waiting.stdout.contains(&format!("{folder}\n  public.item: waiting")), "{waiting:#?}");
    let ran = run(&["backfill", "run", "old_prices"]).success();
    assert!(ran.stdout.contains("500 rows changed"), "{ran:#?}");
    assert_eq!(value(database.url(), "SELECT count(*) FROM item"), "1500");

    let again = run(RUN).success();
    assert!(again.stdout.contains("Nothing to fill: all 2 backfills are done."), "{again:#?}");
    let status = run(&["backfill", "status", "cents", "--format", "json"]).success();
    assert!(
        status.stdout.contains("\"state\":\"done\"") && !status.stdout.contains("old_prices"),
        "{status:#?}"
    );
    let unknown = run(&["backfill", "run", "nothing"]).failure();
    assert!(
        unknown.stderr.contains("there is no backfill \"nothing\"")
            && unknown.stderr.contains(NAME),
        "{unknown:#?}"
    );
    assert!(!run(&["migrate", "status"]).success().stdout.contains("_driveflow"));
}

#[test]
fn events_are_lines_of_json() {
    let sandbox = project(1_000);
    let database = TestDatabase::empty("events");
    let url = database.url().expose();
    sandbox.run_on(&url, &["migrate", "deploy"]).success();
    let run = sandbox.run_on(&url, &["backfill", "run", "--format", "json"]).success();
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines.iter().all(|line| line.starts_with('{') && line.ends_with('}')), "{run:#?}");
    assert!(
        lines[0].contains("\"event\":\"begins\"") && lines[0].contains("\\\"id\\\""),
        "{run:#?}"
    );
    assert!(
        run.stdout.contains("\"event\":\"ends\"") && run.stdout.contains("\"changed\":1000"),
        "{run:#?}"
    );
    assert_eq!(run.stderr, "");
}

#[test]
fn killed_at_any_moment() {
    const KILLS: u32 = 8;
    let sandbox = project(60_000);
    let database = TestDatabase::empty("backfill_killed");
    let url = database.url();
    sandbox.run_on(&url.expose(), &["migrate", "deploy"]).success();
    let mut cut_off = 0;
    for kill in 0..KILLS {
        let mut run = start(&sandbox, url, &["backfill", "run", "--target", "20ms"]);
        if kill == 0 {
            is_under_way(url);
        }
        thread::sleep(Duration::from_millis(53 * u64::from(kill)));
        run.kill().expect("it is ours");
        run.wait().expect("it has ended");
        let sql = "SELECT state = 'running' AND changed > 0 FROM _driveflow.backfills";
        cut_off += u32::from(value(url, sql) == "true");
    }
    assert!(cut_off > 0, "it was at an end each time");
    sandbox.run_on(&url.expose(), RUN).success();
    assert_eq!(value(url, WRONG), "0");
    assert_eq!(value(url, "SELECT changed FROM _driveflow.backfills"), "60000");
    assert_eq!(value(url, "SELECT count(*) FROM _driveflow.batches"), "0");
}

#[test]
fn stopped_by_a_person_and_gone_on_with() {
    let sandbox = project(5_000);
    let database = TestDatabase::empty("backfill_stopped");
    let url = database.url();
    sandbox.run_on(&url.expose(), &["migrate", "deploy"]).success();
    let run = start(&sandbox, url, &["backfill", "run", "--max-rate", "500"]);
    is_under_way(url);
    let stopped = Command::new("kill").args(["-INT", &run.id().to_string()]).status();
    assert!(stopped.expect("kill is everywhere").success());
    let run = Run::of(run.wait_with_output().expect("it ends"));
    assert_eq!(run.code, Some(130), "{run:#?}");
    assert!(run.stderr.contains("ending after this batch"), "{run:#?}");
    assert!(run.stderr.contains("to go on: cargo xtask backfill run"), "{run:#?}");
    let status = sandbox.run_on(&url.expose(), &["backfill", "status"]).success();
    assert!(
        status.stdout.contains("running") && status.stdout.contains("nobody is at it"),
        "{status:#?}"
    );
    sandbox.run_on(&url.expose(), RUN).success();
    assert_eq!(value(url, WRONG), "0");
}

#[test]
fn four_workers_a_pause_and_a_deploy() {
    let sandbox = project(20_000);
    let database = TestDatabase::empty("backfill_workers");
    let url = database.url();
    sandbox.run_on(&url.expose(), &["migrate", "deploy", "--up-to", "init"]).success();
    let worker = [
        "backfill",
        "run",
        "--worker",
        "--target",
        "10ms",
        "--max-rate",
        "8000",
        "--format",
        "json",
    ];
    let workers: Vec<Child> = (0..4).map(|_| start(&sandbox, url, &worker)).collect();
    // They find what the deploy brings.
    sandbox.run_on(&url.expose(), &["migrate", "deploy"]).success();
    is_under_way(url);
    let paused = sandbox.run_on(&url.expose(), &["backfill", "pause", "cents"]).success();
    assert!(paused.stdout.contains(&format!("cargo xtask backfill resume {NAME}")), "{paused:#?}");
    wait_for(url, "the end of the batches", "SELECT NOT EXISTS (SELECT FROM _driveflow.batches)");
    assert_ne!(value(url, WRONG), "0");
    sandbox.run_on(&url.expose(), &["backfill", "resume", "cents"]).success();
    wait_for(url, "the end", "SELECT state = 'done' FROM _driveflow.backfills");
    for worker in &workers {
        let stopped = Command::new("kill").args(["-INT", &worker.id().to_string()]).status();
        assert!(stopped.expect("kill is everywhere").success());
    }
    for worker in workers {
        Run::of(worker.wait_with_output().expect("it ends")).success();
    }
    assert_eq!(value(url, WRONG), "0");
    assert_eq!(value(url, "SELECT changed FROM _driveflow.backfills"), "20000");
}

#[test]
fn cancelled_it_is_begun_anew_only_when_that_is_said() {
    let sandbox = project(100);
    let database = TestDatabase::empty("backfill_cancelled");
    let url = database.url().expose();
    sandbox.run_on(&url, &["migrate", "deploy"]).success();
    let run = |arguments: &[&str]| sandbox.run_on(&url, arguments);
    run(&["backfill", "cancel", "cents"]).success();
    run(RUN).success();
    let refused = run(&["backfill", "run", "cents"]).failure();
    assert!(
        refused.stderr.contains("it was cancelled") && refused.stderr.contains("--again"),
        "{refused:#?}"
    );
    run(&["backfill", "run", "cents", "--again"]).success();
    assert_eq!(value(database.url(), WRONG), "0");
}

#[test]
fn a_migration_that_is_applied_anew_is_filled_anew() {
    let sandbox = project(100);
    let database = TestDatabase::empty("backfill_anew");
    let url = database.url().expose();
    let run = |arguments: &[&str]| sandbox.run_on(&url, arguments);
    run(&["migrate", "deploy"]).success();
    run(RUN).success();
    assert_eq!(value(database.url(), WRONG), "0");
    run(&["migrate", "reset", "--force", "--skip-generate", "--skip-seed"]).success();
    assert_eq!(value(database.url(), WRONG), "100");
    let status = run(&["backfill", "status"]).success();
    assert!(status.stdout.contains("waiting"), "{status:#?}");
    run(RUN).success();
    assert_eq!(value(database.url(), WRONG), "0");
}

#[test]
fn a_server_that_dies_is_waited_for() {
    let sandbox = project(30_000);
    let server = Server::for_project(&sandbox.path(""));
    let url = server.ensure_running(&mut |_| ()).expect("a server starts").with_database("fill");
    sandbox.run_on(&url.expose(), &["migrate", "deploy"]).success();
    let run = start(&sandbox, &url, &["backfill", "run", "--max-rate", "10000"]);
    for _ in 0..2 {
        let before = value(&url, "SELECT count(cents) FROM item");
        is_under_way(&url);
        wait_for(&url, "progress", &format!("SELECT count(cents) > {before} FROM item"));
        let Status::Running { process, .. } = server.status().expect("a status") else {
            panic!("the server does not run");
        };
        // `pg_ctl stop -m immediate` sends just this: what was not on the disk is lost.
        let killed = Command::new("kill").args(["-QUIT", &process.to_string()]).status();
        assert!(killed.expect("kill is everywhere").success());
        let deadline = Instant::now() + Duration::from_mins(1);
        while matches!(server.status(), Ok(Status::Running { .. })) {
            assert!(Instant::now() < deadline, "the server does not go");
            thread::sleep(Duration::from_millis(10));
        }
        server.ensure_running(&mut |_| ()).expect("a crashed server starts again");
    }
    let run = Run::of(run.wait_with_output().expect("it ends")).success();
    assert!(
        run.stderr.contains("The connection is lost") && run.stderr.contains("Connected again"),
        "{run:#?}"
    );
    assert_eq!(value(&url, WRONG), "0");
    assert_eq!(value(&url, "SELECT changed FROM _driveflow.backfills"), "30000");
}

#[test]
fn no_password_is_shown() {
    let sandbox = project(10);
    let database = TestDatabase::empty("backfill_secret");
    let url = database.url().expose().replace("://postgres@", &format!("://postgres:{PASSWORD}@"));
    assert!(url.contains(PASSWORD));
    for arguments in [
        &["migrate", "deploy"][..],
        RUN,
        &["backfill", "status"],
        &["backfill", "run", "nothing"],
        &["backfill", "pause", "cents"],
    ] {
        let run = sandbox.run_on(&url, arguments);
        assert!(!run.stdout.contains(PASSWORD) && !run.stderr.contains(PASSWORD), "{run:#?}");
    }
    let url = "postgresql://u:s3cr3t-in-url@127.0.0.1:1/x";
    let run = sandbox.run_on(url, RUN).failure();
    assert!(run.stderr.contains("P1001") && !run.stderr.contains(PASSWORD), "{run:#?}");
}
