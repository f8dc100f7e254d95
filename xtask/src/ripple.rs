//! What a change of the schema means for the code that is built on the typed client: the lines that no longer compile,
//! as the compiler names them.
//!
//! It only tells. Where there is no cargo, no package around the client or nothing that uses it, there is nothing to
//! tell, and what keeps cargo from checking is a remark and never the command's failure.

mod packages;
mod places;

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};

use self::packages::Dependents;
use self::places::places;
use crate::programs::cargo;
use crate::terminal::{Step, note, say};

/// Checks the packages around and above a client that was just written, and lists what the compiler says; whether that
/// was anything.
pub(crate) async fn show(client: &Path) -> bool {
    let Some(folder) = client.ancestors().find(|folder| folder.join("Cargo.toml").is_file()) else {
        return false;
    };
    let Some(dependents) = dependents(folder).await else { return false };
    let Some((succeeded, said, complained)) = check(folder, &dependents).await else {
        return false;
    };
    let found = places(&said, &dependents);
    if !found.is_empty() {
        say!("\n{}", places::told(&found, &dependents.root));
    } else if succeeded {
        say!("What uses the client compiles with it: {}.", dependents.names.join(", "));
    } else {
        note!(
            "warning: the code that uses the client could not be checked:\n{}",
            complained.trim_end()
        );
    }
    !found.is_empty()
}

/// How long a log hears nothing of a check that goes on.
const SILENCE: Duration = Duration::from_secs(15);

/// Checks the packages, and tells meanwhile how far it is: the first time their dependencies are compiled too. Whether
/// it succeeded, what it said for programs and what for people.
async fn check(folder: &Path, dependents: &Dependents) -> Option<(bool, String, String)> {
    const WHAT: &str = "Checking the code that uses the client";
    let step = Step::start(WHAT);
    let mut command = cargo(folder);
    command.args(["check", "--quiet", "--keep-going", "--all-targets", "--message-format", "json"]);
    for package in &dependents.names {
        command.args(["--package", package]);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut running = command.spawn().ok()?;
    let (stdout, mut stderr) = (running.stdout.take()?, running.stderr.take()?);
    let listen = async {
        let (mut said, mut crates, mut told) = (String::new(), 0, Instant::now());
        let mut lines = BufReader::new(stdout).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some(name) = places::checked(&line) {
                crates += 1;
                let far = format!("{WHAT}: {crates} crates so far, the last {name}");
                if told.elapsed() >= SILENCE {
                    told = Instant::now();
                    step.doing(&far);
                } else {
                    step.doing_in_passing(&far);
                }
            }
            said.push_str(&line);
            said.push('\n');
        }
        said
    };
    let mut complained = String::new();
    let (said, _) = tokio::join!(listen, stderr.read_to_string(&mut complained));
    let status = running.wait().await.ok()?;
    Some((status.success(), said, complained))
}

async fn dependents(folder: &Path) -> Option<Dependents> {
    let mut command = cargo(folder);
    command.args(["metadata", "--no-deps", "--format-version", "1"]);
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await.ok()?;
    // Without success nothing is on stdout, and the next `cargo build` says why.
    packages::dependents(&output.stdout, folder)
}
