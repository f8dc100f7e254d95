//! How long others have to wait while a migration runs: as it was written, and as `migrate lint` would have it.
//!
//! ```text
//! cargo bench -p migrate --bench stalls                     five million rows, 50 clients
//! cargo bench -p migrate --bench stalls -- 1000000 20       fewer of both
//! ```
//!
//! Half of the clients read rows by key, half change them, one statement after the other with a moment between them. What is
//! shown is the longest that one of them took while `deploy` ran the migrations: a table for the documentation. Where lint has a
//! fix, that is what is run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use migrate::{Folder, Migration, deploy};
use postgres::testing::TestDatabase;
use postgres::{Connection, ConnectionUrl};

/// What lies between two statements of a client.
const PAUSE: Duration = Duration::from_millis(20);

/// What a linted and mended migration may keep others waiting.
const MOST: Duration = Duration::from_millis(200);

struct Hazard {
    name: &'static str,
    /// As it is written.
    plain: &'static str,
    /// A migration each; none where lint writes it itself.
    safe: &'static [&'static str],
    /// Undoes it.
    undo: &'static str,
}

const HAZARDS: &[Hazard] = &[
    Hazard {
        name: "CREATE INDEX",
        plain: "CREATE INDEX i ON t (n);",
        safe: &[],
        undo: "DROP INDEX i",
    },
    Hazard {
        name: "ADD UNIQUE",
        plain: "ALTER TABLE t ADD CONSTRAINT u UNIQUE (name);",
        safe: &[
            "CREATE UNIQUE INDEX CONCURRENTLY u ON t (name);",
            "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX u;",
        ],
        undo: "ALTER TABLE t DROP CONSTRAINT u",
    },
    Hazard {
        name: "ADD CHECK",
        plain: "ALTER TABLE t ADD CONSTRAINT c CHECK (n >= 0);",
        safe: &[
            "ALTER TABLE t ADD CONSTRAINT c CHECK (n >= 0) NOT VALID;",
            "ALTER TABLE t VALIDATE CONSTRAINT c;",
        ],
        undo: "ALTER TABLE t DROP CONSTRAINT c",
    },
    Hazard {
        name: "ADD FOREIGN KEY",
        plain: "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (parent) REFERENCES p (id);",
        safe: &[],
        undo: "ALTER TABLE t DROP CONSTRAINT f",
    },
    Hazard {
        name: "SET NOT NULL",
        plain: "ALTER TABLE t ALTER COLUMN n SET NOT NULL;",
        safe: &[
            "ALTER TABLE t ADD CONSTRAINT nn CHECK (n IS NOT NULL) NOT VALID;",
            "ALTER TABLE t VALIDATE CONSTRAINT nn;",
            "ALTER TABLE t ALTER COLUMN n SET NOT NULL;\nALTER TABLE t DROP CONSTRAINT nn;",
        ],
        undo: "ALTER TABLE t ALTER COLUMN n DROP NOT NULL",
    },
    Hazard {
        name: "ADD COLUMN with a volatile default",
        plain: "ALTER TABLE t ADD COLUMN r float8 DEFAULT random();",
        safe: &[
            "ALTER TABLE t ADD COLUMN r float8;\nALTER TABLE t ALTER COLUMN r SET DEFAULT random();",
        ],
        undo: "ALTER TABLE t DROP COLUMN r",
    },
    Hazard {
        name: "REINDEX",
        plain: "REINDEX TABLE t;",
        safe: &["REINDEX TABLE CONCURRENTLY t;"],
        undo: "SELECT 1",
    },
    Hazard {
        name: "DROP INDEX",
        plain: "DROP INDEX old;",
        safe: &[],
        undo: "CREATE INDEX old ON t (parent)",
    },
];

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse::<u64>().ok());
    let rows = numbers.next().unwrap_or(5_000_000);
    let clients = numbers.next().unwrap_or(50);
    let database = TestDatabase::empty("stalls");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let url = database.url();
        let connection = database.connect().await;
        let mut history = vec![Migration {
            name: "000_tables".to_owned(),
            script: "CREATE TABLE p (id bigint PRIMARY KEY);\n\
                     CREATE TABLE t (id bigint PRIMARY KEY, name text, n int, parent bigint);\n\
                     CREATE INDEX old ON t (parent);\n"
                .to_owned(),
        }];
        run(&history, url).await;
        let fill = format!(
            "INSERT INTO p SELECT generate_series(0, 9999);
             INSERT INTO t SELECT i, 'name ' || i, 1, i % 10000 FROM generate_series(1, {rows}) i;
             VACUUM ANALYZE t;"
        );
        for statement in fill.split_inclusive(';') {
            connection.batch_execute(statement).await.expect(statement);
        }
        let load = Load::start(url, clients, rows).await;
        println!(
            "{rows} rows, {clients} clients; the longest that one of them waited, in milliseconds\n"
        );
        let usual = load.longest(async { tokio::time::sleep(Duration::from_secs(3)).await }).await;
        println!("| migration | as written | as lint has it | |\n|---|---|---|---|");
        println!("| (none) | {} | | |", usual.as_millis());
        for hazard in HAZARDS {
            let plain = vec![hazard.plain.to_owned()];
            let unsafe_stall = pass(&load, &mut history, url, &plain).await;
            connection.batch_execute(hazard.undo).await.expect(hazard.undo);
            let safe = match hazard.safe {
                [] => mended(&history, hazard.plain),
                safe => safe.iter().map(|&script| script.to_owned()).collect(),
            };
            let safe_stall = pass(&load, &mut history, url, &safe).await;
            connection.batch_execute(hazard.undo).await.expect(hazard.undo);
            let holds = if safe_stall < MOST { "holds" } else { "MISSED" };
            println!(
                "| {} | {} | {} | {holds} |",
                hazard.name,
                unsafe_stall.as_millis(),
                safe_stall.as_millis()
            );
        }
        load.stop().await;
    });
}

