//! `migrate dev` where Prisma resets: the database is taken as it is.

use crate::dev::{Adopted, Remedy};
use crate::history::State;
use crate::testing::Project;

const STUDENT: &str = "model Student {\n  id String @id\n  fullName String\n}\n";
const WITH_X: &str = "model Student {\n  id String @id\n  fullName String\n  x Int?\n}\n";

#[tokio::test]
async fn drift_becomes_a_migration_that_counts_as_applied() {
    let project = Project::new("adopt_drift");
    project.dev(STUDENT, "init").await.unwrap();
    project.execute("INSERT INTO \"Student\" VALUES ('1', 'Ada')").await;
    project.execute("ALTER TABLE \"Student\" ADD COLUMN x int").await;
    let drift = project.drift(STUDENT).await;
    assert_eq!((drift.database.steps, drift.schema.steps, drift.apart.steps), (1, 0, 1));

    let required = project.reset_required(STUDENT).await;
    assert_eq!(required.remedy(), Some(Remedy::AdoptDrift));
    let Adopted::Drift { applied, created: Some(name), forgotten } =
        project.adopt(STUDENT, &required).await
    else {
        panic!("there is drift");
    };
    assert!(applied.is_empty() && forgotten.is_empty() && name.ends_with("_adopt_drift"));
    assert_eq!(
        project.folder().find(&name).unwrap().script,
        "-- AlterTable\nALTER TABLE \"Student\" ADD COLUMN     \"x\" INTEGER;\n"
    );
    let row = project.history().await.pop().unwrap();
    assert_eq!((row.name, row.state), (name, State::Applied));
    assert_eq!(project.value("SELECT count(*) FROM \"Student\"").await.unwrap(), "1");

    // A schema file that has it asks for nothing; one that has it not would take it away again, and says so.
    assert!(project.ready(WITH_X).await.next.is_empty());
    let ready = project.ready(STUDENT).await;
    assert!(ready.undone.contains("[-] Removed column `x`"), "{}", ready.undone);
    assert!(!project.drift(WITH_X).await.is_any());

    // Elsewhere it is a migration like any other.
    let elsewhere = Project::new("adopt_elsewhere");
    for migration in project.folder().migrations() {
        elsewhere.write(&migration.name, &migration.script);
    }
    elsewhere.deploy().await.unwrap();
    assert!(!elsewhere.drift(WITH_X).await.is_any());
}

#[tokio::test]
async fn what_a_push_did_is_adopted_and_dev_goes_on_adding() {
    let project = Project::new("adopt_push");
    project.dev(STUDENT, "init").await.unwrap();
    project.execute("ALTER TABLE \"Student\" ADD COLUMN x int").await;
    let schema = format!("{WITH_X}model Car {{\n  id Int @id\n}}\n");
    let required = project.reset_required(&schema).await;
    project.adopt(&schema, &required).await;
    let ready = project.ready(&schema).await;
    assert_eq!((ready.next.steps, ready.undone.as_str()), (1, ""), "{}", ready.next.script);
}

#[tokio::test]
async fn pending_migrations_run_before_anything_is_adopted() {
    let project = Project::new("adopt_pending");
    project.dev(STUDENT, "init").await.unwrap();
    project.execute("CREATE TABLE by_hand (id int PRIMARY KEY)").await;
    project.write("29990101000000_pending", "ALTER TABLE \"Student\" ADD COLUMN x int;");
    let required = project.reset_required(WITH_X).await;
    let Adopted::Drift { applied, created: Some(name), .. } =
        project.adopt(WITH_X, &required).await
    else {
        panic!("there is drift");
    };
    assert_eq!(applied, ["29990101000000_pending"]);
    assert!(project.folder().find(&name).unwrap().script.contains("CREATE TABLE \"by_hand\""));
    assert_eq!(project.folder().migrations().last().unwrap().name, name);
    assert_eq!(project.ready(WITH_X).await.next.steps, 1, "by_hand is not in the schema file");
}

