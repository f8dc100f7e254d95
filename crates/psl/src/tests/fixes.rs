//! A fix is certain to be right: applied alone or with the others it takes its error away, makes nothing worse, and
//! where it makes a schema of what was none, the schema is the one that was meant.

use super::{case_names, read};
use crate::resolve::resolve;
use crate::{
    Diagnostic, Fix, SourceFile, analyze, apply_fixes, ast, fix, render_json, syntax, to_json,
};
use std::collections::BTreeMap;

fn file(text: &str) -> Vec<SourceFile> {
    vec![SourceFile::new("schema.prisma", text)]
}

fn fixed(text: &str) -> String {
    fix(file(text)).analysis.schema.files()[0].text().to_owned()
}

/// The errors that are found before rules are looked at, which they are only in a schema without any.
fn early_errors(text: &str) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let files = [SourceFile::new("schema.prisma", text)];
    let read = ast::lower(&files, &[syntax::parse(text)], &mut diagnostics);
    resolve(&read, &mut diagnostics);
    diagnostics.retain(Diagnostic::is_error);
    diagnostics
}

fn errors(text: &str) -> Vec<Diagnostic> {
    let mut diagnostics = analyze(file(text)).diagnostics;
    diagnostics.retain(Diagnostic::is_error);
    diagnostics
}

/// Errors of two texts that are found in one run over each: those of rules where the first has no earlier ones.
fn comparable_errors(before: &str, after: &str) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
    let early = early_errors(before);
    if early.is_empty() { (errors(before), errors(after)) } else { (early, early_errors(after)) }
}

fn line_of(text: &str, offset: u32) -> usize {
    text[..offset as usize].matches('\n').count()
}

/// Where a place is once a fix is applied.
fn moved(offset: u32, fix: &Fix) -> u32 {
    let added = u32::try_from(fix.replacement.len()).unwrap();
    match offset {
        _ if offset <= fix.span.start => offset,
        _ if offset < fix.span.end => fix.span.start,
        _ => offset - fix.span.end + fix.span.start + added,
    }
}

/// An error that was there is not there more often, but on lines that were `touched`, counted from 0: of them, not all may
/// have been looked at.
fn assert_none_multiplied(name: &str, before: &str, after: &str, touched: &[usize]) {
    let (old, new) = comparable_errors(before, after);
    let count = |errors: &[Diagnostic], text: &str| {
        let mut counts: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
        for error in
            errors.iter().filter(|error| !touched.contains(&line_of(text, error.span.start)))
        {
            *counts.entry((error.code, error.message.clone())).or_default() += 1;
        }
        counts
    };
    let (old, new) = (count(&old, before), count(&new, after));
    for (error, count) in old {
        let left = new.get(&error).copied().unwrap_or_default();
        assert!(left <= count, "{name}: there are more of\n{error:?}\nin\n{after}");
    }
}

/// What holds of one fix, applied alone.
fn assert_certain(name: &str, diagnostic: &Diagnostic, before: &str) {
    let Some(fix) = &diagnostic.fix else { return };
    let (files, applied) = apply_fixes(&file(before), std::slice::from_ref(diagnostic));
    assert_eq!(applied.len(), 1, "{name}: {diagnostic:#?}");
    let after = files[0].text();

    let place = moved(diagnostic.span.start, fix);
    let at_place = |all: &[Diagnostic], start: u32| {
        all.iter()
            .filter(|other| other.code == diagnostic.code && other.span.start == start)
            .count()
    };
    let before_all = analyze(file(before)).diagnostics;
    let after_all = analyze(file(after)).diagnostics;
    assert!(
        at_place(&after_all, place) < at_place(&before_all, diagnostic.span.start),
        "{name}: it was no fix of {diagnostic:#?} to write\n{after}"
    );

    let (old, new) = comparable_errors(before, after);
    let first = line_of(before, fix.span.start);
    // What stands behind a type in an old form was not looked at: of it, there was no word yet.
    let is_looked_at =
        |error: &&Diagnostic| diagnostic.code != "legacy-syntax" || error.span.start <= place;
    let on_lines = |all: &[Diagnostic], text: &str| {
        let lines = all.iter().filter(is_looked_at).map(|error| line_of(text, error.span.start));
        lines.filter(|line| *line == first).count()
    };
    let last = line_of(before, fix.span.end);
    // Lines keep their numbers.
    assert_eq!((first, fix.replacement.contains('\n')), (last, false), "{name}: {diagnostic:#?}");
    let (old, new) = (on_lines(&old, before), on_lines(&new, after));
    assert!(new <= old, "{name}: {new} errors for {old} after {diagnostic:#?} in\n{after}");

    assert_none_multiplied(name, before, after, &[first]);
}

