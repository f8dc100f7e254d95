//! What a person gets wrong, or what goes wrong around them: a clear message with Prisma's code, exit status 1,
//! nothing lost, and never a password.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use postgres::testing::{TestDatabase, block_on};

use crate::sandbox::{PASSWORD, Run, STUDENTS, Sandbox};

/// A sandbox with one migration that was written by hand.
fn with_migration(name: &str, sql: &str) -> Sandbox {
    let sandbox = Sandbox::new(STUDENTS);
    sandbox.write("prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n");
    sandbox.write(&format!("prisma/migrations/{name}/migration.sql"), sql);
    sandbox
}

fn history(database: &TestDatabase) -> Vec<(String, bool, i32)> {
    block_on(async {
        let sql = "SELECT migration_name, finished_at IS NOT NULL, applied_steps_count FROM _prisma_migrations ORDER BY started_at";
        let rows = database.connect().await.query(sql, &[]).await.expect("the history can be read");
        rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
    })
}

#[test]
fn what_quotes_a_person_quotes_no_password() {
    let url = format!("postgresql://u:{PASSWORD}@h/d");
    let sandbox =
        Sandbox::new(&STUDENTS.replace("env(\"DATABASE_URL\")", &format!("\"{url}\" @foo")));
    let role = format!("CREATE ROLE bob PASSWORD '{PASSWORD}' NONSENSE;\n");
    let failing = with_migration("20260101000000_role", &role);
    let database = TestDatabase::empty("quotes");
    for run in [
        sandbox.run(&["validate"]),
        sandbox.run(&["migrate", "status", &url]),
        failing.run_on(&database.url().expose(), &["migrate", "deploy"]),
    ] {
        let run = run.failure();
        assert!(!run.stdout.contains(PASSWORD) && !run.stderr.contains(PASSWORD), "{run:#?}");
        assert!(
            run.stderr.contains("*****"),
            "nothing was quoted, so nothing was proven: {run:#?}"
        );
    }
}

#[test]
fn migrations_go_where_direct_url_says() {
    let direct = STUDENTS.replace(
        "env(\"DATABASE_URL\")",
        "env(\"DATABASE_URL\")\n  directUrl = env(\"DIRECT_URL\")",
    );
    let sandbox = Sandbox::new(&direct);
    let database = TestDatabase::empty("direct");
    let mut command = sandbox.command(&["migrate", "status"]);
    command
        .env("DATABASE_URL", "postgresql://u@127.0.0.1:1/pooled")
        .env("DIRECT_URL", database.url().expose());
    let run = Run::of(command.output().expect("the command starts"));
    assert!(!run.stderr.contains("P1001"), "{run:#?}");
    assert!(run.stdout.contains(database.url().database()), "{run:#?}");
}

/// Deploying to the project's own server because a variable came out empty would be a disaster told nowhere.
#[test]
fn an_empty_variable_is_no_licence_to_go_elsewhere() {
    let run = Sandbox::new(STUDENTS).run_on("", &["migrate", "deploy"]).failure();
    assert!(
        run.stderr.contains("P1012")
            && run.stderr.contains("`DATABASE_URL` resolved to an empty string."),
        "{run:#?}"
    );
}

#[test]
fn mistakes_in_the_schema_are_shown_where_they_are() {
    let broken = Sandbox::new(&STUDENTS.replace("name String", "name Strin"));
    let run = broken.run(&["validate"]).failure();
    assert!(run.stderr.contains("P1012"), "{run:#?}");
    assert!(run.stderr.contains("prisma/schema.prisma:8:8"), "{run:#?}");
    assert!(run.stderr.contains("name Strin") && run.stderr.contains('^'), "{run:#?}");

    let unclosed = Sandbox::new(&STUDENTS.replace("name String\n}", "name String @default(\n}"));
    let run = unclosed.run(&["migrate", "deploy"]).failure();
    assert!(
        run.stderr.contains("P1012") && run.stderr.contains("prisma/schema.prisma:8"),
        "{run:#?}"
    );

    let binary = Sandbox::new(STUDENTS);
    binary.write("prisma/schema.prisma", [0xff, 0xfe, 0x00]);
    let run = binary.run(&["validate"]).failure();
    assert!(run.stderr.contains("is not UTF-8 text"), "{run:#?}");
}

