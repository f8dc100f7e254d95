//! Commands killed −9 after every request that they send, seen from the server: it has done what came, and nobody is
//! there to hear of it.
//!
//! A request is what a [`Proxy`] counts, so that a command dies once between any two answers. Dying between two
//! files is another matter: `files`.

use std::process::Child;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use postgres::ConnectionUrl;
use postgres::server::Server;
use postgres::testing::TestDatabase;

use super::proxy::Proxy;
use super::{
    CONCURRENT, DEPLOY, execute, files, name, project, recover, run_as_told, start, value,
    wait_until_alone,
};
use crate::sandbox::{Run, STUDENTS, Sandbox};

/// Which of a command's requests are the last that it sends.
#[derive(Clone, Copy)]
pub(super) enum Which {
    Each,
    /// Every so many, and each of the last so many: what comes before those only reads.
    Some {
        every: usize,
        last: usize,
    },
}

/// Runs the command whole, and then once for each number of requests after which it is killed.
///
/// `prepare` makes the project and the database for a number; `check` sees what became of them. What the whole command
/// said is returned.
pub(super) fn killed_after(
    which: Which,
    arguments: &[&str],
    prepare: impl Fn(usize) -> (Rc<Sandbox>, ConnectionUrl),
    check: impl Fn(&Sandbox, &ConnectionUrl),
) -> Run {
    let run = |requests| {
        let (sandbox, url) = prepare(requests);
        let proxy = Proxy::new(&url, requests);
        let ended = unless_cut(&proxy, start(&sandbox, proxy.url(), arguments));
        let sent = proxy.sent();
        drop(proxy);
        wait_until_alone(&url);
        check(&sandbox, &url);
        (ended, sent)
    };
    let (whole, sent) = run(usize::MAX);
    // Each takes minutes: `FAULTS=each`.
    let all = std::env::var("FAULTS").is_ok_and(|faults| faults == "each");
    for requests in 0..sent {
        let is_wanted = all
            || match which {
                Which::Each => true,
                Which::Some { every, last } => requests % every == 0 || requests + last >= sent,
            };
        if is_wanted {
            run(requests);
        }
    }
    whole.expect("nothing was cut")
}

