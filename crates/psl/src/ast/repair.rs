//! What was probably meant by a line that is none of the language: habits from other languages, a forgotten sign.
//!
//! A repair is only offered as a fix when the line then is one of the language.

use crate::diagnostic::Diagnostic;
use crate::lexer::tokenize;
use crate::source::Span;
use crate::suggest::suggest;
use crate::syntax::{SyntaxKind, parse};
use std::ops::Range;

const BLOCKS: [&str; 6] = ["model", "enum", "type", "view", "datasource", "generator"];

/// What may stand on a field, as far as it is easily taken for a word of the language.
const ATTRIBUTES: [&str; 7] = ["id", "unique", "default", "map", "relation", "updatedAt", "ignore"];

const BLOCK_ATTRIBUTES: [&str; 5] = ["id", "unique", "index", "map", "schema"];

/// Another text for a part of a line.
struct Repair {
    title: &'static str,
    range: Range<usize>,
    replacement: String,
}

/// Adds to an error on a line of a block what would make it right.
pub(super) fn member(diagnostic: Diagnostic, line: &str, span: Span, keyword: &str) -> Diagnostic {
    let mut begun = Vec::new();
    for repair in repairs(line, keyword) {
        let repaired = repair.apply(line);
        if is_member(&repaired, keyword) {
            return with(diagnostic, Some(repair), span);
        }
        begun.push((repair.title, repaired));
    }
    // Two habits on one line; with more it is anybody's guess.
    for (title, line) in begun {
        for repair in repairs(&line, keyword).into_iter().filter(|repair| repair.title != title) {
            let repaired = repair.apply(&line);
            if is_member(&repaired, keyword) {
                let title = format!("{title}, {}", repair.title);
                return diagnostic.fix(title, span, repaired);
            }
        }
    }
    let count = |kinds: [SyntaxKind; 2]| {
        tokens(line).iter().filter(|(kind, _)| kinds.contains(kind)).count()
    };
    let opened = count([SyntaxKind::LParen, SyntaxKind::LBracket]);
    if line.contains('@') && opened > count([SyntaxKind::RParen, SyntaxKind::RBracket]) {
        return diagnostic.help(
            "a bracket stays open: an attribute stands on one line, with all of its arguments",
        );
    }
    diagnostic
}

fn repairs(line: &str, keyword: &str) -> Vec<Repair> {
    let tokens = tokens(line);
    let repairs = [comment(line), quotes(line), last_sign(line, &tokens)];
    let of_kind = match keyword {
        "datasource" | "generator" => [colon(&tokens), None],
        "enum" => [None, None],
        _ => [attributes(line, &tokens), block_attribute(line, &tokens)],
    };
    repairs.into_iter().chain(of_kind).flatten().collect()
}