#[test]
fn each_fix_takes_its_error_away_and_brings_none() {
    for name in case_names("diagnostics") {
        let text = read("diagnostics", &name);
        for diagnostic in &analyze(file(&text)).diagnostics {
            assert_certain(&name, diagnostic, &text);
        }
    }
}

#[test]
fn all_fixes_together_come_to_an_end() {
    let mut seen = 0;
    for name in case_names("diagnostics") {
        let before = read("diagnostics", &name);
        let fixed = fix(file(&before));
        seen += fixed.applied.len();
        let after = fixed.analysis.schema.files()[0].text();
        let touched: Vec<usize> = fixed.applied.iter().map(|applied| applied.line - 1).collect();
        assert_none_multiplied(&name, &before, after, &touched);
        let left = fixed.analysis.diagnostics.iter().find(|diagnostic| diagnostic.fix.is_some());
        assert!(left.is_none(), "{name}: {left:#?} was left in\n{after}");
        let again = fix(file(after));
        assert_eq!(again.applied, [], "{name}");
        assert_eq!(again.analysis.schema.files()[0].text(), after, "{name}");
    }
    assert!(seen >= 10, "only {seen} fixes were tried");
}

/// Slips that leave no doubt, and some that do, made at every place of valid schemas.
fn slips(text: &str) -> Vec<String> {
    let mut slips = Vec::new();
    let tree = syntax::parse(text);
    let mut slip = |start: usize, end: usize, replacement: &str| {
        slips.push(format!("{}{replacement}{}", &text[..start], &text[end..]));
    };
    let mut before = syntax::SyntaxKind::Newline;
    for token in tree.tokens().filter(|token| token.kind != syntax::SyntaxKind::Whitespace) {
        // A name that is written in another case where it is given, is another name.
        let is_given = matches!(before, syntax::SyntaxKind::Newline | syntax::SyntaxKind::Keyword);
        before = token.kind;
        let (start, end) = (token.start as usize, token.end as usize);
        let written = &text[start..end];
        match token.kind {
            syntax::SyntaxKind::Word | syntax::SyntaxKind::Keyword => {
                for other in [written.to_lowercase(), written.to_uppercase()] {
                    if !is_given || token.kind == syntax::SyntaxKind::Keyword {
                        slip(start, end, &other);
                    }
                }
                slip(start, end, &format!("\"{written}\""));
                if text[end..].starts_with("()") {
                    slip(end, end + 2, "");
                }
            }
            syntax::SyntaxKind::Number => slip(start, end, &format!("\"{written}\"")),
            syntax::SyntaxKind::String => {
                slip(start, end, &written.replace('"', "'"));
                slip(start, end, written.trim_matches('"'));
            }
            syntax::SyntaxKind::Newline => {
                for sign in [",", ";", " // don't", "\n# don't"] {
                    slip(start, start, sign);
                }
                slip(end, end, "\u{feff}");
            }
            syntax::SyntaxKind::At => {
                slip(start, end, "");
                slip(start, end, "@@");
                slip(start, start, "\n");
            }
            syntax::SyntaxKind::AtAt => {
                slip(start, end, "");
                slip(start, end, "@");
            }
            syntax::SyntaxKind::Equals => slip(start, end, ":"),
            syntax::SyntaxKind::LBracket | syntax::SyntaxKind::RBracket => slip(start, end, ""),
            _ => {}
        }
    }
    slips
}

