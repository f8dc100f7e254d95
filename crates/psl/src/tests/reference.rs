//! The reference engine's own answers, in `test_data/reference`: each verdict, and each text byte for byte.

use super::{case_names, dump, folder, read};
use crate::{SourceFile, analyze, format};
use serde_json::Value;
use std::fs;

/// Runs a check on every case of a folder and tells of all that fail.
fn every_case(area: &str, check: impl Fn(&str, &str) -> Result<(), String>) {
    let names = case_names(area);
    assert!(names.len() > 20, "{area} is nearly empty");
    let failures: Vec<String> = names
        .iter()
        .filter_map(|name| {
            check(name, &read(area, name)).err().map(|why| format!("{area}/{name}: {why}"))
        })
        .collect();
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
}

fn file(text: &str) -> Vec<SourceFile> {
    vec![SourceFile::new("schema.prisma", text)]
}

/// Severity, line and message of each finding, sorted: the order of findings is nobody's business.
fn found(text: &str) -> Vec<(String, usize, String)> {
    let analysis = analyze(file(text));
    let mut found: Vec<_> = analysis
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let (line, _) = analysis.schema.files()[0].line_column(diagnostic.span.range().start);
            (diagnostic.severity.as_str().to_owned(), line, diagnostic.message.trim().to_owned())
        })
        .collect();
    found.sort();
    found
}

fn expected(name: &str) -> Vec<(String, usize, String)> {
    let path = folder("reference/validation").join(format!("{name}.expected.json"));
    let listed: Vec<Value> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let mut expected: Vec<_> = listed
        .iter()
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap().trim().to_owned();
            let line = usize::try_from(finding["line"].as_u64().unwrap()).unwrap();
            (text("severity"), line, text("message"))
        })
        .collect();
    expected.sort();
    expected
}

#[test]
fn verdicts_are_the_references() {
    every_case("reference/validation", |name, text| {
        let (found, expected) = (found(text), expected(name));
        if found == expected {
            return Ok(());
        }
        let missing: Vec<_> = expected.iter().filter(|finding| !found.contains(finding)).collect();
        let extra: Vec<_> = found.iter().filter(|finding| !expected.contains(finding)).collect();
        Err(format!("missing {missing:#?}, extra {extra:#?}"))
    });
}

#[test]
fn formatted_texts_are_the_references() {
    for area in ["reference/validation", "reference/format"] {
        every_case(area, |name, text| {
            let formatted = format(&file(text));
            match fs::read_to_string(folder(area).join(format!("{name}.formatted.prisma"))) {
                Ok(expected) if formatted.texts[0] == expected => Ok(()),
                Ok(expected) => Err(format!("not\n{expected}but\n{}", formatted.texts[0])),
                Err(_) if formatted.is_refused() => Ok(()),
                Err(_) => Err("is formatted although a part of it is not in the language".into()),
            }
        });
    }
}

#[test]
fn formatting_again_changes_nothing() {
    for area in ["reference/validation", "reference/format"] {
        every_case(area, |_, text| {
            let once = format(&file(text)).texts.remove(0);
            let twice = format(&file(&once)).texts.remove(0);
            if once == twice { Ok(()) } else { Err(format!("first\n{once}then\n{twice}")) }
        });
    }
}

#[test]
fn a_formatted_schema_means_the_same() {
    for area in ["reference/validation", "reference/format"] {
        every_case(area, |_, text| {
            let before = analyze(file(text));
            if before.has_errors() {
                return Ok(());
            }
            let after = analyze(file(&format(&file(text)).texts[0]));
            let (before, after) = (dump::schema(&before.schema), dump::schema(&after.schema));
            if before == after { Ok(()) } else { Err(format!("first\n{before}then\n{after}")) }
        });
    }
}
