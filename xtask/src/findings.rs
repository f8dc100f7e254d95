//! What is wrong with a schema, told in the form that was asked for: the one place from which diagnostics go out.

use std::slice::from_ref;

use psl::{Diagnostic, SourceFile, Style};

use crate::cli::FindingsFormat;
use crate::failure::{Failure, Result};
use crate::secrets::{hide, hide_in_place};
use crate::sources::FileError;
use crate::terminal::{note, write_result};

/// Where findings for programs go: stdout, unless that is for the schema itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

/// Tells findings; errors among them end the command.
pub(crate) fn report(
    diagnostics: &[Diagnostic],
    files: &[SourceFile],
    format: FindingsFormat,
    stream: Stream,
) -> Result<()> {
    let rendered = match format {
        FindingsFormat::Text => return end_on_errors(diagnostics, files),
        FindingsFormat::Json => psl::render_json(diagnostics, files),
        FindingsFormat::Github => psl::render_github(diagnostics, files),
    };
    write(&rendered, stream)?;
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Err(Failure::already_told(1));
    }
    Ok(())
}

/// Tells why there is nothing to look for findings in, or nowhere to put what was done, as if it were one.
pub(crate) fn report_file_error(
    error: FileError,
    format: FindingsFormat,
    stream: Stream,
) -> Failure {
    if format == FindingsFormat::Text {
        return error.into();
    }
    let (diagnostic, file) = error.finding();
    match report(from_ref(diagnostic), from_ref(file), format, stream) {
        Err(failure) => failure,
        Ok(()) => Failure::already_told(1),
    }
}

/// For a person, on stderr: errors end the command with all of them shown, warnings do not.
pub(crate) fn end_on_errors(diagnostics: &[Diagnostic], files: &[SourceFile]) -> Result<()> {
    let style = if console::colors_enabled_stderr() { Style::Color } else { Style::Plain };
    // Already in the sources: of a long line only a part is shown, from which a URL may not be told as such.
    let hidden = |file: &SourceFile| SourceFile::new(file.path(), hide_in_place(file.text()));
    let files: Vec<SourceFile> = files.iter().map(hidden).collect();
    let rendered = psl::render(diagnostics, &files, style);
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    if errors > 0 {
        return Err(
            Failure::new(format!("{rendered}\nValidation Error Count: {errors}")).code("P1012")
        );
    }
    if !rendered.is_empty() {
        note!("{}", hide(&rendered));
    }
    Ok(())
}

fn write(rendered: &str, stream: Stream) -> Result<()> {
    let rendered = hide(rendered);
    match stream {
        Stream::Stdout => write_result(&rendered),
        Stream::Stderr => {
            if !rendered.is_empty() {
                note!("{}", rendered.trim_end());
            }
            Ok(())
        }
    }
}
