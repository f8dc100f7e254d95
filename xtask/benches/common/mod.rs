//! What the benches share: a clock around a whole process, the run in the middle of several, and a folder of migrations such
//! as a project of some years has.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use postgres::ConnectionUrl;
use postgres::database::{create_database, drop_database};

/// What ours took, and what the other one did, one right after the other.
pub(crate) type Pair = (Duration, Duration);

/// The whole of a process, which must end well.
pub(crate) fn time(mut command: Command) -> Duration {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status().expect("the command starts");
    let time = start.elapsed();
    assert!(status.success(), "{command:?}: {status}");
    time
}

/// The pair whose ratio is the middle one.
pub(crate) fn median(mut pairs: Vec<Pair>) -> Pair {
    pairs.sort_by(|a, b| ratio(*a).total_cmp(&ratio(*b)));
    pairs[pairs.len() / 2]
}

/// How many times what the other one took ours took.
pub(crate) fn ratio((ours, other): Pair) -> f64 {
    ours.as_secs_f64() / other.as_secs_f64()
}

pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// A fresh, empty database, where there may have been one.
pub(crate) fn recreate(runtime: &tokio::runtime::Runtime, url: &ConnectionUrl) {
    runtime.block_on(async {
        let _ = drop_database(url).await;
        create_database(url).await.expect("a database can be made");
    });
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Writes so many migrations, and the schema that says where the database is.
pub(crate) fn write_migrations(prisma: &Path, count: usize) {
    let _ = fs::remove_dir_all(prisma);
    let migrations = prisma.join("migrations");
    for number in 0..count {
        let folder = migrations.join(migration_name(number));
        fs::create_dir_all(&folder).expect("target/ can be written");
        fs::write(folder.join("migration.sql"), script(number)).expect("target/ can be written");
    }
    let lock = migrations.join("migration_lock.toml");
    fs::write(lock, "provider = \"postgresql\"\n").expect("target/ can be written");
    let schema = "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n";
    fs::write(prisma.join("schema.prisma"), schema).expect("target/ can be written");
}

pub(crate) fn migration_name(number: usize) -> String {
    format!("{}_step", 20_250_101_000_000 + number)
}

/// Tables, columns, indexes, keys, in turn.
fn script(number: usize) -> String {
    let table = number / 4;
    let mut sql = String::new();
    let _ = match number % 4 {
        0 => write!(
            sql,
            "-- CreateTable\nCREATE TABLE \"Table{table}\" (\n    \"id\" SERIAL NOT NULL,\n    \"title\" TEXT NOT NULL,\n    \
             \"amount\" DECIMAL(65,30),\n    \"at\" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,\n\n    \
             CONSTRAINT \"Table{table}_pkey\" PRIMARY KEY (\"id\")\n);\n"
        ),
        1 => write!(
            sql,
            "-- AlterTable\nALTER TABLE \"Table{table}\" ADD COLUMN     \"ownerId\" INTEGER;\n"
        ),
        2 => write!(
            sql,
            "-- CreateIndex\nCREATE INDEX \"Table{table}_at_idx\" ON \"Table{table}\"(\"at\");\n"
        ),
        _ => write!(
            sql,
            "-- AddForeignKey\nALTER TABLE \"Table{table}\" ADD CONSTRAINT \"Table{table}_ownerId_fkey\" FOREIGN KEY \
             (\"ownerId\") REFERENCES \"Table{table}\"(\"id\") ON DELETE SET NULL ON UPDATE CASCADE;\n"
        ),
    };
    sql
}
