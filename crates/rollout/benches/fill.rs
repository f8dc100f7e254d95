//! How fast a large table is filled, and with how much memory: by `backfill run`'s engine, with one worker and with two, by the
//! guide's DO block, and by a bare loop of keyset UPDATEs in SQL.
//!
//! ```text
//! cargo bench -p rollout --bench fill                    five million rows
//! cargo bench -p rollout --bench fill -- 1000000         fewer
//! cargo bench -p rollout --bench fill -- 1000000 3       the engine and the loop three times each, by turns
//! ```
//!
//! The block is stopped once it has taken seven times as long as the engine: by then it is told by how much it is slower at
//! least.
//!
//! All on one server of its own that writes to the disk as a server in use does (`fsync`, commits that wait for it where
//! nobody says otherwise), each on a table made anew and vacuumed, with text ids as Prisma's `uuid()` makes them.

use std::time::{Duration, Instant};

use postgres::testing::{OwnServer, program};
use postgres::{Connection, ConnectionUrl};
use rollout::backfill::{self, Backfill, Ended, Event, Options, Part, Work};
use rollout::{Fill, TableName};

/// The rows of a batch, in the guide's block and in the loop.
const BATCH: u32 = 10_000;

/// After how many times as long as the engine took the guide's block is stopped.
const PATIENCE: u32 = 7;

/// The guide's block, word for word.
const GUIDE: &str = r#"DO $$
DECLARE
    batch_size INTEGER := 10000;
    total_rows INTEGER;
    current_offset INTEGER := 0;
BEGIN
    SELECT COUNT(*) INTO total_rows FROM "TripPoint";

    WHILE current_offset < total_rows LOOP
        UPDATE "TripPoint"
        SET "processed_at" = NOW()
        WHERE "id" IN (
            SELECT "id"
            FROM "TripPoint"
            WHERE "processed_at" IS NULL
            LIMIT batch_size
        );

        current_offset := current_offset + batch_size;
        RAISE NOTICE 'Processed % of % rows', current_offset, total_rows;

        -- Allow other operations to proceed
        PERFORM pg_sleep(0.1);
    END LOOP;
END $$;"#;

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse::<u64>().ok());
    let rows = numbers.next().unwrap_or(5_000_000);
    let turns = numbers.next().unwrap_or(1).max(1);
    let programs = program("postgres").expect("the tests' server has programs");
    let programs = programs.parent().expect("they are in a folder");
    let settings = [
        "fsync=on",
        "synchronous_commit=on",
        "full_page_writes=on",
        "shared_buffers=512MB",
        "max_wal_size=4GB",
        "checkpoint_timeout=15min",
        "autovacuum=off",
    ];
    let server = OwnServer::start(programs, &settings, "local all all trust\n", &[]);
    let url = server.url("postgres");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(measure(&url, rows, turns));
}

async fn measure(url: &ConnectionUrl, rows: u64, turns: u64) {
    let connection = postgres::connect(url).await.expect("the server is there");
    let (mut ours, mut both, mut bare) = (Duration::MAX, Duration::MAX, Duration::MAX);
    for turn in 1..=turns {
        for (workers, least) in [(1, &mut ours), (2, &mut both)] {
            make(&connection, rows).await;
            let begin = Instant::now();
            engine(url, workers).await;
            let took = begin.elapsed();
            check(&connection).await;
            println!("engine {turn}, workers {workers}: {}", shown(took, rows));
            *least = took.min(*least);
        }

        make(&connection, rows).await;
        connection.batch_execute(&procedure()).await.expect("it can be made");
        let begin = Instant::now();
        connection.batch_execute("CALL fill_bare()").await.expect("it fills");
        let took = begin.elapsed();
        check(&connection).await;
        println!("bare loop {turn}: {}", shown(took, rows));
        bare = bare.min(took);
    }
    make(&connection, rows).await;
    let guide = guide(&connection, ours * PATIENCE).await;
    let ratio = |other: Duration| other.as_secs_f64() / ours.as_secs_f64();
    match guide {
        Some(took) => {
            println!("the guide's block: {}", shown(took, rows));
            let by_both = took.as_secs_f64() / both.as_secs_f64();
            println!(
                "\nagainst the guide's block: {:.1} times as fast, {by_both:.1} by two workers (at least 3)",
                ratio(took)
            );
        }
        None => println!(
            "the guide's block: not done after {:.1} s, stopped\n\n\
             against the guide's block: more than {PATIENCE} times as fast (at least 3)",
            (ours * PATIENCE).as_secs_f64()
        ),
    }
    println!("against the bare loop: {:.2} of its throughput (at least 0.9)", ratio(bare));
    match peak() {
        Some(kilobytes) => println!("most memory: {kilobytes} kB (less than 51200)"),
        None => println!("most memory: not known here"),
    }
}

