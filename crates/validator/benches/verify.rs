//! How long all rules take on a large database, beside the sum of their bare queries.
//!
//! ```text
//! cargo bench -p validator --bench verify                       a million bookings, ten million trip points
//! cargo bench -p validator --bench verify -- 100000 1000000     fewer
//! ```
//!
//! On a server of its own, with a load of the seed and fresh statistics. Both times it is the second run that counts, and the bare
//! queries have the same memory for sorts and hashes.

use std::time::{Duration, Instant};

use client::PrismaClient;
use postgres::ConnectionUrl;
use postgres::testing::{OwnServer, migrations, program};
use seed::{Profile, Size};
use validator::{Options, Report};

fn main() {
    let mut numbers =
        std::env::args().skip(1).filter_map(|argument| argument.parse::<usize>().ok());
    let bookings = numbers.next().unwrap_or(1_000_000);
    let trip_points = numbers.next().unwrap_or(10 * bookings);
    let programs = program("postgres").expect("the tests' server has programs");
    let programs = programs.parent().expect("they are in a folder");
    let settings = ["shared_buffers=512MB", "max_wal_size=8GB", "checkpoint_timeout=30min"];
    let server = OwnServer::start(programs, &settings, "local all all trust\n", &[]);
    let url = server.url("postgres");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(measure(&url, bookings, trip_points));
}

async fn measure(url: &ConnectionUrl, bookings: usize, trip_points: usize) {
    let connection = postgres::connect(url).await.expect("the server is there");
    connection.batch_execute(&migrations()).await.expect("the migrations apply");
    let client = PrismaClient::_builder().with_url(url.expose()).build().await.expect("a client");
    let size = Size { bookings, trip_points, ..Size::default() };
    let load = seed::Options { profile: Profile::Load, size, ..seed::Options::default() };
    seed::seed(&client, &load).await.expect("the load is written");
    connection.batch_execute("VACUUM ANALYZE").await.expect("it is the superuser");

    connection.batch_execute("SET work_mem TO '128MB'").await.expect("a setting");
    let mut bare = Duration::ZERO;
    for _ in 0..2 {
        bare = Duration::ZERO;
        for rule in validator::rules() {
            let sql = format!("SELECT count(*) FROM ({}) AS broken", rule.query);
            let begin = Instant::now();
            let row = connection.query_one(&sql, &[]).await;
            bare += begin.elapsed();
            let count: i64 = row.expect("the query runs").get(0);
            assert_eq!(count, 0, "{}: the load keeps the rules", rule.id);
        }
    }
    let mut report = verified(&client).await;
    report = if report.is_clean() { verified(&client).await } else { report };
    assert!(report.is_clean(), "{}", report.to_text());

    println!("{} rules on {bookings} bookings, {trip_points} trip points", report.outcomes.len());
    println!("verify: {:.1} s (at most 60)", report.took.as_secs_f64());
    println!("the bare queries, one after the other: {:.1} s", bare.as_secs_f64());
    println!("ratio: {:.2} (at most 1.2)", report.took.as_secs_f64() / bare.as_secs_f64());
    let mut slowest: Vec<_> = report.outcomes.iter().collect();
    slowest.sort_by_key(|outcome| std::cmp::Reverse(outcome.took));
    for outcome in &slowest[..slowest.len().min(5)] {
        println!("  {:.1} s {}", outcome.took.as_secs_f64(), outcome.rule.id);
    }
}

async fn verified(client: &PrismaClient) -> Report {
    validator::check(client, validator::rules(), &Options::default(), &|_, _, _| ()).await
}
