//! `migrate lint`, as it is typed, with a database and without one.

use postgres::testing::TestDatabase;

use crate::sandbox::{STUDENTS, Sandbox};

const FIRST: &str = "CREATE TABLE \"Student\" (id bigint PRIMARY KEY, name text);\nCREATE TABLE \"Empty\" (id bigint PRIMARY KEY, name text);\n";
const SECOND: &str =
    "CREATE INDEX \"i\" ON \"Student\" (name);\n\nCREATE INDEX \"j\" ON \"Empty\" (name);\n";

fn project() -> Sandbox {
    let sandbox = Sandbox::new(STUDENTS);
    sandbox.write("prisma/migrations/20260101000000_tables/migration.sql", FIRST);
    sandbox.write("prisma/migrations/20260102000000_indexes/migration.sql", SECOND);
    sandbox.write("prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n");
    sandbox
}

#[test]
fn without_a_database_all_migrations_are_judged() {
    let sandbox = project();
    let run = sandbox.run(&["migrate", "lint", "--offline"]).failure();
    let found = "error[create-index-concurrently]";
    assert_eq!(run.stderr.matches(found).count(), 2, "{run:#?}");
    assert!(
        run.stderr.contains("prisma/migrations/20260102000000_indexes/migration.sql:3:1"),
        "{run:#?}"
    );
    assert!(run.stdout.contains(" in 2 migrations. (PostgreSQL 13)"), "{run:#?}");
    let run = sandbox.run(&["migrate", "lint", "--offline", "tables"]).success();
    assert_eq!(run.stdout, "Nothing was found in 1 migration. (PostgreSQL 13)\n", "{run:#?}");
    let run = sandbox.run(&["migrate", "lint", "--offline", "20260102000000_index"]).failure();
    assert!(run.stderr.contains("error[create-index-concurrently]"), "{run:#?}");
    let run = sandbox.run(&["migrate", "lint", "--offline", "20260102000000_indexas"]).failure();
    assert!(run.stderr.contains("Did you mean 20260102000000_indexes?"), "{run:#?}");
}

#[test]
fn programs_get_the_findings_on_stdout() {
    let sandbox = project();
    let run = sandbox.run(&["migrate", "lint", "--offline", "--format", "json"]).failure();
    let found: serde_json::Value = serde_json::from_str(&run.stdout).expect("it is JSON");
    assert_eq!(found[0]["migration"], "20260102000000_indexes", "{run:#?}");
    assert_eq!(found[0]["lock"]["blocks"], "writes", "{run:#?}");
    let run = sandbox.run(&["migrate", "lint", "--offline", "--format", "github"]).failure();
    assert!(
        run.stdout.starts_with(
            "::error file=prisma/migrations/20260102000000_indexes/migration.sql,line=1,"
        ),
        "{run:#?}"
    );
    let run = sandbox.run(&["migrate", "lint", "--offline", "--format", "sarif"]).failure();
    let log: serde_json::Value = serde_json::from_str(&run.stdout).expect("it is JSON");
    assert_eq!(log["runs"][0]["results"][0]["level"], "error", "{run:#?}");
    let run = sandbox.run(&["migrate", "lint", "--list"]).success();
    assert!(
        run.stdout.lines().any(|line| line.starts_with("create-index-concurrently ")),
        "{run:#?}"
    );
}

#[test]
fn what_is_pending_is_judged_and_empty_tables_are_in_nobodys_way() {
    let database = TestDatabase::empty("lint_command");
    let url = database.url().expose();
    let sandbox = project();
    let run = sandbox.run_on(&url, &["migrate", "deploy", "--up-to", "tables"]).success();
    assert!(run.stdout.contains("20260101000000_tables"), "{run:#?}");
    sandbox.write("rows.sql", "INSERT INTO \"Student\" VALUES (1, 'Ada')");
    sandbox.run_on(&url, &["db", "execute", "--file", "rows.sql"]).success();
    let run = sandbox.run_on(&url, &["migrate", "lint"]).failure();
    assert_eq!(run.stderr.matches("error[create-index-concurrently]").count(), 1, "{run:#?}");
    assert!(run.stderr.contains("migration.sql:1:1"), "{run:#?}");
    // What is certain is mended, and what was mended is good and can be deployed.
    let run = sandbox.run_on(&url, &["migrate", "lint", "--fix"]).success();
    assert!(run.stdout.contains("Mended "), "{run:#?}");
    let mended = sandbox.read("prisma/migrations/20260102000000_indexes/migration.sql");
    assert!(mended.contains("CREATE INDEX CONCURRENTLY \"i\""), "{mended}");
    sandbox.run_on(&url, &["migrate", "lint"]).success();
    sandbox.run_on(&url, &["migrate", "deploy"]).success();
    let run = sandbox.run_on(&url, &["migrate", "lint"]).success();
    assert!(run.stdout.starts_with("Nothing is pending."), "{run:#?}");
    // What the database has stays as it is.
    let run = sandbox.run_on(&url, &["migrate", "lint", "indexes", "--fix"]).success();
    assert!(
        run.stderr.contains("is applied already") || !run.stdout.contains("Mended"),
        "{run:#?}"
    );
    assert_eq!(sandbox.read("prisma/migrations/20260102000000_indexes/migration.sql"), mended);
}

#[test]
fn nothing_that_may_be_applied_is_mended_unasked_and_no_password_is_told() {
    let sandbox = project();
    let secret =
        "ALTER TABLE \"Student\" ADD COLUMN t text DEFAULT f('postgres://u:s3cr3t@h/db');\n";
    sandbox.write("prisma/migrations/20260103000000_secret/migration.sql", secret);
    let before = sandbox.read("prisma/migrations/20260102000000_indexes/migration.sql");
    let run = sandbox.run(&["migrate", "lint", "--offline", "--fix"]).failure();
    assert!(run.stderr.contains("Which migrations are applied is not known"), "{run:#?}");
    assert_eq!(sandbox.read("prisma/migrations/20260102000000_indexes/migration.sql"), before);
    for format in ["text", "json", "github", "sarif"] {
        let run = sandbox.run(&["migrate", "lint", "--offline", "--format", format]).failure();
        let told = run.stdout + &run.stderr;
        assert!(
            told.contains("20260103000000_secret") && !told.contains("s3cr3t"),
            "{format}: {told}"
        );
    }
    sandbox.run(&["migrate", "lint", "--offline", "--fix", "20260102000000_indexes"]).success();
    assert_ne!(sandbox.read("prisma/migrations/20260102000000_indexes/migration.sql"), before);
}
