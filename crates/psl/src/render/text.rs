//! For a person: the rule and the message, the place, the source lines with marks under them, what to try.

use super::lines::Lines;
use super::visible::{visible, visible_offset};
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::source::{FileId, SourceFile, Span};
use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet,
};
use std::ops::Range;

/// Whether the text holds escape sequences for colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    #[default]
    Plain,
    Color,
}

/// How much source is shown in all, in bytes. Nobody reads that far; findings beyond it are named with their place only,
/// so that a schema with a mistake in each of a million words takes no more than its own time.
const MOST_SOURCE: usize = 4 << 20;

/// Marks in one file that are further apart, in lines, are shown apart.
const NEAR: usize = 30;

/// Renders diagnostics one after the other, an empty line between. `files` are those that were analyzed.
///
/// ```
/// let file = psl::SourceFile::new("schema.prisma", "model A {\n  id Int @id\n  b  Foo\n}\n");
/// let analysis = psl::analyze(vec![file]);
/// let text = psl::render(&analysis.diagnostics, analysis.schema.files(), psl::Style::Plain);
/// assert!(text.starts_with("error[unknown-type]: Type \"Foo\" is neither a built-in type"));
/// assert!(text.contains(" --> schema.prisma:3:6\n"));
/// ```
pub fn render(diagnostics: &[Diagnostic], files: &[SourceFile], style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Color => Renderer::styled(),
    };
    let files = Lines::of_all(files);
    let mut source_left = MOST_SOURCE;
    let mut text = String::new();
    for (position, diagnostic) in diagnostics.iter().enumerate() {
        if position > 0 {
            text.push('\n');
        }
        text.push_str(&renderer.render(&report(diagnostic, &files, &mut source_left)));
        text.push('\n');
    }
    text
}

fn report<'a>(
    diagnostic: &'a Diagnostic,
    files: &'a [Lines<'a>],
    source_left: &mut usize,
) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(visible(&diagnostic.message)).id(diagnostic.code);
    let mut group = Group::with_title(title);
    let views: Vec<View<'_>> = views(diagnostic, files);
    let fix = diagnostic.fix.as_ref().and_then(|fix| {
        let lines = files.get(fix.span.file.0 as usize)?;
        Some((fix, lines, Window::around(lines, std::iter::once(&lines.range(fix.span)))))
    });
    let windows =
        views.iter().map(|view| &view.window).chain(fix.iter().map(|(.., window)| window));
    let source: usize = windows.map(|window| window.text.len()).sum();
    let is_shown = source <= *source_left;
    if is_shown {
        *source_left -= source;
        group = group.elements(views.iter().map(snippet));
    } else {
        *source_left = 0;
        group = group.elements(origin(diagnostic, files));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(visible(help)));
    }
    let mut report = vec![group];
    match fix {
        Some((fix, lines, window)) if is_shown => {
            report.push(suggestion(fix, lines, &window, fix.span.file != diagnostic.span.file));
        }
        _ => {}
    }
    report
}

/// Where a finding is, without the source.
fn origin<'a>(diagnostic: &Diagnostic, files: &'a [Lines<'a>]) -> Option<Origin<'a>> {
    let lines = files.get(diagnostic.span.file.0 as usize)?;
    let position = lines.position(diagnostic.span);
    let origin = Origin::path(visible(lines.file.path())).line(position.line);
    Some(origin.char_column(position.column))
}

/// A marked place and what is said of it; nothing is said of the place that the message itself is about.
type Place<'d> = (Span, Option<&'d str>);

/// The places of a diagnostic, its own first, those of one file together, files in the order they are named.
fn by_file(diagnostic: &Diagnostic) -> Vec<(FileId, Vec<Place<'_>>)> {
    let mut files = vec![(diagnostic.span.file, vec![(diagnostic.span, None)])];
    for label in &diagnostic.labels {
        let place = (label.span, Some(label.text.as_str()));
        match files.iter_mut().find(|(file, _)| *file == label.span.file) {
            Some((_, places)) => places.push(place),
            None => files.push((label.span.file, vec![place])),
        }
    }
    files
}

