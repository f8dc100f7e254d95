//! What there is to fill: read from the folders of the migrations that a database has applied.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use migrate::Folder;

use super::Error;
use super::statement::Statement;
use crate::{Document, Fill, Finish, ROLLOUT};

/// The file of a migration's folder that has a statement of somebody's own.
pub const SCRIPT: &str = migrate::rollouts::BACKFILL;

/// What one migration asks for. Its name is the migration's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backfill {
    pub migration: String,
    /// One after the other.
    pub parts: Vec<Part>,
}

/// A part of it, which the ledger knows by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub work: Work,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Rows that get values.
    Fill(Fill),
    /// A statement of somebody's own, over batches.
    Statement(Statement),
    /// What comes before the fills: the indexes that they find their rows by. And what comes once all rows are filled:
    /// indexes and constraints, then queries that find no row in which both sides differ.
    Finish { steps: Vec<Finish>, proofs: Vec<String> },
}

impl Part {
    /// What is done, as text: where it is another one than it was, the part begins anew.
    pub(super) fn definition(&self) -> String {
        match &self.work {
            Work::Fill(Fill { table, set, pending }) => {
                let mut text = format!("fill {}.{}", table.schema, table.name);
                for (column, value) in set {
                    let _ = write!(text, "\n{column} = {value}");
                }
                text + "\npending: " + pending
            }
            Work::Statement(statement) => statement.text().to_owned(),
            Work::Finish { steps, proofs } => {
                let steps = steps.iter().map(|step| step.sql.as_str());
                steps.chain(proofs.iter().map(String::as_str)).collect::<Vec<_>>().join(";\n")
            }
        }
    }
}

/// The backfills of the migrations that a database has applied, in the order of the folder. Those of rollouts that were
/// contracted there are none any more: what they filled from is gone.
///
/// `schema` is where names without one lead.
///
/// Fails where a file cannot be read or says what it may not; the error names it.
pub fn backfills(
    folder: &Folder,
    applied: &[String],
    schema: &str,
) -> Result<Vec<Backfill>, Error> {
    let applied: BTreeSet<&str> = applied.iter().map(String::as_str).collect();
    let (mut found, mut contracted) = (Vec::new(), BTreeSet::new());
    for migration in folder.migrations() {
        if !applied.contains(migration.name.as_str()) {
            continue;
        }
        let place = folder.path().join(&migration.name);
        let mut parts = Vec::new();
        match rollout(&place)? {
            Some(Rollout::Contracts(name)) => _ = contracted.insert(name),
            Some(Rollout::Expands(document)) => parts.extend(of_document(document)),
            None => {}
        }
        if let Some(text) = read(&place.join(SCRIPT))? {
            let statement = Statement::read(&text, schema)
                .map_err(|error| error.in_file(&place.join(SCRIPT)))?;
            parts.insert(own_at(&parts), Part { work: Work::Statement(statement) });
        }
        if !parts.is_empty() {
            found.push(Backfill { migration: migration.name.clone(), parts });
        }
    }
    found.retain(|backfill| !contracted.contains(&backfill.migration));
    Ok(found)
}

/// The one that a person means: by its whole name, or a part of it that only one has.
///
/// Fails where none has it, or several do.
pub fn named<'a>(backfills: &'a [Backfill], text: &str) -> Result<&'a Backfill, Error> {
    if let Some(exact) = backfills.iter().find(|backfill| backfill.migration == text) {
        return Ok(exact);
    }
    let found: Vec<&Backfill> =
        backfills.iter().filter(|backfill| backfill.migration.contains(text)).collect();
    let names = |backfills: &[&Backfill]| {
        let names = backfills.iter().map(|backfill| backfill.migration.as_str());
        names.collect::<Vec<_>>().join(", ")
    };
    match found[..] {
        [only] => Ok(only),
        [] => {
            let all: Vec<&Backfill> = backfills.iter().collect();
            let there = match names(&all) {
                names if names.is_empty() => {
                    "no migration that this database has asks for one".to_owned()
                }
                names => format!("there are: {names}"),
            };
            Err(Error::new(format!("there is no backfill \"{text}\""))
                .with_help(format!("{there}; one of a migration that is pending comes with its deploy:\n  cargo xtask migrate status")))
        }
        _ => Err(Error::new(format!(
            "several backfills have \"{text}\" in their names: {}",
            names(&found)
        ))
        .with_help("give more of the name")),
    }
}

/// A statement of somebody's own comes behind the fills, and before what follows them.
fn own_at(parts: &[Part]) -> usize {
    let is_finish = |part: &Part| matches!(part.work, Work::Finish { .. });
    let fills = parts.iter().rposition(|part| !is_finish(part)).map_or(0, |last| last + 1);
    fills.min(parts.len())
}

fn of_document(document: Document) -> Vec<Part> {
    let mut parts = Vec::new();
    if !document.prepare.is_empty() {
        parts.push(Part { work: Work::Finish { steps: document.prepare, proofs: Vec::new() } });
    }
    parts.extend(document.fills.into_iter().map(|fill| Part { work: Work::Fill(fill) }));
    let (steps, proofs) = (document.finish, document.proofs);
    if !steps.is_empty() || !proofs.is_empty() {
        parts.push(Part { work: Work::Finish { steps, proofs } });
    }
    parts
}

enum Rollout {
    Expands(Document),
    /// The folder is the contract of another one.
    Contracts(String),
}

fn rollout(place: &Path) -> Result<Option<Rollout>, Error> {
    let file = place.join(ROLLOUT);
    let Some(text) = read(&file)? else { return Ok(None) };
    let contracts =
        text.parse::<toml::Table>().ok().and_then(|mut table| table.remove("contracts"));
    if let Some(toml::Value::String(name)) = contracts {
        return Ok(Some(Rollout::Contracts(name)));
    }
    let document =
        Document::parse(&text).map_err(|error| Error::new(error.to_string()).in_file(&file))?;
    Ok(Some(Rollout::Expands(document)))
}

fn read(file: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::new(format!("could not be read: {error}")).in_file(file)),
    }
}