/// Adds to an error on a line between blocks what would make it right, or what it may be the beginning of.
pub(super) fn line(diagnostic: Diagnostic, line: &str, span: Span) -> Diagnostic {
    if let Some(repair) = comment(line) {
        return with(diagnostic, Some(repair), span);
    }
    let (first, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let Some((_, members)) = rest.split_once('{') else { return diagnostic };
    if !BLOCKS.contains(&first) {
        return block(diagnostic, line, span);
    }
    if members.trim_end().is_empty() {
        diagnostic
            .help("the block that begins here is never closed: add a `}` on a line of its own")
    } else {
        diagnostic
            .help("what is in a block stands on lines of its own, and so does the `}` behind it")
    }
}

/// Adds to an error on a block of no known kind which kind was meant.
pub(super) fn block(diagnostic: Diagnostic, text: &str, span: Span) -> Diagnostic {
    let word = text.split(|c: char| c.is_whitespace() || c == '{').next().unwrap_or_default();
    match word.to_ascii_lowercase().as_str() {
        "table" | "entity" | "class" | "struct" | "interface" => {
            diagnostic.help("a table is a `model` here")
        }
        _ => suggest(diagnostic, word, part(span, &(0..word.len())), BLOCKS),
    }
}

impl Repair {
    fn apply(&self, line: &str) -> String {
        let mut line = line.to_owned();
        line.replace_range(self.range.clone(), &self.replacement);
        line
    }
}

fn with(diagnostic: Diagnostic, repair: Option<Repair>, span: Span) -> Diagnostic {
    match repair {
        Some(repair) => diagnostic.fix(repair.title, part(span, &repair.range), repair.replacement),
        None => diagnostic,
    }
}

/// `# …` and `-- …`.
fn comment(line: &str) -> Option<Repair> {
    let sign = line.len() - line.trim_start_matches('#').len();
    let sign = if line.starts_with("--") { 2 } else { sign };
    (sign > 0).then(|| Repair {
        title: "comments begin with two slashes",
        range: 0..sign,
        replacement: "//".to_owned(),
    })
}

/// `'…'`.
fn quotes(line: &str) -> Option<Repair> {
    let (first, last) = (line.find('\'')?, line.rfind('\'')?);
    let quoted = &line[first..=last];
    (!quoted.contains(['"', '\\'])).then(|| Repair {
        title: "texts are in double quotes",
        range: first..last + 1,
        replacement: quoted.replace('\'', "\""),
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
    Some(Repair { title, range: range.clone(), replacement: String::new() })
}

/// `key: value`.
fn colon(tokens: &[(SyntaxKind, Range<usize>)]) -> Option<Repair> {
    let [(SyntaxKind::Word, _), (SyntaxKind::Colon, colon), ..] = tokens else { return None };
    Some(Repair {
        title: "write an equals sign",
        range: colon.clone(),
        replacement: " =".to_owned(),
    })
}

/// `name Type id` and `name Type @@id`.
fn attributes(line: &str, tokens: &[(SyntaxKind, Range<usize>)]) -> Option<Repair> {
    let mut range: Option<Range<usize>> = None;
    let mut replacement = String::new();
    for position in 2..tokens.len() {
        let (kind, word) = &tokens[position];
        let (before, _) = &tokens[position - 1];
        let is_known = *kind == SyntaxKind::Word && ATTRIBUTES.contains(&&line[word.clone()]);
        // A word in parentheses is a name or a value, one behind a single sign an attribute.
        let start = match before {
            SyntaxKind::AtAt if is_known => tokens[position - 1].1.start,
            SyntaxKind::Word | SyntaxKind::Question | SyntaxKind::RBracket | SyntaxKind::RParen
                if is_known =>
            {
                word.start
            }
            _ => continue,
        };
        let done = range.as_ref().map_or(start, |range| range.end);
        replacement.push_str(line.get(done..start)?);
        replacement.push('@');
        replacement.push_str(&line[word.clone()]);
        range = Some(range.map_or(start, |range| range.start)..word.end);
    }
    Some(Repair { title: "attributes of a field begin with `@`", range: range?, replacement })
}

/// `@index(…)` and `index(…)` on a line of their own.
fn block_attribute(line: &str, tokens: &[(SyntaxKind, Range<usize>)]) -> Option<Repair> {
    let (sign, name, next) = match tokens {
        [(SyntaxKind::At, sign), (SyntaxKind::Word, name), (next, _), ..] => {
            (sign.clone(), name, next)
        }
        [(SyntaxKind::Word, name), (next, _), ..] => (name.start..name.start, name, next),
        _ => return None,
    };
    let is_known = BLOCK_ATTRIBUTES.contains(&&line[name.clone()]);
    (is_known && *next == SyntaxKind::LParen).then(|| Repair {
        title: "attributes of a block begin with `@@`",
        range: sign,
        replacement: "@@".to_owned(),
    })
}

/// The tokens of a line that mean something.
fn tokens(line: &str) -> Vec<(SyntaxKind, Range<usize>)> {
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

/// Whether a line is one that may stand in a block.
fn is_member(line: &str, keyword: &str) -> bool {
    let tree = parse(&format!("{keyword} X {{\n{line}\n}}\n"));
    let mut children = tree.root().children();
    let (Some(block), end) = (children.next(), children.next()) else { return false };
    end.is_none_or(|end| end.kind() == SyntaxKind::Newline)
        && block.child(SyntaxKind::Name).is_some()
        && block.children().all(|child| match child.kind() {
            SyntaxKind::InvalidMember => false,
            SyntaxKind::Field => {
                child.child(SyntaxKind::FieldType).is_some()
                    && child.child(SyntaxKind::Colon).is_none()
            }
            _ => true,
        })
}

fn part(span: Span, range: &Range<usize>) -> Span {
    let at = |offset: usize| span.start.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
    Span { file: span.file, start: at(range.start), end: at(range.end) }
}

#[cfg(test)]
mod tests {
    use super::member;
    use crate::{Diagnostic, FileId, Span};

    fn repaired(line: &str, keyword: &str) -> Option<String> {
        let span = Span::new(FileId(0), 0..line.len());
        let fix = member(Diagnostic::error("test", "", span), line, span, keyword).fix?;
        let mut line = line.to_owned();
        line.replace_range(fix.span.range(), &fix.replacement);
        Some(line)
    }

    #[test]
    fn habits_from_elsewhere() {
        for (keyword, line, expected) in [
            ("model", "name String,", "name String"),
            ("model", "name String; // x", "name String // x"),
            ("model", "# a comment", "// a comment"),
            ("model", "-- a comment", "// a comment"),
            ("model", "name String @default('x')", "name String @default(\"x\")"),
            ("model", "id Int id", "id Int @id"),
            (
                "model",
                "a Int? unique default(1) @map(\"b\")",
                "a Int? @unique @default(1) @map(\"b\")",
            ),
            ("model", "id Int @@id", "id Int @id"),
            ("model", "@index([a, b])", "@@index([a, b])"),
            ("model", "index([a, b])", "@@index([a, b])"),
            ("model", "text String @default('x');", "text String @default(\"x\")"),
            ("enum", "red,", "red"),
            ("datasource", "provider: \"postgresql\"", "provider = \"postgresql\""),
            ("generator", "provider = 'x'", "provider = \"x\""),
        ] {
            assert_eq!(repaired(line, keyword).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn what_would_still_be_wrong_is_left() {
        for (keyword, line) in
            [("model", "name,"), ("model", "!!!"), ("model", "a: Int;"), ("enum", "a = 'b'")]
        {
            assert_eq!(repaired(line, keyword), None, "{line}");
        }
    }
}
