//! `db create`, `drop`, `push` and `execute`, as they are typed.

use postgres::testing::{TestDatabase, block_on};

use crate::sandbox::{PASSWORD, STUDENTS, Sandbox};

/// A database of a test's own that commands make and drop.
struct Made {
    /// Kept for the test's server; another one beside it is what commands work on.
    database: TestDatabase,
}

impl Made {
    fn new(label: &str) -> Self {
        Self { database: TestDatabase::empty(label) }
    }

    fn name(&self) -> String {
        format!("{}_x", self.database.url().database())
    }

    fn url(&self) -> String {
        self.database.url().with_database(&self.name()).expose()
    }
}

fn value(database: &TestDatabase, sql: &str) -> Option<String> {
    block_on(async {
        let sql = format!("SELECT ({sql})::text");
        database.connect().await.query_one(&sql, &[]).await.expect("it can be asked").get(0)
    })
}

fn run_sql(database: &TestDatabase, sql: &str) {
    block_on(async { database.connect().await.batch_execute(sql).await.expect("it can be run") });
}

#[test]
fn a_database_is_created_and_dropped() {
    let (sandbox, made) = (Sandbox::new(STUDENTS), Made::new("create"));
    let (url, name) = (made.url(), made.name());
    let created = sandbox.run_on(&url, &["db", "create"]).success();
    assert!(
        created.stdout.contains(&format!("PostgreSQL database {name} created at ")),
        "{created:#?}"
    );
    let again = sandbox.run_on(&url, &["db", "create"]).success();
    assert!(again.stdout.contains("already exists at"), "{again:#?}");

    let refused = sandbox.run_on(&url, &["db", "drop"]).failure();
    assert!(refused.stderr.contains(&format!("the database \"{name}\"")), "{refused:#?}");
    assert!(refused.stderr.contains("cargo xtask db drop --force"), "{refused:#?}");

    let dropped = sandbox.run_on(&url, &["db", "drop", "--force"]).success();
    assert!(dropped.stdout.contains(&format!("database {name} dropped at")), "{dropped:#?}");
    let missing = sandbox.run_on(&url, &["db", "drop", "--force"]).failure();
    assert!(missing.stderr.contains("Error: P1003"), "{missing:#?}");

    let system = made.database.url().with_database("template1").expose();
    let refused = sandbox.run_on(&system, &["db", "drop", "--force"]).failure();
    assert!(refused.stderr.contains("Error: P3004"), "{refused:#?}");
}

#[test]
fn nobody_is_cut_off_without_force() {
    let (sandbox, made) = (Sandbox::new(STUDENTS), Made::new("drop_busy"));
    sandbox.run_on(&made.url(), &["db", "create"]).success();
    let url = made.database.url().with_database(&made.name());
    block_on(async {
        let guest = postgres::connect(&url).await.expect("it was created");
        guest.batch_execute("SET application_name TO 'a guest'").await.expect("it runs");
        let refused = sandbox.run_on(&made.url(), &["db", "drop"]).failure();
        assert!(refused.stderr.contains("is in use:"), "{refused:#?}");
        assert!(refused.stderr.contains("program a guest"), "{refused:#?}");
        sandbox.run_on(&made.url(), &["db", "drop", "--force"]).success();
        assert!(guest.batch_execute("SELECT 1").await.is_err());
    });
}

#[test]
fn a_person_is_asked_before_a_database_is_dropped() {
    let (sandbox, made) = (Sandbox::new(STUDENTS), Made::new("drop_asks"));
    let (url, name) = (made.url(), made.name());
    sandbox.run_on(&url, &["db", "create"]).success();
    let question = format!("Are you sure you want to drop the database \"{name}\"");
    let mut terminal = sandbox.at_terminal(&url, &["db", "drop"]);
    terminal.sees(&question).types("n");
    assert_eq!(terminal.ends().0, Some(130));
    let mut terminal = sandbox.at_terminal(&url, &["db", "drop"]);
    terminal.sees(&question).types("y").sees("dropped at");
    assert_eq!(terminal.ends().0, Some(0));
}

#[test]
fn a_push_makes_the_database_and_what_is_in_it() {
    let (sandbox, made) = (Sandbox::new(STUDENTS), Made::new("push"));
    let url = made.url();
    let first = sandbox.run_on(&url, &["db", "push"]).success();
    assert!(first.stdout.contains(&format!("database {} created at", made.name())), "{first:#?}");
    let done = "\n\n🚀  Your database is now in sync with your Prisma schema. Done in ";
    assert!(first.stdout.contains(done), "{first:#?}");
    let again = sandbox.run_on(&url, &["db", "push"]).success();
    let same = "The database is already in sync with the Prisma schema.\n";
    assert!(again.stdout.contains(same), "{again:#?}");
    let reset = sandbox.run_on(&url, &["db", "push", "--force-reset"]).success();
    assert!(reset.stdout.contains("\" was successfully reset.\n\n🚀"), "{reset:#?}");
    sandbox.run_on(&url, &["db", "drop", "--force"]).success();
}

