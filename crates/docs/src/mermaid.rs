//! The schema as an entity relationship diagram in Mermaid's language, which GitHub and many editors draw.

use std::fmt::Write as _;

use psl::{Arity, RelationWalker, ScalarFieldWalker, Schema};

use crate::words;

/// The text of the diagram, without a fence around it.
pub fn mermaid(schema: &Schema) -> String {
    let mut text = String::from("erDiagram\n");
    for model in schema.models() {
        let _ = writeln!(text, "    {} {{", entity(model.name()));
        for field in model.scalar_fields() {
            let _ = writeln!(text, "        {}", row(field));
        }
        text.push_str("    }\n");
    }
    for relation in schema.relations() {
        if let Some(line) = line(relation) {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}

fn row(field: ScalarFieldWalker<'_>) -> String {
    // An attribute's type may hold letters, digits, `_`, `-`, `[]` and `()`, and no question mark.
    let mut ty: String = words::bare_type(field)
        .chars()
        .map(|char| if char.is_ascii_alphanumeric() { char } else { '_' })
        .collect();
    if field.arity() == Arity::List {
        ty += "[]";
    }
    let mut keys = Vec::new();
    if field.is_in_primary_key() {
        keys.push("PK");
    }
    if words::is_in_foreign_key(field) {
        keys.push("FK");
    }
    if words::is_unique(field) {
        keys.push("UK");
    }
    let keys = if keys.is_empty() { String::new() } else { format!(" {}", keys.join(", ")) };
    let comment = if field.arity() == Arity::Optional { " \"optional\"" } else { "" };
    // These three would be read as marks of the field before.
    let is_mark = matches!(field.name().to_ascii_lowercase().as_str(), "pk" | "fk" | "uk");
    format!("{ty} {}{}{keys}{comment}", field.name(), if is_mark { "_" } else { "" })
}

/// In quotes, for many an everyday name is one of Mermaid's own words: `Class`, `Style`, `one`.
fn entity(name: &str) -> String {
    format!("\"{name}\"")
}

/// The one side first: `Org ||--o{ Booking : org`.
fn line(relation: RelationWalker<'_>) -> Option<String> {
    if let Some((a, b)) = relation.many_to_many() {
        let (left, right) = (entity(a.model().name()), entity(b.model().name()));
        return Some(format!("{left} }}o--o{{ {right} : \"{}\"", a.name()));
    }
    let forward = relation.forward()?;
    let one = if forward.arity() == Arity::Required { "||" } else { "|o" };
    let many = if is_one_to_one(relation) { "o|" } else { "o{" };
    let (parent, child) = (entity(forward.related_model().name()), entity(forward.model().name()));
    Some(format!("{parent} {one}--{many} {child} : \"{}\"", forward.name()))
}

pub(crate) fn is_one_to_one(relation: RelationWalker<'_>) -> bool {
    matches!(relation.kind(), psl::RelationKind::OneToOne { .. })
}
