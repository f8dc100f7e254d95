//! The schema in DBML, the language of dbdiagram.io and of tools like it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use psl::{
    Arity, DefaultValue, IndexKind, Literal, ModelWalker, RelationWalker, ScalarFieldWalker, Schema,
};

use crate::mermaid::is_one_to_one;
use crate::words;

/// The text of the file.
pub fn dbml(schema: &Schema) -> String {
    let mut text = String::new();
    for model in schema.models() {
        table(&mut text, model);
    }
    for walker in schema.enums() {
        if let Some(mapped) = words::enum_type(walker) {
            let _ = writeln!(text, "// {mapped} in the database");
        }
        let _ = writeln!(text, "Enum {} {{", name(walker.name()));
        for value in walker.values() {
            let note = value.documentation.as_deref().map_or_else(String::new, |documentation| {
                format!(" [note: {}]", quoted(documentation))
            });
            let _ = writeln!(text, "  {}{note}", name(value.name()));
        }
        text.push_str("}\n\n");
    }
    let mut written = BTreeSet::new();
    for relation in schema.relations() {
        join_table(&mut text, relation);
        let Some(forward) = relation.forward() else { continue };
        let sign = if is_one_to_one(relation) { "-" } else { ">" };
        let actions = [("delete", relation.on_delete()), ("update", relation.on_update())];
        let actions: Vec<String> = actions
            .into_iter()
            .filter_map(|(event, action)| Some(format!("{event}: {}", words::action(action?))))
            .collect();
        let ends = format!(
            "{}.{} {sign} {}.{}",
            name(forward.model().name()),
            columns(forward.fields()),
            name(forward.related_model().name()),
            columns(forward.references())
        );
        // Two relations may share their columns, which DBML refuses.
        if written.insert(ends.clone()) {
            let _ = writeln!(text, "Ref: {ends} [{}]", actions.join(", "));
        }
    }
    text
}

/// The table of an implicit many-to-many, as the database has it.
fn join_table(text: &mut String, relation: RelationWalker<'_>) {
    let (Some((a, b)), Some(table)) = (relation.many_to_many(), relation.join_table_name()) else {
        return;
    };
    let _ = writeln!(text, "Table {} {{", name(&table));
    for (column, side) in [("A", a), ("B", b)] {
        let key = side.model().primary_key().and_then(|key| key.fields().next());
        if let Some(key) = key {
            let (ty, model, field) = (words::bare_type(key), side.model().name(), key.name());
            let (ty, model, field) = (name(&ty), name(model), name(field));
            let _ = writeln!(text, "  {column} {ty} [not null, ref: > {model}.{field}]");
        }
    }
    text.push_str("\n  indexes {\n    (A, B) [pk]\n  }\n}\n\n");
}

fn table(text: &mut String, model: ModelWalker<'_>) {
    if let Some(table) = words::table(model) {
        let _ = writeln!(text, "// {table} in the database");
    }
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
    if words::is_unique(field) {
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
            // DBML has no way to write a backtick in one of these.
            if !default.contains('`') {
                settings.push(format!("default: `{default}`"));
            }
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
