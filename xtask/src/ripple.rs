//! What a change of the schema means for the code that is built on the typed client: the lines that no longer compile,
//! as the compiler names them.
//!
//! It only tells. Where there is no cargo, no package around the client or nothing that uses it, there is nothing to
//! tell, and what keeps cargo from checking is a remark and never the command's failure.

mod packages;
mod places;

use std::path::Path;
use std::process::Stdio;

use self::packages::Dependents;
use self::places::places;
use crate::programs::cargo;
use crate::terminal::{Step, note, say};

/// Checks the packages around and above a client that was just written, and lists what the compiler says.
pub(crate) async fn show(client: &Path) {
    let Some(folder) = client.ancestors().find(|folder| folder.join("Cargo.toml").is_file()) else {
        return;
    };
    let Some(dependents) = dependents(folder).await else { return };
    let step = Step::start("Checking the code that uses the client");
    let mut command = cargo(folder);
    command.args(["check", "--quiet", "--keep-going", "--all-targets", "--message-format", "json"]);
    for package in &dependents.names {
        command.args(["--package", package]);
    }
    let checked = command.stdin(Stdio::null()).kill_on_drop(true).output().await;
    drop(step);
    let Ok(checked) = checked else { return };
    let found = places(&String::from_utf8_lossy(&checked.stdout), &dependents);
    if !found.is_empty() {
        say!("\n{}", places::told(&found));
    } else if checked.status.success() {
        say!("What uses the client compiles with it: {}.", dependents.names.join(", "));
    } else {
        let said = String::from_utf8_lossy(&checked.stderr);
        note!("warning: the code that uses the client could not be checked:\n{}", said.trim_end());
    }
}

async fn dependents(folder: &Path) -> Option<Dependents> {
    let mut command = cargo(folder);
    command.args(["metadata", "--no-deps", "--format-version", "1"]);
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await.ok()?;
    // Without success nothing is on stdout, and the next `cargo build` says why.
    packages::dependents(&output.stdout, folder)
}
