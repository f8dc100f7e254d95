//! Single repairs of a line, a habit each: what would be another text for a part of it.

use crate::lexer::{Lexer, tokenize};
use crate::syntax::SyntaxKind;
use std::ops::Range;

/// Attributes that say all that they have to without arguments. Behind a field a bare one is hardly anything else.
const BARE: [&str; 4] = ["id", "unique", "updatedAt", "ignore"];

/// Attributes of a field that have arguments.
const WITH_ARGUMENTS: [&str; 3] = ["default", "map", "relation"];

/// Attributes of a block that have a list of columns.
const WITH_COLUMNS: [&str; 3] = ["id", "unique", "index"];

/// Another text for a part of a line.
#[derive(Debug)]
pub(super) struct Repair {
    pub(super) title: &'static str,
    pub(super) range: Range<usize>,
    pub(super) replacement: String,
    /// Whether nothing else can have been meant.
    pub(super) is_certain: bool,
}

/// All that could be meant by a line of a block.
pub(super) fn repairs(line: &str, keyword: &str) -> Vec<Repair> {
    let tokens = tokens(line);
    let repairs = [comment(line), quotes(line), last_sign(line, &tokens)];
    let of_kind = match keyword {
        "datasource" | "generator" => [colon(&tokens), None],
        "model" | "view" => [attributes(line, &tokens), block_attribute(line, &tokens)],
        _ => [None, None],
    };
    repairs.into_iter().chain(of_kind).flatten().collect()
}

impl Repair {
    pub(super) fn apply(&self, line: &str) -> String {
        let mut line = line.to_owned();
        line.replace_range(self.range.clone(), &self.replacement);
        line
    }
}

/// `# …` and `-- …`.
pub(super) fn comment(line: &str) -> Option<Repair> {
    let sign = line.len() - line.trim_start_matches('#').len();
    let sign = if line.starts_with("--") { 2 } else { sign };
    (sign > 0).then(|| Repair {
        title: "comments begin with two slashes",
        range: 0..sign,
        replacement: "//".to_owned(),
        is_certain: true,
    })
}

/// `'…'`, wherever it stands for a text.
fn quotes(line: &str) -> Option<Repair> {
    let mut lexer = Lexer::new(line);
    let (mut position, mut first, mut done) = (0, None, 0);
    let mut replacement = String::new();
    while let Some(found) = line[position..].find(['\'', '"', '/']) {
        let at = position + found;
        let rest = &line[at..];
        let len = if rest.starts_with("//") {
            break;
        } else if rest.starts_with("/*") {
            rest.find("*/")? + 2
        } else if let Some(rest) = rest.strip_prefix('\'') {
            let text = &rest[..rest.find('\'')?];
            // What stands for itself between such quotes may not between others.
            if text.contains(['"', '\\']) {
                return None;
            }
            first.get_or_insert(at);
            if done > 0 {
                replacement.push_str(&line[done..at]);
            }
            replacement.push('"');
            replacement.push_str(text);
            replacement.push('"');
            done = at + text.len() + 2;
            text.len() + 2
        } else {
            lexer.token_at(at)?.len
        };
        position = at + len;
    }
    Some(Repair {
        title: "texts are in double quotes",
        range: first?..done,
        replacement,
        is_certain: true,
    })
}

/// A comma or semicolon at the end.
fn last_sign(line: &str, tokens: &[(SyntaxKind, Range<usize>)]) -> Option<Repair> {
    let (_, range) = tokens.last()?;
    let title = match &line[range.clone()] {
        "," => "remove the comma",
        ";" => "remove the semicolon",
        _ => return None,
    };
    Some(Repair { title, range: range.clone(), replacement: String::new(), is_certain: true })
}

/// `key: value`.
fn colon(tokens: &[(SyntaxKind, Range<usize>)]) -> Option<Repair> {
    let [(SyntaxKind::Word, _), (SyntaxKind::Colon, colon), ..] = tokens else { return None };
    Some(Repair {
        title: "write an equals sign",
        range: colon.clone(),
        replacement: " =".to_owned(),
        is_certain: true,
    })
}

