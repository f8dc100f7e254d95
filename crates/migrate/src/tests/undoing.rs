//! What the `down.sql` of new migrations does to a database: it takes back just what the migration did.

use std::fs;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use pg_schema::{Pair, PgSchema, Renamed, candidates, diff, outcome, render};
use postgres::testing::TestDatabase;
use postgres::{Connection, introspect};

use super::is_taken;
use crate::dev::{Next, create};
use crate::testing::{Project, analyzed};
use crate::{down, folder};

/// Pairs whose way back is not the whole way: what stays is said in the comment.
const STAYS: [&str; 1] = ["extensions"];

/// The migration between two schemas, there and back, for every pair that the reference was asked about.
#[tokio::test]
async fn there_and_back_again_is_where_it_began() {
    let pairs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mapping/test_data/pairs");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(pairs).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() > 10, "{cases:?}");
    for case in cases {
        there_and_back(&case).await;
    }
}

async fn there_and_back(case: &Path) {
    let name = case.file_name().unwrap().to_string_lossy();
    let read = |file: &str| fs::read_to_string(case.join(file)).ok();
    let wanted = |text: &str| mapping::desired_schema_in(&analysis(text), "public");
    let from = read("from.prisma").map_or_else(PgSchema::default, |text| wanted(&text));
    let to = wanted(&read("to.prisma").unwrap());
    let mut namespaces = [from.namespaces.clone(), to.namespaces.clone()].concat();
    namespaces.push("public".to_owned());
    let database = TestDatabase::empty(&format!("undo_{}", name.replace('-', "_")));
    let connection = database.connect().await;
    let there = async || introspect(&connection, &namespaces).await.unwrap();

    let nothing = there().await;
    let schemas = Pair::new(&nothing, &from);
    run(&connection, &render(&diff(schemas), schemas), &name).await;
    let before = there().await;
    let schemas = Pair::new(&before, &to);
    let steps = diff(schemas);
    let script = render(&steps, schemas);
    if !is_taken(&script, connection.server_major()) {
        return;
    }
    run(&connection, &script, &name).await;
    let after = there().await;
    let expected = outcome(&steps, schemas);
    // Some defaults differ from the server's words for ever, for the reference too.
    if diff(Pair::new(&after, &to)).is_empty() {
        assert_eq!(diff(Pair::new(&after, &expected)), [], "{name}: the outcome on paper");
    }

    let script = down::script::write(&steps, schemas);
    run(&connection, &script, &name).await;
    let back = there().await;
    assert_eq!(diff(Pair::new(&back, &before)), [], "{name}\n{script}");
    if !STAYS.contains(&&*name) {
        assert_eq!(diff(Pair::new(&before, &back)), [], "{name}\n{script}");
    }
}

