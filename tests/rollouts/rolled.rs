//! One rollout in one database, phase by phase, and the one beside it to which nothing happens.

use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use postgres::server::{Server, Status};
use postgres::testing::block_on;
use postgres::{ConnectionUrl, connect};

use super::app::{Chance, Release};
use super::cases::Case;
use crate::sandbox::{Run, Sandbox};

/// What schema files begin with.
const DATASOURCE: &str =
    "datasource db {\n  provider = \"postgresql\"\n  url      = env(\"DATABASE_URL\")\n}\n\n";

/// How long the old side has to be quiet here.
const QUIET: Duration = Duration::from_secs(1);

/// A server that somebody pulls the plug of.
pub(super) struct Saboteur {
    // It stops the server when it goes.
    _sandbox: Sandbox,
    server: Server,
    url: ConnectionUrl,
    chance: Chance,
}

impl Saboteur {
    pub(super) fn new() -> Self {
        let sandbox = Sandbox::new(DATASOURCE);
        let server = Server::for_project(&sandbox.path(""));
        let url = server.ensure_running(&mut |_| ()).expect("a server starts");
        Self { _sandbox: sandbox, server, url, chance: Chance(std::process::id().into()) }
    }

    /// A database of this name.
    pub(super) fn url(&self, name: &str) -> ConnectionUrl {
        self.url.with_database(name)
    }

    /// Stops the server at once, and starts it again, for as long as something goes on, three times at most.
    pub(super) fn stop_the_server_while(&mut self, goes_on: impl Fn() -> bool) {
        for number in 0..3 {
            let until = Instant::now() + Duration::from_millis(300 + self.chance.below(900));
            while goes_on() && Instant::now() < until {
                thread::sleep(Duration::from_millis(10));
            }
            // Once in any case: the releases write on.
            if number > 0 && !goes_on() {
                return;
            }
            let status = self.server.status().expect("a status");
            let Status::Running { process, .. } = status else { panic!("the server does not run") };
            // `pg_ctl stop -m immediate` sends just this.
            let killed = Command::new("kill").args(["-QUIT", &process.to_string()]).status();
            assert!(killed.expect("kill is everywhere").success(), "the server is ours");
            let deadline = Instant::now() + Duration::from_mins(1);
            while matches!(self.server.status(), Ok(Status::Running { .. })) {
                assert!(Instant::now() < deadline, "the server does not go");
                thread::sleep(Duration::from_millis(10));
            }
            self.server.ensure_running(&mut |_| ()).expect("a stopped server starts again");
        }
    }
}

/// A rollout under way.
pub(super) struct Rolled {
    case: &'static Case,
    sandbox: Sandbox,
    url: ConnectionUrl,
    /// The expand migration.
    name: String,
    old: Release,
    new: Option<Release>,
    old_writes: Vec<String>,
    new_writes: Vec<String>,
    chance: Chance,
}

impl Rolled {
    /// A project with its first migration and data, and the release that knows these, at work.
    pub(super) fn begin(case: &'static Case, url: ConnectionUrl) -> Self {
        let sandbox = Sandbox::new(&format!("{DATASOURCE}{}", case.before));
        let dev = ["migrate", "dev", "--skip-generate", "--name", "init"];
        sandbox.run_on(&url.expose(), &dev).success();
        execute(&url, &case.seed());
        let old = Release::start(&url, case.old, 0);
        let mut chance = Chance(u64::from(std::process::id()));
        chance.0 += case.label.len() as u64;
        Self {
            case,
            sandbox,
            url,
            name: String::new(),
            old,
            new: None,
            old_writes: Vec::new(),
            new_writes: Vec::new(),
            chance,
        }
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.sandbox.run_on(&self.url.expose(), arguments)
    }

    /// The first phase, then the new release starts beside the old one.
    pub(super) fn expand(&mut self) {
        let Case { label, after, flags, .. } = self.case;
        self.sandbox.write("prisma/schema.prisma", format!("{DATASOURCE}{after}"));
        let dev = ["migrate", "dev", "--skip-generate", "--zero-downtime", "--name", label];
        let run = self.run(&[&dev[..], flags].concat()).success();
        assert!(run.stdout.contains("cargo xtask migrate contract"), "{label}: {run:#?}");
        let migrations = self.sandbox.list("prisma/migrations");
        self.name.clone_from(&migrations[1]);
        self.new = Some(Release::start(&self.url, self.case.new, 1));
    }

    /// Fills, and is killed at any moment.
    pub(super) fn fill_and_be_killed(&mut self) {
        for _ in 0..4 {
            let mut command = self.sandbox.command(&["backfill", "run", "--max-rate", "3000"]);
            command.env("DATABASE_URL", self.url.expose());
            let command = command.stdout(Stdio::null()).stderr(Stdio::null());
            let mut fill = command.spawn().expect("the command starts");
            thread::sleep(Duration::from_millis(50 + self.chance.below(500)));
            fill.kill().expect("it is ours");
            fill.wait().expect("it has ended");
        }
    }

