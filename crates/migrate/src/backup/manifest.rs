//! What lies beside a dump: which database it is of, when it was, what it holds, and the checksum of each of its files.
//!
//! It is written last: a folder without it is no backup.

use std::fs;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::origin::Origin;
use crate::{Error, checksum};

/// The file's name.
pub(crate) const FILE: &str = "backup.json";
/// The folder beside it, in `pg_dump`'s directory format.
pub(crate) const DUMP: &str = "dump";

/// What is known of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Under which the database's ledger knows it.
    pub id: String,
    /// The database's name.
    pub database: String,
    /// The server that it is on; one that does not say is nobody's to remove.
    pub origin: Option<Origin>,
    /// The time in UTC, as `2026-11-28T15:04:05Z`.
    pub taken_at: String,
    /// As the server counts: 150004 is 15.4.
    pub server_version: u32,
    /// The version of `pg_dump`.
    pub dumped_by: String,
    /// The migrations that were applied, in order.
    pub migrations: Vec<String>,
    /// The tables and their rows, at that moment.
    pub tables: Vec<TableRows>,
    /// The dump's files, sorted.
    pub(super) files: Vec<File>,
}

/// A table and how many rows it has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableRows {
    pub schema: String,
    pub name: String,
    pub rows: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct File {
    name: String,
    bytes: u64,
    sha256: String,
}

impl Manifest {
    /// One checksum for all of the dump: that of its files' checksums.
    pub fn checksum(&self) -> String {
        let lines = self.files.iter().map(|file| format!("{}  {}", file.sha256, file.name));
        checksum::of(&lines.collect::<Vec<_>>().join("\n"))
    }

    /// How large the dump is.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// How many rows it has of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// Whether it is of this database, and not only of one of that name.
    pub(super) fn is_of(&self, origin: &Origin, database: &str) -> bool {
        let is_there = self.origin.as_ref().is_some_and(|own| own.is_same_as(origin));
        is_there && self.database == database
    }

    /// Takes the checksums of the files of a dump.
    pub(super) fn take_sums(&mut self, dump: &Path) -> Result<(), Error> {
        self.files = sums(dump)?;
        Ok(())
    }

    /// Fails where a file is missing, was changed, or is one too many.
    pub(crate) fn verify(&self, folder: &Path) -> Result<(), Error> {
        let found = sums(&folder.join(DUMP))?;
        let name_of = |file: &File| file.name.clone();
        let lacks = self.files.iter().find(|file| !found.iter().any(|one| one.name == file.name));
        let more = found.iter().find(|file| !self.files.iter().any(|one| one.name == file.name));
        let what = if let Some(file) = lacks.map(name_of) {
            format!("its file {DUMP}/{file} is missing")
        } else if let Some(file) = more.map(name_of) {
            format!("{DUMP}/{file} is not one of its files")
        } else if let Some(file) = self.files.iter().find(|file| !found.contains(file)) {
            format!("its file {DUMP}/{} has changed since it was made (SHA-256)", file.name)
        } else {
            return Ok(());
        };
        Err(damaged(folder, &what))
    }

    #[cfg(test)]
    pub(crate) fn of_test(database: &str) -> Self {
        Self {
            id: "1".to_owned(),
            database: database.to_owned(),
            origin: None,
            taken_at: "2026-11-28T15:04:05Z".to_owned(),
            server_version: 150_004,
            dumped_by: "15.4".to_owned(),
            migrations: vec!["1_init".to_owned()],
            tables: vec![TableRows { schema: "public".into(), name: "a".into(), rows: 2 }],
            files: Vec::new(),
        }
    }

    pub(super) fn to_json(&self) -> String {
        let tables = self.tables.iter().map(
            |TableRows { schema, name, rows }| json!({ "schema": schema, "name": name, "rows": rows }),
        );
        let files = self.files.iter().map(|File { name, bytes, sha256 }| {
            json!({ "name": name, "bytes": bytes, "sha256": sha256 })
        });
        let json = json!({
            "format": 1,
            "id": self.id,
            "database": self.database,
            "server": self.origin.as_ref().map(Origin::to_json),
            "takenAt": self.taken_at,
            "serverVersion": self.server_version,
            "dumpedBy": self.dumped_by,
            "migrations": self.migrations,
            "tables": tables.collect::<Vec<Value>>(),
            "files": files.collect::<Vec<Value>>(),
            "checksum": self.checksum(),
        });
        format!("{json:#}\n")
    }

    /// Reads it beside a dump; `None` where there is none.
    ///
    /// Fails where it cannot be read, or is not what was written.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>, Error> {
        let path = folder.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            // A dump may be a file.
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(Error::io("read", &path, error)),
        };
        let json: Value = serde_json::from_str(&text).unwrap_or_default();
        let manifest =
            Self::from_json(&json).filter(|it| json["checksum"] == it.checksum().as_str());
        let broken = || damaged(folder, &format!("its {FILE} is not what was written"));
        manifest.map(Some).ok_or_else(broken)
    }

    fn from_json(json: &Value) -> Option<Self> {
        let text = |json: &Value, name: &str| Some(json[name].as_str()?.to_owned());
        let table = |table: &Value| {
            Some(TableRows {
                schema: text(table, "schema")?,
                name: text(table, "name")?,
                rows: table["rows"].as_u64()?,
            })
        };
        let file = |file: &Value| {
            let bytes = file["bytes"].as_u64()?;
            Some(File { name: text(file, "name")?, bytes, sha256: text(file, "sha256")? })
        };
        let migrations = json["migrations"].as_array()?.iter();
        Some(Self {
            id: text(json, "id")?,
            database: text(json, "database")?,
            origin: Origin::from_json(&json["server"]),
            taken_at: text(json, "takenAt")?,
            server_version: json["serverVersion"].as_u64()?.try_into().ok()?,
            dumped_by: text(json, "dumpedBy")?,
            migrations: migrations
                .map(|name| Some(name.as_str()?.to_owned()))
                .collect::<Option<_>>()?,
            tables: json["tables"].as_array()?.iter().map(table).collect::<Option<_>>()?,
            files: json["files"].as_array()?.iter().map(file).collect::<Option<_>>()?,
        })
    }
}

fn damaged(folder: &Path, what: &str) -> Error {
    Error::plain(format!("the backup {} is damaged: {what}", folder.display()))
        .with_file(folder)
        .with_help("nothing was changed. Take another one: cargo xtask db restore FOLDER")
}

/// The files of a dump, each with its size and checksum, sorted. A directory of `pg_dump` has no folders in it.
fn sums(dump: &Path) -> Result<Vec<File>, Error> {
    let unread = |path: &Path| {
        let path = path.to_owned();
        move |error| Error::io("read", &path, error)
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(dump).map_err(unread(dump))? {
        let path: PathBuf = entry.map_err(unread(dump))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (bytes, sha256) = sum(&path).map_err(unread(&path))?;
        files.push(File { name, bytes, sha256 });
    }
    files.sort();
    Ok(files)
}

fn sum(path: &Path) -> std::io::Result<(u64, String)> {
    let mut file = fs::File::open(path)?;
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 20]);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, checksum::hexadecimal(&hash.finalize())));
        }
        hash.update(&buffer[..read]);
        bytes += read as u64;
    }
}
