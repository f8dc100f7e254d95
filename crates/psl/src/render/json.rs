//! For programs: an array with an object for each diagnostic, one a line, its keys in a fixed order.
//!
//! Lines and columns are counted from 1, columns in characters; `start` and `end` are bytes of the file as it is on
//! disk, counted from 0. An end is behind the last character. `help` and `fix` may be null.

use super::lines::Lines;
use super::visible::is_steering;
use crate::diagnostic::{Diagnostic, Fix, Severity};
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
    format!("[\n{}\n]\n", objects.collect::<Vec<_>>().join(",\n"))
}

fn object(diagnostic: &Diagnostic, files: &[Lines<'_>]) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let place = place(diagnostic.span, files);
    let labels = diagnostic.labels.iter().map(|label| {
        let mut object = Object::default();
        object.text("message", &label.text);
        object.place(&self::place(label.span, files));
        object.close()
    });
    let labels: Vec<String> = labels.collect();
    let mut object = Object::default();
    object.text("severity", severity);
    object.text("message", &diagnostic.message);
    object.raw("line", place.line);
    object.text("code", diagnostic.code);
    object.text("file", place.file);
    object.raw("column", place.column);
    object.end_of(&place);
    object.raw("labels", format_args!("[{}]", labels.join(",")));
    match &diagnostic.help {
        Some(help) => object.text("help", help),
        None => object.raw("help", "null"),
    }
    match &diagnostic.fix {
        Some(fix) => object.raw("fix", self::fix(fix, files)),
        None => object.raw("fix", "null"),
    }
    object.close()
}

fn fix(fix: &Fix, files: &[Lines<'_>]) -> String {
    let mut edit = Object::default();
    edit.place(&place(fix.span, files));
    edit.text("replacement", &fix.replacement);
    let mut object = Object::default();
    object.text("title", &fix.title);
    // A list, so that a fix of several edits needs no other shape.
    object.raw("edits", format_args!("[{}]", edit.close()));
    object.close()
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

fn place<'f>(span: Span, files: &'f [Lines<'_>]) -> Place<'f> {
    let Some(lines) = files.get(span.file.0 as usize) else {
        let (start, end) = (span.start as usize, span.end as usize);
        return Place { file: "", line: 1, column: 1, end_line: 1, end_column: 1, start, end };
    };
    let (position, range) = (lines.position(span), lines.range(span));
    Place {
        file: lines.file.path(),
        line: position.line,
        column: position.column,
        end_line: position.end_line,
        end_column: position.end_column,
        start: range.start,
        end: range.end,
    }
}

/// An object as it is written, keys in the order they come.
#[derive(Default)]
struct Object(String);

impl Object {
    fn raw(&mut self, key: &str, value: impl std::fmt::Display) {
        let separator = if self.0.is_empty() { '{' } else { ',' };
        // Writing to a `String` cannot fail.
        let _ = write!(self.0, "{separator}\"{key}\":{value}");
    }

    fn text(&mut self, key: &str, value: &str) {
        self.raw(key, quoted(value));
    }

    fn place(&mut self, place: &Place<'_>) {
        self.text("file", place.file);
        self.raw("line", place.line);
        self.raw("column", place.column);
        self.end_of(place);
    }

    fn end_of(&mut self, place: &Place<'_>) {
        self.raw("end_line", place.end_line);
        self.raw("end_column", place.end_column);
        self.raw("start", place.start);
        self.raw("end", place.end);
    }

    fn close(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// A JSON string. What steers a terminal is escaped beyond what JSON asks for: people look at JSON too.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ if is_steering(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(quoted, "\\u{unit:04x}");
                }
            }
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::{quoted, render_json};

    #[test]
    fn strings_are_those_of_json() {
        let text = quoted("a\"\\\n\r\t\0\u{1b}\u{202e}é\u{e0041}");
        assert_eq!(text, r#""a\"\\\n\r\t\u0000\u001b\u202eé\udb40\udc41""#);
    }

    #[test]
    fn nothing_is_an_empty_array() {
        assert_eq!(render_json(&[], &[]), "[]\n");
    }
}
