//! The client against its peers, on DriveFlow's tables: every number is a ratio within one run.
//!
//! ```text
//! cd crates/prisma-client-rust/benches/peers
//! cargo run --release                          every row, every peer
//! cargo run --release -- by-id many            some rows: by-id many joined tasks create copy prisma
//! cargo run --release -- --pin many            client and server on one core: without the noise of one waking the other
//! cargo run --release --no-default-features    against tokio-postgres only, which is quick to build (more: features sqlx, orms)
//! ```
//!
//! `by-id` is on one core in any case: each query is one waking of the server and one of the client, which on several cores
//! takes longer or shorter than all the rest, by chance.
//!
//! Each turn of a contender is the same work from the call to values in hand: all columns of a row in types of their own.
//! Contenders take turns, and what is shown is the middle one of the ratios within a turn. The server is the one that the
//! tests have; it is started if need be. `prisma` needs Prisma's client: `PRISMA_BENCH` names a folder with a script
//! `client-bench.mjs` and its `node_modules`.
//!
//! On a machine that does other things, more rounds say more: `PEERS_ROUNDS=500`. `PEERS_ONLY=ours` runs one contender
//! alone, to look at with a profiler.

mod data;
#[cfg(feature = "orms")]
mod diesel_peer;
mod driver;
mod prisma;
mod psql;
mod race;
mod rows;
#[cfg(feature = "orms")]
mod sea_orm_peer;
#[cfg(feature = "sqlx")]
mod sqlx_peer;

use std::hint::black_box;

use client::prisma_client_rust::SortOrder;
use client::{PrismaClient, booking};
use postgres::testing::TestDatabase;

use driver::Driver;
use race::Race;

/// Rows of `create`, and of `copy`.
const CREATED: usize = 5_000;
const COPIED: usize = 100_000;

/// Whom ours has to be ahead of at everything.
const AHEAD: [(&str, f64); 2] = [("sea-orm", 1.0), ("diesel-async", 1.0)];

/// Lookups of each of the 64 tasks.
const LOOKUPS: usize = 20;

/// Everybody who is set against each other on one connection.
struct Field {
    ours: PrismaClient,
    driver: Driver,
    #[cfg(feature = "sqlx")]
    sqlx: sqlx_peer::Sqlx,
    #[cfg(feature = "orms")]
    sea_orm: sea_orm_peer::SeaOrm,
    #[cfg(feature = "orms")]
    diesel: diesel_peer::Diesel,
}

fn main() {
    // The test server and the migrations are found from here.
    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .expect("the checkout is there");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let chosen: Vec<&String> =
        arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    let wanted = |name: &str| chosen.is_empty() || chosen.iter().any(|row| *row == name);
    let database = data::database();
    let load = || std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("load at the start: {}", load().trim());
    let single =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    single.block_on(async {
        let field = Field::connect(&database).await;
        let pinned = arguments.iter().any(|argument| argument == "--pin");
        if pinned || wanted("by-id") {
            field.ours.booking().find_many(vec![]).take(1).await.expect("the tables are there");
            place(&database, "1").await;
        }
        if wanted("by-id") {
            field.by_id().await;
        }
        if !pinned {
            place(&database, "0-1023").await;
        }
        if wanted("many") {
            field.many().await;
        }
        if wanted("joined") {
            field.joined().await;
        }
        if wanted("create") {
            field.create(&database).await;
        }
        if wanted("copy") {
            field.copy(&database).await;
        }
    });
    #[cfg(feature = "sqlx")]
    if wanted("tasks") {
        let cores =
            tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        cores.block_on(tasks(&database));
    }
    if wanted("prisma") {
        single.block_on(prisma::race());
    }
    println!("\nload at the end: {}", load().trim());
}

