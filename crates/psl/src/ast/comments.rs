//! Documentation: which comments belong to what.
//!
//! A run of comments directly above a block, field or value documents it with its `///` lines and `/* */` comments, and
//! so does such a comment behind it on its line. An empty line ends a run: inside a block the run still documents what
//! comes next unless another run follows; between blocks it documents nothing.

use crate::syntax::{Node, SyntaxKind};

/// The run of comments that will document what comes next.
#[derive(Debug, Default)]
pub(super) struct Pending {
    lines: Vec<String>,
    run: Run,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Run {
    #[default]
    Ended,
    /// Inside a comment's line.
    InLine,
    /// At the start of the line after a comment.
    NextLine,
}

impl Pending {
    pub(super) fn comment(&mut self, comment: Node<'_>, text: &str) {
        if self.run == Run::Ended {
            self.lines.clear();
        }
        self.run = Run::InLine;
        self.lines.extend(documentation(comment, text));
    }

    /// Returns whether the line was empty.
    pub(super) fn line_break(&mut self) -> bool {
        let empty = self.run != Run::InLine;
        self.run = if empty { Run::Ended } else { Run::NextLine };
        empty
    }

    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    pub(super) fn take(&mut self) -> Option<String> {
        let lines = std::mem::take(self).lines;
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

/// Adds what a comment behind something says to what stands above it.
pub(super) fn trailing(documentation: &mut Option<String>, comment: Node<'_>, text: &str) {
    let Some(line) = self::documentation(comment, text) else { return };
    match documentation {
        Some(above) => {
            above.push('\n');
            above.push_str(&line);
        }
        None => *documentation = Some(line),
    }
}

/// What a comment says, if it documents.
fn documentation(comment: Node<'_>, text: &str) -> Option<String> {
    let written = &text[comment.range()];
    match comment.kind() {
        SyntaxKind::DocComment => Some(written.get(3..)?.trim_start().to_owned()),
        SyntaxKind::BlockComment => Some(block_lines(written).collect::<Vec<_>>().join("\n")),
        _ => None,
    }
}

/// What `/* … */` says, line by line, without what only decorates: indentation, a star at the start, empty lines. The
/// formatter keeps just this much, so documentation that had more would change with the layout.
pub(crate) fn block_lines(written: &str) -> impl Iterator<Item = &str> {
    let inner = written.get(2..written.len().saturating_sub(2)).unwrap_or_default();
    let lines = inner.split(['\n', '\r']).map(str::trim);
    lines.map(|line| line.strip_prefix('*').unwrap_or(line).trim()).filter(|line| !line.is_empty())
}
