//! Renames from the command line: said with a flag, asked at a terminal, told where nobody can be asked.

use postgres::testing::{TestDatabase, block_on};

use crate::sandbox::{STUDENTS, Sandbox};

/// A sandbox whose database has two students with phones, and a schema that calls them otherwise.
struct School {
    sandbox: Sandbox,
    database: TestDatabase,
}

impl School {
    fn new() -> Self {
        let school = Self {
            sandbox: Sandbox::new(&with("phone")),
            database: TestDatabase::empty("renames"),
        };
        school.sandbox.run_on(&school.url(), &["migrate", "dev", "--name", "init"]).success();
        block_on(async {
            let connection = school.database.connect().await;
            let sql = "INSERT INTO \"Student\" VALUES (1, 'Ada', '1'), (2, 'Bob', '2')";
            connection.batch_execute(sql).await.expect("the table is there");
        });
        school
    }

    fn url(&self) -> String {
        self.database.url().expose()
    }

    fn phones(&self, column: &str) -> String {
        let sql = format!("SELECT string_agg({column}, ' ' ORDER BY id) FROM \"Student\"");
        block_on(async {
            self.database.connect().await.query_one(&sql, &[]).await.expect("it is there").get(0)
        })
    }

    /// The script of the last migration.
    fn last(&self) -> String {
        let migrations = self.sandbox.list("prisma/migrations");
        let last = migrations.iter().rev().find(|name| *name != "migration_lock.toml");
        self.sandbox
            .read(&format!("prisma/migrations/{}/migration.sql", last.expect("one is there")))
    }
}

fn with(column: &str) -> String {
    STUDENTS.replace("  name String\n", &format!("  name String\n  {column} String?\n"))
}

const RENAMED: &str =
    "-- RenameColumn\nALTER TABLE \"Student\" RENAME COLUMN \"phone\" TO \"mobile\";\n";

#[test]
fn a_flag_says_it() {
    let school = School::new();
    school.sandbox.write("prisma/schema.prisma", with("mobile"));
    let dev = ["migrate", "dev", "--name", "mobile", "--rename", "Student.phone:mobile"];
    let run = school.sandbox.run_on(&school.url(), &dev).success();
    assert!(!run.stdout.contains("Warnings"), "{run:#?}");
    assert_eq!(school.last(), RENAMED);
    assert_eq!(school.phones("mobile"), "1 2");

    let again = school.sandbox.run_on(&school.url(), &dev).failure();
    assert_eq!(
        again.stderr.lines().filter(|line| line.contains("--rename")).collect::<Vec<_>>(),
        ["Error: --rename Student.phone:mobile: in the database it is `mobile` already"],
        "{again:#?}"
    );
    school.sandbox.run_on(&school.url(), &["migrate", "dev"]).success();
}

#[test]
fn a_flag_that_says_nothing_is_told_before_anything_is_done() {
    let sandbox = Sandbox::new(STUDENTS);
    let run = sandbox.run(&["migrate", "dev", "--name", "x", "--rename", "phone"]).failure();
    assert!(run.stderr.contains("`--rename phone` does not say what becomes what"), "{run:#?}");
    assert_eq!(run.stdout, "");
}

#[test]
fn where_nobody_can_be_asked_the_flag_is_named() {
    let school = School::new();
    school.sandbox.write("prisma/schema.prisma", with("mobile"));
    let run =
        school.sandbox.run_on(&school.url(), &["migrate", "dev", "--name", "mobile"]).failure();
    let hint = "cargo xtask migrate dev --name mobile --rename Student.phone:mobile\n";
    assert!(run.stderr.ends_with(hint), "{run:#?}");
    assert_eq!(school.phones("phone"), "1 2", "nothing was done");

    let arguments = ["migrate", "dev", "--name", "it's mobile", "--create-only"];
    let run = school.sandbox.run_on(&school.url(), &arguments).success();
    assert!(
        run.stdout.contains(
            "_mobile\n  cargo xtask migrate dev --name 'it'\\''s mobile' --create-only --rename"
        ),
        "{run:#?}"
    );
    assert!(school.last().contains("DROP COLUMN \"phone\""), "as Prisma does");
}

