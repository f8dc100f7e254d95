//! What is wrong with a schema, told in the form that was asked for: the one place from which diagnostics go out.
//!
//! Passwords are hidden in what is rendered, not in the result: there a URL may be cut off or broken up by colours, and
//! an edit with stars in it would be applied.

use std::slice::from_ref;

use psl::{Diagnostic, Fix, SourceFile, Style};

use crate::cli::FindingsFormat;
use crate::failure::{Failure, Result};
use crate::secrets::{hide, hide_in_place};
use crate::sources::FileError;
use crate::terminal::{has_colors, note, write_result};

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
    let render = match format {
        FindingsFormat::Text => return end_on_errors(diagnostics, files),
        FindingsFormat::Json => psl::render_json,
        FindingsFormat::Github => psl::render_github,
    };
    write(&rendered(diagnostics, files, render), stream)?;
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
    let render = match format {
        FindingsFormat::Text => return error.into(),
        FindingsFormat::Json => psl::render_json,
        FindingsFormat::Github => psl::render_github,
    };
    let (diagnostic, file) = error.finding();
    let mut rendered = rendered(from_ref(diagnostic), from_ref(file), render);
    if !error.is_p1012() {
        // The schema is not what is wrong.
        rendered = rendered.replacen("title=P1012 ", "title=", 1);
    }
    write(&rendered, stream).err().unwrap_or_else(|| Failure::already_told(1))
}

/// Tells a person, on stderr: errors end the command, warnings do not.
pub(crate) fn end_on_errors(diagnostics: &[Diagnostic], files: &[SourceFile]) -> Result<()> {
    if diagnostics.is_empty() {
        return Ok(());
    }
    let rendered = for_people(diagnostics, files);
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    if errors > 0 {
        let told = Failure::new(format!("{rendered}\nValidation Error Count: {errors}"));
        note!("{}", told.code("P1012"));
        // Told here, since hiding what is hidden would take its colours for a part of a URL.
        return Err(Failure::already_told(1));
    }
    note!("{rendered}");
    Ok(())
}

/// Tells a person, on stderr, which errors are in what a command made, after saying so; nothing where there are none.
pub(crate) fn warn_of_errors(what: &str, diagnostics: &[Diagnostic], files: &[SourceFile]) {
    let errors: Vec<Diagnostic> =
        diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).cloned().collect();
    if !errors.is_empty() {
        note!("{what}\n\n{}", for_people(&errors, files));
    }
}

fn for_people(diagnostics: &[Diagnostic], files: &[SourceFile]) -> String {
    let style = if has_colors() { Style::Color } else { Style::Plain };
    let shown: Vec<Diagnostic> =
        diagnostics.iter().map(|diagnostic| without_secrets(diagnostic, files)).collect();
    let hidden = |file: &SourceFile| SourceFile::new(hide(file.path()), hide_in_place(file.text()));
    psl::render(&shown, &files.iter().map(hidden).collect::<Vec<_>>(), style)
}

/// For a program, which is shown no source lines, and is offered no edit that is not the whole of it.
fn rendered(
    diagnostics: &[Diagnostic],
    files: &[SourceFile],
    render: fn(&[Diagnostic], &[SourceFile]) -> String,
) -> String {
    if diagnostics.is_empty() {
        return render(&[], &[]);
    }
    let offered = |diagnostic: &Diagnostic| {
        let mut shown = without_secrets(diagnostic, files);
        let replacement = |fix: &Option<Fix>| fix.as_ref().map(|fix| fix.replacement.clone());
        if replacement(&shown.fix) != replacement(&diagnostic.fix) {
            shown.fix = None;
        }
        shown
    };
    let shown: Vec<Diagnostic> = diagnostics.iter().map(offered).collect();
    let file = |file: &SourceFile| SourceFile::new(hide(file.path()), file.text());
    render(&shown, &files.iter().map(file).collect::<Vec<_>>())
}

/// With stars in all its texts, the replacement of its fix included.
fn without_secrets(diagnostic: &Diagnostic, files: &[SourceFile]) -> Diagnostic {
    let mut shown = diagnostic.clone();
    shown.message = hide(&shown.message);
    shown.help = shown.help.as_deref().map(hide);
    for label in &mut shown.labels {
        label.text = hide(&label.text);
    }
    if let Some(fix) = &mut shown.fix {
        fix.title = hide(&fix.title);
        fix.replacement = replacement_without_secrets(fix, files);
    }
    shown
}

/// What comes before it in its line may tell that it is one.
fn replacement_without_secrets(fix: &Fix, files: &[SourceFile]) -> String {
    /// Keys are short, and so is what tells them; a line need not be.
    const LONGEST: usize = 200;
    let before = files
        .get(fix.span.file.0 as usize)
        .and_then(|file| file.text().get(..fix.span.range().start))
        .map_or("", |before| {
            &before[before.floor_char_boundary(before.len().saturating_sub(LONGEST))..]
        });
    let before = before.rsplit('\n').next().unwrap_or_default();
    hide_in_place(&format!("{before}{}", fix.replacement)).split_off(before.len())
}

fn write(rendered: &str, stream: Stream) -> Result<()> {
    match stream {
        Stream::Stdout => write_result(rendered),
        Stream::Stderr => {
            if !rendered.is_empty() {
                note!("{}", rendered.trim_end());
            }
            Ok(())
        }
    }
}
