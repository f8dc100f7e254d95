//! The migrations folder: every subfolder is a migration, its `migration.sql` the script, and
//! `migration_lock.toml` says for which database they were written.
//!
//! Reading takes everything into memory at once, so that what is diagnosed is what is then run. Files
//! beside the subfolders and links among them are nobody's migrations and are left alone, as Prisma
//! leaves them. It knows no database.

pub(crate) mod clash;
mod conflict;
pub(crate) mod find;
mod migration;
pub mod name;
mod order;
mod rollout;
mod slug;
pub mod squashed;
mod text;
mod write;

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use tokio::task::spawn_blocking;

pub use conflict::unsettled;
pub use migration::Migration;
pub(crate) use order::compare as compare_names;
pub use rollout::{BACKFILL, CONTRACT, ROLLOUT, Rollout, contracts_text};
pub use squashed::{Replaced, SQUASHED};
pub(crate) use text::{text_of, utf8};
pub(crate) use write::draft_beside;
pub use write::{write_files, write_migration};

use crate::Error;

/// The name of the script in a migration's folder.
pub const SCRIPT: &str = "migration.sql";

/// The name of the script beside it that takes the migration back; Prisma does not know of it.
pub const DOWN: &str = "down.sql";

/// The file that says which database the migrations are for.
pub const LOCK: &str = "migration_lock.toml";

/// What the lock file of ours says.
pub const PROVIDER: &str = "postgresql";

/// A migrations folder as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    path: PathBuf,
    migrations: Vec<Migration>,
    lock: Lock,
    /// What squashed migrations stand for.
    squashed: BTreeMap<String, Vec<Replaced>>,
    /// Migrations that are still there beside the one that stands for them.
    left_over: Vec<(String, Replaced)>,
    rollouts: Vec<Rollout>,
}

/// What `migration_lock.toml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Lock {
    Missing,
    Provider(String),
    /// There is a file and no provider in it.
    Unreadable,
}

impl Folder {
    /// Reads a folder. One that does not exist is an empty one.
    ///
    /// Fails with P3015 where a migration has no script, with P3019 where the lock file names another
    /// database, and without a code where something cannot be read or is not UTF-8; the error names the
    /// file.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let lock = read_lock(path)?;
        check_lock(&lock, path)?;
        let names = subfolders(path)?;
        let squashed = read_squashed(path, &names)?;
        let left_over = left_over(&names, &squashed);
        let is_left_over =
            |name: &String| left_over.iter().any(|(_, replaced)| replaced.name == *name);
        let names: Vec<String> = names.into_iter().filter(|name| !is_left_over(name)).collect();
        let rollouts = rollout::read(path, &names)?;
        let mut migrations = Vec::new();
        for name in names {
            let script = read_script(&path.join(&name).join(SCRIPT))?;
            migrations.push(Migration { name, script });
        }
        Ok(Self { path: path.to_owned(), migrations, lock, squashed, left_over, rollouts })
    }

    /// Reads a folder while something waits, such as for a server: both take some milliseconds. Where the folder cannot be
    /// read, nothing comes of the other.
    pub async fn read_beside<T>(
        path: &Path,
        waiting: impl Future<Output = T>,
    ) -> Result<(Self, T), Error> {
        let path = path.to_owned();
        let reading = spawn_blocking(move || Self::read(&path));
        let reading = async {
            reading.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
        };
        tokio::try_join!(reading, async { Ok(waiting.await) })
    }

    /// A folder that is only in memory.
    pub fn of(path: impl Into<PathBuf>, mut migrations: Vec<Migration>) -> Self {
        migrations.sort_by(|a, b| order::compare(&a.name, &b.name));
        Self {
            path: path.into(),
            migrations,
            lock: Lock::Missing,
            squashed: BTreeMap::new(),
            left_over: Vec::new(),
            rollouts: Vec::new(),
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The same without some of its migrations.
    pub(crate) fn without(&self, names: &[String]) -> Self {
        let mut folder = self.clone();
        folder.migrations.retain(|migration| !names.contains(&migration.name));
        folder.rollouts.retain(|rollout| !names.contains(&rollout.name));
        folder
    }

    /// The migrations in the order in which they are applied.
    pub fn migrations(&self) -> &[Migration] {
        &self.migrations
    }

    /// The texts of their scripts.
    pub(crate) fn scripts(&self) -> impl Iterator<Item = &str> {
        self.migrations.iter().map(|migration| migration.script.as_str())
    }

    pub fn find(&self, name: &str) -> Option<&Migration> {
        self.migrations.iter().find(|migration| migration.name == name)
    }

    /// Migrations whose names begin with the moment of another: two branches have made them in one second.
    pub fn same_moment(&self) -> Vec<String> {
        // They are next to each other, being in order.
        let alike = |one: &Migration, other: &Migration| {
            name::moment(&one.name).is_some_and(|moment| name::moment(&other.name) == Some(moment))
        };
        let groups = self.migrations.chunk_by(alike).filter(|group| group.len() > 1);
        groups.flatten().map(|migration| migration.name.clone()).collect()
    }

    /// The migrations that a squashed one stands for; none where it is no squashed one.
    pub fn replaced_by(&self, name: &str) -> &[Replaced] {
        self.squashed.get(name).map_or(&[], Vec::as_slice)
    }

    /// What a squash that was cut off has left, each with the migration that stands for it. They are not among
    /// [`Folder::migrations`].
    pub fn left_over(&self) -> &[(String, Replaced)] {
        &self.left_over
    }

    /// The rollouts that its migrations begin, open and contracted ones.
    pub fn rollouts(&self) -> &[Rollout] {
        &self.rollouts
    }

    /// Those that no later migration contracts.
    pub fn open_rollouts(&self) -> impl Iterator<Item = &Rollout> {
        self.rollouts.iter().filter(|rollout| rollout.is_open())
    }

    /// The rollout that a migration contracts.
    pub fn contracted_by(&self, name: &str) -> Option<&Rollout> {
        self.rollouts.iter().find(|rollout| rollout.contracted_by.as_deref() == Some(name))
    }

    pub fn has_lock(&self) -> bool {
        self.lock != Lock::Missing
    }
}

/// Where a migration's script is.
pub fn script_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(name).join(SCRIPT)
}