#[test]
fn a_person_is_asked() {
    let school = School::new();
    school.sandbox.write("prisma/schema.prisma", with("mobile"));
    let dev = ["migrate", "dev", "--name", "mobile", "--skip-generate"];

    let mut refused = school.sandbox.at_terminal(&school.url(), &dev);
    refused.sees("Did you rename the column `Student.phone` to `mobile`?").types("n\n");
    refused.sees("which still contains 2 non-null values").sees("Are you sure").types("n");
    assert_eq!(refused.ends().0, Some(130));

    let mut left = school.sandbox.at_terminal(&school.url(), &dev);
    left.sees("Did you rename").types("\u{3}");
    assert_eq!(left.ends().0, Some(130));
    assert_eq!(school.phones("phone"), "1 2", "nothing was done");

    let mut agreed = school.sandbox.at_terminal(&school.url(), &dev);
    agreed.sees("Did you rename the column `Student.phone` to `mobile`?").types("y\n");
    let (code, seen) = agreed.sees("Your database is now in sync").ends();
    assert!(code == Some(0) && !seen.contains("Are you sure"), "{seen}");
    assert_eq!(school.last(), RENAMED);
    assert_eq!(school.phones("mobile"), "1 2");
}

#[test]
fn a_person_chooses_among_several() {
    let school = School::new();
    let several = with("mobile").replace("  mobile", "  landline String?\n  mobile");
    school.sandbox.write("prisma/schema.prisma", several);
    let dev = ["migrate", "dev", "--name", "two", "--skip-generate"];
    let mut agreed = school.sandbox.at_terminal(&school.url(), &dev);
    agreed.sees("What has become of the column `Student.phone`?");
    agreed.sees("It is `landline` now").sees("None of these: drop the column `Student.phone`");
    // Down to the first, down to the second.
    agreed.types("jj\n");
    agreed.sees("Your database is now in sync");
    assert_eq!(agreed.ends().0, Some(0));
    let columns = ["landline", "mobile"]
        .map(|column| school.last().contains(&format!("RENAME COLUMN \"phone\" TO \"{column}\"")));
    assert_eq!(columns.iter().filter(|renamed| **renamed).count(), 1, "{}", school.last());
}

#[test]
fn a_person_is_asked_before_a_push_too() {
    let school = School::new();
    school.sandbox.write("prisma/schema.prisma", with("mobile"));
    let push = ["db", "push", "--skip-generate"];
    let question = "Did you rename the column `Student.phone` to `mobile`?";

    let mut refused = school.sandbox.at_terminal(&school.url(), &push);
    refused.sees(question).types("n\n");
    refused.sees("which still contains 2 non-null values").sees("Do you want to ignore").types("n");
    let (code, seen) = refused.ends();
    assert!(code == Some(130) && !seen.contains("--rename"), "{seen}");
    let mut left = school.sandbox.at_terminal(&school.url(), &push);
    left.sees(question).types("\u{3}");
    assert_eq!(left.ends().0, Some(130));
    assert_eq!(school.phones("phone"), "1 2", "nothing was done");

    // That data may be lost does not say that they are to be.
    let accepting = [&push[..], &["--accept-data-loss"]].concat();
    let mut agreed = school.sandbox.at_terminal(&school.url(), &accepting);
    agreed.sees(question).types("y\n");
    let (code, seen) = agreed.sees("Your database is now in sync").ends();
    assert!(code == Some(0) && !seen.contains("There might be data loss"), "{seen}");
    assert_eq!(school.phones("mobile"), "1 2");
}

#[test]
fn a_push_that_nobody_can_be_asked_about_names_the_flag() {
    let school = School::new();
    school.sandbox.write("prisma/schema.prisma", with("mobile"));
    let hint = "  cargo xtask db push --rename Student.phone:mobile\n";
    let refused = school.sandbox.run_on(&school.url(), &["db", "push"]).failure();
    assert!(refused.stderr.ends_with(hint), "{refused:#?}");
    assert_eq!(school.phones("phone"), "1 2", "nothing was done");

    let push = ["db", "push", "--accept-data-loss", "--skip-generate"];
    let accepted = school.sandbox.run_on(&school.url(), &push).success();
    assert!(accepted.stdout.contains("its data are gone here."), "{accepted:#?}");
    assert!(accepted.stdout.ends_with(hint), "{accepted:#?}");
    let nothing = school.sandbox.run_on(&school.url(), &push).success();
    assert!(!nothing.stdout.contains("--rename"), "{nothing:#?}");
}
