//! First pass: what each name stands for, and names that are taken, reserved or malformed.

use super::reserved_names::is_reserved;
use crate::ast::{Attribute, Block, ConfigBlock, Field, File, Ident, ModelBlock, ModelKeyword};
use crate::diagnostic::Diagnostic;
use crate::schema::{EnumId, FieldId, ModelId, ScalarType};
use std::collections::{HashMap, HashSet};

/// The names that may be used as types. Of two equal ones the later counts.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    pub(super) types: HashMap<&'a str, TypeName>,
    /// Types by their names in lower case, the first of each; whether it is the only one.
    pub(super) in_lower_case: HashMap<String, (&'a str, bool)>,
    /// For each model, the positions of its fields.
    pub(super) fields: Vec<HashMap<&'a str, usize>>,
    /// For each enum, the positions of its values.
    pub(super) values: Vec<HashMap<&'a str, usize>>,
    /// For each model, what the field at each position is; set by the second pass, `None` where its type is wrong.
    pub(super) field_ids: Vec<Vec<Option<FieldId>>>,
}

impl Names<'_> {
    /// Whether a model has a column of that name, as is known after the second pass.
    pub(super) fn is_column(&self, model: ModelId, field: &str) -> bool {
        let position = self.fields[model.index()].get(field);
        position.is_some_and(|position| {
            matches!(self.field_ids[model.index()][*position], Some(FieldId::Scalar(_)))
        })
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) enum TypeName {
    Model(ModelId),
    Enum(EnumId),
    /// A position in [`super::Origins::composite_types`].
    CompositeType(usize),
}

pub(super) fn resolve<'a>(files: &'a [File<'a>], diagnostics: &mut Vec<Diagnostic>) -> Names<'a> {
    let mut names = Names::default();
    let mut taken = Taken::default();
    let (mut models, mut enums, mut composite_types) = (0, 0, 0);
    for block in files.iter().flat_map(|file| &file.blocks) {
        let (name, kind) = name_and_kind(block);
        if ScalarType::from_name(name.text).is_some() {
            let message =
                format!("\"{}\" is a reserved scalar type name and cannot be used.", name.text);
            diagnostics.push(Diagnostic::error("reserved-name", message, name.span));
        }
        match block {
            Block::Enum(block) => {
                identifier(name, "Enum", diagnostics);
                not_reserved(name, "enum", diagnostics);
                attribute_names(&block.attributes, diagnostics);
                let mut values = HashMap::new();
                let mut positions = HashMap::with_capacity(block.values.len());
                for (position, value) in block.values.iter().enumerate() {
                    positions.entry(value.name.text).or_insert(position);
                    identifier(value.name, "Enum Value", diagnostics);
                    attribute_names(&value.attributes, diagnostics);
                    if let Some(first) = values.insert(value.name.text, value.name.span) {
                        let message = format!(
                            "Value \"{}\" is already defined on enum \"{}\".",
                            value.name.text, name.text
                        );
                        diagnostics.push(
                            Diagnostic::error("duplicate-enum-value", message, value.name.span)
                                .label(first, "first defined here"),
                        );
                    }
                }
                names.values.push(positions);
                names.types.insert(name.text, TypeName::Enum(EnumId(enums)));
                enums += 1;
            }
            Block::Model(block) => {
                let is_view = block.keyword == ModelKeyword::View;
                identifier(name, if is_view { "view" } else { "Model" }, diagnostics);
                not_reserved(name, block.keyword.as_str(), diagnostics);
                attribute_names(&block.attributes, diagnostics);
                names.fields.push(fields(
                    block,
                    if is_view { "field" } else { "Field" },
                    diagnostics,
                ));
                names.types.insert(name.text, TypeName::Model(ModelId(models)));
                models += 1;
            }
            Block::CompositeType(block) => {
                identifier(name, "Composite type", diagnostics);
                composite_fields(&block.fields, name, diagnostics);
                names.types.insert(name.text, TypeName::CompositeType(composite_types));
                composite_types += 1;
            }
            Block::Datasource(block) => keys(block, "source", diagnostics),
            Block::Generator(block) => keys(block, "generator", diagnostics),
        }
        if !matches!(block, Block::Datasource(_) | Block::Generator(_)) {
            let entry = names.in_lower_case.entry(name.text.to_lowercase());
            let (first, is_only) = entry.or_insert((name.text, true));
            *is_only &= *first == name.text;
        }
        taken.insert(name, kind, diagnostics);
    }
    names
}

/// Types, datasources and generators have a namespace each.
#[derive(Default)]
struct Taken<'a> {
    names: HashMap<(&'static str, &'a str), (&'static str, Ident<'a>)>,
}

