//! `migrate diff`.

use pg_schema::Pair;
use postgres::ConnectionUrl;

use crate::compare::{Comparison, ReplayIn, Side, compare};
use crate::renames::Wanted;
use crate::testing::{Project, analyzed};
use crate::{Cache, Error, Folder, Migration};

const STUDENT: &str = "model Student {\n  id String @id\n}\n";
const CREATE_STUDENT: &str = "CREATE TABLE \"Student\" (\"id\" TEXT NOT NULL,\nCONSTRAINT \"Student_pkey\" PRIMARY KEY (\"id\"));";

async fn compared(
    previous: Side<'_>,
    next: Side<'_>,
    replay: ReplayIn<'_>,
) -> Result<Comparison, Error> {
    compare(Pair { previous, next }, &[], replay, &[], &mut |_| ()).await
}

async fn script(previous: Side<'_>, next: Side<'_>) -> String {
    compared(previous, next, ReplayIn::default()).await.unwrap().script()
}

fn beside(url: &ConnectionUrl) -> ReplayIn<'_> {
    ReplayIn { beside: Some(url), shadow: None, cache: None }
}

fn folder(script: &str) -> Folder {
    let migration = Migration { name: "1_a".to_owned(), script: script.to_owned() };
    Folder::of("migrations", vec![migration])
}

#[tokio::test]
async fn files_are_compared_without_a_server() {
    let schema = analyzed(STUDENT);
    let (empty, full) = (Side::Empty, Side::Schema(&schema));
    assert_eq!(
        script(empty, full).await,
        "-- CreateSchema\nCREATE SCHEMA IF NOT EXISTS \"public\";\n\n-- CreateTable\nCREATE TABLE \"Student\" (\n    \"id\" TEXT NOT NULL,\n\n    CONSTRAINT \"Student_pkey\" PRIMARY KEY (\"id\")\n);\n"
    );
    assert_eq!(script(full, empty).await, "-- DropTable\nDROP TABLE \"public\".\"Student\";\n");
    let same = compared(full, full, ReplayIn::default()).await.unwrap();
    assert!(same.is_empty());
    assert_eq!(same.script(), "-- This is an empty migration.");
    assert_eq!(same.summary(), "No difference detected.");
}

#[tokio::test]
async fn steps_are_told_in_words_and_one_by_one() {
    let schema = analyzed(STUDENT);
    let found = compared(Side::Empty, Side::Schema(&schema), ReplayIn::default()).await.unwrap();
    assert_eq!(
        found.summary(),
        "\n[+] Added Schemas\n  - public\n\n[+] Added tables\n  - Student\n"
    );
    let steps: Vec<_> = found.steps().collect();
    assert_eq!(steps[0].0, "CreateSchema");
    assert_eq!(steps[0].1, ["CREATE SCHEMA IF NOT EXISTS \"public\""]);
    assert_eq!((steps[1].0, steps.len()), ("CreateTable", 2));
}

#[tokio::test]
async fn what_is_not_a_schema_file_is_named_in_full() {
    let project = Project::new("diff_in_full");
    project.execute(CREATE_STUDENT).await;
    project.execute("CREATE TYPE size AS ENUM ('s')").await;
    let schema = analyzed(STUDENT);
    let (file, database) = (Side::Schema(&schema), Side::Database(project.url()));
    assert_eq!(script(database, file).await, "-- DropEnum\nDROP TYPE \"size\";\n");
    assert_eq!(
        script(file, database).await,
        "-- CreateEnum\nCREATE TYPE \"public\".\"size\" AS ENUM ('s');\n"
    );
    let other = Project::new("diff_other");
    let between = script(database, Side::Database(other.url())).await;
    assert_eq!(
        between,
        "-- DropTable\nDROP TABLE \"public\".\"Student\";\n\n-- DropEnum\nDROP TYPE \"public\".\"size\";\n"
    );
}

#[tokio::test]
async fn what_is_said_to_be_renamed_is_renamed() {
    let previous = analyzed("model Student {\n  id Int @id @default(autoincrement())\n}");
    let next = analyzed("model Pupil {\n  key Int @id\n}");
    let wanted = ["Student:Pupil", "Student.id:key"].map(|text| Wanted::parse(text).unwrap());
    let sides = Pair { previous: Side::Schema(&previous), next: Side::Schema(&next) };
    let found = compare(sides, &[], ReplayIn::default(), &wanted, &mut |_| ()).await.unwrap();
    let project = Project::new("diff_renames");
    project.execute("CREATE TABLE \"Student\" (\"id\" SERIAL, CONSTRAINT \"Student_pkey\" PRIMARY KEY (\"id\"))").await;
    project.execute(&found.script()).await;
    let now = (Side::Database(project.url()), Side::Schema(&next));
    assert_eq!(script(now.0, now.1).await, "-- This is an empty migration.");
    let sequences = "SELECT count(*)::text FROM pg_class WHERE relkind = 'S'";
    assert_eq!(project.value(sequences).await.as_deref(), Some("0"), "{}", found.script());
}