/// What the command said, unless it was killed where its way was cut.
fn unless_cut(proxy: &Proxy, mut command: Child) -> Option<Run> {
    loop {
        // Asked in this order: whoever has ended sends nothing more.
        let has_ended = command.try_wait().expect("it can be asked").is_some();
        if proxy.is_cut() {
            command.kill().expect("it is ours");
            command.wait().expect("it has ended");
            return None;
        }
        if has_ended {
            return Some(Run::of(command.wait_with_output().expect("it has ended")));
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// A schema of the database for each number of requests.
fn schema(database: &ConnectionUrl, requests: usize) -> ConnectionUrl {
    database.with_schema(&format!("k{requests}"))
}

#[test]
fn deploy() {
    let database = TestDatabase::empty("killed_deploy");
    let (mended, broken) = (project(5), Rc::new(project(5)));
    broken.write(
        &format!("prisma/migrations/{}/migration.sql", name(4)),
        "CREATE TABLE t4 (a int);\nINSERT INTO log VALUES (4);\nSELECT 1 / 0;\n",
    );
    let run = killed_after(
        Which::Each,
        DEPLOY,
        |requests| (Rc::clone(&broken), schema(database.url(), requests)),
        |_, url| recover(&mended, url),
    );
    assert!(run.failure().stderr.contains("P3018"));
}

/// The same where it is the connection that dies: then somebody is there to be told.
#[test]
fn deploy_that_loses_its_connection() {
    let database = TestDatabase::empty("cut_deploy");
    let sandbox = project(4);
    // What the server has done is as in `deploy`: a third of the moments will do.
    for requests in (0..).step_by(3) {
        let url = schema(database.url(), requests);
        let proxy = Proxy::new(&url, requests);
        let mut deploy = start(&sandbox, proxy.url(), DEPLOY);
        while !proxy.is_cut() && deploy.try_wait().expect("it can be asked").is_none() {
            thread::sleep(Duration::from_millis(2));
        }
        let is_cut = proxy.is_cut();
        drop(proxy);
        let run = Run::of(deploy.wait_with_output().expect("it ends"));
        wait_until_alone(&url);
        recover(&sandbox, &url);
        // What it gives back at the end, the server takes back by itself.
        if run.code == Some(0) {
            assert!(requests > 10, "{run:#?}");
            if !is_cut {
                return;
            }
        } else {
            let run = run.failure();
            assert!(run.stderr.contains("P1017"), "{run:#?}");
        }
    }
}

#[test]
fn deploy_to_a_database_that_is_not_there() {
    let sandbox = Rc::new(project(3));
    let database = TestDatabase::empty("killed_create");
    let made = |requests| {
        let name = format!("{}_{requests}", database.url().database());
        database.url().with_database(&name)
    };
    // What follows once the database is there is the business of `deploy`.
    for requests in 0..6 {
        let url = made(requests);
        let proxy = Proxy::new(&url, requests);
        assert!(unless_cut(&proxy, start(&sandbox, proxy.url(), DEPLOY)).is_none());
        drop(proxy);
        recover(&sandbox, &url);
        execute(database.url(), &format!("DROP DATABASE {} WITH (FORCE)", url.database()));
    }
}

#[test]
fn reset() {
    let database = TestDatabase::empty("killed_reset");
    let sandbox = Rc::new(project(4));
    let reset = ["migrate", "reset", "--force", "--skip-generate", "--skip-seed"];
    let is_whole = "SELECT array[to_regclass('t1'), to_regclass('t3'), to_regclass('log_number')]";
    let run = killed_after(
        Which::Some { every: 2, last: 6 },
        &reset,
        |requests| {
            let url = schema(database.url(), requests);
            sandbox.run_on(&url.expose(), DEPLOY).success();
            execute(&url, "INSERT INTO log VALUES (99)");
            (Rc::clone(&sandbox), url)
        },
        |sandbox, url| {
            let is_there = value(url, "SELECT to_regclass('log')") == "log";
            if is_there && value(url, "SELECT max(number) FROM log") == "99" {
                assert_eq!(value(url, is_whole), "{t1,t3,log_number}");
                run_as_told(sandbox, url, &reset).success();
            }
            recover(sandbox, url);
        },
    );
    run.success();
}

#[test]
fn down() {
    let database = TestDatabase::empty("killed_down");
    let sandbox = Rc::new(project(4));
    for number in 1..4 {
        let script = match number {
            CONCURRENT => "DROP INDEX CONCURRENTLY IF EXISTS log_number;\n".to_owned(),
            _ => format!(
                "DROP TABLE t{number};\nDELETE FROM log WHERE number = {number};\n\
                 INSERT INTO log VALUES (-{number});\n"
            ),
        };
        sandbox.write(&format!("prisma/migrations/{}/down.sql", name(number)), script);
    }
    let down = ["migrate", "down", "--force", "--to", &name(0)];
    let run = killed_after(
        Which::Each,
        &down,
        |requests| {
            let url = schema(database.url(), requests);
            sandbox.run_on(&url.expose(), DEPLOY).success();
            (Rc::clone(&sandbox), url)
        },
        |sandbox, url| {
            run_as_told(sandbox, url, &down).success();
            let log = "SELECT string_agg(number::text, ',' ORDER BY number) FROM log";
            assert_eq!(value(url, log), "-3,-1,0");
            let left =
                "SELECT coalesce(to_regclass('t1'), to_regclass('t3'), to_regclass('log_number'))";
            assert_eq!(value(url, left), "");
            execute(url, "DELETE FROM log WHERE number < 0");
            recover(sandbox, url);
        },
    );
    run.success();
}

/// A server for those that make shadow databases, which are left behind where they are killed.
pub(super) struct OwnServer {
    url: ConnectionUrl,
    home: Sandbox,
}

impl OwnServer {
    pub(super) fn start() -> Self {
        let home = Sandbox::new(STUDENTS);
        let server = Server::for_tests(&home.path(""));
        let url = server.ensure_running(&mut |_| ()).expect("a server starts");
        home.run_on(&url.expose(), &["db", "create"]).success();
        Self { url, home }
    }

    pub(super) fn url(&self) -> &ConnectionUrl {
        &self.url
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        // Its files go with the sandbox.
        let _ = Server::for_tests(&self.home.path("")).stop();
    }
}

/// A project with a migration, and the next change made in its schema file.
pub(super) fn changed() -> Sandbox {
    let sandbox = Sandbox::new(&STUDENTS.replace(
        "  name String\n}",
        "  name String\n  email String?\n}\n\nmodel Teacher {\n  id Int @id\n}",
    ));
    sandbox.write("prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n");
    sandbox.write(
        &format!("prisma/migrations/{}/migration.sql", name(0)),
        "CREATE TABLE \"Student\" (\n    \"id\" INTEGER NOT NULL,\n    \"name\" TEXT NOT NULL,\n\n    CONSTRAINT \
         \"Student_pkey\" PRIMARY KEY (\"id\")\n);\n",
    );
    sandbox
}

#[test]
fn dev() {
    let server = OwnServer::start();
    let dev = ["migrate", "dev", "--skip-generate", "--skip-seed", "--name", "next"];
    let run = killed_after(
        Which::Some { every: 20, last: 10 },
        &dev,
        |requests| {
            let (sandbox, url) = (Rc::new(changed()), schema(&server.url, requests));
            sandbox.run_on(&url.expose(), DEPLOY).success();
            (sandbox, url)
        },
        |sandbox, url| {
            files::are_whole(sandbox);
            run_as_told(sandbox, url, &dev).success();
            files::are_whole(sandbox);
            assert_eq!(sandbox.list("prisma/migrations").len(), 3);
            sandbox.run_on(&url.expose(), &["migrate", "status"]).success();
            assert_eq!(value(url, "SELECT to_regclass('\"Teacher\"')"), "\"Teacher\"");
        },
    );
    run.success();
}

#[test]
fn squash() {
    let server = OwnServer::start();
    let squash = ["migrate", "squash", "--force"];
    let run = killed_after(
        Which::Some { every: 24, last: 1 },
        &squash,
        |_| (Rc::new(project(2)), server.url.clone()),
        |sandbox, url| {
            if sandbox.list("prisma/migrations").contains(&name(1)) {
                sandbox.run_on(&url.expose(), &squash).success();
            }
            files::are_whole(sandbox);
            assert_eq!(sandbox.list("prisma/migrations").len(), 2, "the migration and the lock");
        },
    );
    run.success();
}

#[test]
fn deploy_of_a_squash() {
    let database = TestDatabase::empty("killed_squash");
    let (several, one) = (project(2), Rc::new(project(2)));
    one.run_on(&database.url().expose(), &["migrate", "squash", "--force"]).success();
    let run = killed_after(
        Which::Each,
        DEPLOY,
        |requests| {
            let url = schema(database.url(), requests);
            several.run_on(&url.expose(), DEPLOY).success();
            (Rc::clone(&one), url)
        },
        |sandbox, url| {
            sandbox.run_on(&url.expose(), DEPLOY).success();
            sandbox.run_on(&url.expose(), &["migrate", "status"]).success();
            let names = "SELECT string_agg(migration_name, ',') FROM _prisma_migrations";
            assert_eq!(value(url, names), sandbox.list("prisma/migrations")[0]);
            assert_eq!(value(url, "SELECT array_agg(number ORDER BY number) FROM log"), "{0,1}");
        },
    );
    assert!(run.success().stderr.contains("The history now has"));
}
