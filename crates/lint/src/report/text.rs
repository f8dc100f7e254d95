//! For people: the statement with what is wrong below it, as the compiler writes it.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Judged, count, lock};
use crate::{Finding, Severity};

/// The findings of all files, a paragraph each; empty where there are none.
pub fn text(files: &[Judged<'_>], colors: bool) -> String {
    let renderer = if colors { Renderer::styled() } else { Renderer::plain() };
    let all =
        files.iter().flat_map(|file| file.findings.iter().map(move |finding| (file, finding)));
    all.map(|(file, finding)| one(&renderer, file, finding) + "\n\n").collect()
}

/// How many there are, in one line.
pub fn total(files: &[Judged<'_>]) -> String {
    let named = |severity: Severity| {
        let count = count(files, severity);
        let plural = if count == 1 { "" } else { "s" };
        (count > 0).then(|| format!("{count} {}{plural}", severity.word()))
    };
    let found: Vec<String> =
        [Severity::Error, Severity::Warning].into_iter().filter_map(named).collect();
    let migrations = match files.len() {
        1 => "1 migration".to_owned(),
        count => format!("{count} migrations"),
    };
    if found.is_empty() {
        format!("Nothing was found in {migrations}.")
    } else {
        format!("{} in {migrations}.", found.join(", "))
    }
}

fn one(renderer: &Renderer, file: &Judged<'_>, finding: &Finding) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let snippet = Snippet::source(file.text)
        .path(file.path)
        .annotation(AnnotationKind::Primary.span(first_line(file.text, finding)));
    let title = level.primary_title(&finding.message).id(finding.rule);
    let mut group = Group::with_title(title).element(snippet);
    if let Some(lock) = lock(finding) {
        group = group.element(Level::NOTE.message(lock));
    }
    group = group.element(Level::NOTE.message(&finding.why));
    if let Some(safe) = &finding.safe {
        group = group.element(Level::HELP.message(format!("instead:\n{safe}")));
    }
    renderer.render(&[group])
}

/// The first line of what it is about: the rest says little more, and may be long.
fn first_line(text: &str, finding: &Finding) -> std::ops::Range<usize> {
    let range = finding.range.clone();
    let line = text[range.clone()].find(['\r', '\n']).map_or(range.end, |end| range.start + end);
    range.start..line
}
