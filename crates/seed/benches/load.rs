//! How fast a load is written, and with how much memory, beside `psql \copy` of the same rows.
//!
//! ```text
//! cargo bench -p seed --bench load                        five million trip points
//! cargo bench -p seed --bench load -- 1000000             fewer
//! cargo bench -p seed --bench load -- 1000000 3           both three times, by turns: the best of each counts
//! ```
//!
//! Both write into the schema as the migrations make it, with all its indexes and foreign keys, on one server of its own
//! that writes to the disk as a server in use does. psql reads files of `COPY … (FORMAT binary)`, a table after the other.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use client::PrismaClient;
use postgres::database::{create_database, drop_database};
use postgres::testing::{OwnServer, migrations, program};
use postgres::{Connection, ConnectionUrl};
use seed::{Options, Profile, Size};

/// One point in how many belongs to another booking.
const POINTS_OF_A_BOOKING: usize = 50;

/// Tables with rows, those that others refer to first.
const TABLES: &str = "WITH RECURSIVE referring AS (
    SELECT DISTINCT conrelid AS child, confrelid AS parent FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid
), depth AS (
    SELECT oid AS relation, 0 AS level FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    UNION
    SELECT child, level + 1 FROM depth JOIN referring ON parent = relation
)
SELECT relation::regclass::text FROM depth
GROUP BY relation ORDER BY max(level), 1";

fn main() {
    let mut numbers =
        std::env::args().skip(1).filter_map(|argument| argument.parse::<usize>().ok());
    let points = numbers.next().unwrap_or(5_000_000);
    let turns = numbers.next().unwrap_or(1).max(1);
    let programs = program("postgres").expect("the tests' server has programs");
    let psql = program("psql").expect("psql is the peer");
    let programs = programs.parent().expect("they are in a folder");
    let settings = [
        "fsync=on",
        "synchronous_commit=on",
        "full_page_writes=on",
        "shared_buffers=512MB",
        "max_wal_size=8GB",
        "checkpoint_timeout=15min",
    ];
    let server = OwnServer::start(programs, &settings, "local all all trust\n", &[]);
    let url = server.url("load");
    let files = server.socket_folder().join("copied");
    std::fs::create_dir(&files).expect("a folder for the files");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let (mut ours, mut theirs) = (Duration::MAX, Duration::MAX);
        for turn in 1..=turns {
            let took = load(&url, points).await;
            println!("load {turn}: {}", shown(took, points));
            ours = ours.min(took);
            let took = copy(&url, &psql, &files).await;
            println!("psql \\copy {turn}: {}", shown(took, points));
            theirs = theirs.min(took);
        }
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
        println!("\nagainst psql: {ratio:.2} times as long (at most 1.3)");
        match peak() {
            Some(kilobytes) => println!("most memory: {kilobytes} kB (less than 102400)"),
            None => println!("most memory: not known here"),
        }
    });
}

/// Writes a load into a database made anew.
async fn load(url: &ConnectionUrl, points: usize) -> Duration {
    fresh(url).await;
    let client = PrismaClient::_builder().with_url(url.expose()).build().await.expect("a client");
    let bookings = (points / POINTS_OF_A_BOOKING).max(1);
    let size = Size { bookings, trip_points: points, ..Size::default() };
    let options = Options { profile: Profile::Load, size, ..Options::default() };
    let begin = Instant::now();
    seed::seed(&client, &options).await.expect("it is written");
    begin.elapsed()
}

/// Writes the same rows into a database made anew, from files of the one that is there.
async fn copy(url: &ConnectionUrl, psql: &Path, files: &Path) -> Duration {
    let connection = postgres::connect(url).await.expect("the load is there");
    let rows = connection.query(TABLES, &[]).await.expect("its tables");
    let tables: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let counts = count(&connection, &tables).await;
    connection.close().await;
    let script = |way: &str| {
        let lines = tables.iter().enumerate().map(|(number, table)| {
            let file = files.join(number.to_string());
            format!("\\copy {table} {way} '{}' (FORMAT binary)\n", file.display())
        });
        lines.collect::<String>()
    };
    run(url, psql, &files.join("out.sql"), &script("TO"));
    fresh(url).await;
    let begin = Instant::now();
    run(url, psql, &files.join("in.sql"), &script("FROM"));
    let took = begin.elapsed();
    let connection = postgres::connect(url).await.expect("the copy is there");
    assert_eq!(count(&connection, &tables).await, counts, "the same rows");
    connection.close().await;
    took
}

async fn count(connection: &Connection, tables: &[String]) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in tables {
        let sql = format!("SELECT count(*) FROM {table}");
        counts.push(connection.query_one(&sql, &[]).await.expect("it can be counted").get(0));
    }
    counts
}

/// An empty database with the schema.
async fn fresh(url: &ConnectionUrl) {
    let _ = drop_database(url).await;
    create_database(url).await.expect("a database");
    let connection = postgres::connect(url).await.expect("it is there");
    connection.batch_execute(&migrations()).await.expect("the migrations apply");
    connection.batch_execute("CHECKPOINT").await.expect("it is the superuser");
    connection.close().await;
}

fn run(url: &ConnectionUrl, psql: &Path, file: &PathBuf, script: &str) {
    std::fs::write(file, script).expect("a script");
    let mut command = std::process::Command::new(psql);
    command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f"]).arg(file).arg("-d");
    let url = url.expose();
    // What is Prisma's own in a URL is none of libpq's.
    let status = command.arg(url.split("&schema=").next().unwrap_or(&url)).status();
    assert!(status.expect("psql runs").success(), "{script}");
}

fn shown(took: Duration, points: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = points as f64 / took.as_secs_f64();
    format!("{:.1} s, {rate:.0} trip points/s", took.as_secs_f64())
}

/// The most memory that this process had, in kilobytes.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
