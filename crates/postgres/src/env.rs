//! `.env` files, read into a value: the process's own environment is neither read nor changed here.
//!
//! The dialect is that of Node's dotenv with `${NAME}` filled in, as Prisma reads it. A variable
//! that the environment has wins over the file, both as itself and inside `${…}`. Lines that make
//! no sense are skipped, as dotenv does.

use std::collections::BTreeMap;

/// How deep `${A}` may lead to `${B}`: beyond this it is a circle, and the rest stays as written.
const DEPTH: usize = 16;

/// The variables of a `.env` file's text, where `environment` says what is set already.
///
/// Holds only variables that are not set: setting all of them overrides nothing.
///
/// ```
/// let set = |name: &str| (name == "HOST").then(|| "db.example".to_owned());
/// let read = postgres::env::parse("export URL='postgresql://${HOST}/x' # mine\nHOST=localhost", &set);
/// assert_eq!(read["URL"], "postgresql://db.example/x");
/// assert!(!read.contains_key("HOST"));
/// ```
pub fn parse(text: &str, environment: &dyn Fn(&str) -> Option<String>) -> BTreeMap<String, String> {
    let written = entries(text);
    written
        .iter()
        .filter(|(name, _)| environment(name).is_none())
        .map(|(name, value)| (name.clone(), fill_in(value, &written, environment, 0)))
        .collect()
}

/// Names and values as written, the last of a name winning.
fn entries(text: &str) -> BTreeMap<String, String> {
    let mut entries = BTreeMap::new();
    let mut rest = text.trim_start_matches('\u{feff}');
    while !rest.is_empty() {
        let line_end = rest.find('\n').unwrap_or(rest.len());
        let Some((name, after)) = name(&rest[..line_end]) else {
            rest = rest[line_end..].trim_start_matches('\n');
            continue;
        };
        // A quoted value may run over lines: look for its end in all that follows.
        let value = &rest[after..];
        let blank = value.len() - value.trim_start_matches([' ', '\t']).len();
        let (read, length) = quoted(&value[blank..]).unwrap_or_else(|| plain(&value[blank..]));
        entries.insert(name.to_owned(), read);
        rest = &value[blank + length..];
        rest = &rest[rest.find('\n').map_or(rest.len(), |end| end + 1)..];
    }
    entries
}

/// The name that a line gives a value to, and where the value begins.
fn name(line: &str) -> Option<(&str, usize)> {
    let trimmed = line.trim_start();
    let trimmed = trimmed
        .strip_prefix("export")
        .filter(|rest| rest.starts_with([' ', '\t']))
        .unwrap_or(trimmed);
    let trimmed = trimmed.trim_start();
    let length = trimmed.find(|c: char| !(c.is_ascii_alphanumeric() || "_.-".contains(c)))?;
    let (name, after) = trimmed.split_at(length);
    let spaced = after.trim_start();
    let value = match spaced.strip_prefix('=') {
        Some(value) => value,
        None => after.strip_prefix(':').filter(|value| value.starts_with([' ', '\t']))?,
    };
    (!name.is_empty()).then(|| (name, line.len() - value.len()))
}

/// A quoted value and its length with the quotes. Double quotes know `\n` and `\r`.
fn quoted(text: &str) -> Option<(String, usize)> {
    let quote = text.chars().next().filter(|c| "'\"`".contains(*c))?;
    let mut escaped = false;
    let end = text[1..].find(|c: char| {
        let ends = c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })?;
    let inner = &text[1..=end];
    let value = if quote == '"' {
        inner.replace("\\n", "\n").replace("\\r", "\r")
    } else {
        inner.to_owned()
    };
    Some((value, end + 2))
}

/// An unquoted value: to the line's end or a `#`.
fn plain(text: &str) -> (String, usize) {
    let end = text.find(['\n', '\r', '#']).unwrap_or(text.len());
    (text[..end].trim().to_owned(), end)
}

fn fill_in(
    value: &str,
    written: &BTreeMap<String, String>,
    environment: &dyn Fn(&str) -> Option<String>,
    depth: usize,
) -> String {
    let mut filled = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find("${") {
        let (before, reference) = rest.split_at(at);
        let name_end = reference[2..]
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .map(|end| end + 2);
        let Some(end) = name_end.filter(|&end| reference[end..].starts_with('}')) else {
            filled.push_str(before);
            filled.push_str("${");
            rest = &reference[2..];
            continue;
        };
        if let Some(before) = before.strip_suffix('\\') {
            filled.push_str(before);
            filled.push_str(&reference[..=end]);
        } else {
            filled.push_str(before);
            let name = &reference[2..end];
            match environment(name).or_else(|| written.get(name).cloned()) {
                Some(value) if depth < DEPTH => {
                    filled.push_str(&fill_in(&value, written, environment, depth + 1));
                }
                Some(_) => filled.push_str(&reference[..=end]),
                None => {}
            }
        }
        rest = &reference[end + 1..];
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn read(text: &str) -> Vec<(String, String)> {
        parse(text, &|name| (name == "SET").then(|| "from outside".to_owned()))
            .into_iter()
            .collect()
    }

    fn value(text: &str) -> String {
        read(text)
            .into_iter()
            .find(|(name, _)| name == "V")
            .map_or_else(|| panic!("{text}"), |(_, value)| value)
    }

    #[test]
    fn quotes_and_comments() {
        for (text, expected) in [
            ("V=plain", "plain"),
            ("V = spaced out  ", "spaced out"),
            ("V=cut # comment", "cut"),
            ("V=cut#comment", "cut"),
            ("V='kept # here' # comment", "kept # here"),
            ("V=\"two\\nlines\"", "two\nlines"),
            ("V='no\\nescape'", "no\\nescape"),
            ("V=`a 'b' \"c\"`", "a 'b' \"c\""),
            ("V=\"over\nlines\"\nW=1", "over\nlines"),
            ("V=\"quote \\\" inside\"", "quote \\\" inside"),
            ("V=", ""),
            ("V='unclosed", "'unclosed"),
            ("export V=1", "1"),
            ("V: yaml", "yaml"),
            ("\u{feff}V=bom\r\nW=1\r\n", "bom"),
            ("# V=no\n\nnonsense\n  V=1", "1"),
            ("V=1\nV=2", "2"),
            ("V=a=b", "a=b"),
        ] {
            assert_eq!(value(text), expected, "{text:?}");
        }
    }

    #[test]
    fn names_are_filled_in() {
        for (text, expected) in [
            ("A=1\nV=${A}2", "12"),
            ("V=${LATER}!\nLATER=ok", "ok!"),
            ("V=${MISSING}x", "x"),
            ("SET=file\nV=${SET}", "from outside"),
            ("V=\\${A}", "${A}"),
            ("V=$A ${A", "$A ${A"),
            ("A=${B}\nB=${C}\nC=deep\nV='${A}'", "deep"),
        ] {
            assert_eq!(value(text), expected, "{text:?}");
        }
        assert!(value("V=${V}").contains("${V}"), "a circle ends");
    }

    #[test]
    fn nothing_set_is_overridden() {
        assert_eq!(read("SET=file\nFREE=1"), [("FREE".to_owned(), "1".to_owned())]);
    }

    #[test]
    fn no_prefix_panics() {
        let text = "export ä=1\nV=\"ö\\\"\n${X} ${ü}\" # x\n'Z: `y`\\${";
        for (end, _) in text.char_indices() {
            let _ = read(&text[..end]);
        }
    }
}
