//! What was probably meant by a line that is none of the language: habits from other languages, a forgotten sign.
//!
//! A repair is only offered as a fix when the line then is one of the language, and can have been meant as no other.

mod habits;

use crate::diagnostic::Diagnostic;
use crate::scalar_type::ScalarType;
use crate::source::Span;
use crate::suggest::{in_another_case, nearest};
use crate::syntax::{SyntaxKind, parse};
use habits::{Repair, comment, repairs, tokens};

const BLOCKS: [&str; 6] = ["model", "enum", "type", "view", "datasource", "generator"];

/// Arguments of attributes. A line that begins with one and a colon may be a part of an attribute.
const ARGUMENTS: [&str; 11] = [
    "fields",
    "references",
    "name",
    "onDelete",
    "onUpdate",
    "map",
    "value",
    "type",
    "sort",
    "ops",
    "where",
];

/// The brackets that lines of a block have left open.
#[derive(Default)]
pub(super) struct Brackets(usize);

impl Brackets {
    pub(super) fn are_open(&self) -> bool {
        self.0 > 0
    }

    pub(super) fn read(&mut self, line: &str) {
        for (kind, _) in tokens(line) {
            match kind {
                SyntaxKind::LParen | SyntaxKind::LBracket | SyntaxKind::LBrace => self.0 += 1,
                SyntaxKind::RParen | SyntaxKind::RBracket | SyntaxKind::RBrace => {
                    self.0 = self.0.saturating_sub(1);
                }
                _ => {}
            }
        }
    }
}