#[test]
fn all_schemas_of_the_datasource_are_named() {
    let source = "  url      = env(\"DATABASE_URL\")\n  schemas  = [\"public\", \"b\"]\n";
    let schema = STUDENTS
        .replace("  url      = env(\"DATABASE_URL\")\n", source)
        .replace("  name String\n", "  name String\n\n  @@schema(\"b\")\n");
    let sandbox = Sandbox::new(&schema);
    let database = TestDatabase::empty("push_schemas");
    let run = sandbox.run_on(&database.url().expose(), &["db", "push", "--force-reset"]).success();
    let named = format!(
        "PostgreSQL database \"{}\", schemas \"b, public\" at \"",
        database.url().database()
    );
    assert!(run.stdout.contains(&named), "{run:#?}");
    assert!(run.stdout.contains("schemas \"b, public\" at \""), "{run:#?}");
    assert!(run.stdout.contains("were successfully reset."), "{run:#?}");
    assert_eq!(
        value(&database, "SELECT to_regclass('b.\"Student\"')").as_deref(),
        Some("b.\"Student\"")
    );
}

#[test]
fn a_push_loses_nothing_without_a_yes() {
    let sandbox = Sandbox::new(STUDENTS);
    let database = TestDatabase::from_sql(
        "push_loss",
        "CREATE TABLE \"Student\" (id int PRIMARY KEY, name text NOT NULL, nick text); INSERT INTO \"Student\" VALUES (1, 'Ada', 'A')",
    );
    let url = database.url().expose();
    let refused = sandbox.run_on(&url, &["db", "push"]).failure();
    assert!(
        refused.stdout.contains(
            "⚠️  There might be data loss when applying the changes:\n\n  • You are about to drop the column `nick` on the `Student` table, which still contains 1 non-null values.\n\n"
        ),
        "{refused:#?}"
    );
    assert!(
        refused.stderr.contains(
            "Error: Use the --accept-data-loss flag to ignore the data loss warnings like cargo xtask db push --accept-data-loss"
        ),
        "{refused:#?}"
    );
    let mut terminal = sandbox.at_terminal(&url, &["db", "push"]);
    terminal.sees("Do you want to ignore the warning(s) and change the database").types("n");
    assert_eq!(terminal.ends().0, Some(130));
    assert_eq!(value(&database, "SELECT nick FROM \"Student\"").as_deref(), Some("A"));

    sandbox.run_on(&url, &["db", "push", "--accept-data-loss"]).success();
    assert_eq!(
        value(
            &database,
            "SELECT count(*) FROM information_schema.columns WHERE column_name = 'nick'"
        )
        .as_deref(),
        Some("0")
    );

    run_sql(&database, "ALTER TABLE \"Student\" DROP COLUMN name");
    let impossible = sandbox.run_on(&url, &["db", "push", "--accept-data-loss"]).failure();
    assert!(
        impossible.stderr.starts_with("Error: \n⚠️ We found changes that cannot be executed:")
            || impossible
                .stderr
                .contains("\nError: \n⚠️ We found changes that cannot be executed:"),
        "{impossible:#?}"
    );
    assert!(impossible.stderr.contains("cargo xtask db push --force-reset"), "{impossible:#?}");
}

#[test]
fn a_script_is_executed_from_a_file_and_from_stdin() {
    let sandbox = Sandbox::new(STUDENTS);
    let database = TestDatabase::empty("execute");
    let url = database.url().expose();
    sandbox.write("a.sql", "CREATE TABLE a (id int);");
    let done = sandbox.run_on(&url, &["db", "execute", "--file", "a.sql"]).success();
    assert_eq!(done.stdout, "Script executed successfully.\n");
    let stdin = &["db", "execute", "--stdin", "--url", &url];
    sandbox.run_with_stdin(stdin, "INSERT INTO a VALUES (7);").success();
    assert_eq!(value(&database, "SELECT id FROM a").as_deref(), Some("7"));
    sandbox.run_on(&url, &["db", "execute", "--stdin"]).success();

    sandbox.write("b.sql", "SELECT 1;\nSELEC 2;\n");
    let failed = sandbox.run_on(&url, &["db", "execute", "--file", "b.sql"]).failure();
    assert!(failed.stderr.starts_with("Error: ERROR: syntax error at or near \"SELEC\"\n"));
    assert!(failed.stderr.contains("in b.sql:2:1"), "{failed:#?}");
}

#[test]
fn a_script_and_a_database_are_needed_once_each() {
    let sandbox = Sandbox::new(STUDENTS);
    for (arguments, told) in [
        (&["db", "execute"][..], "Either --stdin or --file must be provided."),
        (
            &["db", "execute", "--stdin", "--file", "a.sql"],
            "--stdin and --file cannot be used at the same time. Only 1 must be provided.",
        ),
        (
            &["db", "execute", "--stdin", "--url", "postgresql://h/d", "--schema", "prisma"],
            "--url and --schema cannot be used at the same time. Only 1 must be provided.",
        ),
        (&["db", "execute", "--file", "no.sql"], "Provided --file at no.sql doesn't exist."),
    ] {
        let run = sandbox.run(arguments).failure();
        assert!(run.stderr.starts_with(&format!("Error: {told}")), "{run:#?}");
    }
    let url = format!("postgresql://u:{PASSWORD}@127.0.0.1:1/d");
    let run = sandbox.run(&["db", "execute", "--stdin", "--url", &url]).failure();
    assert!(run.stderr.contains("P1001") && !run.stderr.contains(PASSWORD), "{run:#?}");
}
