//! What is read where no model counts.

use crate::{SourceFile, analyze, analyze_configuration};

fn messages(text: &str) -> Vec<String> {
    let analysis = analyze_configuration(vec![SourceFile::new("schema.prisma", text)]);
    analysis.diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect()
}

const SOURCE: &str = "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n  schemas = [\"a\"]\n}\n";

#[test]
fn what_a_model_means_is_passed_over() {
    let text = format!("{SOURCE}model A {{\n  id Int\n  b Nonsense @nonsense\n}}\nenum A {{\n}}\n");
    assert!(analyze(vec![SourceFile::new("schema.prisma", text.as_str())]).has_errors());
    let analysis = analyze_configuration(vec![SourceFile::new("schema.prisma", text)]);
    assert_eq!(analysis.diagnostics, []);
    let datasource = analysis.schema.datasource().unwrap();
    assert_eq!((datasource.name.text.as_str(), datasource.schemas.len()), ("db", 1));
    assert_eq!(analysis.schema.models().count(), 0);
    assert_eq!(analysis.schema.files().len(), 1);
}

#[test]
fn what_a_datasource_says_is_not() {
    let unknown = messages(&SOURCE.replace("schemas", "skemas"));
    assert!(unknown[0].starts_with("Property not known: \"skemas\""), "{unknown:?}");
    let two = messages(&format!("{SOURCE}{}", SOURCE.replace("db", "other")));
    assert!(two[0].contains("more than one datasource"), "{two:?}");
    let generator = messages(&format!("{SOURCE}generator client {{\n}}\n"));
    assert_eq!(generator.len(), 1, "{generator:?}");
}

#[test]
fn what_is_no_schema_language_is_told_wherever_it_stands() {
    let lines = messages(&format!("{SOURCE}model A {{\n  id Int @id\n  !!!\n}}\n"));
    assert_eq!(lines.len(), 1, "{lines:?}");
}
