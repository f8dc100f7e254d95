//! What is seeded in a real database: whole, repeatable, and all or nothing. The demo is here, the others beside it.

mod load;
mod profiles;

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::Duration;

use client::PrismaClient;
use postgres::Connection;
use postgres::testing::{TestDatabase, block_on, migrations};
use seed::{Options, Summary};

/// A database with DriveFlow's tables.
fn database(label: &str) -> TestDatabase {
    TestDatabase::from_sql(label, &migrations())
}

fn options(seed: u64, now: &str) -> Options {
    Options { seed, now: Some(now.parse().expect("a time")), ..Options::default() }
}

fn monday(seed: u64) -> Options {
    options(seed, "2026-11-23T00:00:00Z")
}

async fn run(database: &TestDatabase, options: &Options) -> Result<Summary, seed::Error> {
    let client =
        PrismaClient::_builder().with_url(database.url().expose()).build().await.expect("a client");
    seed::seed(&client, options).await
}

fn seeded(database: &TestDatabase, options: &Options) -> Summary {
    block_on(run(database, options)).expect("the demo school is seeded")
}

/// Every table with the number of its rows and a digest of all of them.
async fn content(connection: &Connection) -> BTreeMap<String, (i64, String)> {
    let tables = connection
        .query("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'", &[])
        .await;
    let mut content = BTreeMap::new();
    for table in tables.expect("tables") {
        let table: String = table.get(0);
        let digest = format!(
            "SELECT count(*), coalesce(md5(string_agg(row::text, '|' ORDER BY row::text)), '') FROM \"{table}\" AS row"
        );
        let row = connection.query_one(&digest, &[]).await.expect("a digest");
        content.insert(table, (row.get(0), row.get(1)));
    }
    content
}

fn content_of(database: &TestDatabase) -> BTreeMap<String, (i64, String)> {
    block_on(async { content(&database.connect().await).await })
}

/// The one value of a query.
fn number(database: &TestDatabase, sql: &str) -> i64 {
    block_on(async { database.connect().await.query_one(sql, &[]).await.expect("a number").get(0) })
}

fn execute(database: &TestDatabase, sql: &str) {
    block_on(async {
        database.connect().await.batch_execute(sql).await.expect("the statement runs");
    });
}

#[test]
fn a_second_run_changes_nothing() {
    let database = database("seed_twice");
    let first = seeded(&database, &monday(1));
    let before = content_of(&database);
    let rows: i64 = before.values().map(|(rows, _)| rows).sum();
    assert_eq!(i64::try_from(first.made()).expect("a number of rows"), rows);
    let second = seeded(&database, &Options { now: None, ..monday(1) });
    assert_eq!(second.made(), 0, "{}", second.to_text());
    assert_eq!(second.now, first.now);
    assert_eq!(content_of(&database), before);
}

#[test]
fn equal_seeds_are_equal_in_two_databases_and_others_are_not() {
    let databases = [database("seed_one"), database("seed_two"), database("seed_three")];
    seeded(&databases[0], &monday(7));
    seeded(&databases[1], &monday(7));
    seeded(&databases[2], &monday(8));
    let [one, two, three] = databases.each_ref().map(content_of);
    assert_eq!(one, two);
    let differ = |table: &str| assert_ne!(one[table].1, three[table].1, "{table}");
    ["Org", "User", "Student", "Booking", "TripPoint", "Message"].into_iter().for_each(differ);
}

