//! Diagnostics as a person reads them: the message, the place, the source line with a mark under it.
//!
//! Knows nothing of where the text goes; whether it may be coloured is the caller's to know.

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{SourceFile, Span};
use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use std::ops::Range;

/// Whether the text holds escape sequences for colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    #[default]
    Plain,
    Color,
}

/// Renders diagnostics one after the other, an empty line between. `files` are those that were analyzed.
///
/// ```
/// let file = psl::SourceFile::new("schema.prisma", "model A {\n  id Int @id\n  b  Foo\n}\n");
/// let analysis = psl::analyze(vec![file]);
/// let text = psl::render(&analysis.diagnostics, analysis.schema.files(), psl::Style::Plain);
/// assert!(text.starts_with("error: Type \"Foo\" is neither a built-in type"));
/// assert!(text.contains(" --> schema.prisma:3:6\n"));
/// ```
pub fn render(diagnostics: &[Diagnostic], files: &[SourceFile], style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Color => Renderer::styled(),
    };
    let files: Vec<Lines<'_>> = files.iter().map(Lines::new).collect();
    let mut text = String::new();
    for (position, diagnostic) in diagnostics.iter().enumerate() {
        if position > 0 {
            text.push('\n');
        }
        text.push_str(&renderer.render(&report(diagnostic, &files)));
        text.push('\n');
    }
    text
}

/// A file and where its lines start, so that each diagnostic is shown in time of its own size, not of the file's.
struct Lines<'f> {
    file: &'f SourceFile,
    starts: Vec<usize>,
}

impl<'f> Lines<'f> {
    fn new(file: &'f SourceFile) -> Self {
        let breaks = file.text().bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(position, _)| position + 1)).collect();
        Self { file, starts }
    }

    /// The line of a byte, counted from 0.
    fn line(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    fn line_range(&self, line: usize) -> Range<usize> {
        let start = self.starts.get(line).copied().unwrap_or_default();
        let end = self.starts.get(line + 1).copied().unwrap_or(self.file.text().len());
        start..end
    }

    /// What is marked of a span: of a whole block, its first line.
    fn marked(&self, span: Span) -> Range<usize> {
        let text = self.file.text();
        let boundary = |mut byte: usize| {
            byte = byte.min(text.len());
            while !text.is_char_boundary(byte) {
                byte -= 1;
            }
            byte
        };
        let (start, end) = (boundary(span.range().start), boundary(span.range().end));
        let line = self.line_range(self.line(start));
        let written = text[start..end.min(line.end).max(start)].trim_end();
        start..start + written.len()
    }
}

fn report<'a>(diagnostic: &'a Diagnostic, files: &[Lines<'a>]) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(diagnostic.message.as_str()));
    if let Some(lines) = files.get(diagnostic.span.file.0 as usize) {
        let labels =
            diagnostic.labels.iter().filter(|label| label.span.file == diagnostic.span.file);
        let labels: Vec<(Range<usize>, &str)> =
            labels.map(|label| (lines.marked(label.span), label.text.as_str())).collect();
        group = group.element(snippet(lines, lines.marked(diagnostic.span), &labels));
    }
    for label in diagnostic.labels.iter().filter(|label| label.span.file != diagnostic.span.file) {
        if let Some(lines) = files.get(label.span.file.0 as usize) {
            let marked = lines.marked(label.span);
            let (source, line) = window(lines, std::iter::once(&marked));
            let annotation =
                AnnotationKind::Context.span(relative(&marked, &source)).label(label.text.as_str());
            group = group.element(
                Snippet::source(&lines.file.text()[source])
                    .line_start(line + 1)
                    .path(lines.file.path())
                    .annotation(annotation),
            );
        }
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let mut report = vec![group];
    if let Some(fix) = &diagnostic.fix
        && let Some(lines) = files.get(fix.span.file.0 as usize)
    {
        let range = fix.span.range();
        let (source, line) = window(lines, std::iter::once(&range));
        let patch = Patch::new(relative(&range, &source), fix.replacement.as_str());
        report.push(Level::HELP.secondary_title(fix.title.as_str()).element(
            Snippet::source(&lines.file.text()[source]).line_start(line + 1).patch(patch),
        ));
    }
    report
}

fn snippet<'a>(
    lines: &Lines<'a>,
    primary: Range<usize>,
    labels: &[(Range<usize>, &'a str)],
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let (source, line) =
        window(lines, std::iter::once(&primary).chain(labels.iter().map(|(range, _)| range)));
    let mut snippet = Snippet::source(&lines.file.text()[source.clone()])
        .line_start(line + 1)
        .path(lines.file.path())
        .annotation(AnnotationKind::Primary.span(relative(&primary, &source)));
    for (range, text) in labels {
        let annotation = AnnotationKind::Context.span(relative(range, &source)).label(*text);
        snippet = snippet.annotation(annotation);
    }
    snippet
}

/// The whole lines that ranges are in, and the number of the first, counted from 0.
fn window<'r>(
    lines: &Lines<'_>,
    ranges: impl Iterator<Item = &'r Range<usize>> + Clone,
) -> (Range<usize>, usize) {
    let first = lines.line(ranges.clone().map(|range| range.start).min().unwrap_or_default());
    let last = lines.line(ranges.map(|range| range.end).max().unwrap_or_default());
    (lines.line_range(first).start..lines.line_range(last).end, first)
}

fn relative(range: &Range<usize>, source: &Range<usize>) -> Range<usize> {
    range.start - source.start..range.end - source.start
}