#[test]
fn a_missing_schema_says_where_it_was_looked_for() {
    let sandbox = Sandbox::new(STUDENTS);
    let run = sandbox.run(&["validate", "--schema", "nowhere.prisma"]).failure();
    assert!(run.stderr.contains("nowhere.prisma"), "{run:#?}");
}

#[test]
fn a_failed_migration_is_recorded_shown_and_in_the_way() {
    let sql = "CREATE TABLE \"Student\" (\n  id INT PRIMARY KEY\n);\n\nALTER TABLE \"Nobody\" ADD COLUMN x INT;\n";
    let sandbox = with_migration("20260101000000_broken", sql);
    let database = TestDatabase::empty("broken");
    let url = database.url().expose();

    let run = sandbox.run_on(&url, &["migrate", "deploy"]).failure();
    assert!(
        run.stderr.contains("P3018") && run.stderr.contains("relation \"Nobody\" does not exist"),
        "{run:#?}"
    );
    assert!(
        run.stderr.contains("20260101000000_broken")
            && run.stderr.contains("ALTER TABLE \"Nobody\""),
        "{run:#?}"
    );
    assert_eq!(history(&database), [("20260101000000_broken".to_owned(), false, 0)]);

    let run = sandbox.run_on(&url, &["migrate", "deploy"]).failure();
    assert!(run.stderr.contains("P3009"), "{run:#?}");
    let run = sandbox.run_on(&url, &["migrate", "status"]).failure();
    assert!(
        run.stderr.contains("Following migration have failed:\n20260101000000_broken"),
        "{run:#?}"
    );

    // The way out that the message names.
    sandbox
        .run_on(&url, &["migrate", "resolve", "--rolled-back", "20260101000000_broken"])
        .success();
    sandbox.write(
        "prisma/migrations/20260101000000_broken/migration.sql",
        "CREATE TABLE \"Student\" (id INT PRIMARY KEY, name TEXT NOT NULL);\n",
    );
    sandbox.run_on(&url, &["migrate", "deploy"]).success();
    sandbox.run_on(&url, &["migrate", "status"]).success();
}

#[test]
fn a_corrupted_migrations_folder_names_the_file() {
    let database = TestDatabase::empty("corrupted");
    let url = database.url().expose();
    let missing = Sandbox::new(STUDENTS);
    missing.write("prisma/migrations/20260101000000_lost/notes.txt", "nothing here");
    let run = missing.run_on(&url, &["migrate", "deploy"]).failure();
    assert!(run.stderr.contains("P3015") && run.stderr.contains("20260101000000_lost"), "{run:#?}");

    let other = with_migration("20260101000000_init", "SELECT 1;\n");
    other.write("prisma/migrations/migration_lock.toml", "provider = \"mysql\"\n");
    let run = other.run_on(&url, &["migrate", "deploy"]).failure();
    assert!(run.stderr.contains("P3019") && run.stderr.contains("mysql"), "{run:#?}");
}

