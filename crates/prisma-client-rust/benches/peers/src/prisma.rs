//! Prisma Client 7, by its own bench: a process of its own, on a database of its own with the same rows.

use std::hint::black_box;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use client::prisma_client_rust::SortOrder;
use client::{PrismaClient, booking};
use postgres::ConnectionUrl;
use postgres::testing::TestDatabase;

use crate::data;

/// Runs Prisma's, then ours at the same work, and prints both medians.
pub(crate) async fn race() {
    let Some(folder) = std::env::var_os("PRISMA_BENCH").map(PathBuf::from) else {
        println!("\nPrisma Client: left out, PRISMA_BENCH names no folder");
        return;
    };
    let database = TestDatabase::empty("peers_prisma");
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../..");
    let schema = std::env::temp_dir().join(format!("peers-{}.prisma", std::process::id()));
    let ours = std::fs::read_to_string(format!("{root}/prisma/schema.prisma"));
    std::fs::write(&schema, for_prisma(&ours.expect("the schema is there"))).expect("a file");
    let done = Command::new("node")
        .arg(folder.join("client-bench.mjs"))
        .arg("--schema")
        .arg(&schema)
        .args(["--migrations", &format!("{root}/prisma/migrations")])
        .args(["--url", &address(database.url())])
        .output()
        .expect("node is there");
    let _ = std::fs::remove_file(schema);
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    let theirs = |name: &str| -> f64 {
        let line = said.lines().find(|line| line.starts_with(name)).expect("it has this row");
        let after = line.split("p50").nth(1).expect("it has a median");
        after.split_whitespace().next().and_then(|number| number.parse().ok()).expect("a number")
    };
    let client =
        PrismaClient::_builder().with_url(database.url().expose()).build().await.expect("a client");
    let many = || client.booking().find_many(vec![]).order_by(booking::id::order(SortOrder::Asc));
    println!("\nPrisma Client 7, medians");
    let ours = median(500, async |turn| {
        let row = client.booking().find_unique(booking::id::equals(data::id(turn)));
        black_box(row.await.expect("an answer"));
    });
    show("find by id", ours.await, theirs("findUnique by id"));
    let ours = median(50, async |_| {
        black_box(many().take(1_000).await.expect("an answer"));
    });
    show("find_many, 1,000 bookings", ours.await, theirs("findMany 1000 rows"));
    let ours = median(50, async |_| {
        let query = many().with(booking::student::fetch()).with(booking::instructor::fetch());
        black_box(query.with(booking::service::fetch()).take(500).await.expect("an answer"));
    });
    show("500 with three relations", ours.await, theirs("findMany 500 rows"));
    let connection = database.connect().await;
    let mut times = Vec::new();
    for _ in 0..5 {
        data::clean(&connection).await;
        let start = Instant::now();
        let rows: Vec<_> = (0..5_000).map(data::row).collect();
        client.booking().create_many(rows).await.expect("they can be made");
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    show("create_many, 5,000", times[2], theirs("createMany 5000 rows"));
}

/// The database as Node's libraries are told of it: a socket's folder is a host, percent by percent.
fn address(url: &ConnectionUrl) -> String {
    if !url.is_socket() {
        return url.expose();
    }
    let host = url.host().replace('%', "%25").replace('/', "%2F");
    format!("postgresql://{}@{host}/{}", url.user(), url.database())
}

/// The schema with Prisma's generator in the place of ours.
fn for_prisma(schema: &str) -> String {
    let mut theirs = String::from("generator client {\n  provider = \"prisma-client-js\"\n}\n\n");
    let mut is_ours = false;
    for line in schema.lines() {
        is_ours |= line.starts_with("generator ");
        if !is_ours {
            theirs.push_str(line);
            theirs.push('\n');
        }
        is_ours &= line.trim_end() != "}";
    }
    theirs
}

async fn median(turns: usize, mut work: impl AsyncFnMut(usize)) -> f64 {
    let mut times = Vec::with_capacity(turns);
    for turn in 0..turns {
        let start = Instant::now();
        work(turn).await;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    times[turns / 2]
}

fn show(title: &str, ours: f64, theirs: f64) {
    println!(
        "  {title:<28} {ours:>9.3} ms, Prisma {theirs:>9.3} ms: ours is {:>5.2} times as fast",
        theirs / ours
    );
}
