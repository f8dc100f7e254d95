//! Migrations in steps, killed −9 at each boundary of a step and in the middle of each: the client, the server's process
//! that does the work, and with it the whole server. The next deploy, with nothing between, ends in the same database as
//! one that nobody disturbed.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use postgres::testing::{TestDatabase, block_on, program};
use postgres::{ConnectionUrl, connect};

use super::killed::{OwnServer, Which, killed_after};
use super::{DEPLOY, execute, run_as_told, start, tokio_sleep, value, wait_for, wait_until_alone};
use crate::sandbox::{Run, STUDENTS, Sandbox};

/// Of each kind of step one, each about a table of its own. Those that would not fail if they ran twice leave a trace.
const STEPS: &str = "ALTER TABLE t1 ADD COLUMN note text;\n\
    INSERT INTO log VALUES ('one');\n\
    CREATE INDEX CONCURRENTLY t2_b ON t2 (b);\n\
    CREATE INDEX CONCURRENTLY ON t3 (lower(b));\n\
    DROP INDEX CONCURRENTLY t4_gone;\n\
    BEGIN;\n\
    LOCK TABLE t5 IN EXCLUSIVE MODE;\n\
    INSERT INTO log VALUES ('two');\n\
    COMMIT;\n\
    REINDEX INDEX CONCURRENTLY t6_b;\n\
    ALTER TABLE t7 ADD COLUMN last int;\n\
    INSERT INTO log VALUES ('three');\n";
/// What each of them runs while it waits for a lock of its table.
const WAITS: [&str; 7] = [
    "ADD COLUMN note",
    "t2_b ON t2",
    "lower(b)",
    "DROP INDEX CONCURRENTLY",
    "IN EXCLUSIVE MODE",
    "REINDEX INDEX",
    "ADD COLUMN last",
];

fn project() -> Sandbox {
    let sandbox = Sandbox::new(STUDENTS);
    let mut init = "CREATE TABLE log (what text);\n".to_owned();
    for number in 1..=WAITS.len() {
        let _ = writeln!(
            init,
            "CREATE TABLE t{number} (a int PRIMARY KEY, b text);\nINSERT INTO t{number} SELECT n, n FROM generate_series(1, 50) n;"
        );
    }
    init.push_str("CREATE INDEX t4_gone ON t4 (b);\nCREATE INDEX t6_b ON t6 (b);\n");
    sandbox.write("prisma/migrations/20260101000000_init/migration.sql", init);
    sandbox.write("prisma/migrations/20260102000000_steps/migration.sql", STEPS);
    let after = "INSERT INTO log VALUES ('after');\n";
    sandbox.write("prisma/migrations/20260103000000_after/migration.sql", after);
    sandbox
}

/// What is in the database that the migrations made, the ledger and Prisma's history included.
fn contents(url: &ConnectionUrl) -> String {
    let schema = url.schema();
    let relations = format!(
        "SELECT string_agg(concat_ws(' ', relname, pg_get_indexdef(i.indexrelid), indisvalid), E'\\n' ORDER BY relname) \
         FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid WHERE relnamespace = '{schema}'::regnamespace"
    );
    let columns = "SELECT string_agg(attname || attnum, ' ' ORDER BY attrelid::regclass::text, attnum) FROM pg_attribute \
                   WHERE attrelid IN ('t1'::regclass, 't7'::regclass) AND attnum > 0";
    let log = "SELECT string_agg(what, ' ' ORDER BY ctid) FROM log";
    let history = "SELECT string_agg(concat_ws(' ', migration_name, finished_at IS NOT NULL, rolled_back_at, logs, \
                   applied_steps_count), E'\\n' ORDER BY started_at) FROM _prisma_migrations";
    let ledger = format!(
        "SELECT string_agg(concat_ws(' ', migration, step, summary, done_at IS NOT NULL), E'\\n' ORDER BY step) \
         FROM _driveflow.steps WHERE schema = '{schema}'"
    );
    let parts = [relations.as_str(), columns, log, history, &ledger];
    let parts: Vec<String> = parts.into_iter().map(|sql| value(url, sql)).collect();
    parts.join("\n--\n").replace(schema, "SCHEMA")
}

