//! The comments of the schema before: those that go with a block, and those that are lost.
//!
//! `///` and `/* */` where they document something are in the schema, and stay with what they document. Of the others,
//! only `//` lines directly above a block can be given a place again; Prisma drops them as well.

use std::collections::{BTreeMap, HashMap};

use psl::SourceFile;
use psl::lexer::tokenize;
use psl::syntax::SyntaxKind;

/// The `//` lines directly above something, by where that starts.
pub(super) fn above(text: &str) -> BTreeMap<usize, String> {
    let mut above = BTreeMap::new();
    let mut run = String::new();
    let mut line = Line::Empty;
    let mut position = 0;
    for token in tokenize(text) {
        let written = &text[position..position + token.len];
        match (token.kind, line) {
            (SyntaxKind::Whitespace | SyntaxKind::Bom, _) => {}
            (SyntaxKind::Newline, _) => {
                if line != Line::Comment {
                    run.clear();
                }
                line = Line::Empty;
            }
            (SyntaxKind::Comment, Line::Empty) => {
                run.push_str(written);
                run.push('\n');
                line = Line::Comment;
            }
            (
                SyntaxKind::Comment | SyntaxKind::DocComment | SyntaxKind::BlockComment,
                Line::Empty | Line::Comment,
            ) => line = Line::Comment,
            (_, Line::Empty | Line::Comment) => {
                if !run.is_empty() {
                    above.insert(position, std::mem::take(&mut run));
                }
                line = Line::Code;
            }
            (_, Line::Code) => {}
        }
        position += token.len;
    }
    above
}

/// A sentence for each file some of whose comments are not in its new text.
pub(super) fn lost(before: &[SourceFile], after: &[SourceFile]) -> Vec<String> {
    let sentence = |file: &SourceFile| {
        let path = file.path();
        let new = after.iter().find(|new| new.path() == path).map_or("", SourceFile::text);
        let lines = lines_of_lost(file.text(), new);
        let comments = match lines.len() {
            0 => return None,
            1 => "1 comment is".to_owned(),
            count => format!("{count} comments are"),
        };
        let lines = ranges(&lines);
        Some(format!(
            "{path}: {comments} not kept (before, in line {lines}); // stays directly above a block, /// above a model or field."
        ))
    };
    before.iter().filter_map(sentence).collect()
}

/// Numbers in their order as a list: `1, 4-6`.
fn ranges(numbers: &[usize]) -> String {
    let ranges = numbers.chunk_by(|one, next| *next <= one + 1).map(|range| match range {
        [first, .., last] if first != last => format!("{first}-{last}"),
        range => range[0].to_string(),
    });
    ranges.collect::<Vec<_>>().join(", ")
}

/// What stands in a line so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Empty,
    Comment,
    Code,
}

/// In which lines of a text, counted from 1, a comment starts of which another text does not have everything.
fn lines_of_lost(before: &str, after: &str) -> Vec<usize> {
    let mut there: HashMap<String, usize> = HashMap::new();
    for (_, said) in comments(after) {
        for line in said {
            *there.entry(line).or_default() += 1;
        }
    }
    let mut take = |line: &String| match there.get_mut(line) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    let mut lines = Vec::new();
    for (line, said) in comments(before) {
        let kept = said.iter().filter(|line| take(line)).count();
        if kept < said.len() {
            lines.push(line);
        }
    }
    lines
}

/// What each comment says, line by line and however it is laid out, with the line that it starts in.
fn comments(text: &str) -> impl Iterator<Item = (usize, Vec<String>)> {
    let mut position = 0;
    let mut line = 1;
    tokenize(text).filter_map(move |token| {
        let written = &text[position..position + token.len];
        position += token.len;
        let starts = line;
        match token.kind {
            SyntaxKind::Newline => line += 1,
            SyntaxKind::BlockComment => line += written.lines().count().saturating_sub(1),
            _ => {}
        }
        let inner = match token.kind {
            SyntaxKind::Comment | SyntaxKind::DocComment => written.trim_start_matches('/'),
            SyntaxKind::BlockComment => written.trim_start_matches("/*").trim_end_matches("*/"),
            _ => return None,
        };
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let lines = inner.lines().map(|line| words(line.trim().trim_start_matches('*')));
        Some((starts, lines.filter(|line| !line.is_empty()).collect()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_with_what_is_directly_below() {
        let text = "// far\n\n// one\n  // two\n/// doc\nmodel A {\n  // in\n  id Int // behind\n}\n// late\n";
        let above = above(text);
        let found: Vec<(&str, &str)> =
            above.iter().map(|(at, run)| (&text[*at..*at + 5], run.as_str())).collect();
        assert_eq!(found, [("model", "// one\n// two\n"), ("id In", "// in\n")]);
    }

    #[test]
    fn what_a_block_comment_says_is_no_line_of_its_own() {
        assert!(above("/* a\n// b */\nmodel A {}").is_empty());
        assert!(above("enum A {} // b\nmodel A {}").is_empty());
    }

    #[test]
    fn comments_of_all_kinds_are_lost_where_nothing_says_the_same() {
        let before = "// a\n/* b\n * c */\nmodel A { // d\n  /// e\n}\n// \"f\"\n// a\n//\n";
        assert!(lines_of_lost(before, before).is_empty());
        assert_eq!(lines_of_lost(before, "/// b\n/// c\n/// e\n//a"), [4, 7, 8]);
        assert_eq!(ranges(&[4, 7, 8]), "4, 7-8");
        assert!(lines_of_lost("@map(\"// no\")", "").is_empty());
    }
}