#[tokio::test]
async fn a_database_that_was_there_before_begins_its_history() {
    let project = Project::new("adopt_baseline");
    project
        .execute("CREATE TABLE \"Student\" (id text PRIMARY KEY, \"fullName\" text NOT NULL)")
        .await;
    let required = project.reset_required(STUDENT).await;
    assert_eq!(required.remedy(), Some(Remedy::AdoptDrift), "there are no migrations yet");
    project.adopt(STUDENT, &required).await;
    assert_eq!(project.history().await.len(), 1);
    assert!(project.ready(STUDENT).await.next.is_empty());

    let colleague = Project::new("adopt_colleague");
    colleague
        .execute("CREATE TABLE \"Student\" (id text PRIMARY KEY, \"fullName\" text NOT NULL)")
        .await;
    for migration in project.folder().migrations() {
        colleague.write(&migration.name, &migration.script);
    }
    let required = colleague.reset_required(STUDENT).await;
    assert_eq!(required.remedy(), Some(Remedy::Baseline), "it is what the migrations make");
    assert!(
        matches!(colleague.adopt(STUDENT, &required).await, Adopted::Recorded(names) if names.len() == 1)
    );
    assert!(colleague.ready(STUDENT).await.next.is_empty());
}

#[tokio::test]
async fn an_edit_that_changes_nothing_is_recorded() {
    let project = Project::new("adopt_edit");
    project.dev(STUDENT, "init").await.unwrap();
    let migration = project.folder().migrations()[0].clone();
    project.write(&migration.name, &format!("-- a remark\n{}", migration.script));
    let required = project.reset_required(STUDENT).await;
    assert_eq!(required.remedy(), Some(Remedy::AcceptEdits));
    assert_eq!(
        project.adopt(STUDENT, &required).await,
        Adopted::Recorded(vec![migration.name.clone()])
    );
    assert!(project.ready(STUDENT).await.next.is_empty());
    assert_eq!(project.history().await[0].checksum, project.folder().migrations()[0].checksum());

    project.write(
        &migration.name,
        &migration.script.replace(
            "\"fullName\" TEXT NOT NULL",
            "\"fullName\" TEXT NOT NULL,\n    \"x\" INTEGER",
        ),
    );
    let required = project.reset_required(WITH_X).await;
    assert_eq!(
        required.remedy(),
        None,
        "it asks for more than the database has: {}",
        required.text()
    );
}

#[tokio::test]
async fn what_another_branch_did_is_adopted_and_its_migrations_are_forgotten() {
    let project = Project::new("adopt_branch");
    project.dev(STUDENT, "init").await.unwrap();
    project.dev(WITH_X, "theirs").await.unwrap();
    let theirs = project.folder().migrations()[1].name.clone();
    project.remove(&theirs);
    let required = project.reset_required(STUDENT).await;
    let Adopted::Drift { created: Some(_), forgotten, .. } =
        project.adopt(STUDENT, &required).await
    else {
        panic!("there is drift");
    };
    assert_eq!(forgotten, [theirs]);
    assert_eq!(project.history().await.len(), 2);
    assert!(project.ready(WITH_X).await.next.is_empty());
}

#[tokio::test]
async fn nothing_is_done_to_a_database_that_has_changed_since_it_was_looked_at() {
    let project = Project::new("adopt_late");
    project.dev(STUDENT, "init").await.unwrap();
    project.execute("ALTER TABLE \"Student\" ADD COLUMN x int").await;
    let required = project.reset_required(STUDENT).await;
    project.execute("ALTER TABLE \"Student\" ADD COLUMN y int").await;
    let titled = ("adopt", std::time::SystemTime::now());
    let schema = crate::testing::analyzed(STUDENT);
    let error = crate::dev::adopt(
        &project.folder(),
        &schema,
        project.databases(),
        &required,
        titled,
        &mut |_| (),
    )
    .await
    .unwrap_err();
    assert!(error.to_string().contains("Nothing was done"), "{error}");
    assert_eq!((project.folder().migrations().len(), project.history().await.len()), (1, 1));
}

