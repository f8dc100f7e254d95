//! What a terminal would obey, or a person would not see, made visible.
//!
//! Escape sequences in a schema could clear the screen or rewrite what stands above; marks of writing direction can
//! make a line read as something else than it says.

use std::borrow::Cow;

/// Shown for what has no picture of its own.
const REPLACEMENT: char = '\u{fffd}';

/// Whether a character steers a terminal or reorders or hides text. Line feeds and tabs are wanted; all other control
/// characters, those of the C1 set included, are not.
pub(super) fn is_steering(c: char) -> bool {
    let is_direction = matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    // Separators that only some programs take for line breaks; what has no width; tags.
    let is_unseen = matches!(
        c,
        '\u{2028}' | '\u{2029}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
    );
    is_direction || is_unseen || (c.is_control() && c != '\n' && c != '\t')
}

/// The text with pictures in place of what steers.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_steering) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(pictures(text).map(|(_, c)| c).collect())
}

/// Where the byte `offset` of `text` has gone in `visible(text)`.
pub(super) fn visible_offset(text: &str, offset: usize) -> usize {
    pictures(text).take_while(|(at, _)| *at < offset).map(|(_, c)| c.len_utf8()).sum()
}

/// Each character with its place, as it is shown. The carriage return of a line's end is part of the line's end.
fn pictures(text: &str) -> impl Iterator<Item = (usize, char)> {
    text.char_indices().map(move |(at, c)| match c {
        '\r' if text[at..].starts_with("\r\n") => (at, c),
        // The control pictures are in the order of what they show.
        '\0'..='\u{1f}' if is_steering(c) => {
            (at, char::from_u32(0x2400 + u32::from(c)).unwrap_or(REPLACEMENT))
        }
        '\u{7f}' => (at, '␡'),
        _ if is_steering(c) => (at, REPLACEMENT),
        _ => (at, c),
    })
}

#[cfg(test)]
mod tests {
    use super::{visible, visible_offset};

    #[test]
    fn what_steers_is_seen_and_the_rest_is_left() {
        assert_eq!(
            visible("a\u{1b}[2J\0\u{7f}\u{9b}\u{202e}b\r\nc\rd"),
            "a␛[2J␀␡\u{fffd}\u{fffd}b\r\nc␍d"
        );
        let harmless = "model Ä {\n\tid Int @id // 👍🏽 «ß» שלום\r\n}";
        assert_eq!(visible(harmless), harmless);
    }

    #[test]
    fn offsets_follow_what_has_grown() {
        let text = "\u{1b}é\0x\r\n";
        assert_eq!(visible(text), "␛é␀x\r\n");
        for (offset, shown) in [(0, 0), (1, 3), (3, 5), (4, 8), (5, 9), (6, 10), (7, 11)] {
            assert_eq!(visible_offset(text, offset), shown, "{offset}");
        }
    }
}
