//! A database that somebody changed by hand, as a person meets it: told, adopted, and nothing lost.

use postgres::testing::{TestDatabase, block_on};

use crate::sandbox::{Run, STUDENTS, Sandbox};

/// A project whose database has a column more than its migrations make.
fn drifted(label: &str) -> (Sandbox, TestDatabase) {
    let database = TestDatabase::empty(label);
    let sandbox = Sandbox::new(STUDENTS);
    sandbox.run_on(&database.url().expose(), &["migrate", "dev", "--name", "init"]).success();
    execute(&database, "ALTER TABLE \"Student\" ADD COLUMN nickname text");
    execute(&database, "INSERT INTO \"Student\" VALUES (1, 'Ada', 'A')");
    (sandbox, database)
}

fn execute(database: &TestDatabase, sql: &str) {
    block_on(async {
        database.connect().await.batch_execute(sql).await.expect("the statement is right");
    });
}

fn nickname(database: &TestDatabase) -> Option<String> {
    block_on(async {
        let connection = database.connect().await;
        let row = connection.query_one("SELECT max(nickname) FROM \"Student\"", &[]).await;
        row.expect("the column is there").get(0)
    })
}

#[track_caller]
fn refused(run: Run) -> Run {
    assert_eq!(run.code, Some(130), "{run:#?}");
    run
}

#[test]
fn drift_is_told_with_an_exit_status_and_as_json() {
    let (sandbox, database) = drifted("drift_status");
    let url = database.url().expose();
    let status = sandbox.run_on(&url, &["migrate", "status"]).success();
    assert!(!status.stdout.contains("Drift"), "nobody asked: {status:#?}");
    let status = sandbox.run_on(&url, &["migrate", "status", "--drift"]).failure();
    assert!(
        status.stdout.contains("Drift detected") && status.stdout.contains("nickname"),
        "{status:#?}"
    );
    let status =
        sandbox.run_on(&url, &["migrate", "status", "--drift", "--format", "json"]).failure();
    let told: serde_json::Value =
        serde_json::from_str(&status.stdout).expect("JSON and nothing else");
    assert_eq!(told["drift"]["migrationsToDatabase"]["steps"], 1, "{told:#}");
    assert_eq!(told["upToDate"], false, "as the exit status says: {told:#}");
    assert_eq!(told["missing"], serde_json::json!([]), "{told:#}");
}

#[test]
fn without_a_person_or_a_flag_nothing_is_done() {
    let (sandbox, database) = drifted("drift_refused");
    let url = database.url().expose();
    let dev = refused(sandbox.run_on(&url, &["migrate", "dev", "--name", "x"]));
    assert!(dev.stdout.contains("cargo xtask migrate dev --adopt --name NAME"), "{dev:#?}");
    assert_eq!(sandbox.list("prisma/migrations").len(), 2, "a migration and the lock file");
    assert_eq!(nickname(&database).as_deref(), Some("A"));
}

#[test]
fn the_flag_adopts_and_stops_before_what_was_adopted_is_dropped() {
    let (sandbox, database) = drifted("drift_flag");
    let url = database.url().expose();
    let dev = refused(sandbox.run_on(&url, &["migrate", "dev", "--adopt", "--name", "adopted"]));
    assert!(
        dev.stdout.contains("_adopted/") && dev.stderr.contains("cargo xtask db pull"),
        "{dev:#?}"
    );
    assert_eq!(nickname(&database).as_deref(), Some("A"));
    assert_eq!(sandbox.list("prisma/migrations").len(), 3);

    sandbox.write(
        "prisma/schema.prisma",
        STUDENTS.replace("name String", "name String\n  nickname String?"),
    );
    let dev = sandbox.run_on(&url, &["migrate", "dev"]).success();
    assert!(dev.stdout.contains("Already in sync"), "{dev:#?}");
    sandbox.run_on(&url, &["migrate", "status", "--drift"]).success();
}

#[test]
fn a_person_is_asked_whether_to_adopt() {
    let (sandbox, database) = drifted("drift_asked");
    let url = database.url().expose();
    sandbox.write(
        "prisma/schema.prisma",
        STUDENTS.replace("name String", "name String\n  nickname String?"),
    );
    let mut dev = sandbox.at_terminal(&url, &["migrate", "dev"]);
    dev.sees("Drift detected").sees("Adopt the differences as a migration?").types("n");
    let (code, seen) = dev.ends();
    assert_eq!(code, Some(130), "{seen}");
    assert_eq!(sandbox.list("prisma/migrations").len(), 2, "{seen}");

    let mut dev = sandbox.at_terminal(&url, &["migrate", "dev"]);
    dev.sees("Adopt the differences as a migration?").types("y");
    dev.sees("Enter a name").types("by hand\n");
    let (code, seen) = dev.ends();
    assert_eq!(code, Some(0), "{seen}");
    assert!(seen.contains("_by_hand/") && seen.contains("Already in sync"), "{seen}");
    assert_eq!(nickname(&database).as_deref(), Some("A"));
}
