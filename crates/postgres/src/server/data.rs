//! The data folder: made by `initdb` under a name of its own and renamed, so that it is complete or
//! absent.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use super::advice::advice;
use super::place::Place;
use super::scratch::Scratch;
use super::tools::Tools;
use super::{Kind, USER};
use crate::Error;

/// The version of PostgreSQL that the data are of.
pub(super) fn version(place: &Place) -> Option<u32> {
    fs::read_to_string(place.data().join("PG_VERSION")).ok()?.trim().parse().ok()
}

/// Makes the data folder. The lock must be held.
pub(super) fn init(
    place: &Place,
    kind: Kind,
    tools: &Tools,
    progress: &mut dyn FnMut(&str),
) -> Result<(), Error> {
    let data = place.data();
    if data.exists() {
        return Err(Error::server(format!(
            "`{}` holds something, but no data of PostgreSQL\n\nMove it away and try again.",
            data.display()
        )));
    }
    progress("making a PostgreSQL cluster for this project");
    let scratch = Scratch::beside(&data);
    place.create_for_server(scratch.path())?;
    let made = run_initdb(place, kind, tools, scratch.path(), "C.UTF-8").or_else(|reason| {
        // Older systems know no C.UTF-8: C orders alike and differs in upper and lower case only.
        if reason.contains("locale") {
            run_initdb(place, kind, tools, scratch.path(), "C")
        } else {
            Err(reason)
        }
    });
    made.map_err(|reason| {
        let (data, advice) = (data.display(), advice(place, &reason));
        Error::server(format!("cannot make a PostgreSQL cluster in `{data}`\n{reason}\n\n{advice}"))
    })?;
    scratch
        .keep_as(&data)
        .map_err(|error| Error::server_io(format_args!("cannot make `{}`", data.display()), error))
}

fn run_initdb(
    place: &Place,
    kind: Kind,
    tools: &Tools,
    data: &Path,
    locale: &str,
) -> Result<(), String> {
    let mut command = place.command(&tools.bin.join("initdb"));
    command.args(["--auth=trust", "--encoding=UTF8", "--username", USER, "--locale", locale]);
    if kind == Kind::Tests {
        command.arg("--no-sync");
    }
    let output = command
        .arg("-D")
        .arg(data)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    // It quotes whole scripts when it is interrupted: only what went wrong is of use.
    let telling = ["FATAL", "PANIC", "ERROR", "error:", "No space left"];
    let lines: Vec<&str> =
        said.lines().filter(|line| telling.iter().any(|word| line.contains(word))).collect();
    Err(match (lines.is_empty(), said.trim()) {
        (false, _) => lines.join("\n"),
        (true, "") => format!("initdb failed: {}", output.status),
        (true, said) => said.to_owned(),
    })
}
