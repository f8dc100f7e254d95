//! Names and values in SQL: names are quoted, values are always parameters.

use std::fmt::Write as _;

pub(crate) use pg_schema::quote::{ident, literal};

/// A table with its schema.
pub(crate) fn table(schema: &str, name: &str) -> String {
    format!("{}.{}", ident(schema), ident(name))
}

/// As a pattern that stands for itself.
pub(crate) fn escape_like(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if matches!(char, '\\' | '%' | '_') {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

/// As PostgreSQL writes an array of texts.
pub(crate) fn array(texts: impl Iterator<Item = String>) -> String {
    let quoted: Vec<String> = texts
        .map(|text| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
        .collect();
    format!("{{{}}}", quoted.join(","))
}

/// A statement that grows, with the values that it is sent with. All of them travel as text and are cast in the statement.
#[derive(Debug, Default, Clone)]
pub(crate) struct Statement {
    pub(crate) text: String,
    pub(crate) values: Vec<Option<String>>,
}

impl Statement {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), values: Vec::new() }
    }

    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// A value of an SQL type.
    pub(crate) fn value(&mut self, value: Option<&str>, sql_type: &str) -> &mut Self {
        self.values.push(value.map(str::to_owned));
        let _ = write!(self.text, "CAST(${}::text AS {sql_type})", self.values.len());
        self
    }

    /// Values of an SQL type, as an array of it.
    pub(crate) fn array(&mut self, values: &[String], sql_type: &str) -> &mut Self {
        self.push("ARRAY[");
        for (at, value) in values.iter().enumerate() {
            self.push(if at == 0 { "" } else { ", " }).value(Some(value), sql_type);
        }
        self.push(&format!("]::{sql_type}[]"))
    }

    /// As a person would type it: for reading, never for sending.
    pub(crate) fn shown(&self) -> String {
        let mut shown = String::with_capacity(self.text.len());
        let mut rest = self.text.as_str();
        // Values are written as `CAST($1::text AS type)` only, by `value` above.
        while let Some(start) = rest.find("CAST($") {
            let (before, after) = rest.split_at(start);
            shown.push_str(before);
            let after = &after["CAST($".len()..];
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let number: usize = after[..digits].parse().unwrap_or(0);
            let value = number.checked_sub(1).and_then(|at| self.values.get(at));
            let Some(cast) = after[digits..].strip_prefix("::text AS ") else {
                shown.push_str("CAST($");
                rest = after;
                continue;
            };
            match value {
                Some(Some(text)) => shown += &literal(text).to_string(),
                Some(None) | None => shown.push_str("NULL"),
            }
            rest = &cast[closing(cast)..];
        }
        shown + rest
    }
}

/// Where the bracket behind a type ends, which may have brackets and quotes of its own.
fn closing(text: &str) -> usize {
    let (mut depth, mut is_quoted) = (0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'(' if !is_quoted => depth += 1,
            b')' if !is_quoted && depth == 0 => return at + 1,
            b')' if !is_quoted => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_has_the_values_in_their_places() {
        let mut statement = Statement::new("UPDATE t SET a = ");
        statement.value(Some("it's $2"), "numeric(9,2)").push(", b = ");
        statement.value(None, "\"odd)\"").push(" WHERE id = ").value(Some("x"), "text");
        assert_eq!(
            statement.text,
            "UPDATE t SET a = CAST($1::text AS numeric(9,2)), b = CAST($2::text AS \"odd)\") WHERE id = CAST($3::text AS text)"
        );
        assert_eq!(statement.shown(), "UPDATE t SET a = 'it''s $2', b = NULL WHERE id = 'x'");
    }

    #[test]
    fn patterns_mean_what_was_typed() {
        assert_eq!(escape_like(r"50%_\"), r"50\%\_\\");
    }
}