/// Where the script is that takes a migration back.
pub fn down_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(name).join(DOWN)
}

fn subfolders(path: &Path) -> Result<Vec<String>, Error> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io("read the migrations folder", path, error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Error::io("read the migrations folder", path, error))?;
        let kind = entry.file_type().map_err(|error| Error::io("read", &entry.path(), error))?;
        if !kind.is_dir() {
            continue;
        }
        let name = entry.file_name().into_string().map_err(|_| {
            Error::plain(format!(
                "the name of the migration {} is not UTF-8",
                entry.path().display()
            ))
            .with_file(entry.path())
            .with_help("rename the folder; applied migrations keep their name in the history")
        })?;
        names.push(name);
    }
    names.sort_by(|a, b| order::compare(a, b));
    Ok(names)
}

fn read_squashed(path: &Path, names: &[String]) -> Result<BTreeMap<String, Vec<Replaced>>, Error> {
    let mut squashed = BTreeMap::new();
    for name in names {
        let file = path.join(name).join(SQUASHED);
        if let Some(text) = text_of(&file)? {
            squashed.insert(name.clone(), squashed::parse(&text, &file)?);
        }
    }
    Ok(squashed)
}

fn left_over(
    names: &[String],
    squashed: &BTreeMap<String, Vec<Replaced>>,
) -> Vec<(String, Replaced)> {
    let all = squashed.iter().flat_map(|(name, replaced)| {
        replaced.iter().map(move |replaced| (name.clone(), replaced.clone()))
    });
    all.filter(|(_, replaced)| names.contains(&replaced.name)).collect()
}

fn read_script(file: &Path) -> Result<String, Error> {
    let bytes = fs::read(file).map_err(|error| {
        if error.kind() == ErrorKind::NotFound {
            return Error::new(
                "P3015",
                format!(
                    "Could not find the migration file at {}. Please delete the directory or restore the migration \
                     file.",
                    file.display()
                ),
            )
            .with_file(file);
        }
        Error::io("read the migration file", file, error)
    })?;
    let script = utf8(bytes, file)?;
    conflict::refuse_in_script(&script, file)?;
    Ok(script)
}

fn read_lock(path: &Path) -> Result<Lock, Error> {
    let file = path.join(LOCK);
    match fs::read(&file) {
        Ok(bytes) => {
            let toml = utf8(bytes, &file)?;
            conflict::refuse(&toml, &file)?;
            Ok(provider(&toml).map_or(Lock::Unreadable, Lock::Provider))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Lock::Missing),
        // `prisma/migrations` is a file: reading the folder says it better.
        Err(error) if error.kind() == ErrorKind::NotADirectory => Ok(Lock::Missing),
        Err(error) => Err(Error::io("read", &file, error)),
    }
}

/// The value of `provider = "…"`; the file holds nothing else that anybody reads.
fn provider(toml: &str) -> Option<String> {
    toml.lines().find_map(|line| {
        let value =
            line.trim().strip_prefix("provider")?.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|char| matches!(char, '"' | '\''))?;
        let (text, _) = value[1..].split_once(quote)?;
        Some(text.to_owned())
    })
}

fn check_lock(lock: &Lock, path: &Path) -> Result<(), Error> {
    let found = match lock {
        Lock::Missing => return Ok(()),
        Lock::Provider(name) if name == PROVIDER || name == "postgres" => return Ok(()),
        Lock::Provider(name) => name,
        Lock::Unreadable => "<PROVIDER NOT FOUND>",
    };
    Err(Error::new(
        "P3019",
        format!(
            "The datasource provider `{PROVIDER}` specified in your schema does not match the one specified in the \
             migration_lock.toml, `{found}`. Please remove your current migration directory and start a new migration \
             history with cargo xtask migrate dev."
        ),
    )
    .with_file(path.join(LOCK)))
}

#[cfg(test)]
mod tests;
