//! `migrate squash`, as it is typed.

use postgres::testing::TestDatabase;

use crate::sandbox::{STUDENTS, Sandbox};

/// A project with two migrations, and a database that has them.
fn project(label: &str) -> (Sandbox, TestDatabase) {
    let database = TestDatabase::empty(label);
    let sandbox = Sandbox::new(STUDENTS);
    let url = database.url().expose();
    sandbox.run_on(&url, &["migrate", "dev", "--skip-generate", "--name", "init"]).success();
    let with_email = STUDENTS.replace("  name String\n", "  name String\n  email String?\n");
    sandbox.write("prisma/schema.prisma", &with_email);
    sandbox.run_on(&url, &["migrate", "dev", "--skip-generate", "--name", "email"]).success();
    (sandbox, database)
}

#[test]
fn two_become_one_and_nobody_need_care() {
    let (sandbox, database) = project("squash_command");
    let url = database.url().expose();
    let done =
        sandbox.run_on(&url, &["migrate", "squash", "--force", "--name", "First year"]).success();
    assert!(done.stdout.contains("2 migrations are one now:"), "{done:#?}");
    let folders = sandbox.list("prisma/migrations");
    assert_eq!(folders.len(), 2, "{folders:?}");
    assert!(folders[0].ends_with("_first_year"), "{folders:?}");
    assert_eq!(
        sandbox.list(&format!("prisma/migrations/{}", folders[0])),
        ["down.sql", "migration.sql", "squashed.toml"]
    );

    let status = sandbox.run_on(&url, &["migrate", "status"]).success();
    assert!(status.stdout.contains("Database schema is up to date!"), "{status:#?}");
    let deploy = sandbox.run_on(&url, &["migrate", "deploy"]).success();
    assert!(deploy.stdout.contains("No pending migrations to apply."), "{deploy:#?}");
    assert!(deploy.stderr.contains("The history now has"), "{deploy:#?}");
    let dev = sandbox.run_on(&url, &["migrate", "dev", "--skip-generate"]).success();
    assert!(dev.stdout.contains("Already in sync"), "{dev:#?}");

    let fresh = TestDatabase::empty("squash_command_fresh");
    let fresh = fresh.url().expose();
    let deploy = sandbox.run_on(&fresh, &["migrate", "deploy"]).success();
    assert!(deploy.stdout.contains("_first_year/"), "{deploy:#?}");
    let dev = sandbox.run_on(&fresh, &["migrate", "dev", "--skip-generate"]).success();
    assert!(dev.stdout.contains("Already in sync"), "{dev:#?}");
}

#[test]
fn dev_puts_the_history_right_too() {
    let (sandbox, database) = project("squash_dev");
    let url = database.url().expose();
    sandbox.run_on(&url, &["migrate", "squash", "-f"]).success();
    let dev = sandbox.run_on(&url, &["migrate", "dev", "--skip-generate"]).success();
    assert!(dev.stdout.contains("Already in sync"), "{dev:#?}");
    assert!(dev.stderr.contains("The history now has"), "{dev:#?}");
    let nothing = sandbox.run_on(&url, &["migrate", "squash"]).failure();
    assert!(nothing.stderr.contains("no two migrations"), "{nothing:#?}");
}

#[test]
fn nothing_goes_without_consent() {
    let (sandbox, database) = project("squash_consent");
    let url = database.url().expose();
    let before = sandbox.list("prisma/migrations");
    let [init, email] = [&before[0], &before[1]];
    let nobody = sandbox.run_on(&url, &["migrate", "squash"]).failure();
    assert!(
        nobody.stdout.contains("The following 2 migrations will be joined into `"),
        "{nobody:#?}"
    );
    assert!(
        nobody.stderr.contains("nobody can be asked") && nobody.stderr.contains("--force"),
        "{nobody:#?}"
    );

    let shown = sandbox.run_on(&url, &["migrate", "squash", "--dry-run", "--force"]).success();
    for part in ["_squashed/migration.sql\n", "CREATE TABLE", "_squashed/down.sql\n", "DROP TABLE"]
    {
        assert!(shown.stdout.contains(part), "{part}: {shown:#?}");
    }
    assert_eq!(sandbox.list("prisma/migrations"), before, "nothing was done");

    let question =
        "Are you sure you want to make one migration of these 2 folders, and delete them?";
    let mut no = sandbox.at_terminal(&url, &["migrate", "squash"]);
    no.sees("deleted from prisma/migrations:").sees(init).sees(email).sees(question).types("n");
    let (code, seen) = no.ends();
    assert_eq!(code, Some(130), "{seen}");
    let mut left = sandbox.at_terminal(&url, &["migrate", "squash"]);
    left.sees(question).types("\u{3}");
    assert_eq!(left.ends().0, Some(130));
    assert_eq!(sandbox.list("prisma/migrations"), before, "nothing was done");

    let mut yes = sandbox.at_terminal(&url, &["migrate", "squash"]);
    yes.sees(question).types("y");
    let (code, seen) = yes.sees("2 migrations are one now").ends();
    assert_eq!(code, Some(0), "{seen}");
    assert_eq!(sandbox.list("prisma/migrations").len(), 2);
}

/// Only the datasource is needed: a mistake in a model is for other commands.
#[test]
fn a_broken_model_is_not_in_the_way() {
    let (sandbox, database) = project("squash_broken");
    sandbox.write("prisma/schema.prisma", STUDENTS.replace("Int    @id", "Nope   @id"));
    sandbox.run_on(&database.url().expose(), &["migrate", "squash", "--force"]).success();
    assert_eq!(sandbox.list("prisma/migrations").len(), 2);
}
