//! The schema as a Markdown document, with a diagram that GitHub draws.

use std::fmt::Write as _;

use psl::{FieldWalker, ModelWalker, Schema};

use crate::escape::{cell, markdown as escaped};
use crate::{mermaid, words};

/// The text of the file.
pub fn markdown(schema: &Schema) -> String {
    let mut text = String::from("# Schema\n\n");
    let _ = writeln!(text, "{}\n", contents(schema));
    let _ = write!(text, "```mermaid\n{}```\n", mermaid::mermaid(schema));
    for model in schema.models() {
        write_model(&mut text, model);
    }
    for walker in schema.enums() {
        let _ = write!(text, "\n## {}\n\n", escaped(walker.name()));
        if let Some(documentation) = walker.documentation() {
            let _ = write!(text, "{}\n\n", escaped(documentation));
        }
        if let Some(mapped) = words::enum_type(walker) {
            let _ = write!(text, "Type: {}\n\n", escaped(&mapped));
        }
        for value in walker.values() {
            let documentation = value
                .documentation
                .as_deref()
                .map_or_else(String::new, |text| format!(": {}", cell(text)));
            let mapped = words::mapped(value)
                .map_or_else(String::new, |mapped| format!(" ({mapped:?} in the database)"));
            let _ =
                writeln!(text, "- {}{}{documentation}", escaped(value.name()), escaped(&mapped));
        }
    }
    text
}

/// Models and enums, each a link to its part.
fn contents(schema: &Schema) -> String {
    let link = |name: &str| format!("[{}](#{})", escaped(name), name.to_lowercase());
    let models: Vec<String> = schema.models().map(|model| link(model.name())).collect();
    let enums: Vec<String> = schema.enums().map(|walker| link(walker.name())).collect();
    let mut text = format!("Models: {}", models.join(" · "));
    if !enums.is_empty() {
        let _ = write!(text, "\n\nEnums: {}", enums.join(" · "));
    }
    text
}

fn write_model(text: &mut String, model: ModelWalker<'_>) {
    let _ = write!(text, "\n## {}\n\n", escaped(model.name()));
    if let Some(documentation) = model.documentation() {
        let _ = write!(text, "{}\n\n", escaped(documentation));
    }
    if let Some(table) = words::table(model) {
        let _ = write!(text, "Table: {}\n\n", escaped(&table));
    }
    text.push_str("| Field | Type | Default | |\n|---|---|---|---|\n");
    for field in model.fields() {
        let (ty, default, mut notes, documentation) = match field {
            FieldWalker::Scalar(field) => (
                words::full_type(field),
                words::default(field).unwrap_or_default(),
                words::marks(field),
                field.documentation(),
            ),
            FieldWalker::Relation(field) => (
                field.related_model().name().to_owned() + words::arity(field.arity()),
                String::new(),
                vec![words::relation(field)],
                field.documentation(),
            ),
        };
        notes.extend(documentation.map(str::to_owned));
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            cell(field.name()),
            cell(&ty),
            cell(&default),
            cell(&notes.join("; "))
        );
    }
    let keys: Vec<String> = words::compound_keys(model).collect();
    if !keys.is_empty() {
        text.push('\n');
        for key in keys {
            let _ = writeln!(text, "- {}", escaped(&key));
        }
    }
}
