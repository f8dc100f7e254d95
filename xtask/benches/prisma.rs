//! Whole commands against Prisma's CLI on this project's schema, in turn, so that a busy machine slows both.
//!
//! `cargo bench -p xtask` needs Node and npm: it installs the CLI below `target/`, or takes the one that the variable
//! `PRISMA_CLI` names (its `build/index.js`).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PRISMA: &str = "prisma@6.19.3";
const RUNS: usize = 11;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is in the workspace");
    let target = root.join("target/bench-prisma");
    fs::create_dir_all(&target).expect("target/ can be written");
    let cli = prisma_cli(&target);
    // `format` writes: into a copy.
    let schema = target.join("schema.prisma");
    fs::copy(root.join("prisma/schema.prisma"), &schema).expect("the schema can be copied");

    println!("{:>10} {:>12} {:>12} {:>14}", "", "ours, ms", "Prisma, ms", "times faster");
    for command in ["validate", "format"] {
        let ours = || {
            let mut ours = Command::new(env!("CARGO_BIN_EXE_xtask"));
            ours.arg(command).arg("--schema").arg(&schema);
            time(ours)
        };
        let prisma = || {
            let mut prisma = Command::new("node");
            prisma.arg(&cli).arg(command).arg("--schema").arg(&schema);
            // It validates with the variable's value, and would fetch engines that these commands do not use.
            prisma
                .env("DATABASE_URL", "postgresql://localhost/none")
                .env("PRISMA_SCHEMA_ENGINE_BINARY", &cli)
                .env("PRISMA_QUERY_ENGINE_LIBRARY", &cli)
                .env("CHECKPOINT_DISABLE", "1")
                .env("PRISMA_HIDE_UPDATE_MESSAGE", "1");
            time(prisma)
        };
        ours();
        prisma();
        let mut pairs: Vec<(Duration, Duration)> = (0..RUNS).map(|_| (ours(), prisma())).collect();
        pairs.sort_by(|a, b| ratio(a).total_cmp(&ratio(b)));
        let middle = pairs[RUNS / 2];
        let milliseconds = |duration: Duration| duration.as_secs_f64() * 1e3;
        println!(
            "{command:>10} {:>12.1} {:>12.1} {:>14.0}",
            milliseconds(middle.0),
            milliseconds(middle.1),
            ratio(&middle)
        );
    }
}

fn ratio((ours, prisma): &(Duration, Duration)) -> f64 {
    prisma.as_secs_f64() / ours.as_secs_f64()
}

fn time(mut command: Command) -> Duration {
    command.stdin(Stdio::null()).stdout(Stdio::null());
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
