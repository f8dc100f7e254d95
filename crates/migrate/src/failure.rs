//! A script that the database refused: where in the file, and the report a person reads.
//!
//! The report is Prisma's (the migration, the SQLSTATE, the server's words, the lines before the failing
//! one) with a mark under the place and the file's name after it. The same text goes into the history.

mod outside;

use std::fmt::Write as _;
use std::path::Path;

use postgres::driver::{DbError, ErrorPosition, SqlState};

pub use sql::Place;

use crate::script::{Batch, Script};

/// How many lines are shown before the failing one.
const CONTEXT: usize = 5;

/// What the server said of a batch, and how far it had got.
#[derive(Debug)]
pub(crate) struct Refusal<'a> {
    pub script: &'a Script<'a>,
    pub batch: &'a Batch,
    /// How many statements of the batch went well.
    pub completed: usize,
    pub error: &'a DbError,
}

impl Refusal<'_> {
    /// The server's position, or else the start of the statement that failed.
    pub(crate) fn place(&self) -> Option<Place> {
        let sent = &self.script.text()[self.batch.range.clone()];
        let Some(ErrorPosition::Original(position)) = self.error.position() else {
            let failed = self.batch.statements.start + self.completed;
            let statement = self.script.statements()[..self.batch.statements.end].get(failed)?;
            return Some(Place::of(self.script.text(), statement.start));
        };
        // Counted from 1, in characters.
        let before = usize::try_from(*position).unwrap_or(usize::MAX).saturating_sub(1);
        let within = sent.char_indices().nth(before).map_or(sent.trim_end().len(), |(at, _)| at);
        Some(Place::of(self.script.text(), self.batch.range.start + within))
    }

    /// `ERROR: …` with the server's detail, hint and context.
    pub(crate) fn server_words(&self) -> String {
        let mut words = format!("{}: {}", self.error.severity(), self.message());
        for (name, text) in [
            ("DETAIL", self.error.detail()),
            ("HINT", self.error.hint()),
            ("CONTEXT", self.error.where_()),
        ] {
            if let Some(text) = text {
                let _ = write!(words, "\n{name}: {text}");
            }
        }
        words
    }

    /// What goes after a script makes its end look like a semicolon to the server.
    fn message(&self) -> &str {
        let beyond = match self.error.position() {
            Some(ErrorPosition::Original(position)) => {
                let sent = &self.script.text()[self.batch.range.clone()];
                usize::try_from(*position).is_ok_and(|position| position > sent.chars().count())
            }
            _ => false,
        };
        if beyond && *self.error.code() == SqlState::SYNTAX_ERROR {
            "syntax error at end of input"
        } else {
            self.error.message()
        }
    }

    /// All of it: what `P3018` says and what the history's `logs` hold.
    pub(crate) fn report(&self, migration: &str, file: &Path) -> String {
        format!(
            "A migration failed to apply. New migrations cannot be applied before the error is recovered from.\n\n\
             Migration name: {migration}\n\n{}",
            self.findings(file)
        )
    }

    /// What went wrong, and where.
    pub(crate) fn findings(&self, file: &Path) -> String {
        format!(
            "Database error code: {}\n\nDatabase error:\n{}{}",
            self.error.code().code(),
            self.server_words(),
            self.shown_place(Some(file)),
        )
    }

    /// The same in fewer words, for a replay.
    pub(crate) fn details(&self, file: &Path) -> String {
        format!(
            "Error code: {}\nError:\n{}{}",
            self.error.code().code(),
            self.server_words(),
            self.shown_place(Some(file))
        )
    }

    fn shown_place(&self, file: Option<&Path>) -> String {
        let Some(place) = self.place() else { return String::new() };
        let mut shown = format!("\n\nPosition:\n{}", excerpt(self.script.text(), place));
        if let Some(file) = file {
            let _ = write!(shown, "\n\nin {}:{}:{}", file.display(), place.line, place.column);
        }
        shown
    }
}

/// The failing line with the lines before it, numbered, and a mark under the place.
fn excerpt(text: &str, place: Place) -> String {
    let mut shown = String::new();
    let first = place.line.saturating_sub(CONTEXT).max(1);
    let mut failing = "";
    for (number, line) in text.split('\n').enumerate().map(|(at, line)| (at + 1, line)) {
        if (first..=place.line).contains(&number) {
            failing = line.trim_end_matches('\r').trim_start_matches('\u{feff}');
            let blank = if failing.is_empty() { "" } else { " " };
            let _ = writeln!(shown, "{number:>3}{blank}{failing}");
        }
    }
    // Tabs before the place stay tabs, so that the mark stands under it at any width.
    let indent: String = failing
        .chars()
        .take(place.column - 1)
        .map(|char| if char == '\t' { '\t' } else { ' ' })
        .collect();
    let width = place.line.to_string().len().max(3);
    let _ = write!(shown, "{}{indent}^", " ".repeat(width + 1));
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_lines_and_characters() {
        let text = "a\nbé\r\n  c";
        let of = |offset| {
            let place = Place::of(text, offset);
            (place.line, place.column)
        };
        assert_eq!([of(0), of(2), of(5), of(9)], [(1, 1), (2, 1), (2, 3), (3, 3)]);
    }

    #[test]
    fn an_excerpt_has_five_lines_before_and_a_mark() {
        let text = (1..=12).map(|n| format!("line {n}")).collect::<Vec<_>>().join("\n");
        let excerpt = excerpt(&text, Place { line: 9, column: 6 });
        assert_eq!(
            excerpt,
            "  4 line 4\n  5 line 5\n  6 line 6\n  7 line 7\n  8 line 8\n  9 line 9\n         ^"
        );
    }

    #[test]
    fn an_excerpt_at_the_start_is_short() {
        assert_eq!(
            excerpt("\u{feff}SELECT nope;\r\n", Place { line: 1, column: 8 }),
            "  1 SELECT nope;\n           ^"
        );
        assert_eq!(excerpt("\n\tx\n", Place { line: 2, column: 2 }), "  1\n  2 \tx\n    \t^");
    }
}
