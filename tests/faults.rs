//! `migrate deploy` when the world ends in the middle of it: killed at any moment, the server gone, eight at once, a lock
//! that somebody keeps, a full disk. Each migration is applied once or recorded as failed, and the next run says what to
//! do, which is then done as it was said.

mod disk;
mod files;
mod killed;
mod proxy;
mod steps;

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use postgres::server::Server;
use postgres::testing::{TestDatabase, block_on};
use postgres::{Connection, ConnectionUrl, connect};

use crate::sandbox::{Run, STUDENTS, Sandbox};

const DEPLOY: &[&str] = &["migrate", "deploy"];
/// How many migrations a project has that says nothing else.
const MIGRATIONS: usize = 12;
/// The one that is no transaction.
const CONCURRENT: usize = 2;

/// A project whose migrations each write a line of `log`, so that a second time would be seen; one of them is no
/// transaction, and another one has a transaction of its own.
fn project(migrations: usize) -> Sandbox {
    let sandbox = Sandbox::new(STUDENTS);
    for number in 0..migrations {
        let script = match number {
            0 => "CREATE TABLE log (number int);\nINSERT INTO log VALUES (0);\n".to_owned(),
            1 => "BEGIN;\nCREATE TABLE t1 (a int PRIMARY KEY);\nINSERT INTO log VALUES (1);\nCOMMIT;\n".to_owned(),
            // May be run again after it was cut off, as such a script should.
            CONCURRENT => "DROP INDEX CONCURRENTLY IF EXISTS log_number;\n\
                           CREATE INDEX CONCURRENTLY log_number ON log (number);\n"
                .to_owned(),
            _ => format!("CREATE TABLE t{number} (a int PRIMARY KEY);\nINSERT INTO log VALUES ({number});\n"),
        };
        sandbox.write(&format!("prisma/migrations/{}/migration.sql", name(number)), script);
    }
    sandbox
}

fn name(number: usize) -> String {
    format!("202601010000{number:02}_step")
}

fn start(sandbox: &Sandbox, url: &ConnectionUrl, arguments: &[&str]) -> Child {
    let mut command = sandbox.command(arguments);
    command.env("DATABASE_URL", url.expose()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the command starts")
}

fn execute(url: &ConnectionUrl, sql: &str) {
    block_on(async {
        connect(url).await.expect("the database is there").batch_execute(sql).await.expect(sql);
    });
}

/// One value, as text.
fn value(url: &ConnectionUrl, sql: &str) -> String {
    block_on(async {
        let connection = connect(url).await.expect("the database is there");
        let row = connection.query_one(&format!("SELECT ({sql})::text"), &[]).await;
        row.expect(sql).get::<_, Option<String>>(0).unwrap_or_default()
    })
}

async fn wait_for(connection: &Connection, what: &str, sql: &str) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !connection.query_one(sql, &[]).await.expect(sql).get::<_, bool>(0) {
        assert!(Instant::now() < deadline, "{what} did not come");
        tokio_sleep();
    }
}

fn tokio_sleep() {
    thread::sleep(Duration::from_millis(10));
}

/// Until what a killed command had sent is done: its session sees the end of the connection only then.
fn wait_until_alone(url: &ConnectionUrl) {
    block_on(async {
        let connection = connect(url).await.expect("the database is there");
        let sql = "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
                   AND pid <> pg_backend_pid() AND backend_type = 'client backend')";
        wait_for(&connection, "the end of the killed command's session", sql).await;
    });
}

/// Runs a command as often as it says what to do before it can be run again, and says how it went at last.
fn run_as_told(sandbox: &Sandbox, url: &ConnectionUrl, arguments: &[&str]) -> Run {
    let exposed = url.expose();
    let mut resolved = 0;
    loop {
        let run = sandbox.run_on(&exposed, arguments);
        let is_failed = run.stderr.contains("P3009") || run.stdout.contains("` failed.");
        if run.code == Some(0) || !is_failed {
            return run;
        }
        let said = [run.stderr.as_str(), &run.stdout].concat();
        let at =
            said.find("migrate resolve").unwrap_or_else(|| panic!("it says what to run: {run:#?}"));
        let said = said[at..].lines().next().unwrap_or_default();
        let said = said.trim_end_matches('.').replace('"', "");
        let said: Vec<&str> = said.split(' ').collect();
        sandbox.run_on(&exposed, &said).success();
        resolved += 1;
        assert!(resolved <= 1, "one migration can have been cut off: {run:#?}");
    }
}

