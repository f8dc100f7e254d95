//! `migrate squash`: makes one migration of several that follow each other.
//!
//! Its script is theirs, one after another, and is kept only where a replay of it gives the same database as a
//! replay of them. A file beside it says what it stands for ([`folder::SQUASHED`](crate::folder::SQUASHED)): a
//! database that has run all of them takes it for applied, at its next deploy, one that has run none runs it,
//! and one that has run some is refused ([`Partly`]). The new folder is written before the old ones go; where
//! that is cut off, they no longer count, and the next squash takes them away.

mod choice;
mod picture;
mod replay;
mod script;
pub(crate) mod standing;

use std::fs;
use std::path::{Path, PathBuf};

use uuid::Uuid;

pub use self::standing::Partly;

use self::choice::{Choice, choose};
use self::replay::Replay;
use self::script::{Joint, Part, join, must_be_apart};
use crate::dev::Databases;
use crate::folder::{self, DOWN, Folder, Migration, Replaced, SCRIPT, SQUASHED, down_path};
use crate::script::Script;
use crate::{Error, Progress, checksum, down, quoting};

/// What is asked for. Migrations are named by a part of their names that no other has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The first of them; none is the first that there is.
    pub from: Option<String>,
    /// The last of them; none is the last that there is.
    pub to: Option<String>,
    /// What the new one is to be called.
    pub title: Option<String>,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Squashed {
    /// The new migration.
    pub name: String,
    /// Those that it stands for and that are no longer in the folder.
    pub replaced: Vec<String>,
    /// Whether it is one transaction, as each of them was.
    pub is_atomic: bool,
    /// Whether it holds statements that refuse a transaction, which Prisma's CLI cannot run among others.
    pub refuses_transaction: bool,
    /// Those of them that have no `down.sql`: the new one has none either where none of them has one, and else
    /// stops at their places until somebody writes what is missing.
    pub without_down: Vec<String>,
    /// Whether all that was done was to take away what an earlier squash had left.
    pub only_finished: bool,
}

