//! Where something is in a file, as an editor counts.

/// A place in a file, both counted from 1; the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character of the line.
    pub column: usize,
}

impl Place {
    /// The place of the byte at `offset`, which may be the end of the text.
    pub fn of(text: &str, offset: usize) -> Self {
        let before = &text[..text.floor_char_boundary(offset)];
        let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        // A byte order mark is not seen.
        let column = before[start..].trim_start_matches('\u{feff}').chars().count() + 1;
        Self { line, column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_characters_are_counted_from_one() {
        let text = "a\nüb\n";
        let place = |offset| Place::of(text, offset);
        assert_eq!(place(0), Place { line: 1, column: 1 });
        assert_eq!(place(4), Place { line: 2, column: 2 });
        assert_eq!(place(3), Place { line: 2, column: 1 }, "inside a character");
        assert_eq!(place(99), Place { line: 3, column: 1 });
    }
}
