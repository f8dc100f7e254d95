//! `format`: lays the schema out as Prisma does.

use std::time::Instant;

use psl::{Formatted, SourceFile};

use crate::cli::{Common, Format};
use crate::failure::{Failure, Result};
use crate::findings;
use crate::paths;
use crate::sources::Sources;
use crate::terminal::{note, say, write_result};

pub(super) fn run(common: &Common, arguments: &Format) -> Result<()> {
    let started = Instant::now();
    let sources = Sources::read(common.schema.as_deref(), paths::shown)?;
    if !sources.is_stdin() {
        say!("Prisma schema loaded from {}", sources.shown);
    }
    let formatted = psl::format(&sources.files);
    // Where a line is no schema language, nothing could say where it belongs: the file stays as it is.
    findings::end_on_errors(&formatted.diagnostics, &sources.files)?;
    match (sources.is_stdin(), arguments.check) {
        (true, true) => check(&sources, &formatted, |verdict| note!("{verdict}")),
        (true, false) => filter(&sources, formatted),
        (false, true) => {
            check(&sources, &formatted, |verdict| say!("{verdict}"))?;
            validate(sources.files)
        }
        (false, false) => {
            // Written whatever the schema means: laid out well, its mistakes are easier to find.
            sources.write(formatted.texts.iter().map(String::as_str))?;
            let files = with_texts(&sources.files, formatted.texts);
            say!("Formatted {} in {}ms 🚀", sources.shown, started.elapsed().as_millis());
            validate(files)
        }
    }
}

fn check(sources: &Sources, formatted: &Formatted, say: impl Fn(&str)) -> Result<()> {
    let files = sources.files.iter().zip(&formatted.texts);
    let changed: Vec<&str> =
        files.filter(|(file, text)| file.text() != *text).map(|(file, _)| file.path()).collect();
    if changed.is_empty() {
        say("All files are formatted correctly!");
        return Ok(());
    }
    Err(Failure::new(format!(
        "There are unformatted files. Run cargo xtask format to format them.\n\n{}",
        changed.join("\n")
    )))
}

/// From stdin to stdout, for editors: what is wrong beyond the layout is told, and is no failure.
fn filter(sources: &Sources, formatted: Formatted) -> Result<()> {
    let files = with_texts(&sources.files, formatted.texts);
    // What it holds goes back to where it came from, passwords and all.
    files.iter().try_for_each(|file| write_result(file.text()))?;
    let _ = validate(files);
    Ok(())
}

fn validate(files: Vec<SourceFile>) -> Result<()> {
    let analysis = psl::analyze(files);
    findings::end_on_errors(&analysis.diagnostics, analysis.schema.files())
}

fn with_texts(files: &[SourceFile], texts: Vec<String>) -> Vec<SourceFile> {
    files.iter().zip(texts).map(|(file, text)| SourceFile::new(file.path(), text)).collect()
}
