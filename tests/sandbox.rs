//! A project of its own for one test, and the command run in it as a person runs it.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use postgres::server::Server;

/// Stands in URLs, and must never be seen again.
pub(crate) const PASSWORD: &str = "s3cr3t-in-url";

/// A small schema that is valid and laid out well.
pub(crate) const STUDENTS: &str = r#"datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model Student {
  id   Int    @id
  name String
}
"#;

/// A folder with a schema, removed at the end together with the server it may have started.
#[derive(Debug)]
pub(crate) struct Sandbox {
    root: PathBuf,
}

/// What a command said.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Sandbox {
    pub(crate) fn new(schema: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let root =
            std::env::temp_dir().join(format!("driveflow-sandbox-{}-{count}", std::process::id()));
        fs::create_dir_all(root.join("prisma")).expect("a temporary folder can be made");
        let root = root.canonicalize().expect("it was just made");
        let sandbox = Self { root };
        sandbox.write("prisma/schema.prisma", schema);
        sandbox
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().expect("a file in the sandbox"))
            .expect("folders can be made");
        fs::write(path, text).expect("the sandbox can be written");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).expect("the file is there")
    }

    /// The names in a folder, sorted.
    pub(crate) fn list(&self, path: &str) -> Vec<String> {
        let entries = fs::read_dir(self.root.join(path)).expect("the folder is there");
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("readable").file_name();
        let mut names: Vec<_> =
            entries.map(|entry| name(entry).to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The command, ready to run: nobody at the terminal, no database in the environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(xtask());
        command.args(arguments).current_dir(&self.root).stdin(Stdio::null());
        for variable in ["DATABASE_URL", "CI", "PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK", "NO_COLOR"] {
            command.env_remove(variable);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments).output().expect("the command starts"))
    }

    /// As one of several commands between pipes.
    pub(crate) fn run_with_stdin(&self, arguments: &[&str], stdin: impl AsRef<[u8]>) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command starts");
        let mut pipe = child.stdin.take().expect("it was asked for");
        pipe.write_all(stdin.as_ref()).expect("the command reads");
        drop(pipe);
        Run::of(child.wait_with_output().expect("the command ends"))
    }

    pub(crate) fn run_on(&self, url: &str, arguments: &[&str]) -> Run {
        Run::of(
            self.command(arguments).env("DATABASE_URL", url).output().expect("the command starts"),
        )
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let server = Server::for_project(&self.root);
        let _ = server.stop();
        if std::thread::panicking() {
            eprintln!("kept: {}", self.root.display());
            return;
        }
        // As root the cluster lives outside the project, in a folder of its own.
        if let Ok(folder) = server.folder() {
            let _ = fs::remove_dir_all(folder);
        }
        let _ = fs::remove_dir_all(&self.root);
    }
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// The run, which must have gone well.
    #[track_caller]
    pub(crate) fn success(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:#?}");
        self
    }

    /// The run, which must have failed with exit status 1.
    #[track_caller]
    pub(crate) fn failure(self) -> Self {
        assert_eq!(self.code, Some(1), "{self:#?}");
        self
    }
}

/// The command, built by the cargo that runs the tests: what is tested is what the sources say.
pub(crate) fn xtask() -> &'static OsStr {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| built("xtask")).as_os_str()
}

/// The program of a package, built by the cargo that runs the tests.
pub(crate) fn built(package: &str) -> PathBuf {
    let output = cargo()
        .args(["build", "--package", package, "--message-format", "json-render-diagnostics"])
        .current_dir(workspace())
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{package} does not build");
    let messages = String::from_utf8(output.stdout).expect("UTF-8");
    let executable = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find_map(|message| message["executable"].as_str().map(PathBuf::from));
    executable.expect("cargo says where the binary is")
}

/// Cargo, without what the cargo that runs the tests has set for this package: build scripts that watch those
/// variables (ring's does) would run again each time.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env!("CARGO"));
    for (name, _) in std::env::vars_os() {
        let set_for_us =
            ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
        if name
            .to_str()
            .is_some_and(|name| set_for_us.iter().any(|prefix| name.starts_with(prefix)))
        {
            command.env_remove(name);
        }
    }
    command
}

/// The root of this workspace.
pub(crate) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the workspace")
}