/// `name Type id` and `name Type @@id`.
fn attributes(line: &str, tokens: &[(SyntaxKind, Range<usize>)]) -> Option<Repair> {
    let kind_at = |position: usize| tokens.get(position).map(|(kind, _)| *kind);
    // Those that are there stay the only ones of their name.
    let mut present: Vec<&str> = tokens
        .windows(2)
        .filter(|pair| pair[0].0 == SyntaxKind::At)
        .map(|pair| &line[pair[1].1.clone()])
        .collect();
    let mut range: Option<Range<usize>> = None;
    let mut replacement = String::new();
    let mut is_certain = true;
    for position in 2..tokens.len() {
        let (SyntaxKind::Word, word) = &tokens[position] else { continue };
        let name = &line[word.clone()];
        let has_arguments = kind_at(position + 1) == Some(SyntaxKind::LParen);
        let is_bare = BARE.contains(&name) && !has_arguments;
        if !(is_bare || WITH_ARGUMENTS.contains(&name) && has_arguments) || present.contains(&name)
        {
            continue;
        }
        // A word in parentheses is a name or a value, one behind a single sign an attribute.
        let start = match tokens[position - 1].0 {
            SyntaxKind::AtAt => {
                // A block has these too, and the line break before one may be what is missing.
                is_certain &= !matches!(name, "map" | "ignore");
                tokens[position - 1].1.start
            }
            SyntaxKind::Word | SyntaxKind::Question | SyntaxKind::RBracket | SyntaxKind::RParen => {
                is_certain &= is_bare;
                word.start
            }
            _ => continue,
        };
        present.push(name);
        let done = range.as_ref().map_or(start, |range| range.end);
        replacement.push_str(line.get(done..start)?);
        replacement.push('@');
        replacement.push_str(name);
        range = Some(range.map_or(start, |range| range.start)..word.end);
    }
    let title = "attributes of a field begin with `@`";
    Some(Repair { title, range: range?, replacement, is_certain })
}

/// `@index([…])` and `index([…])` on a line of their own. Without a list of columns it may be the second line of a field.
fn block_attribute(line: &str, tokens: &[(SyntaxKind, Range<usize>)]) -> Option<Repair> {
    let (sign, name, arguments) = match tokens {
        [(SyntaxKind::At, sign), (SyntaxKind::Word, name), arguments @ ..] => {
            (sign.clone(), name, arguments)
        }
        [(SyntaxKind::Word, name), arguments @ ..] => (name.start..name.start, name, arguments),
        _ => return None,
    };
    let columns = match arguments {
        [(SyntaxKind::LParen, _), (SyntaxKind::LBracket, _), columns @ ..] => columns,
        [
            (SyntaxKind::LParen, _),
            (SyntaxKind::Word, fields),
            (SyntaxKind::Colon, _),
            (SyntaxKind::LBracket, _),
            columns @ ..,
        ] if &line[fields.clone()] == "fields" => columns,
        _ => return None,
    };
    let are_names = columns.first().is_some_and(|(kind, _)| *kind == SyntaxKind::Word)
        && columns
            .windows(2)
            .all(|pair| pair[0].0 != SyntaxKind::Comma || pair[1].0 == SyntaxKind::Word);
    (WITH_COLUMNS.contains(&&line[name.clone()]) && are_names).then(|| Repair {
        title: "attributes of a block begin with `@@`",
        range: sign,
        replacement: "@@".to_owned(),
        is_certain: true,
    })
}

/// The tokens of a line that mean something.
pub(super) fn tokens(line: &str) -> Vec<(SyntaxKind, Range<usize>)> {
    let mut start = 0;
    let all = tokenize(line).map(|token| {
        let range = start..start + token.len;
        start = range.end;
        (token.kind, range)
    });
    all.filter(|(kind, _)| {
        !matches!(
            kind,
            SyntaxKind::Whitespace
                | SyntaxKind::Newline
                | SyntaxKind::Comment
                | SyntaxKind::DocComment
                | SyntaxKind::BlockComment
        )
    })
    .collect()
}
