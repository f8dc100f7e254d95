//! What holds for any text at all, tried on every case, on what is left of it when cut, and on nesting without end.

use super::all_cases;
use crate::syntax::{SyntaxKind, parse};
use crate::{SourceFile, Style, analyze, format, lexer, render, to_json};

/// Runs everything that takes text; what comes out is looked at elsewhere.
fn run(text: &str) {
    let analysis = analyze(vec![SourceFile::new("schema.prisma", text)]);
    render(&analysis.diagnostics, analysis.schema.files(), Style::Plain);
    format(analysis.schema.files());
}

#[test]
fn tokens_concatenate_to_the_input() {
    for (name, text) in all_cases() {
        let len: usize = lexer::tokenize(&text).map(|token| token.len).sum();
        assert_eq!(len, text.len(), "{name}");
    }
}

#[test]
fn leaves_of_the_tree_concatenate_to_the_input() {
    for (name, text) in all_cases() {
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let tree = parse(&text[..end]);
            let mut position = 0;
            for token in tree.tokens() {
                assert_eq!(token.start as usize, position, "{name} up to byte {end}");
                position = token.end as usize;
            }
            assert_eq!(position, end, "{name} up to byte {end}");
        }
    }
}

#[test]
fn no_prefix_panics() {
    for (_, text) in all_cases() {
        for token in parse(&text).tokens() {
            run(&text[..token.end as usize]);
        }
    }
}

/// By lines, not by tokens: writing a schema takes longer than reading it.
#[test]
fn the_json_of_any_schema_is_json() {
    for (name, text) in all_cases() {
        for (end, _) in text.match_indices('\n') {
            let analysis = analyze(vec![SourceFile::new("schema.prisma", &text[..=end])]);
            let json = serde_json::from_str::<serde_json::Value>(&to_json(&analysis.schema));
            assert!(json.is_ok(), "{name} up to byte {end}: {json:?}");
        }
    }
}

#[test]
fn no_deleted_token_panics() {
    for (_, text) in all_cases() {
        for token in parse(&text).tokens().filter(|token| token.kind != SyntaxKind::Whitespace) {
            run(&format!("{}{}", &text[..token.start as usize], &text[token.end as usize..]));
        }
    }
}

#[test]
fn nesting_without_end_is_an_invalid_line() {
    for (open, close) in [("[", "]"), ("f(", ")"), ("[f(", ")]")] {
        let (open, close) = (open.repeat(20_000), close.repeat(20_000));
        let text = format!("model A {{\n  id Int @default({open}1{close})\n}}\n");
        let analysis = analyze(vec![SourceFile::new("schema.prisma", text)]);
        assert_eq!(analysis.diagnostics[0].code, "invalid-line");
    }
}

#[test]
fn blocks_that_never_close_are_read_once() {
    // Quadratic time would take minutes here.
    for line in
        ["model A {\n", "foo {\n", "model A { \"\n /* \n", "a \"\\\n", "\\\"", "a = \"\\\"\n"]
    {
        let text = format!("datasource db {{\n{}", line.repeat(50_000));
        for text in [format!("{text}}}"), format!("{text}*/"), text] {
            assert!(parse(&text).tokens().count() > 1);
            assert!(lexer::tokenize(&text).count() > 1);
        }
    }
}

#[test]
fn the_schema_of_this_project_is_valid() {
    let text = include_str!("../../../../prisma/schema.prisma");
    let analysis = analyze(vec![SourceFile::new("prisma/schema.prisma", text)]);
    let text = render(&analysis.diagnostics, analysis.schema.files(), Style::Plain);
    assert_eq!(text, "");
    assert!(analysis.schema.find_model("Booking").is_some());
}

#[test]
fn a_name_may_come_from_another_file() {
    let files = vec![
        SourceFile::new("a.prisma", "model A {\n  id Int @id\n  e  E\n  f  F\n}\n"),
        SourceFile::new("b.prisma", "enum E {\n  a\n}\nmodel A {\n  id Int @id\n}\n"),
    ];
    let analysis = analyze(files);
    let text = render(&analysis.diagnostics, analysis.schema.files(), Style::Plain);
    assert!(text.contains(" --> a.prisma:4:6\n"), "{text}");
    assert!(text.contains(" --> b.prisma:4:7\n"), "{text}");
    assert!(text.contains(" ::: a.prisma:1:7\n"), "{text}");
}