#[tokio::test]
async fn only_a_schema_file_says_new_names() {
    let schema = analyzed(STUDENT);
    let sides = Pair { previous: Side::Schema(&schema), next: Side::Empty };
    let wanted = [Wanted::parse("Student:Pupil").unwrap()];
    let refused = compare(sides, &[], ReplayIn::default(), &wanted, &mut |_| ()).await;
    let error = refused.unwrap_err().to_string();
    assert!(error.starts_with("--rename needs a schema file"), "{error}");
}

#[tokio::test]
async fn what_a_schema_file_leaves_to_the_connection_is_not_made() {
    let project = Project::new("diff_defaults");
    let schema = analyzed("datasource db {\n provider = \"postgresql\"\n url = \"\"\n}");
    let migrations =
        folder("CREATE EXTENSION IF NOT EXISTS citext; CREATE TABLE t (a citext PRIMARY KEY)");
    let replay = beside(project.url());
    let sides = (Side::Schema(&schema), Side::Migrations(&migrations));
    let found = compared(sides.0, sides.1, replay).await.unwrap();
    let names: Vec<_> = found.steps().map(|(name, _)| name).collect();
    assert_eq!(names, ["CreateTable"], "neither the schema public nor an extension");
    assert!(found.script().contains("CREATE TABLE \"public\".\"t\""), "{}", found.script());
}

#[tokio::test]
async fn what_goes_without_saying_is_not_said_of_an_index() {
    let (one, other) = (Project::new("diff_no_index"), Project::new("diff_index"));
    for project in [&one, &other] {
        project.execute("CREATE TABLE a (t text)").await;
    }
    other.execute("CREATE INDEX i ON a (t); CREATE INDEX j ON a (t text_pattern_ops)").await;
    let script = script(Side::Database(one.url()), Side::Database(other.url())).await;
    assert!(script.contains("\"i\" ON \"public\".\"a\"(\"t\" ASC);"), "{script}");
    assert!(script.contains("\"j\" ON \"public\".\"a\"(\"t\" text_pattern_ops ASC);"), "{script}");
}

#[tokio::test]
async fn a_script_leads_from_the_one_to_the_other() {
    let (one, other) = (Project::new("diff_one"), Project::new("diff_two"));
    one.execute("CREATE TABLE a (id serial PRIMARY KEY, n int)").await;
    other
        .execute(
            "CREATE TYPE size AS ENUM ('s', 'm'); CREATE TABLE a (id serial PRIMARY KEY, size size NOT NULL DEFAULT 's');
             CREATE TABLE b (a int REFERENCES a (id)); CREATE UNIQUE INDEX b_key ON b (a)",
        )
        .await;
    let (from, to) = (Side::Database(one.url()), Side::Database(other.url()));
    one.execute(&script(from, to).await).await;
    assert_eq!(script(from, to).await, "-- This is an empty migration.");
}

#[tokio::test]
async fn migrations_are_replayed_beside_a_database() {
    let project = Project::new("diff_replay");
    let schema = analyzed(STUDENT);
    let folder = folder(CREATE_STUDENT);
    let sides = (Side::Migrations(&folder), Side::Schema(&schema));
    let found = compared(sides.0, sides.1, beside(project.url())).await.unwrap();
    assert!(found.is_empty(), "{}", found.script());
    assert!(!project.has_table("Student").await, "the database itself is left alone");
    let back = compared(Side::Migrations(&folder), Side::Empty, beside(project.url())).await;
    assert_eq!(back.unwrap().script(), "-- DropTable\nDROP TABLE \"public\".\"Student\";\n");
}

#[tokio::test]
async fn migrations_are_replayed_in_a_database_set_aside() {
    let (project, shadow) = (Project::new("diff_main"), Project::new("diff_shadow"));
    shadow.execute("CREATE TABLE old (id int)").await;
    let folder = folder(CREATE_STUDENT);
    let replay = ReplayIn { beside: None, shadow: Some(shadow.url()), cache: None };
    let sides = (Side::Database(project.url()), Side::Migrations(&folder));
    let found = compared(sides.0, sides.1, replay).await.unwrap();
    assert!(found.script().starts_with("-- CreateTable\nCREATE TABLE \"public\".\"Student\""));
    assert!(!shadow.has_table("old").await, "it was emptied first");

    project.execute("CREATE TABLE kept (id int)").await;
    let replay = ReplayIn { beside: None, shadow: Some(project.url()), cache: None };
    let error = compared(sides.0, sides.1, replay).await.unwrap_err();
    assert!(error.to_string().contains("appears to be the same as the main database"), "{error}");
    assert!(project.has_table("kept").await);
}