/// What lint makes of a script: itself, and the migration behind it.
fn mended(history: &[Migration], script: &str) -> Vec<String> {
    let mut sources: Vec<lint::Source<'_>> = history
        .iter()
        .take(1)
        .map(|known| lint::Source {
            name: &known.name,
            text: &known.script,
            is_judged: false,
            is_pending: false,
        })
        .collect();
    sources.push(lint::Source { name: "it", text: script, is_judged: true, is_pending: false });
    let reports = lint::check(&sources, &[], 15);
    let fixed = lint::fix(script, &reports[0].findings).expect("lint has a fix");
    [Some(fixed.text), fixed.then].into_iter().flatten().collect()
}

/// Deploys scripts, a migration each, and says how long the longest wait was meanwhile.
async fn pass(
    load: &Load,
    history: &mut Vec<Migration>,
    url: &ConnectionUrl,
    scripts: &[String],
) -> Duration {
    for script in scripts {
        let name = format!("{:03}_step", history.len());
        history.push(Migration { name, script: script.clone() });
    }
    load.longest(run(history, url)).await
}

async fn run(history: &[Migration], url: &ConnectionUrl) {
    let folder = Folder::of("migrations", history.to_vec());
    deploy::deploy(&folder, url, &mut |_| ()).await.expect("it can be applied");
}

/// Clients at work.
struct Load {
    longest: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    tasks: tokio::task::JoinSet<()>,
}

impl Load {
    async fn start(url: &ConnectionUrl, clients: u64, rows: u64) -> Self {
        let longest = Arc::new(AtomicU64::new(0));
        let stop = Arc::new(AtomicBool::new(false));
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..clients {
            let connection = postgres::connect(url).await.expect("a connection");
            let (longest, stop) = (Arc::clone(&longest), Arc::clone(&stop));
            tasks.spawn(client(connection, number, rows, longest, stop));
        }
        Self { longest, stop, tasks }
    }

    /// The longest wait while something is done.
    async fn longest<T>(&self, work: impl Future<Output = T>) -> Duration {
        // What began before is over then.
        tokio::time::sleep(Duration::from_millis(300)).await;
        self.longest.store(0, Ordering::Relaxed);
        work.await;
        // And what waits now is counted.
        tokio::time::sleep(Duration::from_millis(100)).await;
        Duration::from_micros(self.longest.load(Ordering::Relaxed))
    }

    async fn stop(mut self) {
        self.stop.store(true, Ordering::Relaxed);
        while self.tasks.join_next().await.is_some() {}
    }
}

async fn client(
    connection: Connection,
    number: u64,
    rows: u64,
    longest: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
) {
    let sql = if number.is_multiple_of(2) {
        "SELECT n FROM t WHERE id = $1"
    } else {
        "UPDATE t SET n = n + 1 WHERE id = $1"
    };
    // Each in a part of the table of its own, all over it.
    let mut key = number;
    while !stop.load(Ordering::Relaxed) {
        key = key.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(number + 1_442_695);
        let id = i64::try_from(key % rows).unwrap_or_default() + 1;
        let begin = Instant::now();
        let done = connection.query(sql, &[&id]).await;
        done.expect("a client's statement");
        let took = u64::try_from(begin.elapsed().as_micros()).unwrap_or(u64::MAX);
        longest.fetch_max(took, Ordering::Relaxed);
        tokio::time::sleep(PAUSE).await;
    }
}
