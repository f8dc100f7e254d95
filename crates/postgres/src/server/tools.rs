//! PostgreSQL's programs in one folder, and whether they will do.

use std::fs;
use std::path::{Path, PathBuf};

use super::place::Place;

/// The oldest server that we work with.
const OLDEST: u32 = 13;

/// The programs of one installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tools {
    pub(super) bin: PathBuf,
    pub(super) major: u32,
}

/// The programs in `bin`, if the server's account can run them and they are of a known version.
pub(super) fn check(bin: PathBuf, place: &Place) -> Result<Tools, String> {
    let program = bin.join("postgres");
    // A link to the server may stand alone; `pg_dump` and the others are where it leads.
    let real = fs::canonicalize(&program).ok().and_then(|real| Some(real.parent()?.to_owned()));
    let bin = real.filter(|real| is_program(&real.join("initdb"))).unwrap_or(bin);
    let shown = program.display();
    let output = place
        .command(&program)
        .arg("--version")
        .output()
        .map_err(|error| format!("`{shown}`: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "`{shown}` does not run: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        ));
    }
    // "postgres (PostgreSQL) 15.4 (Debian …)"
    let text = String::from_utf8_lossy(&output.stdout);
    match text.split_whitespace().find_map(leading_number) {
        Some(major) if major >= OLDEST => Ok(Tools { bin, major }),
        _ => Err(format!("`{shown}` is {}, {OLDEST} or newer is needed", text.trim())),
    }
}

pub(super) fn leading_number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

pub(super) fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    fs::metadata(path)
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}