/// Deploys as it is told how, and sees everything applied exactly once.
fn recover(sandbox: &Sandbox, url: &ConnectionUrl) {
    run_as_told(sandbox, url, &["migrate", "deploy"]).success();
    sandbox.run_on(&url.expose(), &["migrate", "status"]).success();
    let folders = sandbox.list("prisma/migrations");
    let migrations = folders.iter().filter(|name| name.starts_with("2026")).count();
    let logged = (0..migrations).filter(|number| *number != CONCURRENT);
    let logged: Vec<String> = logged.map(|number| number.to_string()).collect();
    assert_eq!(
        value(url, "SELECT string_agg(number::text, ',' ORDER BY number) FROM log"),
        logged.join(",")
    );
    assert_eq!(
        value(url, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'log_number'::regclass"),
        "true"
    );
    let finished = "SELECT array[count(*), count(DISTINCT migration_name)] FROM _prisma_migrations \
                    WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL";
    assert_eq!(value(url, finished), format!("{{{migrations},{migrations}}}"));
}

#[test]
fn killed_at_any_moment() {
    // Between its requests it is killed in `killed`; this is for what comes before, after and in the midst of them.
    const KILLS: u32 = 8;
    let sandbox = project(MIGRATIONS);
    let database = TestDatabase::empty("whole");
    let begin = Instant::now();
    sandbox.run_on(&database.url().expose(), &["migrate", "deploy"]).success();
    let whole = begin.elapsed();
    for kill in 0..KILLS {
        let database = TestDatabase::empty("killed");
        let url = database.url();
        let mut deploy = start(&sandbox, url, DEPLOY);
        thread::sleep(whole * kill / KILLS);
        deploy.kill().expect("it is ours");
        deploy.wait().expect("it has ended");
        wait_until_alone(url);
        recover(&sandbox, url);
    }
}

#[test]
fn a_server_that_crashes() {
    let sandbox = project(MIGRATIONS);
    sandbox.write(
        &format!("prisma/migrations/{}/migration.sql", name(3)),
        "CREATE TABLE t3 (a int);\nINSERT INTO log VALUES (3);\nSELECT pg_sleep(30);\n",
    );
    let server = Server::for_project(&sandbox.path(""));
    let url = server.ensure_running(&mut |_| ()).expect("a server starts").with_database("crash");
    let deploy = start(&sandbox, &url, DEPLOY);
    let postgres = url.with_database("postgres");
    block_on(async {
        let connection = connect(&postgres).await.expect("the server is there");
        let sql = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = 'crash' AND query LIKE '%pg_sleep%')";
        wait_for(&connection, "the third migration", sql).await;
    });
    let bin = server.programs().expect("a place").expect("a server has programs");
    crash(&bin, &server);
    let run = Run::of(deploy.wait_with_output().expect("it ends")).failure();
    assert!(run.stderr.contains("P1017") && run.stderr.contains(&name(3)), "{run:#?}");
    assert!(run.stderr.contains("cargo xtask migrate deploy"), "{run:#?}");

    server.ensure_running(&mut |_| ()).expect("a crashed server starts again");
    sandbox.write(
        &format!("prisma/migrations/{}/migration.sql", name(3)),
        "CREATE TABLE t3 (a int);\nINSERT INTO log VALUES (3);\n",
    );
    recover(&sandbox, &url);
}

#[test]
fn what_is_deployed_outlives_a_crash() {
    let sandbox = Sandbox::new(STUDENTS);
    for number in 0..MIGRATIONS {
        let file = format!("prisma/migrations/{}/migration.sql", name(number));
        sandbox.write(&file, format!("CREATE TABLE t{number} (a int);\n"));
    }
    let server = Server::for_project(&sandbox.path(""));
    let url = server.ensure_running(&mut |_| ()).expect("a server starts").with_database("whole");
    let bin = server.programs().expect("a place").expect("a server has programs");
    sandbox.run_on(&url.expose(), DEPLOY).success();
    crash(&bin, &server);

    server.ensure_running(&mut |_| ()).expect("a crashed server starts again");
    let rows = "SELECT count(*) FROM _prisma_migrations WHERE finished_at IS NOT NULL";
    assert_eq!(value(&url, rows), MIGRATIONS.to_string());
    let tables = "SELECT count(*) FROM pg_tables WHERE tablename ~ '^t[0-9]+$'";
    assert_eq!(value(&url, tables), MIGRATIONS.to_string());
}