#[test]
fn reset_destroys_nothing_without_consent() {
    let sandbox = with_migration(
        "20260101000000_init",
        "CREATE TABLE \"Student\" (id INT PRIMARY KEY, name TEXT NOT NULL);\n",
    );
    let database = TestDatabase::empty("reset");
    let url = database.url().expose();
    sandbox.run_on(&url, &["migrate", "deploy"]).success();
    let count = || {
        block_on(async {
            let connection = database.connect().await;
            connection
                .query_one("SELECT count(*) FROM \"Student\"", &[])
                .await
                .expect("it is there")
                .get::<_, i64>(0)
        })
    };
    block_on(async {
        let connection = database.connect().await;
        connection
            .batch_execute("INSERT INTO \"Student\" VALUES (1, 'Alex')")
            .await
            .expect("it can be filled");
    });
    let run = sandbox.run_on(&url, &["migrate", "reset"]).failure();
    assert!(run.stderr.contains("--force"), "{run:#?}");
    assert_eq!(count(), 1);
    // The models are for the client: what is wrong with them is told when that is written, at the end.
    sandbox.write("prisma/schema.prisma", STUDENTS.replace("name String", "name Strin"));
    let run = sandbox.run_on(&url, &["migrate", "reset", "--force"]).failure();
    assert_eq!(count(), 0);
    assert!(run.stdout.contains("Database reset successful"), "{run:#?}");
    assert!(run.stderr.contains("P1012") && run.stderr.contains("name Strin"), "{run:#?}");
    assert!(
        run.stderr.ends_with("but the client was not written: cargo xtask generate\n"),
        "{run:#?}"
    );
    sandbox.run_on(&url, &["migrate", "reset", "-f", "--skip-generate"]).success();
}

#[test]
fn losing_data_needs_a_yes_and_nobody_is_there_to_give_it() {
    let sandbox = with_migration(
        "20260101000000_init",
        "CREATE TABLE \"Student\" (\"id\" INTEGER NOT NULL, \"name\" TEXT NOT NULL, CONSTRAINT \"Student_pkey\" PRIMARY KEY (\"id\"));\n",
    );
    let database = TestDatabase::empty("loss");
    let url = database.url().expose();
    sandbox.run_on(&url, &["migrate", "deploy"]).success();
    block_on(async {
        let connection = database.connect().await;
        connection
            .batch_execute("INSERT INTO \"Student\" VALUES (1, 'Alex')")
            .await
            .expect("it can be filled");
    });
    sandbox.write("prisma/schema.prisma", STUDENTS.replace("  name String\n", ""));
    let run = sandbox.run_on(&url, &["migrate", "dev", "--name", "drop_name"]).failure();
    assert!(run.stderr.contains("the environment is non-interactive"), "{run:#?}");
    assert!(run.stdout.contains("drop the column `name`"), "{run:#?}");
    assert_eq!(sandbox.list("prisma/migrations"), ["20260101000000_init", "migration_lock.toml"]);
}

/// Interrupts a deploy that is at a migration that sleeps, and hands back what it says.
#[cfg(unix)]
fn interrupt(sandbox: &Sandbox, database: &TestDatabase) -> String {
    let mut command = sandbox.command(&["migrate", "deploy"]);
    command
        .env("DATABASE_URL", database.url().expose())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    let sleeps = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND state = 'active' \
                  AND pid <> pg_backend_pid() AND datname = current_database()";
    wait_for(database, sleeps, 1);
    let interrupted = Instant::now();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    let status = child.wait().expect("it ends");
    let took = interrupted.elapsed();
    assert!(took < Duration::from_mins(1), "it took {took:?} to stop");
    let mut stderr = String::new();
    child.stderr.take().expect("it is piped").read_to_string(&mut stderr).expect("UTF-8");
    assert_eq!(status.code(), Some(130), "{stderr}");
    // The server has stopped too: nothing goes on behind the person's back, and nothing half done stays.
    wait_for(database, sleeps, 0);
    stderr
}

