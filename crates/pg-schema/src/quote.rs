//! Quoting: the one place that knows how to put a name or a text into SQL.

use std::fmt::{self, Display};

use crate::ObjectName;

/// A quoted identifier: `a"b` becomes `"a""b"`.
///
/// ```
/// assert_eq!(pg_schema::quote::ident("User").to_string(), r#""User""#);
/// ```
pub fn ident(name: &str) -> impl Display {
    Quoted { text: name, mark: '"' }
}

/// A string constant: `it's` becomes `'it''s'`. The server takes backslashes as they are
/// (`standard_conforming_strings`, on since 9.1).
pub fn literal(text: &str) -> impl Display {
    Quoted { text, mark: '\'' }
}

/// Quoted identifiers with commas between them.
pub fn idents<'a>(names: impl IntoIterator<Item = &'a String>, separator: &str) -> String {
    let names: Vec<String> = names.into_iter().map(|name| ident(name).to_string()).collect();
    names.join(separator)
}

/// A quoted name, bare where it is in the default namespace.
pub fn object(name: &ObjectName, default_namespace: &str) -> String {
    match name.namespace.as_deref() {
        Some(namespace) if namespace != default_namespace => explicit(name),
        _ => ident(&name.name).to_string(),
    }
}

/// A quoted name, with its namespace wherever that is known.
pub fn explicit(name: &ObjectName) -> String {
    match &name.namespace {
        Some(namespace) => format!("{}.{}", ident(namespace), ident(&name.name)),
        None => ident(&name.name).to_string(),
    }
}

struct Quoted<'a> {
    text: &'a str,
    mark: char,
}

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;

        f.write_char(self.mark)?;
        for c in self.text.chars() {
            if c == self.mark {
                f.write_char(c)?;
            }
            f.write_char(c)?;
        }
        f.write_char(self.mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_doubled() {
        assert_eq!(ident(r#"a"b"#).to_string(), r#""a""b""#);
        assert_eq!(literal(r"it's \").to_string(), r"'it''s \'");
    }

    #[test]
    fn names_in_the_default_namespace_are_bare() {
        assert_eq!(object(&ObjectName::bare("T"), "public"), r#""T""#);
        assert_eq!(object(&ObjectName::qualified("public", "T"), "public"), r#""T""#);
        assert_eq!(object(&ObjectName::qualified("a", "T"), "public"), r#""a"."T""#);
        assert_eq!(explicit(&ObjectName::qualified("public", "T")), r#""public"."T""#);
    }
}