/// Power off, as far as a program can: no process of the server is asked to finish anything.
fn crash(bin: &std::path::Path, server: &Server) {
    let postgres::server::Status::Running { process, .. } = server.status().expect("a status")
    else {
        panic!("the server does not run");
    };
    // `pg_ctl stop -m immediate` sends just this.
    let killed = Command::new("kill").args(["-QUIT", &process.to_string()]).status();
    assert!(killed.expect("kill is everywhere").success(), "{}", bin.display());
    let deadline = Instant::now() + Duration::from_mins(1);
    while matches!(server.status(), Ok(postgres::server::Status::Running { .. })) {
        assert!(Instant::now() < deadline, "the server does not go");
        tokio_sleep();
    }
}

#[test]
fn eight_at_once() {
    let sandbox = project(MIGRATIONS);
    let database = TestDatabase::empty("eight");
    let deploys: Vec<Child> = (0..8).map(|_| start(&sandbox, database.url(), DEPLOY)).collect();
    let mut applied = 0;
    for deploy in deploys {
        let run = Run::of(deploy.wait_with_output().expect("it ends")).success();
        applied += run.stdout.matches("└─ 2026").count();
    }
    assert_eq!(applied, MIGRATIONS, "each is told by the one that applied it");
    recover(&sandbox, database.url());
}

#[test]
fn a_lock_that_somebody_keeps() {
    let sandbox = project(MIGRATIONS);
    let database = TestDatabase::empty("kept");
    let url = database.url();
    sandbox.run_on(&url.expose(), &["migrate", "deploy"]).success();
    let last = "20260101000099_waits";
    sandbox.write(
        &format!("prisma/migrations/{last}/migration.sql"),
        "ALTER TABLE log ADD COLUMN note text;\nCREATE TABLE made (a int);\n",
    );
    block_on(async {
        let keeper = connect(url).await.expect("the database is there");
        keeper.batch_execute("BEGIN; SELECT count(*) FROM log").await.expect("a long transaction");
        let deploy = start(&sandbox, url, DEPLOY);
        let watcher = connect(url).await.expect("the database is there");
        let waits = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
                     AND wait_event_type = 'Lock' AND query LIKE '%ADD COLUMN note%')";
        wait_for(&watcher, "the wait for the lock", waits).await;
        let stopped = Command::new("kill").args(["-INT", &deploy.id().to_string()]).status();
        assert!(stopped.expect("kill is everywhere").success());
        let run = Run::of(deploy.wait_with_output().expect("it ends"));
        assert_eq!(run.code, Some(130), "{run:#?}");
        // Nobody else waits behind a statement that was given up.
        let gone = "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
                    AND wait_event_type = 'Lock')";
        wait_for(&watcher, "the end of the statement", gone).await;
        keeper.batch_execute("COMMIT").await.expect("the long transaction ends");
    });
    // Nothing of it ran, so that nothing has to be resolved.
    let left = format!("SELECT count(*) FROM _prisma_migrations WHERE migration_name = '{last}'");
    assert_eq!(value(url, &left), "0");
    assert_eq!(value(url, "SELECT to_regclass('made')"), "");
    sandbox.run_on(&url.expose(), &["migrate", "deploy"]).success();
    assert_eq!(value(url, "SELECT to_regclass('made')"), "made");
}

#[test]
fn a_disk_that_is_full() {
    let sandbox = project(MIGRATIONS);
    let disk = disk::Small::new(&sandbox);
    let url = disk.url().clone();
    let full = "20260101000099_full";
    let script = disk.fill_with("CREATE TABLE before (a int);");
    sandbox.write(&format!("prisma/migrations/{full}/migration.sql"), script);
    let run = sandbox.run_on(&url.expose(), &["migrate", "deploy"]).failure();
    assert!(run.stderr.contains("P3018") && run.stderr.contains(disk.complaint()), "{run:#?}");
    assert!(run.stderr.contains("Nothing of it remains in the database"), "{run:#?}");
    assert_eq!(value(&url, "SELECT to_regclass('before')"), "");
    let logs = value(
        &url,
        &format!("SELECT logs FROM _prisma_migrations WHERE migration_name = '{full}'"),
    );
    assert!(logs.contains(disk.complaint()), "{logs}");

    let again = sandbox.run_on(&url.expose(), &["migrate", "deploy"]).failure();
    assert!(again.stderr.contains("P3009"), "{again:#?}");
    let emptied = "CREATE TABLE before (a int);\n";
    sandbox.write(&format!("prisma/migrations/{full}/migration.sql"), emptied);
    sandbox.run_on(&url.expose(), &["migrate", "resolve", "--rolled-back", full]).success();
    sandbox.run_on(&url.expose(), &["migrate", "deploy"]).success();
    assert_eq!(value(&url, "SELECT to_regclass('before')"), "before");
}
