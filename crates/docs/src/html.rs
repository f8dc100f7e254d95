//! The schema as one HTML file: the diagram, and a part for each model. It loads nothing and runs no script.

use std::fmt::Write as _;

use psl::{EnumWalker, FieldWalker, ModelWalker, Schema};

use crate::escape::html as escaped;
use crate::{svg, words};

/// The text of the file.
pub fn html(schema: &Schema) -> String {
    let mut text = String::from(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Schema</title>\n",
    );
    let _ = write!(text, "<style>\n{}</style>\n</head>\n<body>\n", include_str!("html.css"));
    text.push_str("<nav aria-label=\"Models\">\n<ul>\n");
    for name in schema.models().map(ModelWalker::name).chain(schema.enums().map(EnumWalker::name)) {
        let name = escaped(name);
        let _ = writeln!(text, "<li><a href=\"#{name}\">{name}</a></li>");
    }
    text.push_str(
        "</ul>\n</nav>\n<main>\n<h1>Schema</h1>\n<div class=\"picture\" tabindex=\"0\">\n",
    );
    text.push_str(&svg::svg(schema));
    text.push_str("</div>\n");
    for model in schema.models() {
        write_model(&mut text, model);
    }
    for walker in schema.enums() {
        write_enum(&mut text, walker);
    }
    text.push_str("</main>\n</body>\n</html>\n");
    text
}

fn write_model(text: &mut String, model: ModelWalker<'_>) {
    let name = escaped(model.name());
    let _ = writeln!(text, "<section id=\"{name}\">\n<h2>{name}</h2>");
    write_documentation(text, model.documentation());
    if let Some(table) = words::table(model) {
        let _ = writeln!(text, "<p>Table <code>{}</code></p>", escaped(&table));
    }
    text.push_str(
        "<table>\n<thead><tr><th>Field</th><th>Type</th><th>Default</th><th>Notes</th></tr></thead>\n<tbody>\n",
    );
    for field in model.fields() {
        let (ty, default, notes, documentation) = match field {
            FieldWalker::Scalar(field) => (
                match field.enum_type() {
                    Some(walker) => link(walker.name(), words::arity(field.arity())),
                    None => escaped(&words::full_type(field)),
                },
                words::default(field).unwrap_or_default(),
                words::marks(field).join("; "),
                field.documentation(),
            ),
            FieldWalker::Relation(field) => (
                link(field.related_model().name(), words::arity(field.arity())),
                String::new(),
                words::relation(field),
                field.documentation(),
            ),
        };
        let _ = write!(
            text,
            "<tr><th scope=\"row\"><code>{}</code></th><td><code>{ty}</code></td><td>",
            escaped(field.name())
        );
        if !default.is_empty() {
            let _ = write!(text, "<code>{}</code>", escaped(&default));
        }
        let _ = write!(text, "</td><td>{}", escaped(&notes));
        write_documentation(text, documentation);
        text.push_str("</td></tr>\n");
    }
    text.push_str("</tbody>\n</table>\n");
    let keys: Vec<String> = words::compound_keys(model).collect();
    if !keys.is_empty() {
        text.push_str("<ul class=\"keys\">\n");
        for key in keys {
            let _ = writeln!(text, "<li><code>{}</code></li>", escaped(&key));
        }
        text.push_str("</ul>\n");
    }
    text.push_str("</section>\n");
}

fn write_enum(text: &mut String, walker: EnumWalker<'_>) {
    let name = escaped(walker.name());
    let _ = writeln!(text, "<section id=\"{name}\">\n<h2>{name}</h2>");
    write_documentation(text, walker.documentation());
    if let Some(mapped) = words::enum_type(walker) {
        let _ = writeln!(text, "<p>Type <code>{}</code></p>", escaped(&mapped));
    }
    text.push_str("<ul>\n");
    for value in walker.values() {
        let _ = write!(text, "<li><code>{}</code>", escaped(value.name()));
        if let Some(mapped) = words::mapped(value) {
            let _ = write!(text, " <code>{}</code> in the database", escaped(mapped));
        }
        write_documentation(text, value.documentation.as_deref());
        text.push_str("</li>\n");
    }
    text.push_str("</ul>\n</section>\n");
}

/// A paragraph for each that an empty line parts.
fn write_documentation(text: &mut String, documentation: Option<&str>) {
    for paragraph in documentation.unwrap_or_default().split("\n\n") {
        if !paragraph.trim().is_empty() {
            let _ = writeln!(text, "<p>{}</p>", escaped(paragraph.trim()));
        }
    }
}

fn link(name: &str, arity: &str) -> String {
    let name = escaped(name);
    format!("<a href=\"#{name}\">{name}</a>{arity}")
}
