//! `migrate check`, as it is typed, and the workflow that runs it.

use std::fs;

use postgres::testing::TestDatabase;

use crate::sandbox::{STUDENTS, Sandbox, workspace};

const INIT: &str = "-- CreateTable\nCREATE TABLE \"Student\" (\n    \"id\" INTEGER NOT NULL,\n    \"name\" TEXT NOT NULL,\n\n    \
    CONSTRAINT \"Student_pkey\" PRIMARY KEY (\"id\")\n);\n";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new(STUDENTS);
    sandbox.write("prisma/migrations/1_init/migration.sql", INIT);
    sandbox.write("prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n");
    sandbox
}

#[test]
fn each_part_is_a_line_and_one_that_is_bad_says_what_mends_it() {
    let database = TestDatabase::empty("migrate_check");
    let url = database.url().expose();
    let sandbox = sandbox();
    let good = sandbox.run_on(&url, &["migrate", "check"]).success();
    let begins = |run: &crate::sandbox::Run| -> Vec<String> {
        run.stdout.lines().map(|line| line.chars().take(13).collect()).collect()
    };
    assert_eq!(
        begins(&good),
        [
            "✔ schema     ",
            "✔ layout     ",
            "- client     ",
            "✔ history    ",
            "✔ lint       ",
            "✔ replay     ",
            "✔ rehearsal  "
        ]
    );
    // Nothing was done to the database.
    let status = sandbox.run_on(&url, &["migrate", "status"]).failure();
    assert!(status.stdout.contains("not yet been applied"), "{status:#?}");

    sandbox.run_on(&url, &["migrate", "deploy"]).success();
    sandbox.write("prisma/migrations/1_init/migration.sql", format!("{INIT}-- edited\n"));
    let wider = STUDENTS.replace("  name String\n", "  name String\n  age Int?\n");
    sandbox.write("prisma/schema.prisma", wider);
    let bad = sandbox.run_on(&url, &["migrate", "check"]).failure();
    assert_eq!(
        bad.stdout.lines().filter(|line| !line.starts_with(' ')).count(),
        7,
        "all parts are told: {bad:#?}"
    );
    for told in [
        "✘ layout     not laid out: prisma/schema.prisma (",
        "    → cargo xtask format\n",
        "✘ history    changed since they were applied: 1_init (",
        "✘ replay     the migrations do not lead to the schema: (",
        "    → cargo xtask migrate dev --name what_changed\n",
        "- rehearsal  not looked at: ",
    ] {
        assert!(bad.stdout.contains(told), "{told}: {bad:#?}");
    }
    assert!(bad.stderr.contains("3 of 7 parts are not as they should be"), "{bad:#?}");
}

#[test]
fn a_database_that_cannot_be_reached_is_told_once() {
    let run =
        sandbox().run_on("postgresql://u:s3cr3t@localhost:1/d", &["migrate", "check"]).failure();
    assert_eq!(run.stdout.matches("P1001").count(), 1, "{run:#?}");
    assert!(
        run.stdout.contains("- rehearsal  not looked at: the database could not be asked\n"),
        "{run:#?}"
    );
    assert!(run.stderr.contains("1 of 7 parts are not"), "{run:#?}");
    assert!(!(run.stdout + &run.stderr).contains("s3cr3t"));
}

#[test]
fn a_schema_that_is_wrong_is_shown_with_its_lines() {
    let sandbox = Sandbox::new(&STUDENTS.replace("String", "Strin"));
    let run = sandbox.run(&["migrate", "check"]).failure();
    assert!(run.stdout.starts_with("✘ schema     1 error ("), "{run:#?}");
    assert!(run.stderr.contains("Type \"Strin\" is neither"), "{run:#?}");
}