impl Field {
    async fn connect(database: &TestDatabase) -> Field {
        let url = database.url();
        Field {
            ours: PrismaClient::_builder().with_url(url.expose()).build().await.expect("a client"),
            driver: Driver::connect(url).await,
            #[cfg(feature = "sqlx")]
            sqlx: sqlx_peer::Sqlx::connect(url, 1).await,
            #[cfg(feature = "orms")]
            sea_orm: sea_orm_peer::SeaOrm::connect(url, 1).await,
            #[cfg(feature = "orms")]
            diesel: diesel_peer::Diesel::connect(url, 1),
        }
    }

    async fn by_id(&self) {
        let mut race = Race::new(
            "find by id, 200 one after the other",
            151,
            &[("tokio-postgres", 0.95), AHEAD[0], AHEAD[1]],
        );
        race.join("ours", || async {
            for turn in 0..200 {
                black_box(find(&self.ours, turn).await);
            }
        });
        race.join("tokio-postgres", || async {
            for turn in 0..200 {
                black_box(self.driver.find(turn).await);
            }
        });
        #[cfg(feature = "sqlx")]
        race.join("sqlx", || async {
            for turn in 0..200 {
                black_box(self.sqlx.find(turn).await);
            }
        });
        #[cfg(feature = "orms")]
        {
            race.join("sea-orm", || async {
                for turn in 0..200 {
                    black_box(self.sea_orm.find(turn).await);
                }
            });
            race.join("diesel-async", || async {
                for turn in 0..200 {
                    black_box(self.diesel.find(turn).await);
                }
            });
        }
        race.run(async || {}).await;
    }

    async fn many(&self) {
        let mut race = Race::new(
            "find_many, 1,000 bookings",
            61,
            &[("tokio-postgres", 1.3), AHEAD[0], AHEAD[1]],
        );
        race.join("ours", || async {
            let query =
                self.ours.booking().find_many(vec![]).order_by(booking::id::order(SortOrder::Asc));
            black_box(query.take(1_000).await.expect("they are there"));
        });
        race.join("tokio-postgres", || async {
            black_box(self.driver.many().await);
        });
        #[cfg(feature = "sqlx")]
        race.join("sqlx", || async {
            black_box(self.sqlx.many().await);
        });
        #[cfg(feature = "orms")]
        {
            race.join("sea-orm", || async {
                black_box(self.sea_orm.many().await);
            });
            race.join("diesel-async", || async {
                black_box(self.diesel.many().await);
            });
        }
        race.run(async || {}).await;
    }

    async fn joined(&self) {
        let mut race = Race::new(
            "500 bookings with student, instructor, service",
            61,
            &[("sqlx", 1.2), AHEAD[0], AHEAD[1]],
        );
        race.join("ours", || async {
            let query =
                self.ours.booking().find_many(vec![]).order_by(booking::id::order(SortOrder::Asc));
            let query = query
                .with(booking::student::fetch())
                .with(booking::instructor::fetch())
                .with(booking::service::fetch());
            black_box(query.take(500).await.expect("they are there"));
        });
        race.join("tokio-postgres", || async {
            black_box(self.driver.joined().await);
        });
        #[cfg(feature = "sqlx")]
        race.join("sqlx", || async {
            black_box(self.sqlx.joined().await);
        });
        #[cfg(feature = "orms")]
        {
            race.join("sea-orm", || async {
                black_box(self.sea_orm.joined().await);
            });
            race.join("diesel-async", || async {
                black_box(self.diesel.joined().await);
            });
        }
        race.run(async || {}).await;
    }

    async fn create(&self, database: &TestDatabase) {
        let connection = database.connect().await;
        let mut race =
            Race::new("create_many, 5,000 bookings", 15, &[("sqlx", 1.0), AHEAD[0], AHEAD[1]]);
        race.join("ours", || async {
            let rows: Vec<_> = (0..CREATED).map(data::row).collect();
            self.ours.booking().create_many(rows).await.expect("they can be made");
        });
        #[cfg(feature = "sqlx")]
        race.join("sqlx", || self.sqlx.insert(CREATED));
        #[cfg(feature = "orms")]
        {
            race.join("sea-orm", || self.sea_orm.insert(CREATED));
            race.join("diesel-async", || self.diesel.insert(CREATED));
        }
        race.run(async || data::clean(&connection).await).await;
        data::clean(&connection).await;
    }

