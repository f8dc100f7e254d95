//! What a fill leaves of the server for others: standbys that follow, and room in the log.

use std::time::{Duration, Instant};

use postgres::testing::{OwnServer, SecondServer, program};

use super::*;
use crate::backfill::{Limits, Waits};

const ROWS: i64 = 30_000;
const COUNT: &str = "SELECT count(*) FROM item WHERE cents = 2 * price";

async fn items(connection: &Connection) {
    let sql = format!(
        "CREATE TABLE item (id int PRIMARY KEY, price int NOT NULL, cents int);\
         INSERT INTO item SELECT i, i FROM generate_series(1, {ROWS}) i; ANALYZE item"
    );
    connection.batch_execute(&sql).await.unwrap();
}

#[tokio::test]
async fn a_standby_that_is_behind_is_waited_for() {
    let postgres = program("postgres").expect("PostgreSQL is there: every test here needs it");
    let programs = postgres.parent().unwrap();
    let entry = "local all all trust\nlocal replication all trust\n";
    let server = OwnServer::start(programs, &["wal_level=replica"], entry, &[]);
    let mut standby = SecondServer::following(&server, programs);
    // It never replays anything sooner, so that whoever writes for longer finds it behind.
    standby.start(&["recovery_min_apply_delay=2s", "wal_receiver_status_interval=1s"]).await;
    let url = server.url("postgres");
    let connection = postgres::connect(&url).await.unwrap();
    items(&connection).await;
    let limits = Limits {
        max_rate: Some(10_000),
        max_lag: Some(Duration::from_secs(1)),
        ..Limits::default()
    };
    let mut behind = Vec::new();
    let mut tell = |event: Event<'_>| {
        if let Event::Waits(Waits::Lag(lag)) = event {
            behind.push(lag);
        }
    };
    let options = Options { limits, ..Options::default() };
    let backfill = fill("item", "cents", "t.price * 2");
    let ran = run_with(&url, &backfill, &options, &mut tell).await;
    assert_eq!(ran.unwrap(), Ended::Done);
    assert_eq!(value(&connection, COUNT).await, ROWS.to_string());
    assert!(!behind.is_empty() && behind.iter().all(|lag| *lag >= Duration::from_secs(1)));
}

#[tokio::test]
async fn no_more_is_written_to_the_log_than_is_allowed() {
    const MOST: u64 = 2 << 20;
    // What others write counts too: so it has a server to itself.
    let postgres = program("postgres").expect("PostgreSQL is there: every test here needs it");
    let programs = postgres.parent().unwrap();
    let server = OwnServer::start(programs, &["autovacuum=off"], "local all all trust\n", &[]);
    let url = server.url("postgres");
    let connection = postgres::connect(&url).await.unwrap();
    items(&connection).await;
    let limits = Limits { max_wal_rate: Some(MOST), ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let backfill = fill("item", "cents", "t.price * 2");
    let begin = Instant::now();
    let ran = run_with(&url, &backfill, &options, &mut |_| ()).await;
    let took = begin.elapsed();
    assert_eq!(ran.unwrap(), Ended::Done);
    assert_eq!(value(&connection, COUNT).await, ROWS.to_string());
    // An update writes more than a hundred bytes of log: 30,000 of them, more than three million.
    assert!(took >= Duration::from_millis(1200), "{took:?}");
}
