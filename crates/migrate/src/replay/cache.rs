//! A folder in which the outcomes of replays are kept, so that hundreds of migrations that nobody touched are not
//! replayed each time.
//!
//! An outcome is found by everything it depends on: the names and checksums of the migrations, where they are
//! replayed, the server's version, settings and the extensions it offers, the schemas looked at, and the program that looks. An
//! edited migration is therefore another question, never a wrong answer. What a server's `template1` or its roles add
//! is not seen: removing the folder forgets everything. Nothing here fails: what cannot be read or written is as if it
//! had never been kept.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use pg_schema::PgSchema;
use postgres::Connection;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::checksum;
use crate::folder::Migration;
use crate::replay::Databases;

/// What the names of the folder's files begin with.
const PREFIX: &str = "replay-";
/// How many outcomes are kept, those written last.
const KEPT: usize = 20;
/// Changed when the files' form or the meaning of their names does.
const FORM: &str = "1";
/// Tells this program from any other that reads a server in another way: by its sources.
const SOURCES: &str = env!("DRIVEFLOW_REPLAY_SOURCES");

/// A folder of outcomes.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
    program: &'static str,
}

impl Cache {
    /// The cache in `folder`, which is made when there is something to keep.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self::of_program(folder, SOURCES)
    }

    /// What another program has read from a server may be told in other words, or in another form.
    pub(crate) fn of_program(folder: impl Into<PathBuf>, program: &'static str) -> Self {
        Self { folder: folder.into(), program }
    }
}

/// A cache as seen by replays in one place.
pub(crate) struct Memory<'a> {
    cache: &'a Cache,
    /// All that an outcome depends on beside the migrations.
    circumstances: Sha256,
}

impl<'a> Memory<'a> {
    pub(crate) async fn new(
        cache: &'a Cache,
        connection: &Connection,
        databases: Databases<'_>,
        namespaces: &[String],
    ) -> Result<Self, postgres::Error> {
        // The same CREATE EXTENSION brings another version when the server offers another.
        // What a constant in a script means depends on the database's settings.
        let offered = "SELECT coalesce(string_agg(name || ' ' || default_version, ',' ORDER BY name), '') \
                           || current_setting('TimeZone') || ',' || current_setting('DateStyle') \
                           || ',' || current_setting('IntervalStyle') \
                           || ',' || current_setting('standard_conforming_strings') \
                       FROM pg_available_extensions";
        let offered: String = connection.query_one(offered, &[]).await?.get(0);
        let mut circumstances = Sha256::new();
        let mut add = |text: &str| add_text(&mut circumstances, text);
        add(FORM);
        add(cache.program);
        add(&connection.server_version().to_string());
        add(&offered);
        add(&databases.main.with_database("").redacted());
        add(&databases.shadow.map(postgres::ConnectionUrl::redacted).unwrap_or_default());
        add(&namespaces.len().to_string());
        for namespace in namespaces {
            add(namespace);
        }
        Ok(Self { cache, circumstances })
    }

    /// What the migrations make, if that was kept.
    pub(crate) fn recall(&self, migrations: &[&Migration]) -> Option<PgSchema> {
        let key = self.key(migrations);
        let content = fs::read(self.cache.folder.join(file_name(&key))).ok()?;
        let (seal, bytes) = content.split_at_checked(32)?;
        if seal != seal_of(&key, bytes) {
            return None;
        }
        PgSchema::from_bytes(bytes)
    }

    /// Keeps what the migrations make.
    pub(crate) fn remember(&self, migrations: &[&Migration], schema: &PgSchema) {
        let key = self.key(migrations);
        let bytes = schema.to_bytes();
        let content = [seal_of(&key, &bytes).to_vec(), bytes].concat();
        // It is a courtesy to the next run. This one has what it needs.
        let _ = write(&self.cache.folder, &file_name(&key), &content);
    }

    fn key(&self, migrations: &[&Migration]) -> [u8; 32] {
        let mut key = self.circumstances.clone();
        for migration in migrations {
            add_text(&mut key, &migration.name);
            add_text(&mut key, &migration.checksum());
        }
        key.finalize().into()
    }
}

/// Adds a text so that no two lists of texts come to the same.
fn add_text(hash: &mut Sha256, text: &str) {
    hash.update(text.len().to_le_bytes());
    hash.update(text.as_bytes());
}

/// What a file begins with: it is whole, and it is the one for this key.
fn seal_of(key: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(key).chain_update(bytes).finalize().into()
}

fn file_name(key: &[u8; 32]) -> String {
    format!("{PREFIX}{}", checksum::hexadecimal(key))
}

/// Writes the file whole or not at all, and forgets the oldest.
fn write(folder: &Path, name: &str, content: &[u8]) -> std::io::Result<()> {
    if !folder.exists() {
        fs::create_dir_all(folder)?;
        // Nobody wants it in a repository, whatever the project's own file says.
        fs::write(folder.join(".gitignore"), "*\n")?;
    }
    // One that a killed process leaves counts as an outcome, and goes with the old ones.
    let unfinished = folder.join(format!("{name}.{}", Uuid::new_v4()));
    fs::write(&unfinished, content)?;
    fs::rename(&unfinished, folder.join(name))?;
    prune(folder)
}

fn prune(folder: &Path) -> std::io::Result<()> {
    let mut files: Vec<(SystemTime, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            files.push((entry.metadata()?.modified()?, entry.path()));
        }
    }
    files.sort();
    for (_, file) in files.iter().rev().skip(KEPT) {
        fs::remove_file(file)?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "../../build/sources.rs"]
mod sources;

#[cfg(test)]
mod tests {
    use std::{env, fs, process};

    use super::{SOURCES, sources};

    #[test]
    fn a_program_is_known_by_its_sources_whatever_the_time() {
        let root = env::temp_dir().join(format!("driveflow-sources-{}", process::id()));
        for place in sources::PLACES {
            fs::create_dir_all(root.join(place)).unwrap();
        }
        let file = root.join(sources::PLACES[1]).join("a.rs");
        let name = |text: &str| {
            fs::write(&file, text).unwrap();
            // As in an image whose files all have the same time.
            fs::File::options()
                .write(true)
                .open(&file)
                .and_then(|file| file.set_modified(std::time::UNIX_EPOCH))
                .unwrap();
            sources::name(&root).unwrap()
        };
        let names = [name("fn a() {}"), name("fn b() {}"), name("fn a() {}")];
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(names[0], names[2]);
        assert_ne!(names[0], names[1]);
        assert_eq!(SOURCES.len(), names[0].len());
    }
}
