//! A fix is certain to be right: of every case, applied alone and with the others, it makes nothing worse.

use super::{case_names, read};
use crate::resolve::resolve;
use crate::source::FileId;
use crate::{Diagnostic, SourceFile, analyze, apply_fixes, ast, fix, syntax};
use std::collections::BTreeMap;

fn file(text: &str) -> Vec<SourceFile> {
    vec![SourceFile::new("schema.prisma", text)]
}

/// Errors that keep something from being looked at: a line, a field's attributes, the rest of a datasource. Once they
/// are fixed, what was wrong there all along is told.
const HIDING: [&str; 4] = ["invalid-line", "legacy-syntax", "unknown-type", "type-mismatch"];

/// How often each rule is broken. Where, and in what words, changes with any edit.
fn errors(diagnostics: &[Diagnostic]) -> BTreeMap<&'static str, usize> {
    let mut errors = BTreeMap::new();
    for error in diagnostics.iter().filter(|diagnostic| diagnostic.is_error()) {
        *errors.entry(error.code).or_default() += 1;
    }
    errors
}

/// The errors that are found before rules are looked at, which they are only in a schema without any.
fn early_errors(text: &str) -> BTreeMap<&'static str, usize> {
    let mut diagnostics = Vec::new();
    let files = [ast::lower(&syntax::parse(text), text, FileId(0), &mut diagnostics)];
    resolve(&files, &mut diagnostics);
    errors(&diagnostics)
}

/// `fixed` are the errors that fixes were applied for.
fn assert_no_worse(name: &str, fixed: &[Diagnostic], before: &str, after: &str) {
    if fixed.iter().any(|fixed| HIDING.contains(&fixed.code)) {
        return;
    }
    let (early_before, early_after) = (early_errors(before), early_errors(after));
    let (old, new) = if early_before.is_empty() {
        (errors(&analyze(file(before)).diagnostics), errors(&analyze(file(after)).diagnostics))
    } else {
        (early_before, early_after)
    };
    for (error, count) in new {
        let known = old.get(&error).copied().unwrap_or_default();
        assert!(count <= known, "{name}: a fix brought\n{error}\ninto\n{after}");
    }
}

#[test]
fn no_fix_makes_anything_worse() {
    for name in case_names("diagnostics") {
        let before = read("diagnostics", &name);
        let analysis = analyze(file(&before));
        let fixable = analysis.diagnostics.iter().filter(|diagnostic| diagnostic.fix.is_some());
        for diagnostic in fixable {
            let (files, applied) = apply_fixes(&file(&before), std::slice::from_ref(diagnostic));
            assert_eq!(applied.len(), 1, "{name}: {diagnostic:#?}");
            assert_no_worse(&name, std::slice::from_ref(diagnostic), &before, files[0].text());
            let left = analyze(files.clone()).diagnostics;
            let same = |other: &&Diagnostic| {
                (other.code, &other.message) == (diagnostic.code, &diagnostic.message)
            };
            let count = |all: &[Diagnostic]| all.iter().filter(same).count();
            assert!(
                count(&left) < count(&analysis.diagnostics),
                "{name}: it was no fix of {diagnostic:#?} to write\n{}",
                files[0].text()
            );
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
        let fixed_first = analyze(file(&before)).diagnostics;
        assert_no_worse(&name, &fixed_first, &before, after);
        let left = fixed.analysis.diagnostics.iter().find(|diagnostic| diagnostic.fix.is_some());
        assert!(left.is_none(), "{name}: {left:#?} was left in\n{after}");
        let again = fix(file(after));
        assert_eq!(again.applied, [], "{name}");
        assert_eq!(again.analysis.schema.files()[0].text(), after, "{name}");
    }
    assert!(seen >= 10, "only {seen} fixes were tried");
}