    async fn copy(&self, database: &TestDatabase) {
        let connection = database.connect().await;
        let psql = psql::Psql::new(database.url(), COPIED);
        let mut race = Race::new("copy_in, 100,000 bookings", 7, &[("psql \\copy binary", 0.8)]);
        race.join("ours", || async {
            self.ours
                .booking()
                .copy_in((0..COPIED).map(data::row))
                .await
                .expect("they can be made");
        });
        race.join("psql \\copy binary", || async { psql.copy() });
        race.run(async || data::clean(&connection).await).await;
        data::clean(&connection).await;
    }
}

async fn find(client: &PrismaClient, turn: usize) -> booking::Data {
    let row = client.booking().find_unique(booking::id::equals(data::id(turn))).await;
    row.expect("an answer").expect("it is there")
}

/// Tasks that look rows up at the same time, each client with eight connections.
#[cfg(feature = "sqlx")]
async fn tasks(database: &TestDatabase) {
    use std::sync::Arc;

    let mut url = database.url().expose();
    url.push_str(if url.contains('?') { "&connection_limit=8" } else { "?connection_limit=8" });
    let ours = PrismaClient::_builder().with_url(url).build().await.expect("a client");
    let sqlx = Arc::new(sqlx_peer::Sqlx::connect(database.url(), 8).await);
    #[cfg(feature = "orms")]
    let (sea_orm, diesel) = (
        Arc::new(sea_orm_peer::SeaOrm::connect(database.url(), 8).await),
        Arc::new(diesel_peer::Diesel::connect(database.url(), 8)),
    );
    let mut race = Race::new(
        "64 tasks, 20 lookups each, 8 connections",
        31,
        &[("sqlx", 2.0), AHEAD[0], AHEAD[1]],
    );
    /// Somebody's tasks, each with a handle of its own.
    macro_rules! tasks {
        ($name:literal, $handle:ident, $find:expr) => {
            race.join($name, || async {
                let tasks = (0..64).map(|task| {
                    let $handle = $handle.clone();
                    tokio::spawn(async move {
                        for turn in 0..LOOKUPS {
                            black_box($find(&$handle, task * LOOKUPS + turn).await);
                        }
                    })
                });
                let tasks: Vec<_> = tasks.collect();
                for task in tasks {
                    task.await.expect("it does not panic");
                }
            });
        };
    }
    tasks!("ours", ours, find);
    tasks!("sqlx", sqlx, sqlx_peer::Sqlx::find);
    #[cfg(feature = "orms")]
    tasks!("sea-orm", sea_orm, sea_orm_peer::SeaOrm::find);
    #[cfg(feature = "orms")]
    tasks!("diesel-async", diesel, diesel_peer::Diesel::find);
    race.run(async || {}).await;
}

/// Puts this process and the server's, as far as they serve this database, on these cores.
async fn place(database: &TestDatabase, cores: &str) {
    let connection = database.connect().await;
    let pids = "SELECT pid FROM pg_stat_activity \
                WHERE datname = current_database() AND backend_type = 'client backend'";
    let rows = connection.query(pids, &[]).await.expect("everybody may ask");
    let servers = rows.iter().map(|row| row.get::<_, i32>(0).to_string());
    for process in servers.chain([std::process::id().to_string()]) {
        let arguments = ["-a", "-c", "-p", cores, &process];
        let done = std::process::Command::new("taskset").args(arguments).output();
        assert!(done.is_ok_and(|done| done.status.success()), "taskset moves no process");
    }
}
