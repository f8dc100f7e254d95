//! A server for which there is not enough room: a small file system of its own where this machine lets us have one, else
//! files that may not grow.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use postgres::ConnectionUrl;
use postgres::server::Server;
use postgres::testing::block_on;

use crate::sandbox::{Run, Sandbox, xtask};

/// More than an empty tablespace needs, less than [`Small::fill_with`] writes.
const ROOM: &str = "4m";
/// In units of 512 bytes, as `ulimit` counts: a segment of write-ahead log has 16 MiB.
const LONGEST_FILE: &str = "40960";

/// A server with little room, in a sandbox's project.
pub(super) struct Small {
    url: ConnectionUrl,
    /// Where the file system is mounted; none where files may not grow.
    mounted: Option<PathBuf>,
}

impl Small {
    pub(super) fn new(sandbox: &Sandbox) -> Self {
        let server = Server::for_project(&sandbox.path(""));
        if let Some(folder) = mount() {
            let url = server.ensure_running(&mut |_| ()).expect("a server starts");
            let small = Self { url: url.with_database("small"), mounted: Some(folder.clone()) };
            // From here on, whatever happens, dropping it unmounts.
            let account = owner(&server);
            let given =
                Command::new("chown").args([&account, &folder.display().to_string()]).status();
            assert!(given.expect("chown is everywhere").success());
            let sql = format!("CREATE TABLESPACE small LOCATION '{}'", folder.display());
            small.execute("postgres", &sql);
            return small;
        }
        let mut limited = Command::new("sh");
        limited.args(["-c", &format!("ulimit -f {LONGEST_FILE} && exec \"$0\" db start")]);
        limited.arg(xtask()).current_dir(sandbox.path("")).stdin(Stdio::null());
        limited.env_remove("DATABASE_URL");
        Run::of(limited.output().expect("sh is everywhere")).success();
        let url = server.ensure_running(&mut |_| ()).expect("it runs");
        Self { url: url.with_database("small"), mounted: None }
    }

    pub(super) fn url(&self) -> &ConnectionUrl {
        &self.url
    }

    /// A script that begins well and then finds no room.
    pub(super) fn fill_with(&self, begin: &str) -> String {
        let (place, rows) = match self.mounted {
            Some(_) => (" TABLESPACE small", 3_000),
            None => ("", 15_000),
        };
        // Random text: what repeats would be packed away.
        format!(
            "{begin}\nCREATE TABLE large (a text){place};\nALTER TABLE large ALTER a SET STORAGE PLAIN;\nINSERT INTO large \
             SELECT repeat('x', 2000) FROM generate_series(1, {rows});\n"
        )
    }

    /// How the system says it.
    pub(super) fn complaint(&self) -> &'static str {
        if self.mounted.is_some() { "No space left on device" } else { "File too large" }
    }

    fn execute(&self, database: &str, sql: &str) {
        self.try_execute(database, sql).expect(sql);
    }

    fn try_execute(&self, database: &str, sql: &str) -> Result<(), postgres::Error> {
        let url = self.url.with_database(database);
        block_on(async { postgres::connect(&url).await?.batch_execute(sql).await })
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let Some(folder) = &self.mounted else { return };
        // In a test that fails, another panic would end all tests, and anything may be missing here.
        for (database, sql) in
            [("small", "DROP TABLE IF EXISTS large"), ("postgres", "DROP TABLESPACE small")]
        {
            let _ = self.try_execute(database, sql);
        }
        // Whoever still has a file open there keeps it, and nothing else.
        let _ = Command::new("umount").arg("-l").arg(folder).status();
        let _ = fs::remove_dir(folder);
    }
}

/// A new small file system; none where only others may mount.
fn mount() -> Option<PathBuf> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("driveflow-disk-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    fs::create_dir_all(&folder).expect("a temporary folder can be made");
    let mut mount = Command::new("mount");
    mount.args(["-t", "tmpfs", "-o", &format!("size={ROOM}"), "tmpfs"]).arg(&folder);
    let mounted = mount.stdin(Stdio::null()).stderr(Stdio::null()).status();
    if mounted.is_ok_and(|status| status.success()) {
        return Some(folder);
    }
    let _ = fs::remove_dir(&folder);
    None
}

/// The account that the server runs as, by number.
fn owner(server: &Server) -> String {
    use std::os::unix::fs::MetadataExt as _;

    let log = server.log_file().expect("a place").metadata().expect("a running server logs");
    log.uid().to_string()
}

#[test]
fn a_test_that_fails_early_leaves_nothing_mounted() {
    let sandbox = Sandbox::new("datasource db {\n  provider = \"postgresql\"\n}\n");
    let small = Small::new(&sandbox);
    let mounted = small.mounted.clone();
    // Its database was never made, and its server is gone.
    sandbox.run(&["db", "stop"]).success();
    drop(small);
    assert!(mounted.is_none_or(|folder| !folder.exists()));
}
