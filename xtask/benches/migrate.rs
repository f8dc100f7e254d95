//! `migrate deploy` of 800 migrations against one psql that runs the same files, and the commands that find nothing to do
//! against an empty process, in turn, so that a busy machine slows both.
//!
//! `cargo bench -p xtask --bench migrate` starts a durable server of its own below `target/`.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use postgres::ConnectionUrl;
use postgres::server::Server;

use self::common::{
    Pair, median, migration_name, milliseconds, ratio, recreate, runtime, time, write_migrations,
};

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
    // What the server does behind 800 migrations is not these commands' time.
    let mut settle = project.command_psql(&url);
    settle.args(["-c", "VACUUM ANALYZE", "-c", "CHECKPOINT"]);
    time(settle);
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
        write_migrations(&root.join("prisma"), MIGRATIONS);
        let server = Server::for_project(&root);
        let url = server.ensure_running(&mut |_| ()).expect("a server starts");
        let bin = server.programs().expect("the server's place").expect("the server has programs");
        Self { root, url, psql: bin.join("psql"), runtime: runtime() }
    }

    /// A fresh, empty database.
    fn create(&self, name: &str) {
        recreate(&self.runtime, &self.url.with_database(name));
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
            let folder = self.root.join("prisma/migrations").join(migration_name(number));
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

fn row(pair: Pair) -> String {
    format!("{:>12.1} {:>12.1} {:>8.2}", milliseconds(pair.0), milliseconds(pair.1), ratio(pair))
}