/// The table, as it is before.
async fn make(connection: &Connection, rows: u64) {
    let sql = format!(
        "DROP TABLE IF EXISTS \"TripPoint\";
         DROP SCHEMA IF EXISTS _driveflow CASCADE;
         CREATE TABLE \"TripPoint\" (\"id\" text PRIMARY KEY, \"tripId\" text NOT NULL, \"lat\" float8 NOT NULL,
             \"lng\" float8 NOT NULL, \"recordedAt\" timestamp(3) NOT NULL, \"processed_at\" timestamp(3));
         INSERT INTO \"TripPoint\"
         SELECT gen_random_uuid()::text, md5((i / 1000)::text), 52 + i * 1e-7, 13 + i * 1e-7,
             timestamp '2026-01-01' + i * interval '1 s', NULL
         FROM generate_series(1, {rows}) i"
    );
    connection.batch_execute(&sql).await.expect("the table can be made");
    connection.batch_execute("VACUUM ANALYZE \"TripPoint\"").await.expect("it can be vacuumed");
    connection.batch_execute("CHECKPOINT").await.expect("it is the superuser");
}

async fn engine(url: &ConnectionUrl, workers: u64) {
    let table = TableName { schema: "public".to_owned(), name: "TripPoint".to_owned() };
    let fill = Fill {
        table,
        set: vec![("processed_at".to_owned(), "now()".to_owned())],
        pending: "t.\"processed_at\" IS NULL".to_owned(),
    };
    let backfill = Backfill {
        migration: "20260101000000_processed".to_owned(),
        parts: vec![Part { work: Work::Fill(fill) }],
    };
    let (_stopper, stop) = backfill::stop();
    let (mut batches, mut smaller) = (0_u32, 0_u32);
    let mut tell = |event: Event<'_>| match event {
        Event::Batch(_) => batches += 1,
        Event::Smaller { .. } => smaller += 1,
        _ => {}
    };
    let options = Options::default();
    let ran = backfill::run_by(workers, url, &[backfill], &options, stop, &mut tell).await;
    assert_eq!(ran.expect("it fills"), Ended::Done);
    println!("{batches} batches, {smaller} of them tried again smaller");
}

/// How long the guide's block takes; nothing where it is not done by then.
async fn guide(connection: &Connection, limit: Duration) -> Option<Duration> {
    let limit = format!("SET statement_timeout = {}", limit.as_millis());
    connection.batch_execute(&limit).await.expect("it can be set");
    let begin = Instant::now();
    let done = connection.batch_execute(GUIDE).await;
    let took = begin.elapsed();
    connection.batch_execute("RESET statement_timeout").await.expect("it can be set");
    match done {
        Ok(()) => {
            check(connection).await;
            Some(took)
        }
        Err(error) => {
            let is_stopped = error.db().is_some_and(|db| db.code().code() == "57014");
            assert!(is_stopped, "it fills: {error}");
            None
        }
    }
}

/// The loop that somebody would write who knows of keysets: a batch, a commit, the next.
fn procedure() -> String {
    format!(
        "CREATE OR REPLACE PROCEDURE fill_bare() LANGUAGE plpgsql AS $$
         DECLARE
             last text := '';
             upto text;
         BEGIN
             LOOP
                 SELECT max(id) INTO upto FROM (
                     SELECT id FROM \"TripPoint\" WHERE id > last ORDER BY id LIMIT {BATCH}
                 ) AS batch;
                 EXIT WHEN upto IS NULL;
                 UPDATE \"TripPoint\" SET \"processed_at\" = now()
                 WHERE id > last AND id <= upto AND \"processed_at\" IS NULL;
                 COMMIT;
                 last := upto;
             END LOOP;
         END $$"
    )
}

async fn check(connection: &Connection) {
    let sql = "SELECT count(*) FROM \"TripPoint\" WHERE \"processed_at\" IS NULL";
    let left: i64 = connection.query_one(sql, &[]).await.expect("it can be counted").get(0);
    assert_eq!(left, 0, "every row is filled");
}

fn shown(took: Duration, rows: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let rate = rows as f64 / took.as_secs_f64();
    format!("{:.1} s, {rate:.0} rows a second", took.as_secs_f64())
}

/// The most memory that this process has had, in kB.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
