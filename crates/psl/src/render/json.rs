//! For programs: an array with an object for each diagnostic, one a line, its keys in a fixed order.
//!
//! Lines and columns are counted from 1, columns in characters; `start` and `end` are bytes of the file as it is on
//! disk, counted from 0. An end is behind the last character. `help` and `fix` may be null.

use super::lines::Lines;
use super::visible::is_steering;
use crate::diagnostic::{Diagnostic, Fix};
use crate::json::value::{Json, Object};
use crate::source::{SourceFile, Span};
use std::fmt::Write;

/// Renders diagnostics as a JSON array; `[]` where there are none. `files` are those that were analyzed.
///
/// ```
/// let file = psl::SourceFile::new("schema.prisma", "model A {\n  id Int @id\n  b  Foo\n}\n");
/// let analysis = psl::analyze(vec![file]);
/// let json = psl::render_json(&analysis.diagnostics, analysis.schema.files());
/// assert!(json.starts_with(r#"[
///   {"severity":"error","message":"Type \"Foo\" is neither a built-in type"#));
/// assert!(json.contains(r#""line":3,"code":"unknown-type","file":"schema.prisma","column":6,"#));
/// ```
pub fn render_json(diagnostics: &[Diagnostic], files: &[SourceFile]) -> String {
    if diagnostics.is_empty() {
        return "[]\n".to_owned();
    }
    let files = Lines::of_all(files);
    let objects = diagnostics.iter().map(|diagnostic| format!("  {}", object(diagnostic, &files)));
    escape_steering(&format!("[\n{}\n]\n", objects.collect::<Vec<_>>().join(",\n")))
}

fn object(diagnostic: &Diagnostic, files: &[Lines<'_>]) -> String {
    let severity = diagnostic.severity.as_str();
    let place = Place::new(diagnostic.span, files);
    Object::new()
        .key("severity", severity)
        .key("message", &diagnostic.message)
        .key("line", place.line)
        .key("code", diagnostic.code)
        .key("file", place.file)
        .key("column", place.column)
        .end_of(&place)
        .list("labels", &diagnostic.labels, |label| {
            Object::new().key("message", &label.text).place(&Place::new(label.span, files))
        })
        .key("help", diagnostic.help.as_deref())
        .key("fix", diagnostic.fix.as_ref().map(|fix| self::fix(fix, files)))
        .line()
}

/// Its edits are a list, so that a fix of several needs no other shape.
fn fix<'d>(fix: &'d Fix, files: &'d [Lines<'_>]) -> Object<'d> {
    let edit =
        Object::new().place(&Place::new(fix.span, files)).key("replacement", &fix.replacement);
    Object::new().key("title", &fix.title).key("edits", vec![Json::Object(edit)])
}

struct Place<'f> {
    file: &'f str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    start: usize,
    end: usize,
}

impl<'f> Place<'f> {
    fn new(span: Span, files: &'f [Lines<'_>]) -> Self {
        let Some(lines) = files.get(span.file.0 as usize) else {
            let (start, end) = (span.start as usize, span.end as usize);
            return Self { file: "", line: 1, column: 1, end_line: 1, end_column: 1, start, end };
        };
        let (position, range) = (lines.position(span), lines.range(span));
        Self {
            file: lines.file.path(),
            line: position.line,
            column: position.column,
            end_line: position.end_line,
            end_column: position.end_column,
            start: range.start,
            end: range.end,
        }
    }
}

impl<'d> Object<'d> {
    fn place(self, place: &Place<'d>) -> Self {
        let object = self.key("file", place.file).key("line", place.line);
        object.key("column", place.column).end_of(place)
    }

    fn end_of(self, place: &Place<'d>) -> Self {
        self.key("end_line", place.end_line)
            .key("end_column", place.end_column)
            .key("start", place.start)
            .key("end", place.end)
    }
}

/// Escapes what steers a terminal beyond what JSON asks for: people look at JSON too. Only strings hold such characters.
fn escape_steering(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if is_steering(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a `String` cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{Object, escape_steering, render_json};

    #[test]
    fn strings_are_those_of_json() {
        let text = Object::new().key("k", "a\"\\\n\r\t\0\u{1b}\u{202e}é\u{e0041}").line();
        let expected = r#"{"k":"a\"\\\n\r\t\u0000\u001b\u202eé\udb40\udc41"}"#;
        assert_eq!(escape_steering(&text), expected);
    }

    #[test]
    fn nothing_is_an_empty_array() {
        assert_eq!(render_json(&[], &[]), "[]\n");
    }
}
