//! A load: as much as asked for, the same however it came to be there.

use std::process::{Command, Stdio};
use std::time::Duration;

use postgres::testing::TestDatabase;
use seed::{Error, Options, Profile, Size};

use super::{
    OUTSIDE_HOURS, block_on, command, content, content_of, database, execute, monday, number, run,
    seeded,
};

fn load(orgs: usize, bookings: usize, trip_points: usize, connections: usize) -> Options {
    let size = Size { orgs, bookings, trip_points, connections: Some(connections) };
    Options { profile: Profile::Load, size, ..monday(1) }
}

fn count(database: &TestDatabase, table: &str) -> i64 {
    number(database, &format!(r#"SELECT count(*) FROM "{table}""#))
}

#[test]
fn a_load_is_as_much_as_asked_for_and_all_of_it_is_counted() {
    let database = database("seed_load");
    let summary = seeded(&database, &load(3, 1_501, 20_003, 2));
    assert_eq!(count(&database, "Org"), 3);
    assert_eq!(count(&database, "Booking"), 1_501);
    assert_eq!(count(&database, "TripPoint"), 20_003);
    let rows: i64 = content_of(&database).values().map(|(rows, _)| rows).sum();
    assert_eq!(i64::try_from(summary.made()).expect("a number of rows"), rows);
    // Every school has its own bookings, in every status, before and after now.
    let schools = r#"
        SELECT count(*) FROM (
            SELECT "orgId" FROM "Booking" GROUP BY "orgId"
            HAVING count(DISTINCT "status") = 9 AND min("startAt") < '2026-09-01' AND max("startAt") > '2026-11-30'
        ) AS schools"#;
    assert_eq!(number(&database, schools), 3);
    assert_eq!(number(&database, OUTSIDE_HOURS), 0);
    let stale = r"
        SELECT count(*) FROM pg_class WHERE relname IN ('Booking', 'TripPoint', 'Org') AND reltuples < 1";
    assert_eq!(number(&database, stale), 0, "the planner knows the tables");
}

#[test]
fn a_second_load_changes_nothing_and_connections_make_no_difference() {
    let databases = [database("seed_load_one"), database("seed_load_two")];
    seeded(&databases[0], &load(2, 800, 30_000, 1));
    let before = content_of(&databases[0]);
    let again = seeded(&databases[0], &Options { now: None, ..load(2, 800, 30_000, 3) });
    assert_eq!((again.made(), again.tables.len()), (0, 0), "{}", again.to_text());
    assert!(again.to_text().ends_with("parts are there, nothing to do\n"), "{}", again.to_text());
    assert_eq!(content_of(&databases[0]), before);
    seeded(&databases[1], &load(2, 800, 30_000, 4));
    assert_eq!(content_of(&databases[1]), before);
    // Other numbers are another load, beside the demo and this one.
    seeded(&databases[0], &load(1, 30, 100, 2));
    seeded(&databases[0], &monday(1));
    assert_eq!(count(&databases[0], "Org"), 4);
}

/// Killed the hard way with some parts written, then run again.
#[test]
fn a_load_that_is_killed_goes_on_where_it_was() {
    let (killed, whole) = (database("seed_load_killed"), database("seed_load_whole"));
    let arguments = [
        "--profile=load",
        "--orgs=2",
        "--bookings=1500",
        "--trip-points=150000",
        "--connections=2",
    ];
    let with_now = [&arguments[..], &["--now=2026-11-23"]].concat();
    block_on(async {
        let watcher = killed.connect().await;
        let mut process = Command::new(env!("CARGO_BIN_EXE_seed"))
            .args(&with_now)
            .env("DATABASE_URL", killed.url().expose())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs");
        let points = r#"SELECT count(*) FROM "TripPoint""#;
        let mut patience = 2_000;
        while watcher.query_one(points, &[]).await.expect("a count").get::<_, i64>(0) < 20_000 {
            patience -= 1;
            assert!(patience > 0, "the load writes no readings");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        process.kill().expect("it was running");
        process.wait().expect("it has ended");
        // What it had begun is rolled back when the server notices.
        let busy = "SELECT count(*) FROM pg_stat_activity \
                    WHERE datname = current_database() AND backend_type = 'client backend' \
                    AND pid <> pg_backend_pid()";
        while watcher.query_one(busy, &[]).await.expect("a count").get::<_, i64>(0) > 0 {
            patience -= 1;
            assert!(patience > 0, "the server keeps the load's connections");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let left = watcher.query_one(points, &[]).await.expect("a count").get::<_, i64>(0);
        assert!((20_000..150_000).contains(&left), "{left} readings were left: killed too late");
    });
    // The now is that of the parts that are there.
    let (code, json, error) =
        command(&killed.url().expose(), &[&arguments[..], &["--format=json"]].concat());
    assert_eq!(code, Some(0), "{error}");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert!(json["parts"]["there"].as_u64() > Some(2), "{json}");
    assert_eq!(json["now"], "2026-11-23T00:00:00Z");
    let (code, _, error) = command(&whole.url().expose(), &with_now);
    assert_eq!(code, Some(0), "{error}");
    block_on(async {
        let [killed, whole] = [killed.connect().await, whole.connect().await];
        assert_eq!(content(&killed).await, content(&whole).await);
    });
}

#[test]
fn rows_that_somebody_deleted_are_made_again_with_their_part() {
    let database = database("seed_load_deleted");
    let options = load(1, 300, 5_000, 2);
    seeded(&database, &options);
    let before = content_of(&database);
    // Bookings by which parts are known, among others: all of them, and with them what belongs to them.
    execute(&database, r#"DELETE FROM "Payout"; DELETE FROM "Booking""#);
    execute(&database, r#"DELETE FROM "AuditLog" WHERE "entityType" = 'Booking' AND "id" < '8'"#);
    seeded(&database, &options);
    assert_eq!(content_of(&database), before);
}

#[test]
fn a_size_that_cannot_be_and_another_now_are_refused() {
    let database = database("seed_load_refused");
    let error = block_on(run(&database, &load(1, 100, 1_000_000, 1))).expect_err("no time for it");
    assert!(matches!(&error, Error::Size(why) if why.contains("take --bookings ")), "{error}");
    assert!(matches!(block_on(run(&database, &load(0, 1, 0, 1))), Err(Error::Size(_))));
    assert!(content_of(&database).values().all(|(rows, _)| *rows == 0));
    seeded(&database, &load(1, 5, 0, 1));
    let tuesday = Some("2026-11-24T00:00:00Z".parse().expect("a time"));
    let error = block_on(run(&database, &Options { now: tuesday, ..load(1, 5, 0, 1) }));
    assert!(matches!(error, Err(Error::OtherNow { .. })));
}

/// Lines instead of a bar where nobody looks; they say how far it is, how fast and how long it takes.
#[test]
fn progress_is_told_in_lines_where_there_is_no_terminal() {
    let database = database("seed_load_lines");
    let arguments = ["--profile=load", "--orgs=1", "--bookings=100", "--trip-points=1000"];
    let (code, table, lines) = command(&database.url().expose(), &arguments);
    assert_eq!(code, Some(0), "{lines}");
    let first = lines.lines().next().unwrap_or_default();
    for word in [" %  ", " rows  ", " a second  ", " left"] {
        assert!(first.contains(word), "{lines}");
    }
    assert!(!lines.contains('\x1b'), "{lines:?}");
    assert!(table.contains("TripPoint"), "{table}");
}
