//! A file and where its lines are, so that each diagnostic is shown in time of its own size, not of the file's.

use crate::source::{SourceFile, Span};
use std::ops::Range;

/// Of a longer block only the header is marked: what is wrong with it as a whole is not in its fields.
const MOST_LINES_OF_A_BLOCK: usize = 5;

#[derive(Debug)]
pub(super) struct Lines<'f> {
    pub(super) file: &'f SourceFile,
    starts: Vec<usize>,
}

/// A place for programs and editors, all counted from 1, columns in characters; the end is behind the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
}

impl<'f> Lines<'f> {
    pub(super) fn new(file: &'f SourceFile) -> Self {
        let breaks = file.text().bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(position, _)| position + 1)).collect();
        Self { file, starts }
    }

    /// All files; a diagnostic's [`FileId`](crate::FileId) is the index.
    pub(super) fn of_all(files: &'f [SourceFile]) -> Vec<Self> {
        files.iter().map(Self::new).collect()
    }

    /// The line of a byte, counted from 0.
    pub(super) fn line(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// The line with its end, counted from 0.
    pub(super) fn line_range(&self, line: usize) -> Range<usize> {
        let start = self.starts.get(line).copied().unwrap_or_default();
        let end = self.starts.get(line + 1).copied().unwrap_or(self.file.text().len());
        start..end
    }

    pub(super) fn position(&self, span: Span) -> Position {
        let range = self.range(span);
        let (line, column) = self.line_column(range.start);
        let (end_line, end_column) = self.line_column(range.end);
        Position { line, column, end_line, end_column }
    }

    /// A span's bytes, between characters and within the text whatever the span says.
    pub(super) fn range(&self, span: Span) -> Range<usize> {
        let text = self.file.text();
        let range = span.range();
        let (start, end) =
            (text.floor_char_boundary(range.start), text.floor_char_boundary(range.end));
        start..end.max(start)
    }

    /// What is marked of a span: all of it but white space at its end; of a long block, the header.
    pub(super) fn marked(&self, span: Span) -> Range<usize> {
        let Range { start, end } = self.range(span);
        let text = self.file.text();
        let written = text[start..end].trim_end();
        let end = start + written.len();
        let first = self.line(start);
        if self.line(end) - first < MOST_LINES_OF_A_BLOCK {
            return start..end;
        }
        let header = &text[start..self.line_range(first).end];
        let header = header.split("//").next().unwrap_or(header).trim_end();
        if header.ends_with('{') { start..start + header.len() } else { start..end }
    }

    fn line_column(&self, byte: usize) -> (usize, usize) {
        let line = self.line(byte);
        let before = &self.file.text()[self.line_range(line).start..byte];
        // A byte order mark is in the file, but in no editor's first column.
        let before = if line == 0 { before.trim_start_matches('\u{feff}') } else { before };
        (line + 1, before.chars().count() + 1)
    }
}