impl<'a> Taken<'a> {
    fn insert(&mut self, name: Ident<'a>, kind: &'static str, diagnostics: &mut Vec<Diagnostic>) {
        let namespace = if matches!(kind, "source" | "generator") { kind } else { "type" };
        if let Some((other, first)) = self.names.insert((namespace, name.text), (kind, name)) {
            let message = format!(
                "The {kind} \"{}\" cannot be defined because a {other} with that name already exists.",
                name.text
            );
            diagnostics.push(
                Diagnostic::error("duplicate-name", message, name.span)
                    .label(first.span, "first defined here"),
            );
        }
    }
}

fn name_and_kind<'a>(block: &Block<'a>) -> (Ident<'a>, &'static str) {
    match block {
        Block::Datasource(block) => (block.name, "source"),
        Block::Generator(block) => (block.name, "generator"),
        Block::Model(block) => (block.name, block.keyword.as_str()),
        Block::CompositeType(block) => (block.name, "composite type"),
        Block::Enum(block) => (block.name, "enum"),
    }
}

fn fields<'a>(
    block: &ModelBlock<'a>,
    item: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> HashMap<&'a str, usize> {
    let mut names = HashMap::with_capacity(block.fields.len());
    for (position, field) in block.fields.iter().enumerate() {
        identifier(field.name, item, diagnostics);
        attribute_names(&field.attributes, diagnostics);
        if let Some(first) = names.insert(field.name.text, position) {
            let message = format!(
                "Field \"{}\" is already defined on {} \"{}\".",
                field.name.text,
                block.keyword.as_str(),
                block.name.text
            );
            diagnostics.push(
                Diagnostic::error("duplicate-field", message, field.name.span)
                    .label(block.fields[first].name.span, "first defined here"),
            );
        }
    }
    names
}

fn composite_fields(fields: &[Field<'_>], name: Ident<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut names = HashSet::new();
    for field in fields {
        if !names.insert(field.name.text) {
            let message = format!(
                "Field \"{}\" is already defined on composite type \"{}\".",
                field.name.text, name.text
            );
            diagnostics.push(Diagnostic::error("duplicate-field", message, field.name.span));
        }
    }
}

fn keys(block: &ConfigBlock<'_>, kind: &str, diagnostics: &mut Vec<Diagnostic>) {
    let mut keys = HashMap::new();
    for property in &block.properties {
        if let Some(first) = keys.insert(property.name.text, property.name.span) {
            let message = format!(
                "Key \"{}\" is already defined in {kind} \"{}\".",
                property.name.text, block.name.text
            );
            diagnostics.push(
                Diagnostic::error("duplicate-key", message, property.name.span)
                    .label(first, "first defined here"),
            );
        }
    }
}

fn attribute_names(attributes: &[Attribute<'_>], diagnostics: &mut Vec<Diagnostic>) {
    for attribute in attributes {
        identifier(attribute.name, "Attribute", diagnostics);
    }
}

/// The lexer lets words start with a digit and hold a hyphen so that this can be said about them.
fn identifier(name: Ident<'_>, item: &str, diagnostics: &mut Vec<Diagnostic>) {
    let message = if name.text.starts_with(|c: char| c.is_ascii_digit()) {
        format!("The name of a {item} must not start with a number.")
    } else if name.text.contains('-') {
        format!("The character `-` is not allowed in {item} names.")
    } else {
        return;
    };
    diagnostics.push(Diagnostic::validating("invalid-name", message, name.span));
}

fn not_reserved(name: Ident<'_>, kind: &str, diagnostics: &mut Vec<Diagnostic>) {
    if !is_reserved(name.text) {
        return;
    }
    let page = if kind == "enum" {
        "https://www.prisma.io/docs/reference/tools-and-interfaces/prisma-schema/data-model#naming-enums"
    } else {
        "https://pris.ly/d/naming-models"
    };
    let message = format!(
        "The {kind} name `{}` is invalid. It is a reserved name. Please change it. Read more at {page}",
        name.text,
    );
    diagnostics.push(if kind == "enum" {
        Diagnostic::error(
            "reserved-name",
            format!("Error validating enum `{}`: {message}", name.text),
            name.span,
        )
    } else {
        Diagnostic::in_model("reserved-name", "model", name.text, message, name.span)
    });
}
