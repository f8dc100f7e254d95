//! `migrate deploy` and what else works on a database, as they are typed where nobody cares for models.

use postgres::testing::TestDatabase;

use crate::sandbox::{STUDENTS, Sandbox};

const RAISE: &str = "CREATE TABLE a (id int PRIMARY KEY);\n\
    DO $$ BEGIN RAISE NOTICE 'filled %', 3; RAISE WARNING 'see postgresql://u:s3cr3t-in-url@h/d'; END $$;\n";

fn with_migration(schema: &str) -> Sandbox {
    let sandbox = Sandbox::new(schema);
    sandbox.write("prisma/migrations/20260101000000_a/migration.sql", RAISE);
    sandbox.write("prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n");
    sandbox
}

#[test]
fn a_database_that_was_made_is_told_before_the_migrations() {
    let database = TestDatabase::empty("deploy_creates");
    let name = format!("{}_x", database.url().database());
    let url = database.url().with_database(&name).expose();
    let sandbox = with_migration(STUDENTS);
    let run = sandbox.run_on(&url, &["migrate", "deploy"]).success();
    let created = format!("\n\nPostgreSQL database {name} created at ");
    let (_, after) = run.stdout.split_once(&created).expect("it was made");
    let (_, after) = after.split_once("\n\n").expect("a blank line");
    let found = "1 migration found in prisma/migrations\n\n\nThe following migration(s) have been applied:\n";
    assert!(after.starts_with(found), "{run:#?}");
    sandbox.run_on(&url, &["db", "drop", "--force"]).success();
}

#[test]
fn what_a_migration_says_is_on_stderr_without_its_passwords() {
    let database = TestDatabase::empty("deploy_notices");
    let sandbox = with_migration(STUDENTS);
    let run = sandbox.run_on(&database.url().expose(), &["migrate", "deploy"]).success();
    let said = "\nNOTICE: filled 3\nWARNING: see postgresql://u:*************@h/d\n";
    assert!(run.stderr.contains(said), "{run:#?}");
    assert!(!run.stdout.contains("NOTICE") && !run.stdout.contains("WARNING"), "{run:#?}");
    let script = "DO $$ BEGIN RAISE NOTICE 'hello'; END $$";
    sandbox.write("a.sql", script);
    let executed = ["db", "execute", "--file", "a.sql"];
    let run = sandbox.run_on(&database.url().expose(), &executed).success();
    assert_eq!(
        (run.stdout.as_str(), run.stderr.as_str()),
        ("Script executed successfully.\n", "NOTICE: hello\n")
    );
}

#[test]
fn a_migration_that_does_nothing_is_noted() {
    let database = TestDatabase::empty("deploy_empty");
    let sandbox = with_migration(STUDENTS);
    sandbox
        .write("prisma/migrations/20260102000000_b/migration.sql", "-- This is empty: DROP x;\n");
    let run = sandbox.run_on(&database.url().expose(), &["migrate", "deploy"]).success();
    assert!(run.stdout.contains("20260102000000_b/"), "{run:#?}");
    let noted = "holds no statement (only comments, or nothing at all):\n20260102000000_b\n";
    assert!(run.stderr.ends_with(noted), "{run:#?}");
}

#[test]
fn what_would_be_done_is_shown_and_not_done() {
    let database = TestDatabase::from_sql(
        "deploy_shown",
        "CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'x'), (1, NULL)",
    );
    let url = database.url().expose();
    let sandbox = Sandbox::new(STUDENTS);
    let script =
        "CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a);\nALTER TABLE t ALTER b SET NOT NULL;\n";
    sandbox.write(
        "prisma/migrations/20260101000000_t/migration.sql",
        "CREATE TABLE t (a int, b text);\n",
    );
    sandbox.write("prisma/migrations/20260102000000_steps/migration.sql", script);
    sandbox.run_on(&url, &["migrate", "resolve", "--applied", "20260101000000_t"]).success();
    let plan = sandbox.run_on(&url, &["migrate", "plan"]).success();
    for said in [
        "1 migration to apply to the database",
        "step 1 of 2: CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a)",
        "will be refused: 1 value(s) of \"a\" are in \"t\" more than once",
        "migration.sql:2 ALTER TABLE t ALTER b SET NOT NULL",
        "ACCESS EXCLUSIVE, blocks all reads and writes; every row is read",
        "will be refused: 1 row(s) of \"t\" have no value in \"b\"",
        "It will be refused as the rows are now",
    ] {
        assert!(plan.stdout.contains(said), "{said}: {plan:#?}");
    }
    let json = sandbox.run_on(&url, &["migrate", "plan", "--format", "json"]).success();
    let json: serde_json::Value =
        serde_json::from_str(&json.stdout).expect("JSON and nothing else");
    assert_eq!(json["refused"], true, "{json:#}");
    let shown = sandbox.run_on(&url, &["migrate", "deploy", "--dry-run"]).success();
    assert!(shown.stdout.contains("20260102000000_steps: 2 steps, between which"), "{shown:#?}");
    let status = sandbox.run_on(&url, &["migrate", "status"]).failure();
    assert!(
        status.stdout.contains("have not yet been applied:\n20260102000000_steps"),
        "{status:#?}"
    );
    let none = sandbox.run_on(&url, &["migrate", "deploy", "--dry-run", "--up-to", "_t"]).success();
    assert!(none.stdout.ends_with("No pending migrations to apply.\n"), "{none:#?}");
    let unknown = sandbox.run_on(&url, &["migrate", "deploy", "--lock-timeout", "5"]);
    assert!(unknown.stderr.contains("a time is a number and ms, s, min or h"), "{unknown:#?}");
}

#[test]
fn no_model_stands_in_the_way_of_a_database() {
    let database = TestDatabase::empty("deploy_lenient");
    let url = database.url().expose();
    let sandbox = with_migration(&STUDENTS.replace("name String", "name Nonsense"));
    sandbox.write("a.sql", "SELECT 1");
    for arguments in [
        &["migrate", "deploy"][..],
        &["migrate", "status"],
        &["migrate", "status", "--format", "json"],
        &["db", "execute", "--file", "a.sql"],
        &["db", "create"],
    ] {
        let run = sandbox.run_on(&url, arguments).success();
        assert!(!run.stderr.contains("Nonsense"), "{run:#?}");
    }
    let again = ["migrate", "resolve", "--applied", "20260101000000_a"];
    let run = sandbox.run_on(&url, &again).failure();
    assert!(run.stderr.contains("Error: P3008"), "{run:#?}");
    for arguments in
        [&["migrate", "dev", "--name", "x"][..], &["db", "push"], &["migrate", "status", "--drift"]]
    {
        let run = sandbox.run_on(&url, arguments).failure();
        assert!(run.stderr.contains("Error: P1012") && run.stderr.contains("Nonsense"), "{run:#?}");
    }
}

#[test]
fn a_wrong_datasource_does() {
    let database = TestDatabase::empty("deploy_strict");
    let sandbox = with_migration(&STUDENTS.replace("  url ", "  uri = \"x\"\n  url "));
    for arguments in [&["migrate", "deploy"][..], &["migrate", "status"], &["db", "create"]] {
        let run = sandbox.run_on(&database.url().expose(), arguments).failure();
        assert!(run.stderr.contains("Property not known: \"uri\""), "{run:#?}");
    }
}