/// Makes one migration of several.
///
/// Fails with P3017 where nothing has a name that was given, with P3006 where the migrations do not replay,
/// and without a code where the result would not be the same, or files would be lost.
pub async fn squash(
    folder: &Folder,
    databases: Databases<'_>,
    namespaces: &[String],
    request: &Request,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Squashed, Error> {
    if !folder.left_over().is_empty() {
        return finish(folder);
    }
    let Choice { before, chosen, name } = choose(folder, request)?;
    for migration in chosen {
        refuse_other_files(folder.path(), &migration.name)?;
    }
    let replay = Replay { folder, databases, namespaces };
    let expected = replay.picture(&[before, chosen].concat(), progress).await?;
    let script = replay.same_script(&name, before, chosen, &expected, progress).await?;
    let (down, without_down) = joined_downs(folder.path(), &name, chosen)?;
    let listed = folder::squashed::write(&replaced(folder, chosen));
    let mut files = vec![(SCRIPT, script.as_str()), (SQUASHED, listed.as_str())];
    files.extend(down.as_deref().map(|down| (DOWN, down)));
    folder::write_files(folder.path(), &name, &files)?;
    for migration in chosen {
        take_away(folder.path(), &migration.name)?;
    }
    let parsed = Script::new(&script);
    Ok(Squashed {
        is_atomic: parsed.is_atomic(),
        refuses_transaction: parsed.batches().iter().any(|batch| !batch.transactional),
        replaced: chosen.iter().map(|migration| migration.name.clone()).collect(),
        without_down,
        only_finished: false,
        name,
    })
}

/// Takes away what a squash that was cut off has left, and nothing else.
fn finish(folder: &Folder) -> Result<Squashed, Error> {
    let mut squashed = Squashed { only_finished: true, ..Squashed::default() };
    for (name, replaced) in folder.left_over() {
        let file = folder::script_path(folder.path(), &replaced.name);
        // A folder without a script has nothing that could be lost.
        if let Ok(script) = fs::read_to_string(&file)
            && !checksum::matches(&script, &replaced.checksum)
        {
            return Err(Error::plain(format!(
                "{} was changed after it was squashed into `{name}`",
                file.display()
            ))
            .with_file(file)
            .with_help("bring the change into the squashed migration if it is wanted, then delete the folder"));
        }
        refuse_other_files(folder.path(), &replaced.name)?;
        take_away(folder.path(), &replaced.name)?;
        squashed.name.clone_from(name);
        squashed.replaced.push(replaced.name.clone());
    }
    Ok(squashed)
}

/// Files of somebody else would go with the folder.
fn refuse_other_files(folder: &Path, name: &str) -> Result<(), Error> {
    let path = folder.join(name);
    let entries = fs::read_dir(&path).map_err(|error| Error::io("read", &path, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Error::io("read", &path, error))?;
        let known = [SCRIPT, DOWN, SQUASHED].iter().any(|known| entry.file_name() == *known);
        if !known {
            let file = entry.path();
            return Err(Error::plain(format!(
                "{} would be lost with the migration's folder",
                file.display()
            ))
            .with_file(file)
            .with_help("move it elsewhere first"));
        }
    }
    Ok(())
}

/// What the new migration stands for, with what those stood for in their turn.
fn replaced(folder: &Folder, chosen: &[Migration]) -> Vec<Replaced> {
    let mut all = Vec::new();
    for migration in chosen {
        for earlier in folder.replaced_by(&migration.name) {
            let part_of = earlier.part_of.clone().unwrap_or_else(|| migration.name.clone());
            all.push(Replaced { part_of: Some(part_of), ..earlier.clone() });
        }
        all.push(Replaced {
            name: migration.name.clone(),
            checksum: migration.checksum(),
            part_of: None,
        });
    }
    all
}

/// The ways back, the last one first; none where none of them has one. What is missing among others fails by name: what
/// people wrote is kept, and nothing is taken back halfway.
fn joined_downs(
    folder: &Path,
    name: &str,
    chosen: &[Migration],
) -> Result<(Option<String>, Vec<String>), Error> {
    let (mut texts, mut without) = (Vec::new(), Vec::new());
    for migration in chosen.iter().rev() {
        let file = down_path(folder, &migration.name);
        match fs::read(&file) {
            Ok(bytes) => texts.push((migration.name.as_str(), folder::utf8(bytes, &file)?)),
            Err(_) if !file.exists() => {
                texts.push((migration.name.as_str(), missing_down(&migration.name)));
                without.push(migration.name.clone());
            }
            Err(error) => return Err(Error::io("read", &file, error)),
        }
    }
    if without.len() == texts.len() {
        return Ok((None, without));
    }
    // What they say at the top is said once, at the top of all.
    let remarks: Vec<&str> =
        texts.iter().flat_map(|(_, text)| down::script::remarks(text)).collect();
    let parts: Vec<Part<'_>> = texts
        .iter()
        .map(|(name, text)| Part { name, script: down::script::without_remarks(text) })
        .collect();
    let joint = if must_be_apart(&parts) { Joint::Apart } else { Joint::Together };
    let title = format!("Takes `{name}` back: what it was squashed from, the last one first.");
    Ok((Some(down::script::comment(&remarks) + &join(&title, &parts, joint)), without))
}

fn missing_down(name: &str) -> String {
    let why = format!(
        "the migration {name} had no {DOWN}: write in place of this statement what undoes it"
    );
    format!(
        "DO {};\n",
        quoting::literal(&format!(
            "BEGIN RAISE EXCEPTION USING MESSAGE = {}; END",
            quoting::literal(&why)
        ))
    )
}

/// Out of the migrations at once, and then away: a folder that is half there would be an error to every tool.
fn take_away(folder: &Path, name: &str) -> Result<(), Error> {
    let path = folder.join(name);
    let aside = set_aside(&path)?;
    fs::remove_dir_all(&aside).map_err(|error| Error::io("delete", &aside, error))
}

fn set_aside(path: &Path) -> Result<PathBuf, Error> {
    let failed = |error| Error::io("move", path, error);
    let real = fs::canonicalize(path).map_err(failed)?;
    let beside = real.parent().and_then(Path::parent).unwrap_or(&real);
    let aside = beside.join(format!(".migration-{}", Uuid::new_v4()));
    fs::rename(&real, &aside).map_err(failed)?;
    Ok(aside)
}