#[test]
fn what_fixes_make_valid_is_what_was_meant() {
    let mut made_valid = 0;
    for name in case_names("schema") {
        let text = read("schema", &name);
        let meant = to_json(&analyze(file(&text)).schema);
        for slip in slips(&text) {
            let analysis = analyze(file(&slip));
            for diagnostic in &analysis.diagnostics {
                assert_certain(&name, diagnostic, &slip);
            }
            if analysis.diagnostics.iter().any(|diagnostic| diagnostic.fix.is_some())
                && analysis.has_errors()
            {
                let fixed = fix(file(&slip)).analysis;
                if !fixed.has_errors() {
                    assert_eq!(to_json(&fixed.schema), meant, "{name}:\n{slip}");
                    made_valid += 1;
                }
            }
        }
    }
    assert!(made_valid > 100, "only {made_valid} were made valid");
}

const DATASOURCE: &str = "datasource db {\n  provider = \"postgresql\"\n  url = env(\"U\")\n}\n";

#[test]
fn what_may_have_been_meant_otherwise_has_no_fix() {
    let model = |lines: &str| format!("{DATASOURCE}model A {{\n  id Int @id\n{lines}\n}}\n");
    let list = [
        // Defaults.
        model("  a String @default(UUID)"),
        model("  a String @default(Now)"),
        model("  a String @default(gen_random_uuid)"),
        model("  a String @default(true)"),
        model("  a DateTime @default(Now)"),
        model("  a String @default(dbgenerated)"),
        model("  a Int @default(\"+5\")"),
        model("  a Float @default(\"1.\")"),
        model("  a Int @default(\"1\\n\")"),
        model("  a Int @default(autoincrement(100))"),
        model("  a DateTime @default(now(3))"),
        model("  a Int[] @default(\"5\")"),
        model("  a Int @default(Auto())"),
        model("  a E[] @default(b)\n}\nenum E {\n  B"),
        model("  a E[] @default(\"B\")\n}\nenum E {\n  B"),
        model("  a E @default(bb)\n}\nenum E {\n  BB\n  Bb"),
        model("  a E @default(\"1st\")\n}\nenum E {\n  1st"),
        // Attributes and arguments.
        model("  b Int\n  c Int @unique(b, c)"),
        model("  b Int @unique @UNIQUE"),
        model("  b Int @Unique @UNIQUE"),
        model("  b Int @unique(Map: \"a\", MAP: \"b\")"),
        model("  b Int @DB"),
        model("  b Int\n  @@index([b], Fields: [id])\n  @@index(fields: [b], Fields: [id])"),
        model("  b Int\n  @@index([b, B])"),
        model("  b Int @id(,)"),
        model("  a String @map(public.names)"),
        model("  a String @map(null)"),
        model("  a String @gql.ignore"),
        model("  a String @db.VarChar(5) @pg.Text"),
        model("  a Unsupported(\"Timestamp(3) with time zone\")"),
        model("  a Unsupported(\"Text\") @db.VarChar(5)"),
        model("  a B @relation(bId)\n  bId Int\n}\nmodel B {\n  id Int @id\n  a A[]"),
        model(
            "  a B @relation(fields: [bId, BID], references: [id])\n  bId Int\n}\nmodel B {\n  id Int @id\n  a A[]",
        ),
        model("  b Int @relation(Fields: [id])"),
        model("  b Int @unique(Name: \"x\")"),
        model("  b Int @default(autoincrement, map: \"x\")"),
        "model A {\n  id Int @id\n  a String @db.text\n}\n".to_owned(),
        // Types.
        model("  b user\n}\nmodel User {\n  id Int @id\n}\nmodel USER {\n  id Int @id"),
        model("  b int\n}\nenum INT {\n  a"),
        // Lines.
        model("  b Int\n    @id(map: \"x\")"),
        model("  b Int\n    @map(\"x\")"),
        model("  b Int map"),
        model("  b Int @default(1) default"),
        model("  onDelete: Cascade"),
        model("  name:"),
        model("  @@index([\n    a String,\n  ])"),
        format!("{DATASOURCE}generator g {{\n  provider = \"x\"\n  config = {{\n  a: \"x\"\n}}\n"),
        // Blocks.
        "Model {\n  id Int @id\n}\n".to_owned(),
        "Model A {\n  id Int @id\n".to_owned(),
        "Model A { id Int @id }\nmodel B {\n  id Int @id\n}\n".to_owned(),
        format!("{DATASOURCE}\u{feff}x\n"),
        // Configuration.
        DATASOURCE.replace('}', "  URL = \"x\"\n}"),
        DATASOURCE.replace('}', "  relationMode = none\n}"),
        "generator g {\n  provider = \"x\"\n  previewFeatures = [nonsense]\n}\n".to_owned(),
        // Texts.
        model("  a String @default(\"\\x1b[0m\")"),
        model("  a String @default('it''s')"),
    ];
    for text in list {
        let analysis = analyze(file(&text));
        assert!(!analysis.diagnostics.is_empty(), "nothing is wrong with\n{text}");
        let fix = analysis.diagnostics.iter().find(|diagnostic| diagnostic.fix.is_some());
        assert!(fix.is_none(), "{fix:#?} is not certain in\n{text}");
    }
}

