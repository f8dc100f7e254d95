//! `migrate diff`, as it is typed: Prisma's flags of both generations, outputs and exit codes.

use std::fs;

use postgres::testing::TestDatabase;

use crate::sandbox::{PASSWORD, STUDENTS, Sandbox};

const SCRIPT: &str = "-- CreateSchema\nCREATE SCHEMA IF NOT EXISTS \"public\";\n\n-- CreateTable\nCREATE TABLE \"Student\" (\n    \"id\" INTEGER NOT NULL,\n    \"name\" TEXT NOT NULL,\n\n    CONSTRAINT \"Student_pkey\" PRIMARY KEY (\"id\")\n);\n";

const SUMMARY: &str = "\n[+] Added Schemas\n  - public\n\n[+] Added tables\n  - Student\n";

const SCHEMA: &str = "prisma/schema.prisma";

#[test]
fn two_files_need_no_server_and_no_environment() {
    let sandbox = Sandbox::new(STUDENTS);
    for to in ["--to-schema", "--to-schema-datamodel"] {
        let diff = ["migrate", "diff", "--from-empty", to, SCHEMA];
        let run = sandbox.run(&diff).success();
        assert_eq!((run.stdout.as_str(), run.stderr.as_str()), (SUMMARY, ""));
        let run = sandbox.run(&[&diff[..], &["--script"]].concat()).success();
        assert_eq!(run.stdout, SCRIPT);
        assert_eq!(sandbox.run(&[&diff[..], &["--exit-code"]].concat()).code, Some(2));
    }
    let same = ["migrate", "diff", "--from-schema", SCHEMA, "--to-schema", SCHEMA, "--exit-code"];
    assert_eq!(sandbox.run(&same).success().stdout, "No difference detected.\n");
    let same = [&same[..], &["--script"]].concat();
    assert_eq!(sandbox.run(&same).success().stdout, "-- This is an empty migration.\n");
    assert!(!sandbox.path(".driveflow").exists(), "no server was made for it");
}

#[test]
fn a_diff_goes_to_a_file_or_to_a_program() {
    let sandbox = Sandbox::new(STUDENTS);
    let diff = ["migrate", "diff", "--from-empty", "--to-schema", SCHEMA];
    let written = [&diff[..], &["--script", "-o", "sql/new/first.sql"]].concat();
    assert_eq!(sandbox.run(&written).success().stdout, "");
    assert_eq!(sandbox.read("sql/new/first.sql"), SCRIPT);
    let failed = sandbox.run(&[&diff[..], &["--output", "sql"]].concat()).failure();
    assert!(failed.stderr.contains("sql cannot be written"), "{failed:#?}");

    let json = sandbox.run(&[&diff[..], &["--format", "json"]].concat()).success();
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!((&json["isEmpty"], &json["script"]), (&false.into(), &SCRIPT.into()));
    assert_eq!(json["steps"][1]["step"], "CreateTable");
}

#[test]
fn one_side_of_each_is_needed() {
    let sandbox = Sandbox::new(STUDENTS);
    for (arguments, told) in [
        (&[][..], "\n0 `--from-...` parameter(s) provided. 1 must be provided.\n0 `--to-...`"),
        (&["--from-empty"], "\n0 `--to-...` parameter(s) provided. 1 must be provided."),
        (
            &["--from-empty", "--from-url", "postgresql://h/d", "--to-empty"],
            "\n2 `--from-...` parameter(s) provided. 1 must be provided.",
        ),
        (
            &["--from-migrations", "nowhere", "--to-empty"],
            "Could not determine the connector from the migrations directory (missing migration_lock.toml).",
        ),
        (
            &["--from-empty", "--to-schema", "nowhere"],
            "Could not load `--to-schema` from provided path `nowhere`: file or directory not found",
        ),
    ] {
        let run = sandbox.run(&[&["migrate", "diff"], arguments].concat()).failure();
        assert!(run.stderr.starts_with(&format!("Error: {told}")), "{run:#?}");
    }
    let url = format!("postgresql://u:{PASSWORD}@127.0.0.1:1/d");
    let run = sandbox.run(&["migrate", "diff", "--from-empty", "--to-url", &url]).failure();
    assert!(run.stderr.contains("P1001") && !run.stderr.contains(PASSWORD), "{run:#?}");
}

#[test]
fn migrations_and_databases_are_sides_too() {
    let sandbox = Sandbox::new(STUDENTS);
    sandbox.write("prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n");
    sandbox.write("prisma/migrations/1_init/migration.sql", SCRIPT);
    let (database, shadow) = (TestDatabase::empty("diff"), TestDatabase::empty("diff_shadow"));
    let url = database.url().expose();
    let in_sync =
        ["migrate", "diff", "--from-migrations", "prisma/migrations", "--to-schema", SCHEMA];
    let in_sync = [&in_sync[..], &["--exit-code"]].concat();
    let run = sandbox.run_on(&url, &in_sync).success();
    assert_eq!(run.stdout, "No difference detected.\n", "replayed beside the project's database");

    let of_url = ["migrate", "diff", "--from-url", &url, "--to-migrations", "prisma/migrations"];
    let with_shadow = ["--shadow-database-url", &shadow.url().expose(), "--script"];
    let missing = sandbox.run(&[&of_url[..], &with_shadow].concat()).success().stdout;
    assert!(missing.starts_with("-- CreateTable\nCREATE TABLE \"public\".\"Student\" ("));

    // The script of one is what the other runs.
    sandbox.run_with_stdin(&["db", "execute", "--stdin", "--url", &url], &missing).success();
    for from in [&["--from-schema-datasource", SCHEMA][..], &["--from-config-datasource"]] {
        let diff = [&["migrate", "diff"], from, &["--to-schema", SCHEMA, "--exit-code"]].concat();
        sandbox.run_on(&url, &diff).success();
    }
}

#[test]
fn a_project_without_a_database_replays_on_its_own_server() {
    let sandbox = Sandbox::new(STUDENTS);
    sandbox.write("prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n");
    sandbox.write("prisma/migrations/1_init/migration.sql", SCRIPT);
    let diff = ["migrate", "diff", "--from-migrations", "prisma/migrations"];
    let diff = [&diff[..], &["--to-schema", SCHEMA, "--exit-code"]].concat();
    let refused = sandbox.run(&diff).failure();
    assert!(refused.stderr.contains("not found: DATABASE_URL"), "{refused:#?}");
    sandbox.run(&["db", "start"]).success();
    sandbox.run(&diff).success();

    // Outside of a project somebody has to say where.
    fs::remove_file(sandbox.path(SCHEMA)).expect("it is there");
    sandbox.write("other.prisma", STUDENTS);
    let diff = ["migrate", "diff", "--from-migrations", "prisma/migrations"];
    let run = sandbox.run(&[&diff[..], &["--to-schema", "other.prisma"]].concat()).failure();
    assert!(run.stderr.contains("You must pass the --shadow-database-url"), "{run:#?}");
}
