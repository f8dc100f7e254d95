//! Text to tokens, without loss: the tokens' texts, one after the other, are the input.
//!
//! Any text is accepted. What starts no token of the language is one [`Unknown`](SyntaxKind::Unknown) character long,
//! so the lexer never fails and never gives up. It knows nothing of lines that belong together or of where a token is
//! allowed; in particular numbers and keywords are words here, since only their place makes them more than that.

mod letters;

use crate::syntax::SyntaxKind;
use letters::is_letter;
use std::ops::Range;

/// One token: what it is and how many bytes it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub kind: SyntaxKind,
    pub len: usize,
}

/// All tokens of a text.
///
/// ```
/// let text = "model A { // a\n";
/// let len: usize = psl::lexer::tokenize(text).map(|token| token.len).sum();
/// assert_eq!(len, text.len());
/// ```
pub fn tokenize(text: &str) -> impl Iterator<Item = Token> + '_ {
    let mut lexer = Lexer::new(text);
    let mut position = 0;
    std::iter::from_fn(move || {
        let token = lexer.token_at(position)?;
        position += token.len;
        Some(token)
    })
}

/// Reads tokens anywhere in a text. What it keeps is only there so that no part of the text is searched through twice.
pub(crate) struct Lexer<'t> {
    text: &'t str,
    /// Where the last `*/` ends: no comment that starts later is closed.
    comments_end: usize,
    /// No string that starts in here is closed.
    unclosed: Range<usize>,
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, comments_end: text.rfind("*/").map_or(0, |end| end + 2), unclosed: 0..0 }
    }

    /// The token that starts at `position`, a character boundary; `None` at the end of the text.
    pub(crate) fn token_at(&mut self, position: usize) -> Option<Token> {
        let rest = &self.text[position..];
        let first = rest.chars().next()?;
        let (kind, len) = match first {
            '\n' => (SyntaxKind::Newline, 1),
            '\r' => (SyntaxKind::Newline, if rest.starts_with("\r\n") { 2 } else { 1 }),
            '\u{feff}' if position == 0 => (SyntaxKind::Bom, first.len_utf8()),
            '/' => self.comment(position).unwrap_or((SyntaxKind::Unknown, 1)),
            '"' => self
                .string(position)
                .map_or((SyntaxKind::Unknown, 1), |len| (SyntaxKind::String, len)),
            '{' => (SyntaxKind::LBrace, 1),
            '}' => (SyntaxKind::RBrace, 1),
            '(' => (SyntaxKind::LParen, 1),
            ')' => (SyntaxKind::RParen, 1),
            '[' => (SyntaxKind::LBracket, 1),
            ']' => (SyntaxKind::RBracket, 1),
            ',' => (SyntaxKind::Comma, 1),
            ':' => (SyntaxKind::Colon, 1),
            '.' => (SyntaxKind::Dot, 1),
            '=' => (SyntaxKind::Equals, 1),
            '?' => (SyntaxKind::Question, 1),
            '!' => (SyntaxKind::Bang, 1),
            '-' => (SyntaxKind::Minus, 1),
            '@' if rest.starts_with("@@") => (SyntaxKind::AtAt, 2),
            '@' => (SyntaxKind::At, 1),
            _ if is_space(first) => {
                (SyntaxKind::Whitespace, rest.find(|c| !is_space(c)).unwrap_or(rest.len()))
            }
            _ if starts_word(first) => (SyntaxKind::Word, word_len(rest)),
            _ => (SyntaxKind::Unknown, first.len_utf8()),
        };
        Some(Token { kind, len })
    }

    fn comment(&self, position: usize) -> Option<(SyntaxKind, usize)> {
        let rest = &self.text[position..];
        if rest.starts_with("///") {
            Some((SyntaxKind::DocComment, line_len(rest)))
        } else if rest.starts_with("//") {
            Some((SyntaxKind::Comment, line_len(rest)))
        } else if position < self.comments_end {
            // Never closed means no comment at all: its first line is then wrong, and only that.
            let body = rest.strip_prefix("/*")?;
            body.find("*/").map(|end| (SyntaxKind::BlockComment, end + 4))
        } else {
            None
        }
    }

    /// Bytes of the string that starts at `position`, both quotes included; `None` when it is not closed. As in JSON,
    /// control characters have to be escaped; a backslash takes any character with it, be it a line break.
    fn string(&mut self, position: usize) -> Option<usize> {
        if self.unclosed.contains(&position) {
            return None;
        }
        let rest = &self.text[position..];
        let mut chars = rest.char_indices().skip(1);
        let mut searched = rest.len();
        while let Some((offset, c)) = chars.next() {
            match c {
                '"' => return Some(offset + 1),
                '\\' => {
                    chars.next();
                }
                '\0'..='\u{1f}' => {
                    searched = offset;
                    break;
                }
                _ => {}
            }
        }
        // A quote in what was searched was escaped; a string from there would see what was seen from here.
        self.unclosed = position..position + searched;
        None
    }
}

/// The bytes of the text from the start to where its first line ends, the line break left out.
pub(crate) fn line_len(text: &str) -> usize {
    text.find(['\n', '\r']).unwrap_or(text.len())
}

/// Bytes of the identifier that `text` starts with: letters and ASCII digits, then also `_` and `-`.
pub(crate) fn word_len(text: &str) -> usize {
    if !text.starts_with(starts_word) {
        return 0;
    }
    // Nearly all words are ASCII, and most of a schema is words.
    let bytes = text.as_bytes();
    let in_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let ascii = bytes.iter().take_while(|byte| in_word(byte)).count();
    if bytes.get(ascii).is_none_or(u8::is_ascii) {
        return ascii;
    }
    let rest = &text[ascii..];
    let others = rest.find(|c: char| !(starts_word(c) || c == '_' || c == '-'));
    ascii + others.unwrap_or(rest.len())
}

fn starts_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || !c.is_ascii() && is_letter(c)
}

/// A space as the language has it: Unicode's space separators and the tabulator, no line breaks.
fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<SyntaxKind> {
        tokenize(text).map(|token| token.kind).collect()
    }

    #[test]
    fn a_string_ends_at_its_own_quote() {
        assert_eq!(kinds(r#""a\"b""#), [SyntaxKind::String]);
        assert_eq!(
            kinds("\"a\nb"),
            [SyntaxKind::Unknown, SyntaxKind::Word, SyntaxKind::Newline, SyntaxKind::Word]
        );
    }

    #[test]
    fn line_breaks_of_all_systems() {
        assert_eq!(kinds("\r\n\n\r"), [SyntaxKind::Newline; 3]);
    }

    #[test]
    fn a_byte_order_mark_counts_at_the_start_only() {
        assert_eq!(kinds("\u{feff}\u{feff}"), [SyntaxKind::Bom, SyntaxKind::Unknown]);
    }

    #[test]
    fn an_open_block_comment_is_none() {
        assert_eq!(kinds("/* a */"), [SyntaxKind::BlockComment]);
        assert_eq!(kinds("/*")[0], SyntaxKind::Unknown);
    }

    #[test]
    fn tokens_concatenate_to_any_input() {
        let texts =
            ["", "\u{feff}model ü {\r\n\t\"\\\n\"\0 }", "@@@@@ /// x", "\"\\", "/*/", "--1.5-a..b"];
        for text in texts {
            let mut position = 0;
            for token in tokenize(text) {
                assert!(
                    token.len > 0 && text.is_char_boundary(position + token.len),
                    "{text:?} at {position}"
                );
                position += token.len;
            }
            assert_eq!(position, text.len());
        }
    }
}
