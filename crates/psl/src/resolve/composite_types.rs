//! Attributes in `type` blocks. PostgreSQL has no such types for Prisma, so nothing is kept; what is wrong inside is
//! told as it would be if it had.

use super::Ctx;
use super::arguments::AttributeSet;
use super::attributes::mapped_name;
use super::default;
use super::names::{Names, TypeName};
use crate::ast::{Block, Field, FieldType, File, ModelBlock};
use crate::diagnostic::Diagnostic;
use crate::schema::ScalarType;
use std::collections::HashSet;

pub(super) fn resolve<'a>(files: &'a [File<'a>], ctx: &mut Ctx<'a, '_>) {
    for block in files.iter().flat_map(|file| &file.blocks) {
        if let Block::CompositeType(block) = block {
            block_attributes(block, ctx.diagnostics);
            fields(block, &ctx.names, ctx.diagnostics);
        }
    }
}

fn block_attributes(block: &ModelBlock<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for attribute in &block.attributes {
        let message = match attribute.name.text {
            "map" => {
                "The name of a composite type is not persisted in the database, therefore it does not need a mapped \
                 database name."
            }
            "unique" => "A unique constraint should be defined in the model containing the embed.",
            "index" => "An index should be defined in the model containing the embed.",
            "fulltext" => "A fulltext index should be defined in the model containing the embed.",
            "id" => "A composite type cannot define an id.",
            _ => "A composite type cannot have block-level attributes.",
        };
        diagnostics.push(Diagnostic::validating(
            "composite-type-attribute",
            message,
            attribute.span,
        ));
    }
}

fn fields<'a>(block: &'a ModelBlock<'a>, names: &Names<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut mapped = HashSet::new();
    for field in &block.fields {
        for attribute in &field.attributes {
            let name = attribute.name.text;
            if matches!(name, "relation" | "unique" | "id") {
                let message = format!(
                    "Defining `@{name}` attribute for a field in a composite type is not allowed."
                );
                diagnostics.push(Diagnostic::validating(
                    "composite-type-attribute",
                    message,
                    field.span,
                ));
            }
        }
        if !is_column(&field.ty, names) {
            continue;
        }
        let mut attributes = AttributeSet::new(&field.attributes);
        if let FieldType::Named(ty) = &field.ty
            && ScalarType::from_name(ty.text).is_some()
        {
            attributes.native_type(diagnostics);
        }
        if let Some(mut arguments) = attributes.single("map", diagnostics) {
            let name = mapped_name(&mut arguments, diagnostics);
            arguments.finish(diagnostics);
            if name.is_some_and(|name| is_taken(&name, field, block, &mut mapped)) {
                let message = format!(
                    "Field \"{}\" is already defined on composite type \"{}\".",
                    field.name.text, block.name.text
                );
                diagnostics.push(Diagnostic::error("duplicate-column", message, field.span));
            }
        }
        if let Some(mut arguments) = attributes.single("default", diagnostics) {
            let value = arguments.default("value", diagnostics);
            diagnostics
                .extend(value.and_then(|value| default::in_composite_type(value, &arguments)));
            arguments.finish(diagnostics);
        }
        attributes.finish(&["map", "default"], diagnostics);
    }
}

/// Whether a type is known and no model's: other fields have been told about.
fn is_column(ty: &FieldType<'_>, names: &Names<'_>) -> bool {
    match ty {
        FieldType::Unsupported(_) => true,
        FieldType::Named(name) => match names.types.get(name.text) {
            Some(TypeName::Enum(_) | TypeName::CompositeType(_)) => true,
            Some(TypeName::Model(_)) => false,
            None => ScalarType::from_name(name.text).is_some(),
        },
    }
}

/// Whether another field has this name in the database.
fn is_taken(
    name: &str,
    field: &Field<'_>,
    block: &ModelBlock<'_>,
    mapped: &mut HashSet<String>,
) -> bool {
    let same = block.fields.iter().rfind(|other| other.name.text == name);
    let is_name_of_another = same.is_some_and(|other| {
        other.name.span != field.name.span
            && other.attributes.iter().all(|attribute| attribute.name.text != "map")
    });
    !mapped.insert(name.to_owned()) || is_name_of_another
}
