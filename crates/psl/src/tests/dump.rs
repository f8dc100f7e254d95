//! Trees and schemas as text that a reviewer can read.

use crate::syntax::Node;
use crate::{
    DefaultValue, EnumWalker, FieldWalker, IndexWalker, Literal, ModelWalker, RelationFieldWalker,
    RelationKind, RelationWalker, ScalarFieldType, ScalarFieldWalker, Schema,
};
use std::fmt::Write;

/// Every element of a tree, indented, tokens with their text.
pub(super) fn tree(node: Node<'_>, text: &str, depth: usize, out: &mut String) {
    write!(out, "{:indent$}{:?}", "", node.kind(), indent = depth * 2).unwrap();
    if !node.kind().is_node() {
        write!(out, " {:?}", &text[node.range()]).unwrap();
    }
    out.push('\n');
    for child in node.children() {
        tree(child, text, depth + 1, out);
    }
}

/// Everything in a schema that does not follow from the rest.
pub(super) fn schema(schema: &Schema) -> String {
    let mut out = String::new();
    if let Some(datasource) = schema.datasource() {
        writeln!(out, "datasource {} {}", datasource.name.text, datasource.provider).unwrap();
        writeln!(
            out,
            "  url {:?} direct {:?} shadow {:?} {:?}",
            datasource.url,
            datasource.direct_url,
            datasource.shadow_database_url,
            datasource.relation_mode
        )
        .unwrap();
        for name in &datasource.schemas {
            writeln!(out, "  schema {}", name.text).unwrap();
        }
        for extension in &datasource.extensions {
            writeln!(
                out,
                "  extension {} map {:?} schema {:?} version {:?}",
                extension.name.text, extension.mapped_name, extension.schema, extension.version
            )
            .unwrap();
        }
    }
    for generator in schema.generators() {
        writeln!(
            out,
            "generator {} {:?} to {:?}",
            generator.name.text, generator.provider, generator.output
        )
        .unwrap();
        writeln!(out, "  {:?}", generator.preview_features).unwrap();
        for (key, value) in &generator.properties {
            writeln!(out, "  {key} = {value:?}").unwrap();
        }
    }
    for walker in schema.models() {
        model(walker, &mut out);
    }
    for walker in schema.enums() {
        enumeration(walker, &mut out);
    }
    for walker in schema.relations() {
        relation(walker, &mut out);
    }
    out
}

fn model(model: ModelWalker<'_>, out: &mut String) {
    let keyword = if model.is_view() { "view" } else { "model" };
    writeln!(out, "{keyword} {} table {}", model.name(), model.database_name()).unwrap();
    option(out, "schema", model.namespace());
    option(out, "doc", model.documentation());
    flag(out, "ignored", model.is_ignored());
    for field in model.fields() {
        match field {
            FieldWalker::Scalar(field) => scalar_field(field, out),
            FieldWalker::Relation(field) => relation_field(field, out),
        }
    }
    for key in model.primary_key().into_iter().chain(model.indexes()) {
        index(key, out);
    }
}

fn scalar_field(field: ScalarFieldWalker<'_>, out: &mut String) {
    let ty = match field.ty() {
        ScalarFieldType::Scalar(scalar) => scalar.to_string(),
        ScalarFieldType::Enum(_) => format!("enum {}", field.enum_type().unwrap().name()),
        ScalarFieldType::Unsupported(text) => format!("unsupported {text:?}"),
    };
    write!(out, "  {} {ty} {:?} column {}", field.name(), field.arity(), field.database_name())
        .unwrap();
    if let Some(native_type) = field.native_type() {
        write!(out, " @db.{native_type}").unwrap();
    }
    out.push('\n');
    match field.default() {
        None => {}
        Some(DefaultValue::Literal(Literal::EnumValue(position))) => {
            let values = field.enum_type().unwrap().values();
            writeln!(out, "    default value {}", values[*position].name()).unwrap();
        }
        Some(default) => writeln!(out, "    default {default:?}").unwrap(),
    }
    option(out, "  doc", field.documentation());
    flag(out, "  updated at", field.is_updated_at());
    flag(out, "  ignored", field.is_ignored());
}

fn relation_field(field: RelationFieldWalker<'_>, out: &mut String) {
    let opposite = field.opposite().map(RelationFieldWalker::name);
    writeln!(
        out,
        "  {} {:?} -> {} opposite {opposite:?}",
        field.name(),
        field.arity(),
        field.related_model().name()
    )
    .unwrap();
}

fn index(index: IndexWalker<'_>, out: &mut String) {
    writeln!(
        out,
        "  {:?} {} client {} {:?} on field {}",
        index.kind(),
        index.database_name(),
        index.client_name(),
        index.algorithm(),
        index.data().on_field
    )
    .unwrap();
    for (column, field) in index.columns().iter().zip(index.fields()) {
        writeln!(out, "    {} {:?} {:?}", field.name(), column.sort, column.ops).unwrap();
    }
    option(out, "  where", index.predicate().as_deref());
}

fn enumeration(r#enum: EnumWalker<'_>, out: &mut String) {
    writeln!(out, "enum {} type {}", r#enum.name(), r#enum.database_name()).unwrap();
    option(out, "schema", r#enum.namespace());
    option(out, "doc", r#enum.documentation());
    for value in r#enum.values() {
        writeln!(
            out,
            "  {} as {:?} doc {:?}",
            value.name(),
            value.database_name(),
            value.documentation
        )
        .unwrap();
    }
}

fn relation(relation: RelationWalker<'_>, out: &mut String) {
    match relation.kind() {
        RelationKind::ManyToMany { .. } => {
            let (a, b) = relation.many_to_many().unwrap();
            writeln!(
                out,
                "many to many {}.{} {}.{} table {}",
                a.model().name(),
                a.name(),
                b.model().name(),
                b.name(),
                relation.join_table_name().unwrap()
            )
            .unwrap();
        }
        kind => {
            let kind = if matches!(kind, RelationKind::OneToOne { .. }) {
                "one to one"
            } else {
                "one to many"
            };
            let forward = relation.forward().unwrap();
            let fields: Vec<&str> = forward.fields().map(ScalarFieldWalker::name).collect();
            let references: Vec<&str> = forward.references().map(ScalarFieldWalker::name).collect();
            writeln!(
                out,
                "{kind} {}.{} {fields:?} -> {references:?} {} delete {:?} update {:?}",
                forward.model().name(),
                forward.name(),
                relation.constraint_name().unwrap(),
                relation.on_delete().unwrap(),
                relation.on_update().unwrap()
            )
            .unwrap();
        }
    }
}

fn option(out: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        writeln!(out, "  {name} {value:?}").unwrap();
    }
}

fn flag(out: &mut String, name: &str, is_set: bool) {
    if is_set {
        writeln!(out, "  {name}").unwrap();
    }
}