    /// Fills to the end.
    pub(super) fn fill(&mut self) {
        let label = self.case.label;
        let run = self.run(&["backfill", "run"]);
        assert_eq!(run.code, Some(0), "{label}: {run:#?}");
        let status = self.run(&["rollout", "status"]).success();
        assert!(status.stdout.contains(&self.name), "{label}: {status:#?}");
        assert!(!status.stdout.contains("conflict"), "{label}: {status:#?}");
        let drift = self.run(&["migrate", "status", "--drift"]);
        assert_eq!(drift.code, Some(0), "{label}: {drift:#?}");
    }

    /// The old release stops, and some time later the old side is taken away.
    pub(super) fn contract(&mut self) {
        let label = self.case.label;
        let contract = ["migrate", "contract", &self.name.clone(), "--quiet", "1s"];
        if self.case.is_noticed {
            let early = self.run(&contract[..3]);
            assert_eq!(early.code, Some(1), "{label}: the old release still writes: {early:#?}");
            // In the words of the command, or of the guard where it came in between.
            let words = ["old side was written", "old release wrote"];
            let is_told = words.iter().any(|words| early.stderr.contains(words));
            assert!(is_told, "{label}: {early:#?}");
        }
        self.old_writes = self.old.stop();
        if self.case.is_swapped {
            // What it writes means something else from then on.
            self.new_writes = self.new.take().expect("it runs").stop();
        }
        thread::sleep(QUIET + Duration::from_millis(200));
        let run = self.run(&contract);
        assert_eq!(run.code, Some(0), "{label}: {run:#?}");
        if let Some(mut new) = self.new.take() {
            thread::sleep(Duration::from_millis(200));
            self.new_writes = new.stop();
        }
    }

    /// What there is now, and what there would be.
    pub(super) fn compare(&mut self) {
        let Case { label, before, plain, is_swapped, checks, .. } = self.case;
        assert!(
            self.old_writes.len() > 20 && self.new_writes.len() > 20,
            "{label}: both have written"
        );
        let calm = self.url.with_database(&format!("{label}_calm"));
        let sandbox = Sandbox::new(&format!("{DATASOURCE}{before}"));
        sandbox.run_on(&calm.expose(), &["db", "push", "--skip-generate"]).success();
        execute(&calm, &self.case.seed());
        execute(&calm, &self.old_writes.join(";\n"));
        if *is_swapped {
            execute(&calm, &self.new_writes.join(";\n"));
        }
        execute(&calm, plain);
        if !is_swapped {
            execute(&calm, &self.new_writes.join(";\n"));
        }
        let (rolled, expected) = (rows(&self.url), rows(&calm));
        assert_eq!(rolled.len(), expected.len(), "{label}: rows");
        for (rolled, expected) in rolled.iter().zip(&expected) {
            assert_eq!(rolled, expected, "{label}: a row is not what it would be");
        }
        assert_eq!(left_behind(&self.url, checks), Vec::<String>::new(), "{label}");
        let status = self.run(&["migrate", "status", "--drift"]);
        assert_eq!(status.code, Some(0), "{label}: {status:#?}");
        assert!(!status.stdout.contains("Rollout"), "{label}: {status:#?}");
    }
}

fn execute(url: &ConnectionUrl, sql: &str) {
    block_on(async {
        let connection = connect(url).await.expect("the database is there");
        let done = connection.batch_execute(sql).await;
        done.unwrap_or_else(|error| panic!("{error}\n{}", &sql[..sql.len().min(2_000)]));
    });
}

/// All rows of all tables, each as text behind its table's name.
fn rows(url: &ConnectionUrl) -> Vec<String> {
    let names = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace \
                 AND relkind = 'r' AND relname <> '_prisma_migrations' ORDER BY relname COLLATE \"C\"";
    block_on(async {
        let connection = connect(url).await.expect("the database is there");
        let mut all = Vec::new();
        for name in connection.query(names, &[]).await.expect("a query") {
            let name: String = name.get(0);
            let sql = format!(
                "SELECT to_jsonb(t)::text FROM public.\"{name}\" t ORDER BY to_jsonb(t)::text COLLATE \"C\""
            );
            let rows = connection.query(&sql, &[]).await.expect("a query");
            all.extend(rows.iter().map(|row| format!("{name} {}", row.get::<_, String>(0))));
        }
        all
    })
}

/// What rollouts make and nobody needs any more.
fn left_behind(url: &ConnectionUrl, checks: &[&str]) -> Vec<String> {
    let sql = "SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal \
               UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = to_regnamespace('_driveflow') \
               UNION ALL SELECT 'sequence ' || relname FROM pg_class WHERE relkind = 'S' AND relname LIKE 'old_writes%' \
               UNION ALL SELECT 'view ' || relname FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace \
               UNION ALL SELECT 'check ' || conname FROM pg_constraint WHERE contype = 'c' \
                   AND connamespace = 'public'::regnamespace AND NOT conname = ANY ($1) \
               UNION ALL SELECT 'not valid ' || conname FROM pg_constraint WHERE NOT convalidated \
               UNION ALL SELECT 'index ' || relname FROM pg_class JOIN pg_index ON indexrelid = oid WHERE NOT indisvalid";
    block_on(async {
        let connection = connect(url).await.expect("the database is there");
        let rows = connection.query(sql, &[&checks]).await.expect("a query");
        rows.iter().map(|row| row.get(0)).collect()
    })
}