/// What the real `pg_dump` says of the structure, where there is one.
fn dump(url: &ConnectionUrl) -> Option<String> {
    let output =
        Command::new(program("pg_dump")?).args(["--schema-only", &exposed_for_libpq(url)]).output();
    let output = output.expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    // A word of its own each time.
    let lines = text.lines().filter(|line| !line.contains("restrict "));
    Some(lines.collect::<Vec<_>>().join("\n"))
}

/// libpq knows nothing of Prisma's parameters.
fn exposed_for_libpq(url: &ConnectionUrl) -> String {
    let exposed = url.expose();
    exposed.split("&schema=").next().unwrap_or_default().to_owned()
}

#[test]
fn killed_after_each_request() {
    let database = TestDatabase::empty("killed_steps");
    let sandbox = Rc::new(project());
    let schema = |name: &str| database.url().with_schema(name);
    let whole = schema("whole");
    sandbox.run_on(&whole.expose(), DEPLOY).success();
    let whole = contents(&whole);
    assert_eq!(whole.matches("20260102000000_steps").count(), WAITS.len() + 1, "{whole}");
    assert!(whole.contains("one two three after"), "{whole}");
    let run = killed_after(
        Which::Each,
        DEPLOY,
        |requests| (Rc::clone(&sandbox), schema(&format!("k{requests}"))),
        |sandbox, url| {
            let has_history = !value(url, "SELECT to_regclass('_prisma_migrations')").is_empty();
            let is_cut = "SELECT count(*) FROM _prisma_migrations WHERE finished_at IS NULL AND migration_name NOT LIKE '%_steps'";
            if has_history && value(url, is_cut) != "0" {
                // Migrations of one transaction are as they were: they are told to be resolved.
                run_as_told(sandbox, url, DEPLOY).success();
            } else {
                sandbox.run_on(&url.expose(), DEPLOY).success();
            }
            let rolled_back = "DELETE FROM _prisma_migrations WHERE rolled_back_at IS NOT NULL";
            execute(url, rolled_back);
            assert_eq!(contents(url), whole);
        },
    );
    run.success();
}

/// Who dies in the middle of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Victim {
    Client,
    /// The server ends the session, as its administrator may.
    Session,
    /// The session's process is killed, with which the server ends all others and recovers.
    Server,
}

/// Kills a deploy in the middle of a step.
fn kill_within(sandbox: &Sandbox, url: &ConnectionUrl, step: usize, victim: Victim) {
    block_on(async {
        let holder = connect(url).await.expect("the database is there");
        let watcher = connect(url).await.expect("the database is there");
        let hold = format!("BEGIN; LOCK TABLE t{step} IN ROW EXCLUSIVE MODE");
        holder.batch_execute(&hold).await.expect("nobody has it");
        let mut deploy = start(sandbox, url, &["migrate", "deploy", "--lock-timeout", "0"]);
        let who = format!(
            "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' \
             AND query LIKE '%{}%' AND pid <> pg_backend_pid()",
            WAITS[step - 1]
        );
        let waits = format!("SELECT EXISTS (SELECT {who})");
        wait_for(&watcher, "the wait in the middle of the step", &waits).await;
        let process = watcher.query_one(&format!("SELECT pid {who}"), &[]).await;
        let process: i32 = process.expect("it waits").get(0);
        match victim {
            Victim::Client => deploy.kill().expect("it is ours"),
            Victim::Session => {
                let end = format!("SELECT pg_terminate_backend({process})");
                watcher.batch_execute(&end).await.expect("it may be ended");
            }
            Victim::Server => {
                let killed = Command::new("kill").args(["-KILL", &process.to_string()]).status();
                assert!(killed.expect("kill is everywhere").success());
            }
        }
        let run = Run::of(deploy.wait_with_output().expect("it has ended"));
        if victim != Victim::Client {
            let run = run.failure();
            assert!(run.stderr.contains("P1017"), "{run:#?}");
            assert!(
                run.stderr.contains("the next deploy goes on at the step where it was"),
                "{run:#?}"
            );
        }
        // A server that loses a process ends all others: only then does it recover.
        let deadline = Instant::now() + Duration::from_mins(1);
        while victim == Victim::Server && watcher.batch_execute("SELECT 1").await.is_ok() {
            assert!(Instant::now() < deadline, "the server goes on");
            tokio_sleep();
        }
        let _ = holder.batch_execute("ROLLBACK").await;
        holder.close().await;
        watcher.close().await;
    });
}

