//! The words of an SQL expression, without white space and comments.

use std::ops::Range;

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// A name or keyword, folded to lower case unless quoted.
    Word { text: String, quoted: bool },
    /// The text of a string constant, or the digits of a number.
    Constant(String),
    /// An operator, in one piece.
    Operator(String),
    /// `(`, `)`, `[`, `]`, `,` or `.`, or what belongs nowhere.
    Mark(char),
}

pub(super) fn tokens(text: &str) -> Vec<Token> {
    pieces(text).into_iter().map(|(token, _)| token).collect()
}

/// Each with its place in the text.
pub(crate) fn pieces(text: &str) -> Vec<(Token, Range<usize>)> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if let Some((constant, end)) = marked_constant(rest) {
            let start = text.len() - rest.len();
            tokens.push((Token::Constant(constant), start..start + end));
            rest = rest[end..].trim_start();
            continue;
        }
        let end = match first {
            '\'' => quoted_end(rest, '\''),
            '"' => quoted_end(rest, '"'),
            c if c.is_alphabetic() || c == '_' => {
                find(rest, |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$')))
            }
            c if c.is_ascii_digit() => {
                find(rest, |c: char| !(c.is_ascii_alphanumeric() || c == '.'))
            }
            c if is_operator(c) || c == ':' => find(rest, |c| !(is_operator(c) || c == ':')),
            c => c.len_utf8(),
        };
        let (word, after) = rest.split_at(end);
        let start = text.len() - rest.len();
        let token = match first {
            '\'' => Token::Constant(unquoted(word, '\'')),
            '"' => Token::Word { text: unquoted(word, '"'), quoted: true },
            c if c.is_alphabetic() || c == '_' => {
                Token::Word { text: word.to_lowercase(), quoted: false }
            }
            c if c.is_ascii_digit() => Token::Constant(word.to_lowercase()),
            c if is_operator(c) || c == ':' => Token::Operator(word.to_owned()),
            c => Token::Mark(c),
        };
        tokens.push((token, start..start + end));
        rest = after.trim_start();
    }
    tokens
}

fn is_operator(c: char) -> bool {
    "+-*/<>=~!@#%^&|`?".contains(c)
}

fn find(text: &str, is_end: impl Fn(char) -> bool) -> usize {
    text.find(is_end).unwrap_or(text.len())
}

/// Past the closing mark, or to the end of the text where there is none. A doubled mark stands
/// for itself.
fn quoted_end(text: &str, mark: char) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == mark && chars.next_if(|(_, next)| *next == mark).is_none() {
            return at + 1;
        }
    }
    text.len()
}

/// `E'a\nb'` or `B'101'` at the start of `text`: what it stands for, and its end.
fn marked_constant(text: &str) -> Option<(String, usize)> {
    let (mark, quoted) = text.split_at_checked(1)?;
    if !quoted.starts_with('\'') {
        return None;
    }
    match mark {
        "b" | "B" => {
            let end = quoted_end(quoted, '\'');
            Some((unquoted(&quoted[..end], '\''), 1 + end))
        }
        "e" | "E" => escaped(quoted).map(|(constant, end)| (constant, 1 + end)),
        _ => None,
    }
}

/// A string in which backslashes mean something. `None` where it has codes of characters, or no end.
fn escaped(text: &str) -> Option<(String, usize)> {
    let mut constant = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' if chars.next_if(|(_, next)| *next == '\'').is_none() => {
                return Some((constant, at + 1));
            }
            '\\' => constant.push(match chars.next()?.1 {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' | 'U' | 'x' | '0'..='7' => return None,
                itself => itself,
            }),
            c => constant.push(c),
        }
    }
    None
}

fn unquoted(word: &str, mark: char) -> String {
    let inner = word.strip_prefix(mark).unwrap_or(word);
    let inner = inner.strip_suffix(mark).unwrap_or(inner);
    inner.replace(&format!("{mark}{mark}"), &mark.to_string())
}