#[test]
fn what_somebody_changed_stays_and_what_is_missing_comes_back() {
    let database = database("seed_edited");
    seeded(&database, &monday(1));
    execute(
        &database,
        r#"UPDATE "Org" SET "name" = 'Ours';
           DELETE FROM "Booking" WHERE "id" = (SELECT "id" FROM "Booking" WHERE "status" = 'completed' ORDER BY "id" LIMIT 1)"#,
    );
    let again = seeded(&database, &monday(1));
    let made: Vec<(&str, usize)> = again
        .tables
        .iter()
        .filter(|table| table.made > 0)
        .map(|table| (table.model, table.made))
        .collect();
    assert!(made.contains(&("Booking", 1)) && made.contains(&("Lesson", 1)), "{made:?}");
    assert!(made.iter().any(|(model, points)| *model == "TripPoint" && *points > 100), "{made:?}");
    assert_eq!(number(&database, r#"SELECT count(*) FROM "Org" WHERE "name" = 'Ours'"#), 1);
}

#[test]
fn an_account_that_is_there_is_used() {
    let database = database("seed_account");
    execute(
        &database,
        r#"INSERT INTO "User" ("id", "email", "fullName", "updatedAt") VALUES ('mine', 'owner@demo.com', 'Me', now())"#,
    );
    seeded(&database, &monday(1));
    let owns = r#"SELECT count(*) FROM "UserOrg" WHERE "userId" = 'mine' AND "role" = 'owner'"#;
    assert_eq!(number(&database, owns), 1);
    assert_eq!(number(&database, r#"SELECT count(*) FROM "User""#), 4);
}

#[test]
fn another_now_for_data_that_is_there_is_refused() {
    let database = database("seed_now");
    seeded(&database, &monday(1));
    let before = content_of(&database);
    let error = block_on(run(&database, &options(1, "2026-12-01T00:00:00Z")))
        .expect_err("the data is of another day");
    assert!(
        error.to_string().starts_with("this data is already there, made for 2026-11-23T00:00:00Z"),
        "{error}"
    );
    assert_eq!(content_of(&database), before);
}

#[test]
fn a_failure_at_the_last_table_leaves_nothing() {
    let database = database("seed_failure");
    execute(
        &database,
        r#"ALTER TABLE "AuditLog" ADD CONSTRAINT "never" CHECK ("action" <> 'created')"#,
    );
    let error = block_on(run(&database, &monday(1))).expect_err("the log is refused");
    assert!(error.to_string().starts_with("could not write the rows of AuditLog: "), "{error}");
    assert!(content_of(&database).values().all(|(rows, _)| *rows == 0));
}

/// The process is stopped, politely and the hard way, while it waits, with most tables written, for a lock on one of
/// the last.
#[test]
fn a_full_stop_leaves_nothing() {
    for signal in ["-INT", "-KILL"] {
        let database = database("seed_stop");
        block_on(stop_while_it_waits(&database, signal));
    }
}

async fn stop_while_it_waits(database: &TestDatabase, signal: &str) {
    let (holder, watcher) = (database.connect().await, database.connect().await);
    holder
        .batch_execute(r#"BEGIN; LOCK TABLE "Message" IN ACCESS EXCLUSIVE MODE"#)
        .await
        .expect("a lock");
    let process = Command::new(env!("CARGO_BIN_EXE_seed"))
        .env("DATABASE_URL", database.url().expose())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let waits = "SELECT count(*) FROM pg_stat_activity \
                 WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let mut patience = 300;
    while watcher.query_one(waits, &[]).await.expect("a count").get::<_, i64>(0) == 0 {
        patience -= 1;
        assert!(patience > 0, "the seed never came to the lock");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let sent = Command::new("kill").args([signal, &process.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
    let output = process.wait_with_output().expect("it has ended");
    if signal == "-INT" {
        assert_eq!(output.status.code(), Some(130));
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(told.contains("what was not finished is rolled back"), "{told}");
    }
    holder.batch_execute("ROLLBACK").await.expect("the lock is given back");
    // The server notices that nobody is there when the statement that waited is done.
    let others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> ALL ($1)";
    let pids = [pid(&holder).await, pid(&watcher).await];
    while watcher.query_one(others, &[&pids.as_slice()]).await.expect("a count").get::<_, i64>(0)
        > 0
    {
        patience -= 1;
        assert!(patience > 0, "the server keeps the seed's connection");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(content(&watcher).await.values().all(|(rows, _)| *rows == 0));
}

async fn pid(connection: &Connection) -> i32 {
    connection.query_one("SELECT pg_backend_pid()", &[]).await.expect("a pid").get(0)
}

#[test]
fn the_school_is_as_described() {
    let database = database("seed_school");
    seeded(&database, &monday(1));
    let untrue = block_on(async {
        let rows = database
            .connect()
            .await
            .query(include_str!("as_described.sql"), &[])
            .await
            .expect("facts");
        rows.iter().map(|row| row.get(0)).collect::<Vec<String>>()
    });
    assert_eq!(untrue, Vec::<String>::new());
}

/// How many lessons are not in the working hours of Sydney.
const OUTSIDE_HOURS: &str = r#"
    SELECT count(*) FILTER (WHERE
        extract(isodow FROM "start") > 5 OR "start"::time < '9:00' OR "end"::time > '17:00'
        OR ("start"::time < '13:00' AND "end"::time > '12:30')
    )
    FROM (
        SELECT
            "startAt" AT TIME ZONE 'UTC' AT TIME ZONE 'Australia/Sydney' AS "start",
            "endAt" AT TIME ZONE 'UTC' AT TIME ZONE 'Australia/Sydney' AS "end"
        FROM "Booking"
    ) AS lessons"#;

/// PostgreSQL has the whole zone database: it says whether our Sydney is the real one, across both changes of the clock.
#[test]
fn lessons_are_in_working_hours_of_sydney() {
    for now in ["2026-04-07T00:00:00Z", "2026-10-06T00:00:00Z"] {
        let database = database("seed_zone");
        seeded(&database, &options(1, now));
        assert_eq!(number(&database, OUTSIDE_HOURS), 0);
        let hours = r#"
            SELECT count(DISTINCT ("startAt" AT TIME ZONE 'UTC' AT TIME ZONE 'Australia/Sydney') - "startAt") FROM "Booking""#;
        assert_eq!(number(&database, hours), 2, "the clock changes within these weeks");
    }
}

fn command(url: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_seed")).args(arguments).env("DATABASE_URL", url).output();
    let output = output.expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_command_tells_what_it_made() {
    let database = database("seed_command");
    let url = database.url().expose();
    let (code, json, _) =
        command(&url, &["--seed", "3", "--now", "2026-11-23", "--format", "json"]);
    assert_eq!(code, Some(0));
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&json["profile"], &json["seed"]), (&"demo".into(), &3.into()));
    assert_eq!(json["now"], "2026-11-23T00:00:00Z");
    assert!(json["tables"].as_array().is_some_and(|tables| tables.len() > 20), "{json}");
    let (code, text, _) = command(&url, &["--seed", "3"]);
    assert_eq!(code, Some(0));
    assert!(text.ends_with("rows are there, nothing to do\n"), "{text}");
}

#[test]
fn the_command_tells_what_is_wrong_and_no_password() {
    let (code, _, error) = command("postgresql://u:secret@127.0.0.1:1/d", &[]);
    assert_eq!(code, Some(1));
    assert!(
        error.starts_with("Error: P1001\n\nCan't reach database server at `127.0.0.1:1`"),
        "{error}"
    );
    assert!(!error.contains("secret"), "{error}");

    let empty = TestDatabase::empty("seed_empty");
    let (code, _, error) = command(&empty.url().expose(), &[]);
    assert_eq!(code, Some(1));
    assert!(
        error.starts_with("Error: P2021\n\n") && error.contains("cargo xtask migrate deploy"),
        "{error}"
    );

    let (code, _, error) = command("postgresql://u:secret@127.0.0.1:1/d", &["--profile", "prod"]);
    assert_eq!(code, Some(1));
    assert!(error.contains("there is no profile `prod`; there are: demo, minimal"), "{error}");
}

#[test]
fn help_names_the_command_that_people_type() {
    let (code, help, _) = command("", &["--help"]);
    assert_eq!(code, Some(0));
    assert!(help.contains("Usage: cargo xtask seed [OPTIONS]"), "{help}");
    assert!(help.contains("cargo xtask seed --profile load --orgs 20"), "{help}");
}

/// What is named as an argument counts before what the environment says.
#[test]
fn the_named_database_is_the_one_that_is_tried() {
    let named = "--database-url=postgresql://u:p@127.0.0.1:2/named";
    let (code, _, error) = command("postgresql://u:p@127.0.0.1:1/environment", &[named]);
    assert_eq!(code, Some(1));
    assert!(error.contains("`127.0.0.1:2`"), "{error}");
}