/// Until a server that recovers lets somebody in again.
fn wait_for_server(url: &ConnectionUrl) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while block_on(async { connect(url).await.is_err() }) {
        assert!(Instant::now() < deadline, "the server does not come back");
        tokio_sleep();
    }
}

/// How many indexes are half-built.
fn half_built(url: &ConnectionUrl) -> String {
    value(url, "SELECT count(*) FROM pg_index WHERE NOT indisvalid")
}

/// Kills in the middle of each step, lets the next deploy go on, and says how often an index was half-built before.
fn killed_in_the_middle(victims: &[Victim], make: impl Fn(&str) -> ConnectionUrl) -> usize {
    let sandbox = project();
    let whole = make("whole");
    sandbox.run_on(&whole.expose(), DEPLOY).success();
    let (expected, dumped) = (contents(&whole), dump(&whole));
    let mut left = 0;
    for (victim, step) in
        victims.iter().flat_map(|victim| (1..=WAITS.len()).map(move |step| (*victim, step)))
    {
        let url = &make(&format!("{victim:?}{step}").to_lowercase());
        let first = ["migrate", "deploy", "--up-to", "init"];
        sandbox.run_on(&url.expose(), &first).success();
        kill_within(&sandbox, url, step, victim);
        wait_for_server(url);
        wait_until_alone(url);
        left += usize::from(half_built(url) != "0");
        let status = sandbox.run_on(&url.expose(), &["migrate", "status"]).failure();
        // What nobody was there to hear of has ended all the same.
        let is_finished = victim == Victim::Client && step == WAITS.len();
        // Of what a server had not begun to do, it may forget that it was to; one that crashes, what it had not written to the
        // disk yet, which is all of the steps before where it was fast.
        let may_forget = step == 1 || victim == Victim::Server;
        let is_forgotten = may_forget && status.stderr.is_empty();
        let goes_on = status.stderr.contains("\n20260102000000_steps\n\nIt goes on at step ");
        assert_eq!(goes_on, !is_forgotten && !is_finished, "step {step}, {victim:?}: {status:#?}");
        sandbox.run_on(&url.expose(), DEPLOY).success();
        sandbox.run_on(&url.expose(), &["migrate", "status"]).success();
        assert_eq!(contents(url), expected, "step {step}, {victim:?}");
        assert_eq!(dump(url), dumped, "step {step}, {victim:?}");
        assert_eq!(half_built(url), "0", "step {step}, {victim:?}");
    }
    left
}

#[test]
fn killed_in_the_middle_of_each_step() {
    let databases = RefCell::new(Vec::new());
    let left = killed_in_the_middle(&[Victim::Client, Victim::Session], |label| {
        let database = TestDatabase::empty(label);
        let url = database.url().clone();
        databases.borrow_mut().push(database);
        url
    });
    assert!(left >= 3, "{left}: two builds and a rebuild were ended half-way");
}

#[test]
fn a_server_killed_in_the_middle_of_each_step() {
    let server = OwnServer::start();
    // What it had not written to the disk is as if it had not been begun: how much is half-built is for the clock to say.
    killed_in_the_middle(&[Victim::Server], |label| {
        let url = server.url().with_database(&format!("steps_{label}"));
        block_on(postgres::database::ensure_database(&url)).expect("it can be made");
        url
    });
}