/// Adds to an error on a line of a block what would make it right.
pub(super) fn member(diagnostic: Diagnostic, line: &str, span: Span, keyword: &str) -> Diagnostic {
    let mut begun = Vec::new();
    for repair in repairs(line, keyword) {
        let repaired = repair.apply(line);
        if is_member(&repaired, keyword) {
            return with(diagnostic, &repair, repair.title, span);
        }
        begun.push((repair, repaired));
    }
    // Two habits on one line; with more it is anybody's guess.
    for (first, line) in begun {
        for repair in
            repairs(&line, keyword).into_iter().filter(|repair| repair.title != first.title)
        {
            let repaired = repair.apply(&line);
            if is_member(&repaired, keyword) {
                let whole = Repair {
                    title: "",
                    range: 0..span.range().len(),
                    replacement: repaired,
                    is_certain: first.is_certain && repair.is_certain,
                };
                return with(
                    diagnostic,
                    &whole,
                    &format!("{}, {}", first.title, repair.title),
                    span,
                );
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

/// Adds to an error on a line between blocks what would make it right, or what it may be the beginning of. `behind` is
/// the text that follows it.
pub(super) fn line(diagnostic: Diagnostic, line: &str, span: Span, behind: &str) -> Diagnostic {
    let unmarked = line.trim_start_matches('\u{feff}');
    if unmarked.len() < line.len() {
        let title = "remove the byte order mark";
        let mark = span.part(0..line.len() - unmarked.len());
        let rest = unmarked.trim_start();
        return if rest.is_empty() || rest.starts_with("//") || begins_block(rest, behind) {
            diagnostic.fix(title, mark, "")
        } else {
            diagnostic.help(title)
        };
    }
    if let Some(repair) = comment(line) {
        return with(diagnostic, &repair, repair.title, span);
    }
    let (first, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let Some((_, members)) = rest.split_once('{') else { return diagnostic };
    if let Some(keyword) = in_another_case(first, BLOCKS)
        && begins_block(&format!("{keyword} {rest}"), behind)
    {
        return diagnostic.fix(format!("write `{keyword}`"), span.part(0..first.len()), keyword);
    }
    if !BLOCKS.contains(&first) {
        return block(diagnostic, line);
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
pub(super) fn block(diagnostic: Diagnostic, text: &str) -> Diagnostic {
    let word = text.split(|c: char| c.is_whitespace() || c == '{').next().unwrap_or_default();
    match word.to_ascii_lowercase().as_str() {
        "table" | "entity" | "class" | "struct" | "interface" => {
            diagnostic.help("a table is a `model` here")
        }
        _ if BLOCKS.contains(&word) => diagnostic,
        _ => match in_another_case(word, BLOCKS).or_else(|| nearest(word, BLOCKS)) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic,
        },
    }
}

/// Whether `name: Type` is sure to be a field.
pub(super) fn is_field(name: &str, ty: &str) -> bool {
    let ty = ty.trim_matches(['[', ']', '!', '?', ' ', '\t']);
    let is_scalar =
        || ScalarType::ALL.iter().any(|scalar| scalar.as_str().eq_ignore_ascii_case(ty));
    !ARGUMENTS.contains(&name) || is_scalar()
}

/// Whether a line is the first of a block, and what is behind it the rest of one.
fn begins_block(line: &str, behind: &str) -> bool {
    let tree = parse(&format!("{line}\n}}\n"));
    let is_opening = tree
        .root()
        .children()
        .next()
        .is_some_and(|block| block.kind().is_block() && !block.holds(SyntaxKind::Garbage));
    // Looks no further than the next brace, so that many such lines are not looked at many times.
    let mut lines = behind.split(['\n', '\r']).map(str::trim);
    is_opening
        && lines
            .find(|line| line.starts_with('}') || line.contains('{'))
            .is_some_and(|line| line.starts_with('}'))
}

fn with(diagnostic: Diagnostic, repair: &Repair, title: &str, span: Span) -> Diagnostic {
    if repair.is_certain {
        diagnostic.fix(title, span.part(repair.range.clone()), repair.replacement.as_str())
    } else {
        diagnostic.help(title)
    }
}

/// Whether a line is one that may stand in a block.
fn is_member(line: &str, keyword: &str) -> bool {
    let tree = parse(&format!("{keyword} X {{\n{line}\n}}\n"));
    let mut children = tree.root().children();
    let (Some(block), end) = (children.next(), children.next()) else { return false };
    end.is_none_or(|end| end.kind() == SyntaxKind::Newline)
        && block.child(SyntaxKind::Name).is_some()
        // In most schemas an object is part of no line.
        && !block.holds(SyntaxKind::Object)
        && block.children().all(|child| match child.kind() {
            SyntaxKind::InvalidMember => false,
            SyntaxKind::Field => {
                child.child(SyntaxKind::FieldType).is_some()
                    && child.child(SyntaxKind::Colon).is_none()
            }
            _ => true,
        })
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
                "a Int? unique @@default(1) @map(\"b\")",
                "a Int? @unique @default(1) @map(\"b\")",
            ),
            ("model", "id Int @@id", "id Int @id"),
            ("model", "@unique(fields: [a, b])", "@@unique(fields: [a, b])"),
            ("model", "t String @map('x') // don't", "t String @map(\"x\") // don't"),
            ("model", "t String @map('http://x')", "t String @map(\"http://x\")"),
            (
                "model",
                "t String @map(\"it's\") @x('a', 'b')",
                "t String @map(\"it's\") @x(\"a\", \"b\")",
            ),
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
    fn what_would_still_be_wrong_or_is_not_certain_has_no_fix() {
        for (keyword, line) in [
            ("model", "name,"),
            ("model", "!!!"),
            ("model", "a: Int;"),
            ("enum", "a = 'b'"),
            ("model", "@id(map: \"x\")"),
            ("model", "@map(\"x\")"),
            ("model", "@unique"),
            ("model", "@index([\"a\", \"b\"])"),
            ("model", "title String map"),
            ("model", "title String map(\"x\")"),
            ("model", "a Int @default(1) default"),
            ("model", "a Int @default(1) default(2)"),
            ("model", "id Int @id id"),
            ("model", "id Int @id @@id"),
            ("model", "a Int @@unique([a, b])"),
            ("model", "a Int unique([a, b])"),
            ("model", "a Int @@map(\"x\")"),
            ("model", "a Int @@ignore"),
            ("type", "a Int id"),
            ("model", "a String @default('it''s')"),
            ("model", "a String @default('say \"x\"')"),
            ("model", "a String @default('\\n')"),
            ("model", "a String // don't, won't"),
        ] {
            assert_eq!(repaired(line, keyword), None, "{line}");
        }
    }
}