#[cfg(unix)]
#[test]
fn ctrl_c_in_the_middle_of_a_transaction_leaves_nothing() {
    let first = "CREATE TABLE \"Student\" (id INT PRIMARY KEY, name TEXT NOT NULL);\n";
    let sandbox = with_migration("20260101000000_first", first);
    let slow = |sleep: &str| {
        let sql = format!("CREATE TABLE slow (id INT);\n{sleep}");
        sandbox.write("prisma/migrations/20260101000001_slow/migration.sql", sql);
    };
    slow("SELECT pg_sleep(600);\n");
    // Its beginning is noted with the end of the one before it, and it is one in steps.
    sandbox.write(
        "prisma/migrations/20260101000002_after/migration.sql",
        "CREATE TABLE after (id INT);\nCREATE INDEX CONCURRENTLY i ON after (id);\n",
    );
    let database = TestDatabase::empty("ctrl_c");
    let stderr = interrupt(&sandbox, &database);
    assert!(stderr.contains("the migration `20260101000001_slow` was under way"), "{stderr}");
    assert!(stderr.contains("cargo xtask migrate status"), "{stderr}");
    assert_eq!(history(&database), [("20260101000000_first".to_owned(), true, 1)]);
    slow("");
    let run = sandbox.run_on(&database.url().expose(), &["migrate", "deploy"]).success();
    assert!(run.stdout.contains("20260101000002_after/"), "{run:#?}");
    let kept: i64 = block_on(async {
        let connection = database.connect().await;
        let steps = "SELECT count(DISTINCT attempt) FROM _driveflow.steps";
        connection.query_one(steps, &[]).await.expect("the ledger").get(0)
    });
    assert_eq!(kept, 1, "nothing is known of an attempt that was taken back");
}

#[cfg(unix)]
#[test]
fn ctrl_c_in_the_middle_of_a_migration_in_steps_leaves_what_the_next_run_goes_on_with() {
    let sql = "CREATE TABLE \"Student\" (id INT PRIMARY KEY, name TEXT NOT NULL);\nCOMMIT;\nSELECT pg_sleep(600);\n";
    let sandbox = with_migration("20260101000001_slow", sql);
    let database = TestDatabase::empty("ctrl_c_steps");
    let stderr = interrupt(&sandbox, &database);
    assert!(stderr.contains("the next deploy goes on where this one was"), "{stderr}");
    assert!(stderr.contains("cargo xtask migrate deploy"), "{stderr}");
    assert_eq!(history(&database), [("20260101000001_slow".to_owned(), false, 0)]);
    let run: Run = sandbox.run_on(&database.url().expose(), &["migrate", "status"]).failure();
    assert!(run.stderr.contains("20260101000001_slow\n\nIt goes on at step 2"), "{run:#?}");
}

/// What never waits for anything stops all the same.
#[cfg(unix)]
#[test]
fn ctrl_c_stops_what_only_computes() {
    let model =
        |number| format!("model M{number} {{\n  id Int @id\n  a String\n  @@index([a, id])\n}}\n");
    let sandbox = Sandbox::new(STUDENTS);
    let models: String = (0..50_000).map(model).collect();
    let text = format!("{STUDENTS}{models}");
    sandbox.write("prisma/schema.prisma", &text);
    for (signal, arguments) in
        [("-INT", &["validate"][..]), ("-TERM", &["validate", "--fix"]), ("-INT", &["format"])]
    {
        let mut command = sandbox.command(arguments);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the command starts");
        let mut first = [0];
        let mut stdout = child.stdout.take().expect("it is piped");
        stdout.read_exact(&mut first).expect("it says what it has read");
        Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill runs");
        let status = child.wait().expect("it ends");
        assert_eq!(status.code(), Some(130), "{arguments:?}");
    }
    assert_eq!(sandbox.read("prisma/schema.prisma"), text);
    assert_eq!(sandbox.list("prisma"), ["schema.prisma"]);
}

/// Waits until a count is as expected; fails after a minute.
fn wait_for(database: &TestDatabase, sql: &str, expected: i64) {
    let begun = Instant::now();
    loop {
        let count: i64 = block_on(async {
            database.connect().await.query_one(sql, &[]).await.expect("a count").get(0)
        });
        if count == expected {
            return;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "still {count}, not {expected}: {sql}");
        sleep(Duration::from_millis(50));
    }
}
