//! `migrate down`, as it is typed.

use postgres::testing::TestDatabase;

use crate::sandbox::{STUDENTS, Sandbox};

#[test]
fn what_dev_did_is_taken_back_and_done_again() {
    let database = TestDatabase::empty("down_command");
    let url = database.url().expose();
    let sandbox = Sandbox::new(STUDENTS);
    let dev = ["migrate", "dev", "--skip-generate", "--name"];
    sandbox.run_on(&url, &[&dev[..], &["init"]].concat()).success();
    let with_email = STUDENTS.replace("  name String\n", "  name String\n  email String?\n");
    sandbox.write("prisma/schema.prisma", &with_email);
    sandbox.run_on(&url, &[&dev[..], &["email"]].concat()).success();

    let nobody = sandbox.run_on(&url, &["migrate", "down"]).failure();
    assert!(nobody.stdout.contains("_email\n    • drops the column `email`"), "{nobody:#?}");
    assert!(nobody.stderr.contains("add --force"), "{nobody:#?}");

    let shown = sandbox.run_on(&url, &["migrate", "down", "--dry-run"]).success();
    assert!(shown.stdout.contains("DROP COLUMN \"email\""), "{shown:#?}");
    let status = sandbox.run_on(&url, &["migrate", "status"]).success();
    assert!(status.stdout.contains("up to date"), "nothing was done: {status:#?}");

    let down = sandbox.run_on(&url, &["migrate", "down", "--force"]).success();
    assert!(down.stdout.contains("have been taken back:\n\nprisma/migrations/\n"), "{down:#?}");
    assert!(down.stdout.contains("applied is `"), "{down:#?}");
    let status = sandbox.run_on(&url, &["migrate", "status"]).failure();
    assert!(status.stdout.contains("not yet been applied"), "{status:#?}");
    let deploy = sandbox.run_on(&url, &["migrate", "deploy"]).success();
    assert!(deploy.stdout.contains("_email/"), "{deploy:#?}");

    let back = sandbox.run_on(&url, &["migrate", "down", "--to", "_init", "--force"]).success();
    assert!(back.stdout.contains("applied is `"), "{back:#?}");
    sandbox.run_on(&url, &["migrate", "down", "--force"]).success();
    let none = sandbox.run_on(&url, &["migrate", "down"]).success();
    assert!(none.stdout.contains("No applied migration to take back."), "{none:#?}");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let sandbox = Sandbox::new(STUDENTS);
    for arguments in [&["--steps", "0"][..], &["--steps", "2", "--to", "x"], &["--steps", "x"]] {
        sandbox.run(&[&["migrate", "down"], arguments].concat()).failure();
    }
}
