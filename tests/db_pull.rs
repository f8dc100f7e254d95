//! `db pull`, as a person runs it.

use postgres::testing::TestDatabase;

use crate::sandbox::{Run, Sandbox};

const DATASOURCE: &str = r#"datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
"#;

const SCHOOL: &str = "CREATE TABLE \"Student\" (id int PRIMARY KEY, name text NOT NULL CHECK (name <> ''));
                      CREATE TABLE lesson (id int PRIMARY KEY, student int NOT NULL REFERENCES \"Student\" (id));
                      CREATE INDEX busy ON lesson (student) WHERE id > 0";

fn school(label: &str) -> TestDatabase {
    TestDatabase::from_sql(label, SCHOOL)
}

fn pull(sandbox: &Sandbox, database: &TestDatabase, flags: &[&str]) -> Run {
    sandbox.run_on(&database.url().expose(), &[&["db", "pull"], flags].concat())
}

/// Without the time it took, and where the database is.
fn told(run: &Run) -> String {
    let lines = run.stdout.lines().map(|line| match line.rsplit_once(" in ") {
        Some((line, _)) if line.starts_with('✔') => line,
        _ => line,
    });
    lines.filter(|line| !line.starts_with("Datasource")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_schema_is_made_of_the_database() {
    let (sandbox, database) = (Sandbox::new(DATASOURCE), school("pull"));
    let run = pull(&sandbox, &database, &[]).success();
    insta::assert_snapshot!(told(&run));
    insta::assert_snapshot!(sandbox.read("prisma/schema.prisma"));
    sandbox.run(&["format", "--check"]).success();
    let pulled = sandbox.read("prisma/schema.prisma");
    pull(&sandbox, &database, &[]).success();
    assert_eq!(sandbox.read("prisma/schema.prisma"), pulled);
}

#[test]
fn printing_leaves_the_files_alone() {
    let (sandbox, database) = (Sandbox::new(DATASOURCE), school("pull_print"));
    let run = pull(&sandbox, &database, &["--print"]).success();
    assert!(run.stdout.starts_with(DATASOURCE), "{run:#?}");
    assert!(run.stdout.ends_with("}\n\n\n"), "as Prisma ends it: {run:#?}");
    assert!(run.stderr.contains("\n// *** WARNING ***\n"), "{run:#?}");
    assert_eq!(sandbox.read("prisma/schema.prisma"), DATASOURCE);
}

#[test]
fn each_model_stays_in_its_file() {
    let (sandbox, database) = (Sandbox::new(DATASOURCE), school("pull_folder"));
    let model = "/// Learns.\nmodel Pupil {\n  id Int @id\n\n  @@map(\"Student\")\n}\n";
    sandbox.write("prisma/people/pupil.prisma", model);
    let folder = ["--schema", "prisma"];
    pull(&sandbox, &database, &folder).success();
    assert_eq!(sandbox.read("prisma/schema.prisma"), DATASOURCE);
    let pupil = sandbox.read("prisma/people/pupil.prisma");
    assert!(pupil.starts_with("/// Learns.\nmodel Pupil {") && pupil.contains("lesson lesson[]"));
    assert!(sandbox.read("prisma/introspected.prisma").starts_with("model lesson {"));

    pull(&sandbox, &database, &[&folder[..], &["--force"]].concat()).success();
    assert_eq!(sandbox.list("prisma"), ["introspected.prisma", "people"]);
    assert_eq!(sandbox.list("prisma/people"), [""; 0]);
    assert!(sandbox.read("prisma/introspected.prisma").contains("model Student {"));
}

#[test]
fn a_schema_with_errors_is_only_replaced_by_force() {
    let wrong = format!("{DATASOURCE}\nmodel A {{\n  id Strin @id\n}}\n");
    let (sandbox, database) = (Sandbox::new(&wrong), school("pull_wrong"));
    let run = pull(&sandbox, &database, &[]).failure();
    assert!(run.stderr.starts_with("Error: P1012\n"), "{run:#?}");
    assert!(
        run.stderr.contains("Introspection failed as your current Prisma schema file is invalid")
    );
    assert_eq!(sandbox.read("prisma/schema.prisma"), wrong);
    pull(&sandbox, &database, &["--force"]).success();
    assert!(sandbox.read("prisma/schema.prisma").contains("model Student {"));
}

/// PostgreSQL lets a key refer to a column of a related type, Prisma does not.
#[test]
fn a_schema_that_has_errors_when_it_is_pulled_is_written_and_told() {
    let sql = "CREATE TABLE p (a bigint PRIMARY KEY); CREATE TABLE e (id int PRIMARY KEY, a int REFERENCES p)";
    let (sandbox, database) =
        (Sandbox::new(DATASOURCE), TestDatabase::from_sql("pull_errors", sql));
    let printed = pull(&sandbox, &database, &["--print"]).success();
    let pulled = pull(&sandbox, &database, &[]).success();
    assert!(sandbox.read("prisma/schema.prisma").contains("model e {"));
    for run in [printed, pulled] {
        assert!(run.stderr.contains("warning: the schema that was pulled has errors"), "{run:#?}");
        assert!(
            run.stderr.contains("is not matching the type of the referenced field"),
            "{run:#?}"
        );
    }
    pull(&sandbox, &database, &[]).failure();
}

#[test]
fn what_cannot_be_pulled_is_told() {
    let sandbox = Sandbox::new(DATASOURCE);
    let empty = TestDatabase::empty("pull_nothing");
    let run = pull(&sandbox, &empty, &[]).failure();
    assert!(run.stderr.starts_with("Error: \nP4001 The introspected database was empty:\n"));
    let missing = empty.url().with_database("there_is_no_such_database").expose();
    let run = sandbox.run_on(&missing, &["db", "pull"]).failure();
    assert!(run.stderr.starts_with("Error: \nP1003 The introspected database does not exist:\n"));
    assert_eq!(sandbox.read("prisma/schema.prisma"), DATASOURCE);
}

#[test]
fn views_come_with_their_queries() {
    let generator = "generator client {\n  provider        = \"prisma-client-js\"\n  previewFeatures = [\"views\"]\n}\n\n";
    let sandbox = Sandbox::new(&format!("{generator}{DATASOURCE}"));
    let sql = "CREATE TABLE t (id int PRIMARY KEY); CREATE VIEW everyone AS SELECT id FROM t";
    let database = TestDatabase::from_sql("pull_views", sql);
    pull(&sandbox, &database, &[]).success();
    assert!(sandbox.read("prisma/schema.prisma").contains("view everyone {\n  id Int?\n}"));
    assert!(sandbox.read("prisma/views/public/everyone.sql").starts_with("SELECT"));
}

#[test]
fn views_stay_in_their_folder() {
    let generator = "generator client {\n  provider        = \"prisma-client-js\"\n  previewFeatures = [\"views\"]\n}\n\n";
    let datasource = DATASOURCE.replace("\n}", "\n  schemas  = [\"..\", \"a/../../b\"]\n}");
    let sandbox = Sandbox::new(&format!("{generator}{datasource}"));
    let sql = r#"CREATE SCHEMA ".."; CREATE VIEW "..".up AS SELECT 1 AS id;
                 CREATE SCHEMA "a/../../b"; CREATE VIEW "a/../../b".beside AS SELECT 1 AS id"#;
    let database = TestDatabase::from_sql("pull_outside", sql);
    sandbox.write("prisma/views/__/up.sql", "what was there before");
    pull(&sandbox, &database, &[]).success();
    assert_eq!(sandbox.list("prisma"), ["schema.prisma", "views"]);
    assert_eq!(sandbox.list("prisma/views"), ["__", "a_.._.._b"]);
    assert!(sandbox.read("prisma/views/__/up.sql").starts_with("SELECT"));
    assert_eq!(sandbox.list("prisma/views/a_.._.._b"), ["beside.sql"]);
}

#[test]
fn names_that_cannot_be_written_are_taken_up_again() {
    let (sandbox, sql) = (
        Sandbox::new(DATASOURCE),
        r#"CREATE TABLE "человек" ("ключ" int PRIMARY KEY, "отец" int REFERENCES "человек");
           CREATE TABLE t (id int PRIMARY KEY);
           CREATE TABLE b (id int PRIMARY KEY, "a" int REFERENCES t, "1a" int REFERENCES t)"#,
    );
    let database = TestDatabase::from_sql("pull_names", sql);
    let run = pull(&sandbox, &database, &[]).success();
    assert!(!run.stderr.contains("error"), "{run:#?}");
    let pulled = sandbox.read("prisma/schema.prisma");
    sandbox.run(&["validate"]).success();
    pull(&sandbox, &database, &[]).success();
    assert_eq!(sandbox.read("prisma/schema.prisma"), pulled);
}
