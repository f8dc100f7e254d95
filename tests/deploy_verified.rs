//! `migrate deploy --verify` with the real rules: a migration that breaks the data, one that mends it.

use std::fs;
use std::path::Path;

use postgres::testing::{TestDatabase, block_on};

use crate::sandbox::{STUDENTS, Sandbox, workspace};

/// `DriveFlow`'s schema and migrations in a project whose validator is the real one.
fn school() -> Sandbox {
    let prisma = workspace().join("prisma");
    let schema = fs::read_to_string(prisma.join("schema.prisma")).expect("the schema");
    let sandbox = Sandbox::new(&schema);
    copy(&prisma.join("migrations"), &sandbox.path("prisma/migrations"));
    sandbox.write("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n");
    sandbox.write(
        "crates/validator/Cargo.toml",
        "[package]\nname = \"validator\"\nversion = \"0.0.0\"\nedition = \"2024\"\n",
    );
    // It stands where the command looks for it, and hands on to the workspace's own.
    let manifest = workspace().join("Cargo.toml");
    let manifest = manifest.to_str().map(|path| format!("{path:?}")).expect("a path that is text");
    let main = format!(
        "fn main() {{\n    let mut cargo = std::process::Command::new(\"cargo\");\n    \
         cargo.args([\"run\", \"--quiet\", \"--locked\", \"--manifest-path\", {manifest}, \"--package\", \"validator\", \"--\"]);\n    \
         let status = cargo.args(std::env::args().skip(1)).status().expect(\"cargo runs\");\n    \
         std::process::exit(status.code().unwrap_or(1));\n}}\n",
    );
    sandbox.write("crates/validator/src/main.rs", main);
    sandbox
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let (path, kind) = entry.map(|entry| (entry.path(), entry.file_type())).expect("an entry");
        let target = to.join(path.file_name().expect("a name"));
        if kind.expect("a kind").is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file");
        }
    }
}

#[test]
fn what_the_migrations_make_of_the_data_is_told() {
    let database = TestDatabase::empty("deploy_verified");
    let url = database.url().expose();
    let sandbox = school();
    let deploy = ["migrate", "deploy", "--verify"];
    // From nothing: no rule could be checked before.
    let first = sandbox.run_on(&url, &deploy).success();
    assert!(first.stdout.contains("All migrations have been successfully applied."), "{first:#?}");
    assert!(first.stdout.contains(" rules are kept, as before."), "{first:#?}");

    let policy = r#"INSERT INTO "Org" ("id", "name", "updatedAt") VALUES ('org', 'School', now());
        INSERT INTO "CancellationPolicy" ("id", "orgId", "actor", "hoursBeforeStart", "updatedAt")
        VALUES ('policy', 'org', 'admin', 0, now())"#;
    block_on(async { database.connect().await.batch_execute(policy).await.expect("a policy") });
    let migration = |name: &str, sql: &str| {
        sandbox.write(&format!("prisma/migrations/{name}/migration.sql"), sql);
    };
    migration(
        "29990101000000_twice",
        r#"UPDATE "CancellationPolicy" SET "refundPercentage" = 200"#,
    );
    let broken = sandbox.run_on(&url, &deploy).failure();
    assert!(broken.stdout.contains("\n✘ refund-percentage: 0 → 1 rows: policy\n"), "{broken:#?}");
    assert!(
        broken.stderr.contains("the migrations are applied, and the data keep fewer rules"),
        "{broken:#?}"
    );

    migration("29990102000000_once", r#"UPDATE "CancellationPolicy" SET "refundPercentage" = 100"#);
    let mended = sandbox.run_on(&url, &deploy).success();
    assert!(mended.stdout.contains("\n✔ refund-percentage: 1 → 0 rows\n"), "{mended:#?}");
}

#[test]
fn a_project_without_rules_is_told() {
    let database = TestDatabase::empty("deploy_unverified");
    let sandbox = Sandbox::new(STUDENTS);
    let run =
        sandbox.run_on(&database.url().expose(), &["migrate", "deploy", "--verify"]).failure();
    assert!(run.stderr.contains("this project has no `validator` program"), "{run:#?}");
}