/// Marks near each other, with the lines they are in.
struct View<'a> {
    lines: &'a Lines<'a>,
    window: Window<'a>,
    marks: Vec<(Range<usize>, Option<&'a str>)>,
}

/// What is shown of a diagnostic's files, the place of the diagnostic itself first.
fn views<'a>(diagnostic: &'a Diagnostic, files: &'a [Lines<'a>]) -> Vec<View<'a>> {
    let mut views = Vec::new();
    for (id, places) in by_file(diagnostic) {
        let Some(lines) = files.get(id.0 as usize) else { continue };
        let mut marks: Vec<_> =
            places.into_iter().map(|(span, text)| (lines.marked(span), text)).collect();
        marks.sort_by_key(|(range, _)| range.start);
        let near = |(a, _): &(Range<usize>, _), (b, _): &(Range<usize>, _)| {
            lines.line(b.start).saturating_sub(lines.line(a.end)) <= NEAR
        };
        let mut of_file: Vec<View<'_>> = marks
            .chunk_by(near)
            .map(|marks| View {
                lines,
                window: Window::around(lines, marks.iter().map(|(range, _)| range)),
                marks: marks.to_vec(),
            })
            .collect();
        let is_own = |view: &View<'_>| view.marks.iter().any(|(_, text)| text.is_none());
        of_file.sort_by_key(|view| !is_own(view));
        views.append(&mut of_file);
    }
    views
}

fn snippet<'a>(view: &View<'a>) -> Snippet<'a, Annotation<'a>> {
    let View { lines, window, marks } = view;
    let mut snippet = Snippet::source(visible(window.text))
        .line_start(window.line + 1)
        .path(visible(lines.file.path()));
    // The place itself before what is said of others: marks on one line are shown in this order.
    let (own, others): (Vec<_>, Vec<_>) = marks.iter().partition(|(_, text)| text.is_none());
    for (range, text) in own.into_iter().chain(others) {
        let range = window.shown(range);
        snippet = snippet.annotation(match text {
            None => AnnotationKind::Primary.span(range),
            Some(text) => AnnotationKind::Context.span(range).label(visible(text)),
        });
    }
    snippet
}

fn suggestion<'a>(
    fix: &'a Fix,
    lines: &'a Lines<'a>,
    window: &Window<'a>,
    is_elsewhere: bool,
) -> Group<'a> {
    let range = window.shown(&lines.range(fix.span));
    let patch = Patch::new(range, visible(&fix.replacement));
    let mut snippet =
        Snippet::source(visible(window.text)).line_start(window.line + 1).patch(patch);
    if is_elsewhere {
        snippet = snippet.path(visible(lines.file.path()));
    }
    Level::HELP.secondary_title(visible(&fix.title)).element(snippet)
}

/// The whole lines that some ranges are in.
struct Window<'f> {
    text: &'f str,
    /// Where it starts in the file.
    start: usize,
    /// The number of its first line, counted from 0.
    line: usize,
}

impl<'f> Window<'f> {
    fn around<'r>(
        lines: &Lines<'f>,
        ranges: impl Iterator<Item = &'r Range<usize>> + Clone,
    ) -> Self {
        let first = ranges.clone().map(|range| range.start).min().unwrap_or_default();
        let last = ranges.map(|range| range.end).max().unwrap_or_default();
        let line = lines.line(first);
        let mut start = lines.line_range(line).start;
        let end = lines.line_range(lines.line(last)).end;
        // A byte order mark is shown only where it is what is marked.
        if start == 0 && first > 0 && lines.file.text().starts_with('\u{feff}') {
            start = '\u{feff}'.len_utf8();
        }
        Self { text: &lines.file.text()[start..end], start, line }
    }

    /// Where a range of the file is in the window, as it is shown.
    fn shown(&self, range: &Range<usize>) -> Range<usize> {
        let shown = |byte: usize| visible_offset(self.text, byte - self.start);
        shown(range.start)..shown(range.end)
    }
}
