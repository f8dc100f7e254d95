//! Errors about migrations as they are met at a shell: code, blank line and text on stderr, exit status 1, each as the CLI
//! 6.19.3 was seen to tell it (without its links). Those of connecting are in `connecting`, failing scripts in `bad_input`.

use postgres::testing::{TestDatabase, block_on};

use crate::sandbox::{STUDENTS, Sandbox};

const NAME: &str = "20260101000000_init";

/// A project with one migration, and what runs before the command that fails.
fn fails(script: &str, before: &[&[&str]], sql: &str, arguments: &[&str], error: &str) {
    let sandbox = Sandbox::new(STUDENTS);
    sandbox.write("prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n");
    sandbox.write(&format!("prisma/migrations/{NAME}/migration.sql"), script);
    let database = TestDatabase::empty("codes");
    block_on(async {
        database.connect().await.batch_execute(sql).await.expect("the statement is right");
    });
    let url = database.url().expose();
    for arguments in before {
        sandbox.run_on(&url, arguments).success();
    }
    let run = sandbox.run_on(&url, arguments).failure();
    // Progress comes before it.
    assert!(
        format!("\n{}", run.stderr).contains(&format!("\nError: {error}")),
        "{error}\n{run:#?}"
    );
}

#[test]
fn tables_without_a_history_are_p3005() {
    let text = "P3005\n\nThe database schema is not empty.";
    fails("SELECT 1;\n", &[], "CREATE TABLE x (a int)", &["migrate", "deploy"], text);
}

#[test]
fn a_migration_that_does_not_replay_is_p3006() {
    let text =
        "P3006\n\nMigration `20260101000000_init` failed to apply cleanly to the shadow database.";
    let dev = ["migrate", "dev", "--name", "x", "--skip-generate"];
    fails("ALTER TABLE nobody ADD x int;\n", &[], "", &dev, text);
}

#[test]
fn what_is_applied_already_is_p3008() {
    let text = "P3008\n\nThe migration `20260101000000_init` is already recorded as applied in the database.";
    let applied = ["migrate", "resolve", "--applied", NAME];
    fails("SELECT 1;\n", &[&applied], "", &applied, text);
}

#[test]
fn what_was_never_applied_is_p3011() {
    let text = "P3011\n\nMigration `20260101000000_init` cannot be rolled back because it was never applied to the \
                database. Hint: did you pass in the whole migration name? (example: \
                \"20201207184859_initial_migration\")";
    fails("SELECT 1;\n", &[], "", &["migrate", "resolve", "--rolled-back", NAME], text);
}

#[test]
fn what_has_not_failed_is_p3012() {
    let text = "P3012\n\nMigration `20260101000000_init` cannot be rolled back because it is not in a failed state.";
    let rolled_back = ["migrate", "resolve", "--rolled-back", NAME];
    fails("SELECT 1;\n", &[&["migrate", "deploy"]], "", &rolled_back, text);
}

#[test]
fn what_is_in_no_folder_is_p3017() {
    let text = "P3017\n\nThe migration nope could not be found. Please make sure that the migration exists, and that you \
                included the whole name of the directory. (example: \"20201207184859_initial_migration\")";
    fails("SELECT 1;\n", &[], "", &["migrate", "resolve", "--applied", "nope"], text);
}
