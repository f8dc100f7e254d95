//! What a `prisma.config.ts` plainly says: where the schema is, and where the migrations are.
//!
//! It is a program in another language, and is not run. Read are the strings that stand as they are in the object that it
//! exports; what is computed stays unknown, and where that would matter, somebody is told.

use std::fs;
use std::path::{Path, PathBuf};

/// The names that Prisma gives its config, without the part after the dot.
const NAMES: [&str; 2] = ["prisma.config", ".config/prisma"];
const EXTENSIONS: [&str; 6] = ["ts", "mts", "cts", "js", "mjs", "cjs"];

/// A config, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Config {
    pub(super) file: PathBuf,
    /// The folder whose config it is.
    pub(super) project: PathBuf,
    pub(super) schema: Value<PathBuf>,
    pub(super) migrations: Value<PathBuf>,
}

/// What the config says of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<T> {
    Absent,
    Said(T),
    /// It says something that only running it would tell.
    Computed,
}

impl Config {
    /// The config that lies in a folder, if one does.
    pub(super) fn in_folder(folder: &Path) -> Option<Self> {
        let mut files = NAMES.iter().flat_map(|name| {
            EXTENSIONS.iter().map(move |extension| folder.join(format!("{name}.{extension}")))
        });
        let file = files.find(|file| file.is_file())?;
        let text = fs::read_to_string(&file).unwrap_or_default();
        // As in Prisma, they begin in `.config` if it is there.
        let beside = file.parent().unwrap_or(folder);
        let value = |path: &[&str]| match property(&tokens(&text), path) {
            Value::Said(text) => Value::Said(beside.join(text)),
            Value::Absent => Value::Absent,
            Value::Computed => Value::Computed,
        };
        let (schema, migrations) = (value(&["schema"]), value(&["migrations", "path"]));
        Some(Self { file, project: folder.to_owned(), schema, migrations })
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Token<'a> {
    /// A string without anything to be computed, or escaped, in it.
    Text(&'a str),
    Word(&'a str),
    Mark(char),
}

/// The words of a program, as far as they matter here.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        let end = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if matches!(first, '"' | '\'' | '`') {
            let end = end_of_string(rest, first);
            let inner = rest.get(1..end.saturating_sub(1)).unwrap_or_default();
            let is_plain = !inner.contains('\\') && (first != '`' || !inner.contains("${"));
            tokens.push(if is_plain { Token::Text(inner) } else { Token::Mark(first) });
            end
        } else if is_part(first) {
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            tokens.push(Token::Word(&rest[..end]));
            end
        } else {
            if !first.is_whitespace() {
                tokens.push(Token::Mark(first));
            }
            first.len_utf8()
        };
        rest = &rest[end..];
    }
    tokens
}

fn end_of_string(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, char) in text.char_indices().skip(1) {
        match char {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if char == quote => return at + char.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// What the exported object says of a property.
fn property<'a>(tokens: &[Token<'a>], path: &[&str]) -> Value<&'a str> {
    let is_start = |at: &usize| {
        tokens[*at] == Token::Mark('{')
            && match tokens[..*at] {
                [.., Token::Word("default")] => true,
                [.., Token::Word(function), Token::Mark('(')] => function == "defineConfig",
                _ => false,
            }
    };
    let Some(start) = (0..tokens.len()).find(is_start) else { return Value::Absent };
    // The keys that lead to where we are; none for what stands under no key, as what is given to a function.
    let mut keys: Vec<Option<&str>> = Vec::new();
    for (at, token) in tokens.iter().enumerate().skip(start + 1) {
        match token {
            Token::Mark('{' | '(' | '[') => keys.push(match tokens[..at] {
                [.., Token::Word(key) | Token::Text(key), Token::Mark(':')] => Some(key),
                _ => None,
            }),
            Token::Mark('}' | ')' | ']') => {
                let Some(_) = keys.pop() else { return Value::Absent };
            }
            Token::Mark(':') => {
                let Some(Token::Word(key) | Token::Text(key)) = tokens.get(at - 1) else {
                    continue;
                };
                // Else it is what a condition comes to.
                let is_key = matches!(tokens[at - 2], Token::Mark('{' | ','));
                let here = keys.iter().copied().chain([Some(*key)]);
                if is_key && here.eq(path.iter().map(|key| Some(*key))) {
                    return match tokens[at + 1..] {
                        [Token::Text(text), Token::Mark(',' | '}'), ..] => Value::Said(text),
                        _ => Value::Computed,
                    };
                }
            }
            _ => {}
        }
    }
    Value::Absent
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said<'a>(text: &'a str, path: &[&str]) -> Value<&'a str> {
        property(&tokens(text), path)
    }

    #[test]
    fn what_is_plainly_said_is_read() {
        let text = r#"
            import "dotenv/config";
            import { defineConfig, env } from "prisma/config";
            const other = { schema: "not/this.prisma" };
            // schema: "nor/this.prisma"
            export default defineConfig({
              /* schema: "nor/that.prisma", */
              "schema": 'db/shop.prisma',
              migrations: { seed: x ? path : "no", path: "db/migrations" },
              datasource: { url: env("DATABASE_URL"), schema: "nor/here" },
            });"#;
        assert_eq!(said(text, &["schema"]), Value::Said("db/shop.prisma"));
        assert_eq!(said(text, &["migrations", "path"]), Value::Said("db/migrations"));
        assert_eq!(said(text, &["views", "path"]), Value::Absent);
        let plain = "export default { schema: `prisma`, } satisfies PrismaConfig";
        assert_eq!(said(plain, &["schema"]), Value::Said("prisma"));
    }

    #[test]
    fn what_is_computed_is_not_guessed() {
        for value in
            ["path.join('a', 'b')", "'a' + b", "`${a}/b`", "'a\\n'", "schema", "cond ? 'a' : 'b'"]
        {
            let text = format!("export default defineConfig({{ schema: {value}, views: 1 }})");
            assert_eq!(said(&text, &["schema"]), Value::Computed, "{value}");
        }
        for text in [
            "",
            "export default config",
            "defineConfig(",
            "export default { schema",
            "'",
            "/*",
            "export default {}}",
        ] {
            assert_eq!(said(text, &["schema"]), Value::Absent, "{text}");
        }
    }
}
