//! `migrate dev`.

use std::time::SystemTime;

use insta::assert_snapshot;

use crate::dev::Prepared;
use crate::replay::Databases;
use crate::risks::Risks;
use crate::testing::{Project, analyzed};
use crate::{dev, report};

const STUDENT: &str = "model Student {\n  id String @id\n  fullName String\n}\n";
const WITH_NICKNAME: &str =
    "model Student {\n  id String @id\n  fullName String\n  nickname String?\n}\n";

#[tokio::test]
async fn the_first_migration_makes_everything() {
    let project = Project::new("dev_first");
    let next = project.dev(STUDENT, "init core").await.unwrap();
    assert_snapshot!(next.script, @r#"
    -- CreateTable
    CREATE TABLE "Student" (
        "id" TEXT NOT NULL,
        "fullName" TEXT NOT NULL,

        CONSTRAINT "Student_pkey" PRIMARY KEY ("id")
    );
    "#);
    assert!(next.risks == Risks::default());
    let folder = project.folder();
    let name = &folder.migrations()[0].name;
    assert!(name.ends_with("_init_core") && name.len() == 24, "{name}");
    assert!(folder.has_lock());

    assert_eq!(project.dev(STUDENT, "again").await, None, "apply, describe, diff again is empty");
    let left = dev::difference(&project.connect().await, &analyzed(STUDENT)).await.unwrap();
    assert!(left.is_empty(), "{}", left.script);
}

#[tokio::test]
async fn a_nickname_is_one_alter_table() {
    let project = Project::new("dev_nickname");
    project.dev(STUDENT, "init").await.unwrap();
    let next = project.dev(WITH_NICKNAME, "add_nickname").await.unwrap();
    assert_eq!(
        next.script,
        "-- AlterTable\nALTER TABLE \"Student\" ADD COLUMN     \"nickname\" TEXT;\n"
    );
    assert_eq!(project.dev(WITH_NICKNAME, "again").await, None);
    assert_eq!(project.folder().migrations().len(), 2);
}

#[tokio::test]
async fn pending_migrations_run_first() {
    let project = Project::with(
        "dev_pending",
        &[("1_a", "CREATE TABLE \"Student\" (id TEXT PRIMARY KEY, \"fullName\" TEXT NOT NULL);")],
    );
    let ready = project.ready(STUDENT).await;
    assert_eq!(ready.applied, ["1_a"]);
    assert!(ready.next.is_empty());
    assert_eq!(ready.next.script, "-- This is an empty migration.\n");
}

#[tokio::test]
async fn a_migration_can_be_made_without_being_run() {
    let project = Project::new("dev_create_only");
    project.dev(STUDENT, "init").await.unwrap();
    let ready = project.ready(STUDENT).await;
    let name = dev::create(&project.folder(), &ready.next, "By hand", SystemTime::now()).unwrap();
    assert_eq!(project.folder().find(&name).unwrap().script, "-- This is an empty migration.\n");
    assert_eq!(project.history().await.len(), 1);
    assert_eq!(project.ready(STUDENT).await.applied, [name], "the next run runs it");
}

#[tokio::test]
async fn loss_is_told_where_there_is_something_to_lose() {
    let project = Project::new("dev_loss");
    project.dev(WITH_NICKNAME, "init").await.unwrap();
    let ready = project.ready(STUDENT).await;
    assert!(ready.next.risks.warnings.is_empty(), "the table is empty");
    assert!(ready.next.script.starts_with("/*\n  Warnings:\n"), "the file tells of it anyway");

    project.execute("INSERT INTO \"Student\" VALUES ('1', 'Ada', 'A'), ('2', 'Bob', NULL)").await;
    let ready = project.ready(STUDENT).await;
    assert_snapshot!(report::warnings(&ready.next.risks), @r"
    ⚠️  Warnings for the current datasource:

      • You are about to drop the column `nickname` on the `Student` table, which still contains 1 non-null values.
    ");
}

#[tokio::test]
async fn what_cannot_be_done_is_told() {
    let project = Project::new("dev_unexecutable");
    project.dev(STUDENT, "init").await.unwrap();
    project.execute("INSERT INTO \"Student\" VALUES ('1', 'Ada')").await;
    let ready =
        project.ready("model Student {\n  id String @id\n  fullName String\n  age Int\n}\n").await;
    assert_snapshot!(report::unexecutable(&ready.next.risks), @r"
    ⚠️ We found changes that cannot be executed:

      • Step 0 Added the required column `age` to the `Student` table without a default value. There are 1 rows in this table, it is not possible to execute this step.

    You can use cargo xtask migrate dev --create-only to create the migration file, and manually modify it to address the underlying issue(s).
    Then run cargo xtask migrate dev to apply it and verify it works.
    ");
}

#[tokio::test]
async fn a_database_that_was_changed_by_hand_is_drift() {
    let project = Project::new("dev_drift");
    project.dev(STUDENT, "init").await.unwrap();
    project
        .execute(
            "ALTER TABLE \"Student\" ADD COLUMN x int; CREATE TABLE \"C\" (id int PRIMARY KEY)",
        )
        .await;
    let required = project.reset_required(WITH_NICKNAME).await;
    assert_snapshot!(required.text(), @r"
    Drift detected: Your database schema is not in sync with your migration history.

    The following is a summary of the differences between the expected database schema given your migrations files, and the actual schema of the database.

    It should be understood as the set of changes to get from the expected schema to the actual schema.

    [+] Added tables
      - C

    [*] Changed the `Student` table
      [+] Added column `x`
    ");
    assert_eq!(project.history().await.len(), 1, "nothing was changed");
}

#[tokio::test]
async fn an_edited_and_a_missing_migration_are_told() {
    let project = Project::with("dev_edited", &[("1_a", "SELECT 1;"), ("2_b", "SELECT 2;")]);
    project.deploy().await.unwrap();
    project.write("1_a", "SELECT 1; -- edited");
    assert_eq!(
        project.reset_required("").await.reasons,
        ["The migration `1_a` was modified after it was applied."]
    );

    project.write("1_a", "SELECT 1;");
    project.remove("2_b");
    assert_eq!(
        project.reset_required("").await.reasons,
        [
            "The following migration(s) are applied to the database but missing from the local migrations directory: 2_b"
        ]
    );

    project.write("3_c", "SELECT 3;");
    assert_eq!(
        project.reset_required("").await.reasons,
        [
            "The migrations recorded in the database diverge from the local migrations directory. Last common migration: \
          `1_a`. Migrations applied to the database but absent from the migrations directory are: 2_b"
        ]
    );
}

#[tokio::test]
async fn a_failed_migration_that_was_mended_asks_for_a_reset_or_resolve() {
    let project = Project::with("dev_failed", &[("1_a", "SELECT 1;"), ("2_b", "SELECT nope;")]);
    project.deploy().await.unwrap_err();
    let error = project.prepare("").await.unwrap_err();
    assert_eq!(error.code(), Some("P3006"), "it does not replay either");

    project.write("2_b", "SELECT 2;");
    let required = project.reset_required("").await;
    assert_eq!(
        required.text(),
        "- The migration `2_b` failed.\n- The migration `2_b` was modified after it was applied.\n"
    );
}

#[tokio::test]
async fn a_migration_that_does_not_replay_is_p3006() {
    let project =
        Project::with("dev_replay", &[("1_a", "SELECT 1;"), ("2_b", "SELECT 1;\nSELECT nope;")]);
    let error = project.prepare("").await.unwrap_err();
    assert_eq!(error.code(), Some("P3006"));
    let text = error.to_string();
    assert!(
        text.starts_with("Migration `2_b` failed to apply cleanly to the shadow database.\n"),
        "{text}"
    );
    assert!(
        text.contains("ERROR: column \"nope\" does not exist")
            && text.ends_with("2_b/migration.sql:2:8"),
        "{text}"
    );
    assert!(!project.has_table("_prisma_migrations").await, "the database itself was left alone");
}

#[tokio::test]
async fn a_pending_migration_in_the_middle_is_replayed_in_its_place() {
    let project = Project::with(
        "dev_middle",
        &[("1_a", "CREATE TABLE a (id int PRIMARY KEY);"), ("3_c", "SELECT 3;")],
    );
    project.deploy().await.unwrap();
    project.write("2_b", "ALTER TABLE a ADD COLUMN b int;");
    let ready = project.ready("model a {\n  id Int @id\n  b Int?\n}\n").await;
    assert_eq!(ready.applied, ["2_b"]);
    assert!(ready.next.is_empty(), "{}", ready.next.script);
}

#[tokio::test]
async fn a_database_with_tables_and_no_history_is_drift() {
    let project = Project::new("dev_adopt");
    project.execute("CREATE TABLE mine (id int PRIMARY KEY)").await;
    let required = project.reset_required(STUDENT).await;
    assert!(
        required.text().starts_with("Drift detected")
            && required.text().contains("Added tables\n  - mine")
    );
    assert!(project.has_table("mine").await && !project.has_table("_prisma_migrations").await);
}

#[tokio::test]
async fn a_given_shadow_database_is_used() {
    let project = Project::with("dev_shadow", &[("1_a", "CREATE TABLE a (id int PRIMARY KEY);")]);
    let given = Project::new("dev_given");
    given.execute("CREATE TABLE old (id int)").await;
    let databases = Databases { main: project.url(), shadow: Some(given.url()), cache: None };
    let schema = analyzed("model a {\n  id Int @id\n}\n");
    let prepared = dev::prepare(&project.folder(), &schema, databases, &mut |_| ()).await.unwrap();
    assert!(
        matches!(prepared, Prepared::Ready(ready) if ready.next.is_empty() && ready.applied == ["1_a"])
    );
    assert!(given.has_table("a").await && !given.has_table("old").await);
}

#[tokio::test]
async fn several_schemas_are_one_database() {
    const SCHEMA: &str = r#"
        datasource db {
          provider = "postgresql"
          url      = env("DATABASE_URL")
          schemas  = ["public", "billing"]
        }
        model User {
          id       Int       @id
          invoices Invoice[]
          @@schema("public")
        }
        model Invoice {
          id     Int  @id
          userId Int
          user   User @relation(fields: [userId], references: [id])
          @@schema("billing")
        }
    "#;
    let project = Project::new("dev_schemas");
    let next = project.dev(SCHEMA, "init").await.unwrap();
    assert!(
        next.script.starts_with("-- CreateSchema\nCREATE SCHEMA IF NOT EXISTS \"billing\";\n"),
        "{}",
        next.script
    );
    assert_eq!(project.dev(SCHEMA, "again").await, None);
    assert!(project.value("SELECT to_regclass('billing.\"Invoice\"')").await.is_some());

    project.execute("ALTER TABLE billing.\"Invoice\" ADD COLUMN x int").await;
    let text = project.reset_required(SCHEMA).await.text();
    assert!(text.contains("[*] Changed the `Invoice` table\n  [+] Added column `x`"), "{text}");
}

#[tokio::test]
async fn of_several_at_once_one_writes_its_migration() {
    let project = Project::new("dev_at_once");
    project.dev(STUDENT, "init").await.unwrap();
    let (folder, ready) = (project.folder(), project.ready(WITH_NICKNAME).await);
    let write = async || {
        let titled = ("nickname", SystemTime::now());
        dev::write(&folder, &ready.next, titled, true, project.url(), &mut |_| ()).await
    };
    let (one, other, third) = tokio::join!(write(), write(), write());
    let (done, refused): (Vec<_>, Vec<_>) =
        [one, other, third].into_iter().partition(Result::is_ok);
    assert_eq!((done.len(), refused.len()), (1, 2));
    for error in refused.into_iter().filter_map(Result::err) {
        assert!(error.to_string().contains("have changed in the meantime"), "{error}");
    }
    assert_eq!(project.folder().migrations().len(), 2);
    assert_eq!(project.history().await.len(), 2);
}