#[tokio::test]
async fn an_adoption_that_was_cut_off_before_its_row_is_finished_by_the_next() {
    let project = Project::new("adopt_cut_off");
    project.dev(STUDENT, "init").await.unwrap();
    project.execute("ALTER TABLE \"Student\" ADD COLUMN x int").await;
    let required = project.reset_required(WITH_X).await;
    let Adopted::Drift { created: Some(name), .. } = project.adopt(WITH_X, &required).await else {
        panic!("there is drift");
    };
    // Killed between the migration's folder and its row in the history.
    project
        .execute(&format!("DELETE FROM _prisma_migrations WHERE migration_name = '{name}'"))
        .await;
    let required = project.reset_required(WITH_X).await;
    assert_eq!(required.remedy(), Some(Remedy::Baseline));
    let adopted = project.adopt(WITH_X, &required).await;
    assert_eq!(adopted, Adopted::Recorded(vec![name.clone()]));
    let row = project.history().await.pop().unwrap();
    assert_eq!((row.name, row.state), (name, State::Applied));
    assert_eq!(project.history().await.len(), 2, "what was applied is not recorded twice");
    assert!(project.ready(WITH_X).await.next.is_empty());
}

#[tokio::test]
async fn a_migration_that_got_another_name_is_not_run_again() {
    let project = Project::new("adopt_renamed");
    project.dev(STUDENT, "init").await.unwrap();
    project.dev(WITH_X, "theirs").await.unwrap();
    let theirs = project.folder().migrations()[1].clone();
    project.remove(&theirs.name);
    project.write("29990101000000_ours", &theirs.script);
    let required = project.reset_required(WITH_X).await;
    let Adopted::Drift { created: None, forgotten, .. } = project.adopt(WITH_X, &required).await
    else {
        panic!("the database is at the end");
    };
    assert_eq!(forgotten, [theirs.name]);
    assert_eq!(project.history().await[1].name, "29990101000000_ours");
    assert!(project.ready(WITH_X).await.next.is_empty());
}

/// `ALTER DATABASE … SET` changes how a server prints what it holds, and what constants in scripts mean.
#[tokio::test]
async fn settings_of_the_database_are_no_drift() {
    const SCHEMA: &str = "model T {\n  id Int @id\n  at DateTime? @default(dbgenerated(\"'2020-01-01 00:00:00'::timestamptz\")) @db.Timestamptz\n}\n";
    let script = "CREATE TABLE \"T\" (id int PRIMARY KEY, at timestamptz DEFAULT '2020-01-01 00:00:00'::timestamptz);";
    let project = Project::with("adopt_settings", &[("1_a", script)]);
    let database = project.url().database().to_owned();
    project
        .execute(&format!(
            "ALTER DATABASE \"{database}\" SET timezone TO 'Asia/Tokyo';
             ALTER DATABASE \"{database}\" SET datestyle TO 'SQL, DMY'"
        ))
        .await;
    project.deploy().await.unwrap();
    let drift = project.drift(SCHEMA).await;
    assert_eq!(drift.database.steps, 0, "{drift:?}");

    project.execute("ALTER TABLE \"T\" ADD COLUMN day date DEFAULT '05/04/2020'").await;
    let required = project.reset_required(SCHEMA).await;
    let Adopted::Drift { created: Some(name), .. } = project.adopt(SCHEMA, &required).await else {
        panic!("there is drift");
    };
    let adopted = project.folder().find(&name).unwrap().script.clone();
    assert!(adopted.contains("'2020-04-05"), "the fifth of April everywhere: {adopted}");
    assert_eq!(project.drift(SCHEMA).await.database.steps, 0);
}
