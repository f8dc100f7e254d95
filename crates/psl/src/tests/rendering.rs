//! What diagnostics look like where the cases of `test_data/diagnostics` do not reach: several files, blocks of many
//! lines, texts that mean to mislead a terminal.

use super::all_cases;
use crate::{
    Analysis, FileId, SourceFile, Span, Style, analyze, render, render_github, render_json,
};

fn analysis<const N: usize>(files: [(&str, &str); N]) -> Analysis {
    analyze(files.map(|(path, text)| SourceFile::new(path, text)).to_vec())
}

fn text(analysis: &Analysis) -> String {
    render(&analysis.diagnostics, analysis.schema.files(), Style::Plain)
}

#[test]
fn a_short_block_is_marked_whole_and_a_long_one_by_its_header() {
    let found = analysis([("schema.prisma", "model A {\n  a Int\n\n  b Int\n}\n")]);
    let expected = "
 --> schema.prisma:1:1
  |
1 | / model A {
2 | |   a Int
3 | |
4 | |   b Int
5 | | }
  | |_^
";
    assert!(text(&found).ends_with(expected), "{}", text(&found));

    let found = analysis([(
        "schema.prisma",
        "model A { // no key\n  a Int\n  b Int\n  c Int\n  d Int\n}\n",
    )]);
    let expected = "
 --> schema.prisma:1:1
  |
1 | model A { // no key
  | ^^^^^^^^^
";
    assert!(text(&found).ends_with(expected), "{}", text(&found));
}

#[test]
fn a_label_in_another_file_names_it() {
    let found = analysis([
        ("a.prisma", "model User {\n  id Int @id\n}\n"),
        ("b.prisma", "\n\nmodel User {\n  id Int @id\n}\n"),
    ]);
    assert_eq!(
        text(&found),
        "\
error[duplicate-name]: The model \"User\" cannot be defined because a model with that name already exists.
 --> b.prisma:3:7
  |
3 | model User {
  |       ^^^^
  |
 ::: a.prisma:1:7
  |
1 | model User {
  |       ---- first defined here
"
    );
    let json = render_json(&found.diagnostics, found.schema.files());
    assert!(json.contains(r#""file":"b.prisma","column":7"#), "{json}");
    assert!(
        json.contains(r#""labels":[{"message":"first defined here","file":"a.prisma","line":1,"#),
        "{json}"
    );
    let commands = render_github(&found.diagnostics, found.schema.files());
    assert!(commands.starts_with("::error file=b.prisma,line=3,endLine=3,col=7,"), "{commands}");
}

#[test]
fn nothing_in_a_schema_steers_a_terminal() {
    let steering = "\u{1b}[2J\0\u{7}\u{9b}\u{202e}\u{2066}\u{200f}\u{feff}";
    let schema = format!(
        "model A {{\n  id Int @id\n  /*{steering}*/ a Foo // {steering}\n  b {steering}\n}}\n"
    );
    let mut found = analysis([(steering, &schema)]);
    let diagnostic = found.diagnostics[0].clone();
    let place = Span::new(FileId(0), 13..15);
    found
        .diagnostics
        .push(diagnostic.label(place, steering).help(steering).fix(steering, place, steering));
    let rendered = [
        text(&found),
        render_json(&found.diagnostics, found.schema.files()),
        render_github(&found.diagnostics, found.schema.files()),
    ];
    for rendered in rendered {
        for c in rendered.chars() {
            let is_harmless = c == '\n' || (!c.is_control() && !steering.contains(c));
            assert!(is_harmless || ('!'..='~').contains(&c), "{c:?} in {rendered:?}");
        }
    }
}

#[test]
fn marks_fit_under_lines_with_what_steers_and_with_tabs() {
    let schema = "model A {\n\tid Int @id\n\ta Int @map(\"\u{202e}\u{9b}\") @foo\n}\n";
    let found = analysis([("schema.prisma", schema)]);
    let expected = "
 --> schema.prisma:3:19
  |
3 |     a Int @map(\"\u{fffd}\u{fffd}\") @foo
  |                      ^^^^
";
    assert!(text(&found).ends_with(expected), "{}", text(&found));
}

#[test]
fn a_byte_order_mark_is_in_no_column() {
    let found = analysis([("schema.prisma", "\u{feff}foo\r\nmodel A {\r\n  id Int @id\r\n}\r\n")]);
    let json = render_json(&found.diagnostics, found.schema.files());
    assert!(json.contains(r#""column":1,"end_line":1,"end_column":4,"#), "{json}");
}

#[test]
fn what_spans_lines_has_no_columns_for_github() {
    let found = analysis([("a,b.prisma", "model A {\n  a Int\n}\n")]);
    let commands = render_github(&found.diagnostics, found.schema.files());
    assert!(
        commands.starts_with("::error file=a%2Cb.prisma,line=1,endLine=3,title=P1012 no-unique"),
        "{commands}"
    );
}

#[test]
fn spans_that_fit_no_file_panic_nowhere() {
    let mut found = analysis([("schema.prisma", "// é\nfoo\n")]);
    let diagnostic = found.diagnostics[0].clone();
    for (id, range) in [(0, 4..4), (0, 4..90), (0, 90..99), (0, 7..7), (7, 0..1)] {
        let span = Span::new(FileId(id), range);
        let mut other = diagnostic.clone().label(span, "here").fix("do it", span, "x");
        other.span = span;
        found.diagnostics.push(other);
    }
    assert!(text(&found).contains("here"));
    assert!(render_json(&found.diagnostics, found.schema.files()).contains("here"));
    assert!(render_github(&found.diagnostics, found.schema.files()).contains("do it"));
}

/// Spans over lines, in each other and across each other are more than what renderers are commonly tried with.
#[test]
fn no_span_panics() {
    let mut state = 7_u32;
    let mut random = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below.max(1)
    };
    for (_, schema) in all_cases() {
        let mut found = analysis([("a.prisma", &schema), ("b.prisma", "model \u{1b} {\r\n}\r\n")]);
        let Some(diagnostic) = found.diagnostics.first().cloned() else { continue };
        for _ in 0..20 {
            let mut span = || {
                let start = random(schema.len() + 3);
                Span::new(FileId(u32::from(random(5) == 0)), start..start + random(60))
            };
            let mut other = diagnostic.clone().label(span(), "one").label(span(), "other");
            other.span = span();
            found.diagnostics.push(other.fix("do it", span(), "x\ny"));
        }
        text(&found);
        render(&found.diagnostics, found.schema.files(), Style::Color);
        render_json(&found.diagnostics, found.schema.files());
        render_github(&found.diagnostics, found.schema.files());
    }
}

#[test]
fn every_case_is_one_line_of_json_a_finding() {
    for (name, schema) in all_cases() {
        let found = analysis([("schema.prisma", &schema)]);
        let json = render_json(&found.diagnostics, found.schema.files());
        let objects = json.lines().filter(|line| line.starts_with("  {\"severity\":")).count();
        assert_eq!(objects, found.diagnostics.len(), "{name}");
        let commands = render_github(&found.diagnostics, found.schema.files());
        assert_eq!(commands.lines().count(), found.diagnostics.len(), "{name}");
    }
}

#[test]
fn a_byte_order_mark_may_start_any_line() {
    let found = analysis([("schema.prisma", "model A {\n  id Int @id\n}\n\u{feff}model B {\n}\n")]);
    assert!(text(&found).contains(" --> schema.prisma:4:1\n"), "{}", text(&found));
}

#[test]
fn a_long_line_is_not_shown_for_each_of_its_mistakes() {
    use std::fmt::Write;

    let mut arguments = String::new();
    for argument in 0..3_000 {
        write!(arguments, ", unknown{argument}: 1").unwrap();
    }
    let schema = format!("model A {{\n  id Int @id\n\n  @@index([id]{arguments})\n}}\n");
    let found = analysis([("schema.prisma", &*schema)]);
    assert_eq!(found.diagnostics.len(), 3_000);
    let shown = text(&found);
    assert!(shown.contains(" --> schema.prisma:4:17\n"), "the first has its place");
    let last = schema.lines().nth(3).unwrap().find("unknown2999").unwrap() + 1;
    assert!(shown.ends_with(&format!("--> schema.prisma:4:{last}\n")), "the last has its place");
    assert!(shown.len() < 10 << 20, "{} bytes for {}", shown.len(), schema.len());
}

#[test]
fn places_far_from_each_other_are_shown_apart() {
    let filler = "// nothing\n".repeat(1_000);
    let block = "model A {\n  id Int @id\n}\n";
    let shown = text(&analysis([("schema.prisma", &*format!("{block}{filler}{block}"))]));
    assert!(shown.contains(" --> schema.prisma:1004:7\n"), "{shown}");
    assert!(shown.contains(" ::: schema.prisma:1:7\n"), "{shown}");
    assert!(shown.lines().count() < 20, "{shown}");
}
