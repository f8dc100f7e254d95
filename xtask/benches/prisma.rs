//! Whole commands against Prisma's CLI on this project's schema, in turn, so that a busy machine slows both.
//!
//! `cargo bench -p xtask` needs Node and npm: it installs the CLI below `target/`, or takes the one that the variable
//! `PRISMA_CLI` names (its `build/index.js`). Commands with a database are measured where `PRISMA_SCHEMA_ENGINE_BINARY` names
//! Prisma's engine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use postgres::server::Server;

const PRISMA: &str = "prisma@6.19.3";
const RUNS: usize = 11;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is in the workspace");
    let target = root.join("target/bench-prisma");
    fs::create_dir_all(target.join("prisma")).expect("target/ can be written");
    let cli = prisma_cli(&target);
    // `format` writes: into a copy.
    let schema = target.join("prisma/schema.prisma");
    fs::copy(root.join("prisma/schema.prisma"), &schema).expect("the schema can be copied");
    let bench =
        Bench { cli, url: "postgresql://localhost/none".to_owned(), folder: target.clone() };

    println!("{:>16} {:>12} {:>12} {:>14}", "", "ours, ms", "Prisma, ms", "times faster");
    for command in ["validate", "format"] {
        bench.compare(command, &[command]);
    }
    // The commands below need Prisma's engine, which npm alone does not bring.
    if std::env::var_os(ENGINE).is_none() {
        println!("{ENGINE} names no engine: commands with a database are left out");
        return;
    }
    copy_migrations(&root.join("prisma/migrations"), &target.join("prisma/migrations"));
    let server = Server::for_project(&target);
    let url = server.ensure_running(&mut |_| ()).expect("a server starts");
    let bench = Bench { url: url.expose(), ..bench };
    time(bench.ours(&["migrate", "deploy"]));
    bench.compare("migrate status", &["migrate", "status"]);
    bench.compare("migrate deploy", &["migrate", "deploy"]);
    bench.compare("migrate dev", &["migrate", "dev", "--skip-generate"]);
    server.stop().expect("the server stops");
}

/// Prisma's variable for its engine.
const ENGINE: &str = "PRISMA_SCHEMA_ENGINE_BINARY";

/// Where both work.
struct Bench {
    cli: PathBuf,
    url: String,
    folder: PathBuf,
}

impl Bench {
    /// Runs both in turn and prints the pair whose ratio is the middle one.
    fn compare(&self, name: &str, arguments: &[&str]) {
        let pair = || (time(self.ours(arguments)), time(self.prisma(arguments)));
        pair();
        let mut pairs: Vec<(Duration, Duration)> = (0..RUNS).map(|_| pair()).collect();
        pairs.sort_by(|a, b| ratio(a).total_cmp(&ratio(b)));
        let middle = pairs[RUNS / 2];
        let milliseconds = |duration: Duration| duration.as_secs_f64() * 1e3;
        println!(
            "{name:>16} {:>12.1} {:>12.1} {:>14.0}",
            milliseconds(middle.0),
            milliseconds(middle.1),
            ratio(&middle)
        );
    }

    fn ours(&self, arguments: &[&str]) -> Command {
        let mut ours = Command::new(env!("CARGO_BIN_EXE_xtask"));
        ours.args(arguments).current_dir(&self.folder).env("DATABASE_URL", &self.url);
        ours
    }

    fn prisma(&self, arguments: &[&str]) -> Command {
        let mut prisma = Command::new("node");
        prisma
            .arg(&self.cli)
            .args(arguments)
            .current_dir(&self.folder)
            .env("DATABASE_URL", &self.url);
        // It would fetch engines that `validate` and `format` do not use.
        if std::env::var_os(ENGINE).is_none() {
            prisma.env(ENGINE, &self.cli);
        }
        prisma
            .env("PRISMA_QUERY_ENGINE_LIBRARY", &self.cli)
            .env("CHECKPOINT_DISABLE", "1")
            .env("PRISMA_HIDE_UPDATE_MESSAGE", "1");
        prisma
    }
}

fn copy_migrations(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    for entry in fs::read_dir(from).expect("the project has migrations") {
        let entry = entry.expect("it can be read");
        let script = entry.path().join("migration.sql");
        if script.is_file() {
            let folder = to.join(entry.file_name());
            fs::create_dir_all(&folder).expect("target/ can be written");
            fs::copy(script, folder.join("migration.sql")).expect("a script can be copied");
        }
    }
}

fn ratio((ours, prisma): &(Duration, Duration)) -> f64 {
    prisma.as_secs_f64() / ours.as_secs_f64()
}

fn time(mut command: Command) -> Duration {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status().expect("the command starts");
    let time = start.elapsed();
    assert!(status.success(), "{command:?}: {status}");
    time
}

fn prisma_cli(target: &Path) -> PathBuf {
    if let Some(cli) = std::env::var_os("PRISMA_CLI") {
        return cli.into();
    }
    let cli = target.join("node_modules/prisma/build/index.js");
    if !cli.exists() {
        let installed = Command::new("npm")
            .args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"])
            .arg(target)
            .arg(PRISMA)
            .status()
            .expect("npm is on this machine");
        assert!(installed.success(), "npm install {PRISMA}: {installed}");
    }
    cli
}
