//! Findings for people, for programs, for GitHub and for whoever reads SARIF.

mod github;
mod json;
mod sarif;
mod text;

use sql::Place;

use crate::effect::{Blocks, lock_name};
use crate::{Finding, Severity};

pub use github::github;
pub use json::json;
pub use sarif::sarif;
pub use text::{text, total};

/// A file that was judged.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// The migration's name.
    pub migration: &'a str,
    /// Where the file is, as it is spoken of.
    pub path: &'a str,
    /// What is in it.
    pub text: &'a str,
    /// What was found, in the order of the file.
    pub findings: &'a [Finding],
}

/// How many findings are of a severity.
pub fn count(files: &[Judged<'_>], severity: Severity) -> usize {
    files.iter().flat_map(|file| file.findings).filter(|it| it.severity == severity).count()
}

fn places(file: &Judged<'_>, finding: &Finding) -> (Place, Place) {
    (Place::of(file.text, finding.range.start), Place::of(file.text, finding.range.end))
}

/// The lock in words, unless the reason says it: `ACCESS EXCLUSIVE on Booking, which blocks all reads and writes`.
fn lock(finding: &Finding) -> Option<String> {
    let (mode, table) = finding.lock.as_ref()?;
    if finding.why.starts_with(lock_name(*mode)) {
        return None;
    }
    let blocks = match Blocks::of(*mode) {
        // What is reported of a lock that lets others write is what it writes.
        Blocks::Nothing => "other writes of the same rows until its transaction ends",
        blocks => blocks.words(),
    };
    Some(format!("{} on {}, which blocks {blocks}", lock_name(*mode), called(table)))
}

/// A table as it is spoken of.
fn called(name: &sql::statement::Name) -> String {
    match name.schema.as_deref() {
        None | Some("public") => name.name.clone(),
        Some(schema) => format!("{schema}.{}", name.name),
    }
}

/// Lock, reason and safe form, a part a line.
fn details(finding: &Finding) -> Vec<String> {
    let mut parts: Vec<String> =
        lock(finding).map(|lock| format!("lock: {lock}")).into_iter().collect();
    parts.push(finding.why.clone());
    parts.extend(finding.safe.as_ref().map(|safe| format!("instead:\n{safe}")));
    parts
}

#[cfg(test)]
mod tests;
