//! The workspace's programs that are built on the typed client: run by cargo, never linked.
//!
//! They get the database through `DATABASE_URL`, not as an argument, so that no process list shows a password.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};

use crate::failure::{CANCELLED, Failure, Result};
use crate::project::Project;

/// One of the programs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Program {
    Seed,
    Validator,
    Health,
}

impl Program {
    fn name(self) -> &'static str {
        match self {
            Self::Seed => "seed",
            Self::Validator => "validator",
            Self::Health => "health",
        }
    }

    /// The command that runs it.
    pub(crate) fn command(self) -> &'static str {
        match self {
            Self::Seed => "seed",
            Self::Validator => "verify",
            Self::Health => "health",
        }
    }

    /// Whether this project has it; a Prisma project elsewhere has none.
    pub(crate) fn exists_in(self, project: &Project) -> bool {
        project.root.join("crates").join(self.name()).join("Cargo.toml").is_file()
    }

    /// Fails where the project does not have it.
    pub(crate) fn require_in(self, project: &Project) -> Result<()> {
        if self.exists_in(project) {
            return Ok(());
        }
        let name = self.name();
        Err(Failure::new(format!(
            "this project has no `{name}` program: crates/{name} does not exist"
        )))
    }
}

/// Builds the programs, cargo's own progress in view, so that a later [`run`] starts at once.
pub(crate) async fn build(project: &Project, programs: &[Program]) -> Result<()> {
    let mut command = cargo(&project.root);
    command.arg("build");
    for program in programs {
        command.args(["--package", program.name()]);
    }
    finish(command, "cargo build").await
}

/// Runs a program on a database; it speaks for itself, and its failure becomes ours without another word.
pub(crate) async fn run(
    program: Program,
    project: &Project,
    url: &str,
    arguments: &[String],
) -> Result<()> {
    let mut command = cargo(&project.root);
    command.args(["run", "--quiet", "--package", program.name()]);
    if is_for_volume(program, arguments) {
        // Apart from the run, so that cargo's progress is in view.
        let mut build = cargo(&project.root);
        build.args(["build", "--release", "--package", program.name()]);
        finish(build, "cargo build").await?;
        command.arg("--release");
    }
    command.arg("--").args(arguments).env("DATABASE_URL", url);
    finish(command, program.name()).await
}

/// Runs a program on a database and takes what it says on stdout, whether it found something wrong or not. What it says
/// on stderr is nobody's.
pub(crate) async fn output(
    program: Program,
    project: &Project,
    url: &str,
    arguments: &[&str],
) -> Result<String> {
    let mut command = cargo(&project.root);
    command.args(["run", "--quiet", "--package", program.name(), "--"]);
    command.args(arguments).env("DATABASE_URL", url);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let failed = |error| cannot(program.name(), &error);
    let mut running = Running(command.spawn().map_err(failed)?);
    let mut said = String::new();
    if let Some(stdout) = running.0.stdout.as_mut() {
        stdout.read_to_string(&mut said).await.map_err(failed)?;
    }
    running.0.wait().await.map_err(failed)?;
    Ok(said)
}

/// Runs a program on a database without a word of its own; what it said on stderr, where it failed.
pub(crate) async fn attempt(
    program: Program,
    project: &Project,
    url: &str,
    arguments: &[String],
) -> Result<std::result::Result<(), String>> {
    let mut command = cargo(&project.root);
    command.args(["run", "--quiet", "--package", program.name(), "--"]);
    command.args(arguments).env("DATABASE_URL", url);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let failed = |error| cannot(program.name(), &error);
    let mut running = Running(command.spawn().map_err(failed)?);
    let mut said = String::new();
    if let Some(stderr) = running.0.stderr.as_mut() {
        stderr.read_to_string(&mut said).await.map_err(failed)?;
    }
    let status = running.0.wait().await.map_err(failed)?;
    Ok(if status.success() { Ok(()) } else { Err(said.trim().to_owned()) })
}

/// Whether it makes so many rows that a build with optimizations, which takes minutes once, is soon made up for.
fn is_for_volume(program: Program, arguments: &[String]) -> bool {
    let named = |pair: &[String]| pair == ["--profile", "load"];
    let is_load = || {
        arguments.windows(2).any(named)
            || arguments.iter().any(|argument| argument == "--profile=load")
    };
    // Whoever asks for help waits for no build.
    matches!(program, Program::Seed)
        && is_load()
        && !arguments.iter().any(|argument| argument == "--help" || argument == "-h")
}

/// Cargo, as if nobody had run us with it.
pub(crate) fn cargo(folder: &Path) -> Command {
    let mut command =
        Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.current_dir(folder);
    // Set by the cargo that runs us, for this package. Passed on, they make build scripts that watch them (ring's does)
    // run again each time, and with them everything above.
    for (name, _) in std::env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| OF_THIS_PACKAGE.iter().any(|prefix| name.starts_with(prefix)))
        {
            command.env_remove(name);
        }
    }
    command
}

/// How the variables begin that cargo sets for a program of one package.
const OF_THIS_PACKAGE: [&str; 6] =
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_", "OUT_DIR"];

/// How long a program that was asked to stop may take to undo what it had begun.
const PATIENCE: Duration = Duration::from_secs(10);

async fn finish(mut command: Command, what: &str) -> Result<()> {
    let mut running = Running(command.spawn().map_err(|error| cannot(what, &error))?);
    let status = running.0.wait().await.map_err(|error| cannot(what, &error))?;
    match status.code() {
        Some(0) => Ok(()),
        None | Some(130) => Err(Failure::already_told(CANCELLED)),
        Some(_) => Err(Failure::already_told(1)),
    }
}

fn cannot(what: &str, error: &io::Error) -> Failure {
    Failure::new(format!("{what} could not be started: {error}"))
        .help("install Rust, or run that program itself with DATABASE_URL set")
}

/// A program that does not outlive whoever waits for it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let Some(process) = self.0.id() else { return };
        // Asked rather than killed: it rolls back. A terminal's Ctrl-C reached it already; once more does no harm.
        let _ = std::process::Command::new("kill").args(["-INT", &process.to_string()]).status();
        let deadline = Instant::now() + PATIENCE;
        while matches!(self.0.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Program, is_for_volume};

    #[test]
    fn only_a_load_is_built_with_optimizations() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<String>>();
        let load = |text| is_for_volume(Program::Seed, &words(text));
        assert!(load("--profile load --orgs 2") && load("--seed 3 --profile=load"));
        assert!(!load("--profile demo") && !load("load --profile") && !load("--profile load -h"));
        assert!(!is_for_volume(Program::Validator, &words("--profile load")));
    }
}
