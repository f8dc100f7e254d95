//! Whole commands against Prisma's CLI on this project's schema, in turn and on one server, so that a busy machine slows both.
//!
//! `cargo bench -p xtask --bench prisma` needs Node and npm: it installs the CLI below `target/`, or takes the one that the
//! variable `PRISMA_CLI` names (its `build/index.js`). Commands with a database are measured where
//! `PRISMA_SCHEMA_ENGINE_BINARY` names Prisma's engine. What is measured can be chosen by a word of its name.

mod common;
#[path = "common/tcp.rs"]
mod tcp;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use postgres::ConnectionUrl;
use postgres::server::Server;

use self::common::{median, milliseconds, ratio, recreate, runtime, time, write_migrations};

const PRISMA: &str = "prisma@6.19.3";
const RUNS: usize = 3;
const MIGRATIONS: usize = 100;
/// Prisma's variable for its engine.
const ENGINE: &str = "PRISMA_SCHEMA_ENGINE_BINARY";

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is in the workspace");
    let target = root.join("target/bench-prisma");
    let _ = fs::remove_dir_all(target.join("prisma"));
    fs::create_dir_all(target.join("prisma")).expect("target/ can be written");
    let cli = prisma_cli(&target);
    // `format` writes: into a copy.
    let schema = fs::read_to_string(root.join("prisma/schema.prisma")).expect("it is there");
    write(&target.join("prisma/schema.prisma"), &schema);
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let url = "postgresql://localhost/none".parse().expect("a URL");
    let bench = Bench { cli, url, folder: target.clone(), words };

    println!("{:>34} {:>12} {:>12} {:>14}", "", "ours, ms", "Prisma, ms", "times faster");
    bench.compare("validate", &["validate"], |_| ());
    bench.compare("format", &["format"], |_| ());
    // The commands below need Prisma's engine, which npm alone does not bring.
    if std::env::var_os(ENGINE).is_none() {
        println!("{ENGINE} names no engine: commands with a database are left out");
        return;
    }
    copy_migrations(&root.join("prisma/migrations"), &target.join("prisma/migrations"));
    let server = Server::for_project(&target);
    let own = server.ensure_running(&mut |_| ()).expect("a server starts");
    let port = tcp::open(&Path::new(own.host()).join(".s.PGSQL.5432"));
    let url = format!("postgresql://{}@127.0.0.1:{port}/bench", own.user());
    let bench = Bench { url: url.parse().expect("a URL"), ..bench };
    bench.with_a_database(&schema);
    bench.many_migrations();
    server.stop().expect("the server stops");
}

/// Where both work.
struct Bench {
    cli: PathBuf,
    url: ConnectionUrl,
    folder: PathBuf,
    /// What is measured; all where there are none.
    words: Vec<String>,
}

impl Bench {
    fn with_a_database(&self, schema: &str) {
        let runtime = runtime();
        let shadow = self.url.with_database("bench_shadow");
        recreate(&runtime, &shadow);
        recreate(&runtime, &self.url);
        time(self.ours(&["migrate", "deploy"]));
        let edited =
            schema.replacen("\nmodel ", "\nmodel BenchExtra {\n  id Int @id\n}\n\nmodel ", 1);
        assert_ne!(edited, schema, "a model is added");
        let file = self.folder.join("prisma/schema.prisma");
        write(&self.folder.join("edited.prisma"), &edited);

        self.compare("migrate status", &["migrate", "status"], |_| ());
        self.compare("migrate deploy, nothing to do", &["migrate", "deploy"], |_| ());
        let forget = |bench: &Self| drop(fs::remove_dir_all(bench.folder.join(".driveflow/cache")));
        let dev = ["migrate", "dev", "--skip-generate"];
        self.compare("migrate dev, nothing to do", &dev, |_| ());
        self.compare("the same, nothing remembered", &dev, forget);
        write(&file, &edited);
        let create_only =
            ["migrate", "dev", "--create-only", "--name", "bench_extra", "--skip-generate"];
        self.compare("migrate dev --create-only", &create_only, Self::remove_created);
        self.compare("the same, nothing remembered", &create_only, |bench| {
            forget(bench);
            bench.remove_created();
        });
        self.remove_created();
        write(&file, schema);

        let (from, to) = ("prisma/schema.prisma", "edited.prisma");
        let schemas = ["--from-schema-datamodel", from, "--to-schema-datamodel", to, "--script"];
        self.compare("migrate diff, of two schemas", &with(&["migrate", "diff"], &schemas), |_| ());
        let shadow = shadow.expose();
        let replayed =
            ["--from-migrations", "prisma/migrations", "--to-schema-datamodel", to, "--script"];
        let replayed =
            with(&with(&["migrate", "diff"], &replayed), &["--shadow-database-url", &shadow]);
        self.compare("migrate diff, of migrations", &replayed, |_| ());

        self.compare("db pull --print", &["db", "pull", "--print"], |_| ());
        let push = ["db", "push", "--skip-generate"];
        self.compare("db push, nothing to do", &push, |_| ());
        self.compare("db push, everything", &push, |bench| recreate(&runtime, &bench.url));
    }

