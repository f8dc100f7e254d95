//! Source files and places in them.
//!
//! A schema may be one file or a folder of them; a [`Span`] therefore names its file. Positions are byte offsets:
//! lines and columns are computed only when something is shown to a person.

use std::ops::Range;

/// One schema file as it was read: the path a person knows it by, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    path: String,
    text: String,
}

impl SourceFile {
    /// `path` is only shown, never opened.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte offset, both counted from 1; the column in characters.
    ///
    /// ```
    /// let file = psl::SourceFile::new("schema.prisma", "model A {\n  id Int @id\n}\n");
    /// assert_eq!(file.line_column(12), (2, 3));
    /// ```
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

/// Which of the given files, in the order given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub u32);

/// A half-open byte range of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        // Files over 4 GiB are refused before they get here; saturating keeps this total.
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: clamp(range.start), end: clamp(range.end) }
    }

    /// A part of this place, its bytes counted from the place's start.
    ///
    /// ```
    /// let place = psl::Span::new(psl::FileId(0), 10..20);
    /// assert_eq!(place.part(0..4).range(), 10..14);
    /// ```
    #[must_use]
    pub fn part(self, range: Range<usize>) -> Self {
        let start = self.start as usize;
        Self::new(self.file, start + range.start..start + range.end)
    }

    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}
