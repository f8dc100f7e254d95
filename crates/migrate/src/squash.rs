//! `migrate squash`: makes one migration of several that follow each other.
//!
//! Its script is theirs, one after another, and is kept only where a replay of it gives the same database as a
//! replay of them. A file beside it says what it stands for ([`folder::SQUASHED`](crate::folder::SQUASHED)): a
//! database that has run all of them takes it for applied, at its next deploy, one that has run none runs it,
//! and one that has run some is refused ([`Partly`]).
//!
//! What would be done is a value first ([`plan`]), to be shown and agreed to; consent is the caller's business.
//! Then it is done ([`carry_out`]). The new folder is written before the old ones go; where that is cut off, they
//! no longer count, and the next squash takes them away.

mod choice;
mod picture;
mod replay;
mod script;
pub(crate) mod standing;

use std::fs;
use std::path::{Path, PathBuf};

pub use self::standing::Partly;

use self::choice::{Choice, choose};
use self::replay::Replay;
use self::script::{Joint, Part, join, must_be_apart};
use crate::folder::{self, DOWN, Folder, Migration, Replaced, SCRIPT, SQUASHED, down_path};
use crate::replay::Databases;
use crate::rollouts::{BACKFILL, CONTRACT, ROLLOUT};
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

/// What is to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The new migration, or the one that an earlier squash has made.
    pub name: String,
    /// Those that it stands for and that go from the folder.
    pub replaced: Vec<String>,
    /// What it does, and how it is taken back.
    pub script: String,
    pub down: Option<String>,
    /// Whether it is one transaction, as each of them was.
    pub is_atomic: bool,
    /// Whether it holds statements that refuse a transaction, which Prisma's CLI cannot run among others.
    pub refuses_transaction: bool,
    /// Those of them that have no `down.sql`: the new one has none either where none of them has one, and else
    /// stops at their places until somebody writes what is missing.
    pub without_down: Vec<String>,
    /// Whether all there is to do is to take away what an earlier squash had left.
    pub only_finishes: bool,
    /// What the file beside the script says.
    listed: String,
}

/// Finds out what is to be done, and tries it in a shadow database. It changes nothing.
///
/// Fails with P3017 where nothing has a name that was given, with P3006 where the migrations do not replay,
/// and without a code where the result would not be the same, or files would be lost.
pub async fn plan(
    folder: &Folder,
    databases: Databases<'_>,
    namespaces: &[String],
    request: &Request,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Plan, Error> {
    if !folder.left_over().is_empty() {
        return plan_to_finish(folder);
    }
    let Choice { before, chosen, name } = choose(folder, request)?;
    refuse_split(folder, chosen)?;
    for migration in chosen {
        refuse_other_files(folder.path(), &migration.name)?;
    }
    let replay = Replay { folder, databases, namespaces };
    let expected = replay.picture(&[before, chosen].concat(), progress).await?;
    let script = replay.same_script(&name, before, chosen, &expected, progress).await?;
    let names: Vec<String> = chosen.iter().map(|migration| migration.name.clone()).collect();
    let (down, without_down) = joined_downs(folder.path(), &name, &names)?;
    let parsed = Script::new(&script);
    Ok(Plan {
        is_atomic: parsed.is_atomic(),
        refuses_transaction: parsed.batches().iter().any(|batch| !batch.transactional),
        listed: folder::squashed::write(&replaced(folder, chosen)),
        replaced: names,
        only_finishes: false,
        name,
        script,
        down,
        without_down,
    })
}

/// Does what was planned, provided that the folder is still the one that it was planned for.
pub fn carry_out(folder: &Folder, plan: &Plan) -> Result<(), Error> {
    for name in &plan.replaced {
        refuse_other_files(folder.path(), name)?;
    }
    let now = Folder::read(folder.path())?;
    let is_same = if plan.only_finishes {
        plan_to_finish(&now)? == *plan
    } else {
        let (down, _) = joined_downs(folder.path(), &plan.name, &plan.replaced)?;
        now.migrations() == folder.migrations() && down == plan.down
    };
    if !is_same {
        return Err(Error::plain(
            "the migrations have changed since this was planned; nothing was done",
        )
        .with_help("look again: cargo xtask migrate squash --dry-run"));
    }
    if !plan.only_finishes {
        let mut files = vec![(SCRIPT, plan.script.as_str()), (SQUASHED, plan.listed.as_str())];
        files.extend(plan.down.as_deref().map(|down| (DOWN, down)));
        folder::write_files(folder.path(), &plan.name, &files)?;
    }
    for name in &plan.replaced {
        take_away(folder.path(), name)?;
    }
    Ok(())
}

/// What a squash that was cut off has left goes, and nothing else is done.
fn plan_to_finish(folder: &Folder) -> Result<Plan, Error> {
    let mut plan = Plan { only_finishes: true, ..Plan::default() };
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
        plan.name.clone_from(name);
        plan.replaced.push(replaced.name.clone());
    }
    Ok(plan)
}

/// A rollout goes with its contract into one migration, or not at all: a database that is between them would be lost.
fn refuse_split(folder: &Folder, chosen: &[Migration]) -> Result<(), Error> {
    let is_chosen = |name: &str| chosen.iter().any(|migration| migration.name == name);
    for rollout in folder.rollouts() {
        let expand = is_chosen(&rollout.name);
        match &rollout.contracted_by {
            None if expand => {
                return Err(Error::plain(format!(
                    "the rollout `{}` is open: squashed, nobody could fill, contract or abort it any more",
                    rollout.name
                ))
                .with_help(format!(
                    "finish it first, or squash what comes before it:\n  cargo xtask migrate contract \"{}\"",
                    rollout.name
                )));
            }
            Some(contract) if expand != is_chosen(contract) => {
                return Err(Error::plain(format!(
                    "the rollout `{}` and its contract `{contract}` can only be squashed together",
                    rollout.name
                ))
                .with_help("choose --from and --to so that both are among them, or neither"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Files of somebody else would go with the folder.
fn refuse_other_files(folder: &Path, name: &str) -> Result<(), Error> {
    let path = folder.join(name);
    let entries = fs::read_dir(&path).map_err(|error| Error::io("read", &path, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Error::io("read", &path, error))?;
        // What is left of a rollout that is over goes with it: of one that divides a table its copy of the rows too, which
        // elsewhere is a statement of somebody's own.
        let rollout = path.join(ROLLOUT).exists().then_some(BACKFILL);
        let known = [SCRIPT, DOWN, SQUASHED, ROLLOUT, CONTRACT];
        let known = known.into_iter().chain(rollout).any(|known| entry.file_name() == known);
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
    joined: &[String],
) -> Result<(Option<String>, Vec<String>), Error> {
    let (mut texts, mut without) = (Vec::new(), Vec::new());
    for migration in joined.iter().rev() {
        let file = down_path(folder, migration);
        match fs::read(&file) {
            Ok(bytes) => texts.push((migration.as_str(), folder::utf8(bytes, &file)?)),
            Err(_) if !file.exists() => {
                texts.push((migration.as_str(), missing_down(migration)));
                without.push(migration.clone());
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
    let aside = folder::draft_beside(real.parent().unwrap_or(&real));
    fs::rename(&real, &aside).map_err(failed)?;
    Ok(aside)
}
