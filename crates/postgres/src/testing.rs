//! A database for each test, on the project's own test server.
//!
//! ```no_run
//! use postgres::testing::TestDatabase;
//!
//! # async fn test() {
//! let database = TestDatabase::from_sql("rename_column", "CREATE TABLE t (a int)");
//! let connection = database.connect().await;
//! connection.batch_execute("INSERT INTO t VALUES (1)").await.unwrap();
//! # }
//! ```
//!
//! The server is started by the first test that needs it, shared by all processes of a run and
//! stopped ten minutes after the last; `TEST_DATABASE_URL` names another one,
//! and `TEST_POSTGRES_BIN` the folder of its programs, for what starts servers of its own. A template is made
//! once for the same content and copied for each test. A test that passes leaves nothing; one that
//! fails leaves its database and prints its URL. Everything here panics when it fails: without a
//! database there is no test.
//!
//! All of it may be called from plain tests and from within any runtime.

mod template;

use std::path::{Path, PathBuf};
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use pg_schema::quote::ident;

use crate::server::Server;
pub use crate::server::own::{OwnServer, free_port};
pub use crate::server::second::SecondServer;
use crate::{Connection, ConnectionUrl, connect};

/// What the names of test databases begin with.
const PREFIX: &str = "driveflow_test_";

/// A database that lives as long as this value.
#[derive(Debug)]
pub struct TestDatabase {
    url: ConnectionUrl,
}

impl TestDatabase {
    /// An empty database. `label` becomes part of its name.
    pub fn empty(label: &str) -> TestDatabase {
        TestDatabase::copy(label, None)
    }

    /// A database in which `sql` has run.
    pub fn from_sql(label: &str, sql: &str) -> TestDatabase {
        TestDatabase::from_template(label, sql.as_bytes(), |url| {
            let url = url.clone();
            let sql = sql.to_owned();
            block_on(
                async move { connect(&url).await.unwrap().batch_execute(&sql).await.unwrap() },
            );
        })
    }

    /// A database as `make` makes it, which runs only if no earlier one with the same `key` did.
    ///
    /// `key` must hold everything that the outcome depends on: the files of the migrations, say.
    pub fn from_template(
        label: &str,
        key: &[u8],
        make: impl FnOnce(&ConnectionUrl),
    ) -> TestDatabase {
        TestDatabase::copy(label, Some((key, Box::new(make))))
    }

    fn copy(label: &str, template: Option<(&[u8], template::Make<'_>)>) -> TestDatabase {
        let server = server_url();
        let name = database_name(label);
        match template {
            None => template::create_empty(&server, &name),
            Some((key, make)) => template::create_copy(&server, &name, key, make),
        }
        TestDatabase { url: server.with_database(&name) }
    }

    /// Where the database is.
    pub fn url(&self) -> &ConnectionUrl {
        &self.url
    }

    /// A connection to it.
    pub async fn connect(&self) -> Connection {
        connect(&self.url)
            .await
            .unwrap_or_else(|error| panic!("no connection to the test database: {error}"))
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the test's database is kept: {}", self.url.redacted());
            return;
        }
        let (server, name) = (self.url.with_database("postgres"), ident(self.url.database()));
        template::execute(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }
}

/// A URL that says more: `pgbouncer=true`, say. It may have parameters already, as that of a socket has, or none.
pub fn with_parameters(url: &ConnectionUrl, parameters: &str) -> String {
    let url = url.expose();
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}{parameters}")
}

/// The URL of a database (`postgres`) on the test server, which is started if need be.
pub fn server_url() -> ConnectionUrl {
    if let Some(url) = std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty()) {
        let url: ConnectionUrl =
            url.parse().unwrap_or_else(|error| panic!("TEST_DATABASE_URL: {error}"));
        return url.with_database("postgres");
    }
    let server = Server::for_tests(&workspace_root());
    let url = server
        .ensure_running(&mut |step| eprintln!("{step}"))
        .unwrap_or_else(|error| panic!("no PostgreSQL for the tests: {error}"));
    keep_alive(&server);
    url.with_database("postgres")
}

/// One of PostgreSQL's programs, as `pg_dump`, of the version that the test server has; none where it came without, or is
/// somebody else's and `TEST_POSTGRES_BIN` does not say where its programs are.
pub fn program(name: &str) -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let folder = match (set("TEST_POSTGRES_BIN"), set("TEST_DATABASE_URL")) {
        (Some(folder), _) => PathBuf::from(folder),
        (None, Some(_)) => return None,
        (None, None) => Server::for_tests(&workspace_root()).programs().ok().flatten()?,
    };
    Some(folder.join(name)).filter(|program| program.is_file())
}

/// The migrations of the workspace whose test this is, as one script, the earliest first.
pub fn migrations() -> String {
    let folder = workspace_root().join("prisma/migrations");
    let entries = std::fs::read_dir(&folder);
    let entries = entries.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the folder can be read").path().join("migration.sql"))
        .filter(|file| file.is_file())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no migration in {}", folder.display());
    let read = |file: &PathBuf| {
        std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    };
    files.iter().map(read).collect()
}

/// Runs a future to its end on a thread and a runtime of its own: from anywhere.
pub fn block_on<T: Send>(future: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap_or_else(|error| panic!("no runtime: {error}")).block_on(future)
        });
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Renews the server's lease, which its start has just done, every half minute for as long as this
/// process lives.
fn keep_alive(server: &Server) {
    static STARTED: Once = Once::new();

    let folder =
        server.folder().unwrap_or_else(|error| panic!("no folder for the test server: {error}"));
    let lease = folder.join("lease");
    STARTED.call_once(|| {
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(Duration::from_secs(30));
                touch(&lease);
            }
        });
    });
}

fn touch(lease: &Path) {
    // Absent until the first start, which makes it.
    if let Ok(file) = std::fs::File::options().write(true).open(lease) {
        let _ = file.set_modified(SystemTime::now());
    }
}

/// `driveflow_test_<label>_<seconds>_<process>_<count>`: readable, unique, and old ones can be told.
fn database_name(label: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);

    let label: String = label
        .chars()
        .take(20)
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .collect();
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{PREFIX}{label}_{seconds}_{}_{count}", std::process::id())
}

/// The folder of the workspace whose test this is: the nearest one above with a lock file.
fn workspace_root() -> PathBuf {
    let start = std::env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .or_else(|| std::env::current_dir().ok());
    let start = start.unwrap_or_else(|| panic!("neither CARGO_MANIFEST_DIR nor a current folder"));
    // A package of its own inside the workspace, as a bench with peers, has a Cargo.lock too.
    let is_root =
        |folder: &&Path| folder.join("Cargo.lock").exists() && folder.join("crates").exists();
    let root = start.ancestors().find(is_root);
    root.unwrap_or_else(|| panic!("no Cargo.lock in or above `{}`", start.display())).to_owned()
}
