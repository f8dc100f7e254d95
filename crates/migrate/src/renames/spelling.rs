//! Renames as they are typed: `Student:Pupil`, `Student.phone:mobile`, `Status.ACTIVE:ENABLED`.
//!
//! A name with a point, a colon or a blank in it stands in double quotes, as in SQL. A schema of the database may
//! stand before all others: `billing.Invoice.total:amount`.

use std::fmt;

use pg_schema::{ObjectName, Pair, PgSchema, Rename};

use crate::Error;

/// A rename as it was typed, in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// As it was typed, for messages.
    pub text: String,
    /// One to three names.
    pub old: Vec<String>,
    /// One to three names; what stands before the last one only repeats where it is.
    pub new: Vec<String>,
}

impl Wanted {
    /// Fails where the text is no rename.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refused = || {
            Error::plain(format!("`--rename {text}` does not say what becomes what")).with_help(
                "write OLD:NEW, as --rename Student:Pupil for a model or an enum, --rename Student.phone:mobile for a \
                 field, --rename Status.ACTIVE:ENABLED for a value; a name with a point or a colon in it in double quotes, and all \
                 in single ones for the shell: --rename 'Student.\"home:phone\":mobile'",
            )
        };
        let sides = parts(text).ok_or_else(refused)?;
        let [old, new] = <[_; 2]>::try_from(sides).map_err(|_| refused())?;
        if [&old, &new].iter().any(|names| names.len() > 3) {
            return Err(refused());
        }
        Ok(Self { text: text.to_owned(), old, new })
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--rename {}", self.text)
    }
}

/// The rename as it is typed, by the names in the database; ready for a shell.
pub fn spell(rename: Rename, schemas: Pair<&PgSchema>) -> String {
    let Pair { previous, next } = schemas;
    let object = |name: &ObjectName| match name.namespace.as_deref() {
        Some(namespace) if namespace != previous.default_namespace => {
            format!("{}.{}", quoted(namespace), quoted(&name.name))
        }
        _ => quoted(&name.name),
    };
    let (old, new) = match rename {
        Rename::Table(ids) => {
            (object(&previous.table_at(ids.previous).name), &next.table_at(ids.next).name.name)
        }
        Rename::Enum(ids) => {
            (object(&previous.enum_at(ids.previous).name), &next.enum_at(ids.next).name.name)
        }
        Rename::Column(ids) => {
            let table = object(&previous.table_at(ids.previous.table).name);
            let old = quoted(&previous.column_at(ids.previous).name);
            (format!("{table}.{old}"), &next.column_at(ids.next).name)
        }
        Rename::EnumValue(ids) => {
            let of = object(&previous.enum_at(ids.previous.enumeration).name);
            let old = quoted(previous.value_at(ids.previous));
            let new = quoted(next.value_at(ids.next));
            return for_shell(format!("{of}.{old}:{new}"));
        }
    };
    for_shell(format!("{old}:{}", quoted(new)))
}

/// What stands between colons, and in it between points.
fn parts(text: &str) -> Option<Vec<Vec<String>>> {
    let mut sides = vec![Vec::new()];
    let mut rest = text;
    loop {
        let (name, after) = name(rest)?;
        sides.last_mut()?.push(name);
        let Some(mark) = after.chars().next() else { return Some(sides) };
        if mark == ':' {
            sides.push(Vec::new());
        }
        rest = &after[1..];
    }
}

/// The name at the start, and what comes after it: nothing, or a point or colon.
fn name(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(['.', ':']).unwrap_or(text.len());
        let name = text[..end].trim();
        return (!name.is_empty()).then(|| (name.to_owned(), &text[end..]));
    };
    let mut name = String::new();
    let mut rest = quoted;
    loop {
        let (before, after) = rest.split_once('"')?;
        name.push_str(before);
        match after.strip_prefix('"') {
            Some(more) => {
                name.push('"');
                rest = more;
            }
            None if after.is_empty() || after.starts_with(['.', ':']) => {
                return Some((name, after));
            }
            None => return None,
        }
    }
}

fn quoted(name: &str) -> String {
    let needs_quotes = name.is_empty()
        || name.trim() != name
        || name.contains(|c: char| matches!(c, '.' | ':' | '"') || c.is_whitespace());
    if needs_quotes { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() }
}

/// In single quotes where a shell would make something else of it.
fn for_shell(text: String) -> String {
    let is_plain =
        |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/' | '@' | '+');
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renames_are_read() {
        for (text, old, new) in [
            ("a:b", &["a"][..], &["b"][..]),
            ("T.a:b", &["T", "a"], &["b"]),
            ("s.T.a:T.b", &["s", "T", "a"], &["T", "b"]),
            (r#"T."a:b":c"#, &["T", "a:b"], &["c"]),
            (r#""a.b"."c ""d""":e"#, &["a.b", "c \"d\""], &["e"]),
        ] {
            let wanted = Wanted::parse(text).unwrap();
            assert_eq!((wanted.old, wanted.new), (owned(old), owned(new)), "{text}");
        }
    }

    #[test]
    fn what_is_no_rename_is_refused() {
        for text in
            ["", "a", "a:", ":b", "a:b:c", "a..b:c", "a.b.c.d:e", "\"a:b", "\"a\"b:c", " :b"]
        {
            let error = Wanted::parse(text).unwrap_err();
            let help = error.help().unwrap();
            for example in ["Student.phone:mobile", "'Student.\"home:phone\":mobile'"] {
                assert!(help.contains(&format!("--rename {example}")), "{text:?}");
            }
        }
    }

    #[test]
    fn names_are_quoted_where_they_must_be() {
        assert_eq!(quoted("a"), "a");
        for name in ["a.b", "a b", "a\"b", ""] {
            let (read, rest) =
                self::name(&quoted(name)).map(|(n, rest)| (n, rest.to_owned())).unwrap();
            assert_eq!((read.as_str(), rest.as_str()), (name, ""));
        }
        assert_eq!(for_shell("T.it's:b".to_owned()), r"'T.it'\''s:b'");
    }

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }
}