#[tokio::test]
async fn what_was_replayed_is_remembered_and_the_refusal_of_the_main_database_stays() {
    let (project, shadow) = (Project::new("diff_kept"), Project::new("diff_kept_shadow"));
    let cache = Cache::new(project.path().join("cache"));
    let there = folder(CREATE_STUDENT);
    let replay = ReplayIn { beside: None, shadow: Some(shadow.url()), cache: Some(&cache) };
    let script = async |folder| {
        let sides = (Side::Database(project.url()), Side::Migrations(folder));
        compared(sides.0, sides.1, replay).await.unwrap().script()
    };
    let first = script(&there).await;
    shadow.execute("CREATE TABLE untouched (id int)").await;
    assert_eq!(script(&there).await, first);
    assert!(shadow.has_table("untouched").await, "nothing was replayed");
    let other = folder("CREATE TABLE \"Other\" (id int);\n");
    assert!(script(&other).await.contains("\"Other\""));
    assert!(!shadow.has_table("untouched").await, "another script is another question");

    let own = ReplayIn { shadow: Some(project.url()), ..replay };
    let refused = compared(Side::Database(project.url()), Side::Migrations(&there), own).await;
    let error = refused.unwrap_err().to_string();
    assert!(error.contains("appears to be the same as the main database"), "{error}");
}

#[tokio::test]
async fn migrations_need_a_place() {
    let folder = folder(CREATE_STUDENT);
    let found = compared(Side::Migrations(&folder), Side::Empty, ReplayIn::default()).await;
    let error = found.unwrap_err();
    assert!(error.to_string().contains("--shadow-database-url"), "{error}");
}

#[tokio::test]
async fn only_the_schemas_that_are_named_are_looked_at() {
    let project = Project::new("diff_schemas");
    project
        .execute(
            "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.t (id int PRIMARY KEY);
             CREATE TABLE b.u (id int PRIMARY KEY); CREATE TABLE other (id int)",
        )
        .await;
    let schema = analyzed(
        "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n  schemas = [\"a\", \"b\"]\n}\n
         model t {\n  id Int @id\n  @@schema(\"a\")\n}\n",
    );
    let (database, file) = (Side::Database(project.url()), Side::Schema(&schema));
    assert_eq!(script(database, file).await, "-- DropTable\nDROP TABLE \"b\".\"u\";\n");

    let sides = Pair { previous: database, next: Side::Empty };
    let named = ["b".to_owned()];
    let found = compare(sides, &named, ReplayIn::default(), &[], &mut |_| ()).await.unwrap();
    assert_eq!(found.script(), "-- DropTable\nDROP TABLE \"b\".\"u\";\n");
}

#[tokio::test]
async fn a_database_that_is_missing_is_p1003() {
    let project = Project::new("diff_missing");
    let url = project.url().with_database("diff_no_such_database");
    let error = compared(Side::Empty, Side::Database(&url), ReplayIn::default()).await.unwrap_err();
    assert_eq!(error.code(), Some("P1003"));
}

/// The moment by another name stays what it is, and a partition comes with its table, which no schema file can say.
#[tokio::test]
async fn what_migrations_made_by_hand_is_led_to() {
    let project = Project::new("diff_by_hand");
    let schema = analyzed(STUDENT);
    let by_hand = "ALTER TABLE \"Student\" ADD COLUMN a timestamptz(3) DEFAULT CURRENT_TIMESTAMP(0), \
                   ADD COLUMN b timestamp DEFAULT transaction_timestamp(), ADD COLUMN c timestamp(3) DEFAULT now();\n\
                   CREATE TABLE p (id int, d date NOT NULL) PARTITION BY RANGE (d);\n\
                   CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');\n\
                   CREATE INDEX ON p (id);";
    let folder = folder(&format!("{CREATE_STUDENT}\n{by_hand}"));
    let sides = Pair::new(Side::Schema(&schema), Side::Migrations(&folder));
    let found = compare(sides, &[], beside(project.url()), &[], &mut |_| ()).await.unwrap();
    insta::assert_snapshot!(found.script(), @r#"
    -- AlterTable
    ALTER TABLE "public"."Student" ADD COLUMN     "a" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP(0),
    ADD COLUMN     "b" TIMESTAMP(6) DEFAULT transaction_timestamp(),
    ADD COLUMN     "c" TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP;

    -- CreateTable
    CREATE TABLE "public"."p" (
        "id" INTEGER,
        "d" DATE NOT NULL
    );

    -- CreateIndex
    CREATE INDEX "p_id_idx" ON "public"."p"("id" ASC);
    "#);
}