#[test]
fn a_migration_in_the_way_of_others_is_found_and_allowed_with_a_reason() {
    let database = TestDatabase::empty("migrate_check_lint");
    let url = database.url().expose();
    let schema = STUDENTS.replace("  name String\n", "  name String\n\n  @@index([name])\n");
    let sandbox = Sandbox::new(&schema);
    sandbox.write("prisma/migrations/1_init/migration.sql", INIT);
    sandbox.write("prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n");
    let index = "CREATE INDEX \"Student_name_idx\" ON \"Student\"(\"name\");\n";
    let write = |text: &str| sandbox.write("prisma/migrations/2_index/migration.sql", text);
    write(index);
    let run = sandbox.run_on(&url, &["migrate", "check"]).failure();
    assert!(run.stdout.contains("✘ lint       others would have to wait ("), "{run:#?}");
    assert!(run.stdout.contains("    prisma/migrations/2_index/migration.sql:1: "), "{run:#?}");
    assert!(run.stdout.contains("CREATE INDEX CONCURRENTLY"), "{run:#?}");
    assert!(run.stdout.contains("✔ rehearsal  "), "{run:#?}");
    assert!(run.stderr.contains("1 of 7 parts are not"), "{run:#?}");
    let start = run.stdout.find(":1: ").expect("the finding");
    let (_, after) = run.stdout[start..].split_once('[').expect("its rule");
    let rule = after.split(']').next().expect("its end");
    write(&format!("-- lint: allow {rule} because the table is small\n{index}"));
    let run = sandbox.run_on(&url, &["migrate", "check"]).success();
    assert!(run.stdout.contains("✔ lint       2 migrations, "), "{run:#?}");
    let since = ["migrate", "check", "--since", "init"];
    let run = sandbox.run_on(&url, &since).success();
    assert!(run.stdout.contains("✔ lint       `2_index`, "), "{run:#?}");
    let wrong = sandbox.run_on(&url, &["migrate", "check", "--since", "nowhere"]).failure();
    assert!(wrong.stdout.contains("✘ lint       there is no migration nowhere"), "{wrong:#?}");
}

/// What is applied is not judged as though it were to come; what is pending is, all of it; on a database with none of the
/// migrations each is.
#[test]
fn what_is_new_is_looked_at_and_nothing_else() {
    let database = TestDatabase::empty("migrate_check_new");
    let url = database.url().expose();
    let schema = STUDENTS
        .replace("  name String\n", "  name String\n\n  @@index([name])\n  @@index([name, id])\n");
    let sandbox = Sandbox::new(&schema);
    sandbox.write("prisma/migrations/1_init/migration.sql", INIT);
    sandbox.write("prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n");
    let one = "CREATE INDEX \"Student_name_idx\" ON \"Student\"(\"name\");\n";
    let two = "CREATE INDEX \"Student_name_id_idx\" ON \"Student\"(\"name\", \"id\");\n";
    sandbox.write("prisma/migrations/2_one/migration.sql", one);
    sandbox.write("prisma/migrations/3_two/migration.sql", two);
    let both = |run: &crate::sandbox::Run| {
        ["2_one", "3_two"].map(|name| run.stdout.contains(&format!("{name}/migration.sql:1: ")))
    };
    let run = sandbox.run_on(&url, &["migrate", "check"]).failure();
    assert_eq!(both(&run), [true, true], "{run:#?}");
    assert!(run.stdout.contains("→ where some of them are deployed already: "), "{run:#?}");
    assert!(
        run.stdout.contains("`3_two` came to the end on a copy, but no table had rows"),
        "{run:#?}"
    );

    sandbox.run_on(&url, &["migrate", "deploy", "--up-to", "1_init"]).success();
    let run = sandbox.run_on(&url, &["migrate", "check"]).failure();
    assert_eq!(both(&run), [true, true], "{run:#?}");
    assert!(!run.stdout.contains("--since"), "{run:#?}");

    sandbox.run_on(&url, &["migrate", "deploy"]).success();
    let run = sandbox.run_on(&url, &["migrate", "check"]).success();
    for part in ["lint       ", "rehearsal  "] {
        let told = format!("- {part}not looked at: nothing is pending");
        assert!(run.stdout.contains(&told), "{told}: {run:#?}");
    }
}

#[test]
fn a_migration_that_fails_is_found() {
    let database = TestDatabase::empty("migrate_check_fails");
    let sandbox = sandbox();
    sandbox.write("prisma/migrations/2_bad/migration.sql", "SELECT 1/0;\n");
    let run = sandbox.run_on(&database.url().expose(), &["migrate", "check"]).failure();
    assert!(run.stdout.contains("✘ replay     P3006: "), "{run:#?}");
    assert!(run.stdout.contains("division by zero"), "{run:#?}");
}

#[test]
fn the_workflow_in_the_readme_is_the_one_that_is_printed() {
    let printed = Sandbox::new(STUDENTS).run(&["migrate", "check", "--workflow"]).success().stdout;
    assert!(printed.contains("run: cargo xtask migrate check\n"));
    let readme = fs::read_to_string(workspace().join("README.md")).expect("README.md");
    assert!(
        readme.contains(&format!("```yaml\n{printed}```\n")),
        "README.md has another workflow:\n{printed}"
    );
}
