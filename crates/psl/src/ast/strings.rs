//! String literals: from what is written between the quotes to what is meant. The escapes are JSON's.

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use std::borrow::Cow;

/// Unescapes `written`, the literal with its quotes, which starts at byte `start` of its file.
pub(super) fn unescape<'a>(
    written: &'a str,
    file: FileId,
    start: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Cow<'a, str> {
    let body = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
    if !body.contains('\\') {
        return Cow::Borrowed(body);
    }
    let means_backslashes = means_backslashes(body);
    let span = |from: usize, to: usize| Span::new(file, start + 1 + from..start + 1 + to);
    let mut out = String::with_capacity(body.len());
    let mut position = 0;
    while let Some(escape) = body[position..].find('\\') {
        out.push_str(&body[position..position + escape]);
        let at = position + escape;
        let Some(escaped) = body[at + 1..].chars().next() else { break };
        position = at + 1 + escaped.len_utf8();
        match escaped {
            '"' | '\\' | '/' => out.push(escaped),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'u' => {
                let (unescaped, len) = unicode(&body[at..]);
                position = at + len;
                match unescaped {
                    Some(c) => out.push(c),
                    None => diagnostics.push(Diagnostic::error(
                        "invalid-escape",
                        "Invalid unicode escape sequence.",
                        span(at, position),
                    )),
                }
            }
            _ => {
                let message = r"Unknown escape sequence. If the value is a windows-style path, `\` must be escaped as `\\`.";
                let unknown = Diagnostic::error("invalid-escape", message, span(at, position));
                diagnostics.push(if means_backslashes {
                    unknown.fix("escape the backslash", span(at, at + 1), r"\\")
                } else {
                    unknown
                });
            }
        }
    }
    out.push_str(&body[position..]);
    Cow::Owned(out)
}

/// Whether each backslash is escaped, or was plainly meant as one. Beside a `\n` or `\'`, who knows what another is. But in
/// a path, other languages have characters like `\0`, `\x1b` and `\e`, and `\$` or `\{` without a backslash.
fn means_backslashes(body: &str) -> bool {
    let is_path =
        body.starts_with(|c: char| c.is_ascii_alphabetic()) && body[1..].starts_with(":\\");
    let is_plain = |c: char| {
        c.is_ascii_graphic()
            && !"/bfnrtu'`".contains(c)
            && (is_path || !c.is_ascii_digit() && !"aevxNU$#{}%_".contains(c))
    };
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        let mut after = rest[at + 1..].chars();
        match after.next() {
            Some('"' | '\\') => {}
            Some(c) if is_plain(c) => {}
            _ => return false,
        }
        rest = after.as_str();
    }
    true
}

/// The character that a text starting with `\u` stands for, and the bytes it takes; two escapes where the first is half
/// of a UTF-16 pair. Where it is none, the bytes are those that could still be part of it.
fn unicode(text: &str) -> (Option<char>, usize) {
    let (first, len) = code_unit(text);
    let Some(first) = first else { return (None, len) };
    if let Some(c) = char::from_u32(u32::from(first)) {
        return (Some(c), len);
    }
    let (Some(second), second_len) = code_unit(&text[len..]) else { return (None, len) };
    let pair = char::decode_utf16([first, second]).next().and_then(Result::ok);
    (pair, len + second_len)
}

/// `\uXXXX`.
fn code_unit(text: &str) -> (Option<u16>, usize) {
    let Some(digits) = text.strip_prefix("\\u") else { return (None, 0) };
    let hex = digits.bytes().take(4).take_while(u8::is_ascii_hexdigit).count();
    let value = (hex == 4).then(|| u16::from_str_radix(&digits[..4], 16).ok()).flatten();
    (value, 2 + hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(written: &str) -> (String, usize) {
        let mut diagnostics = Vec::new();
        let text = unescape(written, FileId(0), 0, &mut diagnostics).into_owned();
        (text, diagnostics.len())
    }

    #[test]
    fn every_escape_of_json() {
        assert_eq!(
            read(r#""\"\\\/\b\f\n\r\té\ud83d\ude00""#),
            ("\"\\/\u{8}\u{c}\n\r\té😀".to_owned(), 0)
        );
    }

    #[test]
    fn backslashes_are_only_escaped_where_all_are_meant() {
        for (body, expected) in [
            (r"C:\Users\x", true),
            (r"\d+\\.\w", true),
            (r"it\'s \d", false),
            (r"\x1b[0m", false),
            (r"\0", false),
            (r"\${name}", false),
        ] {
            assert_eq!(means_backslashes(body), expected, "{body}");
        }
        assert!(!means_backslashes(r"C:\Users\new") && !means_backslashes("a\\\n"));
    }

    #[test]
    fn wrong_escapes_are_left_out_and_told() {
        assert_eq!(read(r#""a\qb\u12""#), ("ab".to_owned(), 2));
        assert_eq!(read(r#""\ud800x""#), ("x".to_owned(), 1));
        assert_eq!(read(r#""\ud800\ud800x""#), ("x".to_owned(), 1));
    }
}
