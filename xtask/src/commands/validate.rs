//! `validate`: says whether the schema is right, and with `--fix` makes it so where it is certain how.

use std::path::Path;

use psl::{Analysis, Fixed};

use crate::cli::{Common, FindingsFormat, Validate};
use crate::failure::Result;
use crate::findings::{self, Stream};
use crate::paths;
use crate::project::STDIN;
use crate::secrets::hide;
use crate::sources::Sources;
use crate::terminal::{note, say, write_result};

pub(super) fn run(common: &Common, arguments: &Validate) -> Result<()> {
    let format = arguments.findings.format;
    let is_text = format == FindingsFormat::Text;
    let name = |path: &Path| match format {
        FindingsFormat::Github => paths::shown_in_repository(path),
        FindingsFormat::Text | FindingsFormat::Json => paths::shown(path),
    };
    let is_filter = arguments.fix && common.schema.as_deref() == Some(Path::new(STDIN));
    let stream = if is_filter { Stream::Stderr } else { Stream::Stdout };
    let read = Sources::read(common.schema.as_deref(), name);
    let sources = read.map_err(|error| findings::report_file_error(error, format, stream))?;
    if is_filter {
        return filter(sources, format);
    }
    if is_text {
        say!("Prisma schema loaded from {}", sources.shown);
    }
    let are_valid = if sources.files.len() == 1 {
        format!("The schema at {} is valid", sources.shown)
    } else {
        format!("The schemas at {} are valid", sources.shown)
    };
    let analysis = if arguments.fix { fix(&sources, format)? } else { psl::analyze(sources.files) };
    findings::report(&analysis.diagnostics, analysis.schema.files(), format, stream)?;
    if is_text {
        say!("{are_valid} 🚀");
    }
    Ok(())
}

/// Fixes the files, and says what was done to them.
fn fix(sources: &Sources, format: FindingsFormat) -> Result<Analysis> {
    let fixed = psl::fix(sources.files.clone());
    sources
        .write(fixed.analysis.schema.files().iter().map(psl::SourceFile::text))
        .map_err(|error| findings::report_file_error(error, format, Stream::Stdout))?;
    for line in told(&fixed) {
        if format == FindingsFormat::Text {
            say!("{line}");
        } else {
            note!("{line}");
        }
    }
    Ok(fixed.analysis)
}

/// From stdin to stdout, for editors: the text, as it is where nothing can be fixed. All else goes to stderr.
fn filter(sources: Sources, format: FindingsFormat) -> Result<()> {
    let fixed = psl::fix(sources.files);
    let (diagnostics, files) = (&fixed.analysis.diagnostics, fixed.analysis.schema.files());
    // What it holds goes back to where it came from, passwords and all.
    files.iter().try_for_each(|file| write_result(file.text()))?;
    told(&fixed).for_each(|line| note!("{line}"));
    findings::report(diagnostics, files, format, Stream::Stderr)
}

fn told(fixed: &Fixed) -> impl Iterator<Item = String> {
    fixed
        .applied
        .iter()
        .map(|fix| hide(&format!("Fixed {}:{}:{}: {}", fix.path, fix.line, fix.column, fix.title)))
}