#[test]
fn what_leaves_no_doubt_is_fixed() {
    for (before, after) in [
        ("  a String @default(uuid)", "  a String @default(uuid())"),
        ("  a DateTime @default(now)", "  a DateTime @default(now())"),
        ("  a String @default(UUID())", "  a String @default(uuid())"),
        ("  a Int @default(\"-5\")", "  a Int @default(-5)"),
        ("  a Float @default(\"1.5\")", "  a Float @default(1.5)"),
        ("  a Int\n  @@unique(id, a)", "  a Int\n  @@unique([id, a])"),
        ("  a String @map('x') // don't", "  a String @map(\"x\") // don't"),
        ("  a String @map(names)", "  a String @map(\"names\")"),
        ("  a Int unique updatedAt", "  a Int @unique @updatedAt"),
        ("  a: Int", "  a Int"),
        ("  type: string", "  type String"),
        ("  a String @pg.VarChar(5)", "  a String @db.VarChar(5)"),
        ("  a Unsupported(\"Decimal(5, 2)\")", "  a Decimal @db.Decimal(5,2)"),
        ("  a Int\n  @index([a])", "  a Int\n  @@index([a])"),
        ("  a Int\n  @@Index([a])\n  @@index([id])", "  a Int\n  @@index([a])\n  @@index([id])"),
    ] {
        let model = |lines: &str| format!("{DATASOURCE}model A {{\n  id Int @id\n{lines}\n}}\n");
        assert_eq!(fixed(&model(before)), model(after));
    }
    let block = "model A {\n  id Int @id\n}\n";
    assert_eq!(fixed(&format!("\u{feff}{block}")), block);
    assert_eq!(fixed(&block.replace("model", "Model")), block);
}

/// Applies the fixes in the JSON of one run by the offsets there, less those that touch another.
fn applied_from_json(text: &str) -> String {
    let analysis = analyze(file(text));
    let json = render_json(&analysis.diagnostics, analysis.schema.files());
    let diagnostics: serde_json::Value = serde_json::from_str(&json).unwrap();
    let mut edits: Vec<(usize, usize, &str)> = Vec::new();
    for diagnostic in diagnostics.as_array().unwrap() {
        for edit in diagnostic["fix"]["edits"].as_array().into_iter().flatten() {
            let offset = |key: &str| usize::try_from(edit[key].as_u64().unwrap()).unwrap();
            edits.push((offset("start"), offset("end"), edit["replacement"].as_str().unwrap()));
        }
    }
    edits.sort_unstable();
    let (mut out, mut done) = (String::new(), None);
    for (start, end, replacement) in edits {
        if done.is_none_or(|done| start > done) {
            out.push_str(&text[done.unwrap_or_default()..start]);
            out.push_str(replacement);
            done = Some(end);
        }
    }
    out + &text[done.unwrap_or_default()..]
}

#[test]
fn fixes_applied_by_the_offsets_in_json_are_the_same() {
    let odd = "\u{feff}// ünï🙂\r\nmodel A {\r\n  id int @ID // 🙂\r\n  ö string,\r\n  a string @default('🙂');\r\n}\r\n";
    let cases =
        ["names_in_another_case", "habits_from_elsewhere"].map(|name| read("diagnostics", name));
    for text in cases.iter().map(String::as_str).chain([odd]) {
        let mut by_json = text.to_owned();
        loop {
            let next = applied_from_json(&by_json);
            if next == by_json {
                break;
            }
            by_json = next;
        }
        assert_ne!(by_json, text);
        assert_eq!(by_json, fixed(text));
    }
}
