//! `migrate deploy` of 800 migrations against one psql that runs the same files, and the commands that find nothing to do
//! against an empty process, in turn, so that a busy machine slows both.
//!
//! `cargo bench -p xtask --bench migrate` starts a durable server of its own below `target/`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use postgres::ConnectionUrl;
use postgres::database::{create_database, drop_database};
use postgres::server::Server;

const MIGRATIONS: usize = 800;
const RUNS: usize = 7;

fn main() {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench-migrate");
    let project = Project::new(&target);
    println!("{:>22} {:>12} {:>12} {:>8}", "", "ours, ms", "psql, ms", "ratio");
    let deploy = median((0..RUNS).map(|_| (project.deploy(), project.psql())).collect());
    println!("{:>22} {}", format!("deploy {MIGRATIONS}"), row(deploy));

    println!("\n{:>22} {:>12} {:>12} {:>8}", "", "ours, ms", "psql -c, ms", "ratio");
    project.create("bench_ours");
    time(project.xtask(&["migrate", "deploy"]));
    let url = project.url.with_database("bench_ours");
    for arguments in [["migrate", "deploy"], ["migrate", "status"]] {
        let runs = (0..RUNS * 3)
            .map(|_| {
                let ours = time(project.xtask(&arguments));
                let mut psql = project.command_psql(&url);
                psql.args(["-c", "SELECT count(*) FROM _prisma_migrations"]);
                (ours, time(psql))
            })
            .collect();
        println!("{:>22} {}", arguments.join(" "), row(median(runs)));
    }
}

/// A folder of migrations and a server.
struct Project {
    root: PathBuf,
    url: ConnectionUrl,
    psql: PathBuf,
    runtime: tokio::runtime::Runtime,
}

impl Project {
    fn new(root: &Path) -> Self {
        fs::create_dir_all(root).expect("target/ can be written");
        let root = root.canonicalize().expect("it is there");
        let _ = fs::remove_dir_all(root.join("prisma"));
        for number in 0..MIGRATIONS {
            let folder =
                root.join(format!("prisma/migrations/{}_step", 20_250_101_000_000 + number));
            fs::create_dir_all(&folder).expect("target/ can be written");
            fs::write(folder.join("migration.sql"), script(number))
                .expect("target/ can be written");
        }
        let schema =
            "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n";
        fs::write(root.join("prisma/schema.prisma"), schema).expect("target/ can be written");
        let server = Server::for_project(&root);
        let url = server.ensure_running(&mut |_| ()).expect("a server starts");
        let bin = server.programs().expect("the server's place").expect("the server has programs");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Self { root, url, psql: bin.join("psql"), runtime: runtime.expect("a runtime") }
    }

    /// A fresh, empty database.
    fn create(&self, name: &str) {
        let url = self.url.with_database(name);
        self.runtime.block_on(async {
            let _ = drop_database(&url).await;
            create_database(&url).await.expect("a database can be made");
        });
    }

    fn deploy(&self) -> Duration {
        self.create("bench_ours");
        time(self.xtask(&["migrate", "deploy"]))
    }

    fn xtask(&self, arguments: &[&str]) -> Command {
        let mut ours = Command::new(env!("CARGO_BIN_EXE_xtask"));
        ours.args(arguments).current_dir(&self.root);
        ours.env("DATABASE_URL", self.url.with_database("bench_ours").expose());
        ours
    }

    fn psql(&self) -> Duration {
        self.create("bench_psql");
        let mut psql = self.command_psql(&self.url.with_database("bench_psql"));
        for number in 0..MIGRATIONS {
            let folder =
                self.root.join(format!("prisma/migrations/{}_step", 20_250_101_000_000 + number));
            psql.arg("-f").arg(folder.join("migration.sql"));
        }
        time(psql)
    }

    fn command_psql(&self, url: &ConnectionUrl) -> Command {
        let mut psql = Command::new(&self.psql);
        psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]);
        psql.args(["--host", url.host(), "--username", url.user(), "--dbname", url.database()]);
        psql
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = Server::for_project(&self.root).stop();
    }
}

/// What a project of some years has: tables, columns, indexes, keys.
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

fn time(mut command: Command) -> Duration {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status().expect("the command starts");
    let time = start.elapsed();
    assert!(status.success(), "{command:?}: {status}");
    time
}

/// The pair whose ratio is the middle one.
fn median(mut pairs: Vec<(Duration, Duration)>) -> (Duration, Duration) {
    pairs.sort_by(|a, b| ratio(*a).total_cmp(&ratio(*b)));
    pairs[pairs.len() / 2]
}

fn ratio((ours, peer): (Duration, Duration)) -> f64 {
    ours.as_secs_f64() / peer.as_secs_f64()
}

fn row(pair: (Duration, Duration)) -> String {
    let milliseconds = |duration: Duration| duration.as_secs_f64() * 1e3;
    format!("{:>12.1} {:>12.1} {:>8.2}", milliseconds(pair.0), milliseconds(pair.1), ratio(pair))
}