/// A change of a name is taken back as one, so that nothing is lost on either way.
#[tokio::test]
async fn what_was_renamed_gets_its_old_name_back() {
    let database = TestDatabase::empty("undo_rename");
    let connection = database.connect().await;
    let wanted = |text: &str| mapping::desired_schema_in(&analyzed(text), "public");
    let nothing = introspect(&connection, &[]).await.unwrap();
    let from = wanted(SCHOOL);
    let schemas = Pair::new(&nothing, &from);
    run(&connection, &render(&diff(schemas), schemas), "from").await;
    run(&connection, "INSERT INTO \"Student\" (name) VALUES ('Ada')", "from").await;

    let before = introspect(&connection, &[]).await.unwrap();
    let to = SCHOOL
        .replace("model Student", "model Pupil")
        .replace("  text String", "  body String\n  age Int?");
    let to = wanted(&to);
    let schemas = Pair::new(&before, &to);
    let renames: Vec<_> = candidates(schemas).into_iter().map(|found| found.rename).collect();
    let renamed = Renamed::new(schemas, &renames);
    let steps = renamed.steps(&to);
    let schemas = Pair::new(&renamed.previous, &to);
    run(&connection, &render(&steps, schemas), "to").await;
    let down = down::script::write(&steps, schemas);
    assert_snapshot!(down, @r#"
    /*
      Warnings:

      - You are about to drop the column `age` on the `Note` table. All the data in the column will be lost.

    */
    -- AlterTable
    ALTER TABLE "Note" DROP COLUMN "age";

    -- AlterTable
    ALTER TABLE "Pupil" RENAME CONSTRAINT "Pupil_pkey" TO "Student_pkey";

    -- RenameColumn
    ALTER TABLE "Note" RENAME COLUMN "body" TO "text";

    -- RenameTable
    ALTER TABLE "Pupil" RENAME TO "Student";
    "#);
    run(&connection, &down, "down").await;
    assert_eq!(introspect(&connection, &[]).await.unwrap(), before);
    let name: String =
        connection.query_one("SELECT name FROM \"Student\"", &[]).await.unwrap().get(0);
    assert_eq!(name, "Ada");
}

fn analysis(text: &str) -> psl::Schema {
    psl::analyze(vec![psl::SourceFile::new("schema.prisma", text)]).schema
}

async fn run(connection: &Connection, script: &str, case: &str) {
    let done = connection.batch_execute(script).await;
    done.unwrap_or_else(|error| panic!("{case}: {error}\n{script}"));
}

/// The `down.sql` that `migrate dev` writes for a change of the schema, in a project of its own.
async fn written(label: &str, from: &str, to: &str) -> (Project, Next) {
    let project = Project::new(label);
    project.dev(from, "init").await.unwrap();
    let next = project.dev(to, "change").await.unwrap();
    (project, next)
}

const SCHOOL: &str = "enum Level {\n  new\n  good\n}\n\n\
    model Student {\n  id Int @id @default(autoincrement())\n  name String\n  level Level @default(new)\n}\n\n\
    model Note {\n  id Int @id\n  text String\n}\n";

#[tokio::test]
async fn what_does_not_come_back_is_said_at_the_top() {
    let changed = "enum Level {\n  new\n  good\n  best\n}\n\n\
        model Student {\n  id Int @id @default(autoincrement())\n  level Level @default(new)\n  age Int?\n}\n";
    let (_project, next) = written("undo_comment", SCHOOL, changed).await;
    assert_snapshot!(next.down, @r#"
    /*
      Warnings:

      - The column `name` on the `Student` table is made again, but empty: the values that the migration dropped do not come back.
      - The `Note` table is made again, but empty: the rows that the migration dropped do not come back.
      - What Prisma cannot express (triggers, policies, grants, exclusion constraints and the like) and was dropped along with a table or column is not made again.
      - The values [best] on the enum `Level` will be removed. If these variants are still used in the database, this will fail. Give the rows that have them another value first, by an UPDATE at the top.
      - You are about to drop the column `age` on the `Student` table. All the data in the column will be lost.
      - Added the required column `name` to the `Student` table without a default value. This is not possible if the table is not empty. To take the migration back where there are rows, change this file: leave out the NOT NULL of "name", fill the column by an UPDATE, then ALTER TABLE "Student" ALTER COLUMN "name" SET NOT NULL.

    */
    -- AlterEnum
    CREATE TYPE "Level_new" AS ENUM ('new', 'good');
    ALTER TABLE "public"."Student" ALTER COLUMN "level" DROP DEFAULT;
    ALTER TABLE "Student" ALTER COLUMN "level" TYPE "Level_new" USING ("level"::text::"Level_new");
    ALTER TYPE "Level" RENAME TO "Level_old";
    ALTER TYPE "Level_new" RENAME TO "Level";
    DROP TYPE "public"."Level_old";
    ALTER TABLE "Student" ALTER COLUMN "level" SET DEFAULT 'new';

    -- AlterTable
    ALTER TABLE "Student" DROP COLUMN "age",
    ADD COLUMN     "name" TEXT NOT NULL;

    -- CreateTable
    CREATE TABLE "Note" (
        "id" INTEGER NOT NULL,
        "text" TEXT NOT NULL,

        CONSTRAINT "Note_pkey" PRIMARY KEY ("id")
    );
    "#);
}

#[tokio::test]
async fn an_empty_migration_says_what_it_is_for() {
    let project = Project::new("undo_empty");
    project.dev(SCHOOL, "init").await.unwrap();
    let ready = project.ready(SCHOOL).await;
    let name =
        create(&project.folder(), &ready.next, "by hand", std::time::SystemTime::now()).unwrap();
    let text = fs::read_to_string(folder::down_path(&project.path(), &name)).unwrap();
    assert_eq!(text, down::script::EMPTY);
    assert_eq!(
        fs::read_dir(project.path().join(&name)).unwrap().count(),
        2,
        "migration.sql and down.sql"
    );
}

/// What the schema file does not know of was not made by the migration, and so is not taken back.
#[tokio::test]
async fn what_was_made_by_hand_stays() {
    let project = Project::new("undo_by_hand");
    project.dev(SCHOOL, "init").await.unwrap();
    project.write(
        "20991231235958_by_hand",
        "CREATE INDEX lower_name ON \"Student\" (lower(name));
         CREATE UNIQUE INDEX few ON \"Student\" (name) WHERE id > 10;
         CREATE VIEW names AS SELECT name FROM \"Student\";
         ALTER TABLE \"Note\" ADD CONSTRAINT short CHECK (length(text) < 100);",
    );
    let changed = SCHOOL.replace("  name String\n", "  name String\n  age Int?\n");
    let next = project.dev(&changed, "age").await.unwrap();
    assert_snapshot!(next.down, @r#"
    /*
      Warnings:

      - You are about to drop the column `age` on the `Student` table. All the data in the column will be lost.

    */
    -- AlterTable
    ALTER TABLE "Student" DROP COLUMN "age";
    "#);
    let dropped = changed.split_once("model Note").unwrap().0;
    let next = project.dev(dropped, "no notes").await.unwrap();
    assert_snapshot!(next.down, @r#"
    /*
      Warnings:

      - The `Note` table is made again, but empty: the rows that the migration dropped do not come back.
      - What Prisma cannot express (triggers, policies, grants, exclusion constraints and the like) and was dropped along with a table or column is not made again.

    */
    -- CreateTable
    CREATE TABLE "Note" (
        "id" INTEGER NOT NULL,
        "text" TEXT NOT NULL,

        CONSTRAINT "Note_pkey" PRIMARY KEY ("id")
    );
    ALTER TABLE "Note" ADD CONSTRAINT "short" CHECK ((length(text) < 100));
    "#);
}

/// A column takes along what mentions it, and brings it back.
#[tokio::test]
async fn what_a_column_took_along_comes_back() {
    let project = Project::new("undo_along");
    project.dev(SCHOOL, "init").await.unwrap();
    project.write(
        "20991231235958_by_hand",
        "CREATE EXTENSION btree_gist;
         CREATE INDEX lower_name ON \"Student\" (lower(name));
         CREATE UNIQUE INDEX named ON \"Student\" (id) WHERE name <> '';
         CREATE INDEX carried ON \"Student\" (id) INCLUDE (name);
         CREATE INDEX plain ON \"Student\" (id) WHERE id > 10;
         ALTER TABLE \"Student\" ADD CONSTRAINT short CHECK (length(name) < 100 AND id > 0);
         ALTER TABLE \"Student\" ADD CONSTRAINT positive CHECK (id > 0);
         ALTER TABLE \"Student\" ADD CONSTRAINT apart EXCLUDE USING gist (name WITH =);",
    );
    project.deploy().await.unwrap();
    let there = async || introspect(&project.connect().await, &[]).await.unwrap();
    let before = there().await;
    let next = project.dev(&SCHOOL.replace("  name String\n", ""), "no name").await.unwrap();
    let after = there().await;
    assert_eq!(after.tables[1].indexes.len() + after.tables[1].checks.len(), 2, "{after:#?}");
    assert!(next.down.contains("constraint `apart` on the `Student` table went"), "{}", next.down);
    project.execute(&next.down).await;
    let mut expected = before.tables[1].clone();
    expected.indexes.retain(|index| index.name != "apart");
    let back = there().await;
    assert_eq!(back.tables[1].indexes, expected.indexes, "{}", next.down);
    assert_eq!(back.tables[1].checks, expected.checks, "{}", next.down);
}

#[tokio::test]
async fn a_sequence_that_comes_back_goes_on() {
    let plain = SCHOOL.replace(" @default(autoincrement())", "");
    let (project, next) = written("undo_sequence", SCHOOL, &plain).await;
    project.execute("INSERT INTO \"Student\" (id, name) VALUES (41, 'Ada')").await;
    project.execute(&next.down).await;
    project.execute("INSERT INTO \"Student\" (name) VALUES ('Bob')").await;
    assert_eq!(project.value("SELECT max(id) FROM \"Student\"").await.unwrap(), "42");
}

/// A new enum value may not be used before it is committed: the script then is two transactions.
#[tokio::test]
async fn an_enum_value_that_comes_back_as_a_default() {
    let other = SCHOOL.replace("  new\n", "").replace("@default(new)", "@default(good)");
    let (project, next) = written("undo_enum", SCHOOL, &other).await;
    assert_snapshot!(next.down, @r#"
    -- AlterEnum
    BEGIN;
    ALTER TYPE "Level" ADD VALUE 'new';
    COMMIT;

    -- AlterTable
    ALTER TABLE "Student" ALTER COLUMN "level" SET DEFAULT 'new';
    "#);
    project.execute(&next.down).await;
    project.execute("INSERT INTO \"Student\" (name) VALUES ('Ada')").await;
    assert_eq!(project.value("SELECT level FROM \"Student\"").await.unwrap(), "new");
}
