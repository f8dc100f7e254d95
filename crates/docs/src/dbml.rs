//! The schema in DBML, the language of dbdiagram.io and of tools like it.

use std::fmt::Write as _;

use psl::{Arity, DefaultValue, IndexKind, Literal, ModelWalker, ScalarFieldWalker, Schema};

use crate::mermaid::is_one_to_one;
use crate::words;

/// The text of the file.
pub fn dbml(schema: &Schema) -> String {
    let mut text = String::new();
    for model in schema.models() {
        table(&mut text, model);
    }
    for walker in schema.enums() {
        let _ = writeln!(text, "Enum {} {{", name(walker.name()));
        for value in walker.values() {
            let note = value.documentation.as_deref().map_or_else(String::new, |documentation| {
                format!(" [note: {}]", quoted(documentation))
            });
            let _ = writeln!(text, "  {}{note}", name(value.name()));
        }
        text.push_str("}\n\n");
    }
    for relation in schema.relations() {
        if let Some((a, b)) = relation.many_to_many() {
            let key = |model: ModelWalker<'_>| {
                let key = model.primary_key().and_then(|key| key.fields().next());
                key.map_or_else(String::new, |field| name(field.name()))
            };
            let (left, right) = (a.model(), b.model());
            let _ = writeln!(
                text,
                "Ref: {}.{} <> {}.{}",
                name(left.name()),
                key(left),
                name(right.name()),
                key(right)
            );
        }
        let Some(forward) = relation.forward() else { continue };
        let sign = if is_one_to_one(relation) { "-" } else { ">" };
        let actions = [("delete", relation.on_delete()), ("update", relation.on_update())];
        let actions: Vec<String> = actions
            .into_iter()
            .filter_map(|(event, action)| Some(format!("{event}: {}", words::action(action?))))
            .collect();
        let _ = writeln!(
            text,
            "Ref: {}.{} {sign} {}.{} [{}]",
            name(forward.model().name()),
            columns(forward.fields()),
            name(forward.related_model().name()),
            columns(forward.references()),
            actions.join(", ")
        );
    }
    text
}

fn table(text: &mut String, model: ModelWalker<'_>) {
    let _ = writeln!(text, "Table {} {{", name(model.name()));
    for field in model.scalar_fields() {
        let settings = settings(field);
        let settings = if settings.is_empty() { settings } else { format!(" [{settings}]") };
        let ty = words::bare_type(field) + if field.arity() == Arity::List { "[]" } else { "" };
        let _ = writeln!(text, "  {} {}{settings}", name(field.name()), name(&ty));
    }
    let keys = model.primary_key().into_iter().chain(model.indexes());
    let compound: Vec<String> = keys
        .filter(|key| !key.data().on_field)
        .map(|key| {
            let kind = match key.kind() {
                IndexKind::PrimaryKey => " [pk]",
                IndexKind::Unique => " [unique]",
                IndexKind::Normal => "",
            };
            let columns: Vec<String> = key.fields().map(|field| name(field.name())).collect();
            format!("    ({}){kind}\n", columns.join(", "))
        })
        .collect();
    if !compound.is_empty() {
        let _ = write!(text, "\n  indexes {{\n{}  }}\n", compound.concat());
    }
    if let Some(documentation) = model.documentation() {
        let _ = writeln!(text, "\n  Note: {}", quoted(documentation));
    }
    text.push_str("}\n\n");
}

fn settings(field: ScalarFieldWalker<'_>) -> String {
    let mut settings = Vec::new();
    let key = field.model().primary_key();
    if field.is_in_primary_key() && key.is_some_and(|key| key.data().on_field) {
        settings.push("pk".to_owned());
    }
    if field.is_unique() && !field.is_in_primary_key() {
        settings.push("unique".to_owned());
    }
    if field.arity() == Arity::Required {
        settings.push("not null".to_owned());
    }
    match field.default() {
        Some(DefaultValue::Autoincrement) => settings.push("increment".to_owned()),
        Some(DefaultValue::Literal(Literal::String(value))) => {
            settings.push(format!("default: {}", quoted(value)));
        }
        Some(DefaultValue::Literal(Literal::Number(value))) => {
            settings.push(format!("default: {value}"));
        }
        Some(DefaultValue::Literal(Literal::Boolean(value))) => {
            settings.push(format!("default: {value}"));
        }
        Some(_) => {
            let default = words::default(field).unwrap_or_default();
            settings.push(format!("default: `{}`", default.replace('`', "'")));
        }
        None => {}
    }
    if let Some(documentation) = field.documentation() {
        settings.push(format!("note: {}", quoted(documentation)));
    }
    settings.join(", ")
}

fn columns<'s>(fields: impl Iterator<Item = ScalarFieldWalker<'s>>) -> String {
    let names: Vec<String> = fields.map(|field| name(field.name())).collect();
    match names.as_slice() {
        [one] => one.clone(),
        _ => format!("({})", names.join(", ")),
    }
}

/// Bare where DBML takes it, else in double quotes.
fn name(text: &str) -> String {
    let is_bare = text.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    if is_bare { text.to_owned() } else { format!("\"{}\"", text.replace('"', "'")) }
}

fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\'', "\\'");
    if text.contains('\n') { format!("'''{escaped}'''") } else { format!("'{escaped}'") }
}
