//! PostgreSQL's client programs, such as `pg_dump`: which of those on this machine can work with a server.
//!
//! `pg_dump` refuses a server that is newer than itself, and `pg_restore` a dump of a newer `pg_dump`; towards older
//! servers both are at ease. So the same version is best, then the next newer one. An older one is no use at all, which
//! is said before anything runs.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::place::Place;
use super::{Server, data, fetch, find, tools};
use crate::Error;

/// A program of this machine, and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientProgram {
    /// Where it is.
    pub path: PathBuf,
    /// The major version: 15 for 15.4.
    pub major: u32,
    /// The version as it says it: `15.4`.
    pub version: String,
}

impl Server {
    /// The program `name` that fits a server of version `server_major`: looked for where this server's own programs are
    /// looked for, on the path first. Nothing is downloaded.
    ///
    /// Fails where there is none that is as new as the server, saying which there are and what to install.
    pub fn client_program(&self, name: &str, server_major: u32) -> Result<ClientProgram, Error> {
        let place = Place::find(&self.root, self.kind)?;
        let folders = self.lookup.folders().chain(fetch::fetched(&self.lookup, &place));
        // The programs of the cluster are where its version leads, which may be no folder of the path.
        let own = find::find(&self.lookup, &place, data::version(&place)).map(|tools| tools.bin);
        let mut found: Vec<ClientProgram> = Vec::new();
        for folder in folders.chain(own) {
            let path = folder.join(name);
            if !tools::is_program(&path) || found.iter().any(|program| program.path == path) {
                continue;
            }
            let Some(program) = ask(&path) else { continue };
            if program.major == server_major {
                return Ok(program);
            }
            found.push(program);
        }
        let fitting = found.iter().filter(|program| program.major >= server_major);
        match fitting.min_by_key(|program| program.major) {
            Some(program) => Ok(program.clone()),
            None => Err(none_fits(name, server_major, &found)),
        }
    }
}

/// What a program says of itself; nothing where it does not run.
fn ask(path: &Path) -> Option<ClientProgram> {
    let output = Command::new(path).arg("--version").output().ok()?;
    // "pg_dump (PostgreSQL) 15.4 (Debian 15.4-1)"
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.split_whitespace().find(|word| tools::leading_number(word).is_some())?;
    let major = tools::leading_number(version).filter(|_| output.status.success())?;
    Some(ClientProgram { path: path.to_owned(), major, version: version.to_owned() })
}

fn none_fits(name: &str, server_major: u32, found: &[ClientProgram]) -> Error {
    let mut text = if found.is_empty() {
        format!("this machine has no `{name}`, and the server is PostgreSQL {server_major}")
    } else {
        format!(
            "the server is PostgreSQL {server_major}, and every `{name}` of this machine is older:"
        )
    };
    for program in found {
        let _ = write!(text, "\n  - {} is {}", program.path.display(), program.version);
    }
    let install = if cfg!(target_os = "macos") {
        format!("brew install postgresql@{server_major}")
    } else {
        format!(
            "apt-get install postgresql-client-{server_major} (Debian, Ubuntu, from apt.postgresql.org where the \
             distribution has an older one), dnf install postgresql{server_major} (Fedora, Red Hat)"
        )
    };
    let _ = write!(text, "\n\nNothing was done. Install it: {install}");
    Error::new("", text)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::server::ToolLookup;

    /// A folder with a program in it that says it has some version.
    fn folder_with(version: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("driveflow-client-{}-{version}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let program = folder.join("pg_dump");
        fs::write(&program, format!("#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        folder
    }

    fn server_with(versions: &[&str]) -> (Server, Vec<PathBuf>) {
        let path: Vec<PathBuf> = versions.iter().map(|version| folder_with(version)).collect();
        let lookup = ToolLookup { path: path.clone(), ..ToolLookup::nothing() };
        (Server::for_project(&std::env::temp_dir()).with_lookup(lookup), path)
    }

    #[test]
    fn the_same_version_is_best_and_an_older_one_is_none() {
        let (server, folders) = server_with(&["14.11", "17.2", "16.1", "15.4"]);
        let major = |server_major| {
            server.client_program("pg_dump", server_major).map(|program| program.major)
        };
        assert_eq!(major(15).unwrap(), 15);
        assert_eq!(major(13).unwrap(), 14, "the nearest newer one");
        assert_eq!(major(17).unwrap(), 17);
        let error = major(18).unwrap_err().to_string();
        assert!(error.starts_with(
            "the server is PostgreSQL 18, and every `pg_dump` of this machine is older:"
        ));
        assert!(error.contains("pg_dump is 17.2") && error.contains("18"), "{error}");
        assert!(error.contains("Install it: "), "{error}");
        let none = server.client_program("pg_restore", 15).unwrap_err().to_string();
        assert!(
            none.starts_with("this machine has no `pg_restore`, and the server is PostgreSQL 15")
        );
        for folder in folders {
            fs::remove_dir_all(folder).unwrap();
        }
    }
}