    fn many_migrations(&self) {
        let folder = self.folder.join("many");
        write_migrations(&folder.join("prisma"), MIGRATIONS);
        let words = self.words.clone();
        let bench =
            Self { folder, cli: self.cli.clone(), url: self.url.with_database("many"), words };
        let runtime = runtime();
        let name = format!("migrate deploy, {MIGRATIONS} migrations");
        let deploy = ["migrate", "deploy"];
        bench.compare(&name, &deploy, |bench| recreate(&runtime, &bench.url));
        bench.compare("the same, nothing to do", &deploy, |_| ());
        bench.compare("migrate status", &["migrate", "status"], |_| ());
    }

    /// Runs both in turn, each after the preparation, and prints the pair whose ratio is the middle one.
    fn compare(&self, name: &str, arguments: &[&str], prepare: impl Fn(&Self)) {
        if !self.words.is_empty() && !self.words.iter().any(|word| name.contains(word.as_str())) {
            return;
        }
        let timed = |command| {
            prepare(self);
            time(command)
        };
        let pair = || (timed(self.ours(arguments)), timed(self.prisma(arguments)));
        pair();
        let (ours, prisma) = median((0..RUNS).map(|_| pair()).collect());
        println!(
            "{name:>34} {:>12.1} {:>12.1} {:>14.0}",
            milliseconds(ours),
            milliseconds(prisma),
            1.0 / ratio((ours, prisma))
        );
    }

    fn ours(&self, arguments: &[&str]) -> Command {
        let mut ours = Command::new(env!("CARGO_BIN_EXE_xtask"));
        ours.args(arguments).current_dir(&self.folder).env("DATABASE_URL", self.url.expose());
        ours
    }

    fn prisma(&self, arguments: &[&str]) -> Command {
        let mut prisma = Command::new("node");
        prisma.arg(&self.cli).args(arguments).current_dir(&self.folder);
        // It would fetch engines that `validate` and `format` do not use.
        if std::env::var_os(ENGINE).is_none() {
            prisma.env(ENGINE, &self.cli);
        }
        prisma
            .env("DATABASE_URL", self.url.expose())
            .env("PRISMA_QUERY_ENGINE_LIBRARY", &self.cli)
            .env("CHECKPOINT_DISABLE", "1")
            .env("PRISMA_HIDE_UPDATE_MESSAGE", "1");
        prisma
    }

    /// Takes away what `--create-only` wrote.
    fn remove_created(&self) {
        for migration in folders(&self.folder.join("prisma/migrations")) {
            if migration.to_string_lossy().ends_with("_bench_extra") {
                fs::remove_dir_all(migration).expect("target/ can be written");
            }
        }
    }
}

fn with<'a>(arguments: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [arguments, more].concat()
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("target/ can be written");
}

fn copy_migrations(from: &Path, to: &Path) {
    for migration in folders(from) {
        let script = migration.join("migration.sql");
        let folder = to.join(migration.file_name().expect("it has a name"));
        fs::create_dir_all(&folder).expect("target/ can be written");
        fs::copy(script, folder.join("migration.sql")).expect("a script can be copied");
    }
    let lock = "migration_lock.toml";
    fs::copy(from.join(lock), to.join(lock)).expect("it can be copied");
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("there are migrations");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    paths.filter(|path| path.is_dir()).collect()
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
