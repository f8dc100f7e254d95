//! Attributes in `type` blocks. PostgreSQL has no such types for Prisma, so nothing is kept; what is wrong inside is
//! told as it would be if it had.

use super::Ctx;
use super::arguments::AttributeSet;
use super::default::{self, Target};
use super::given_names::mapped_name;
use super::names::{Names, TypeName};
use crate::ast::{Block, Field, FieldType, File, ModelBlock};
use crate::diagnostic::Diagnostic;
use crate::schema::ScalarType;
use std::collections::{HashMap, HashSet};

pub(super) fn resolve<'a>(files: &'a [File<'a>], ctx: &mut Ctx<'a, '_>) {
    for block in files.iter().flat_map(|file| &file.blocks) {
        if let Block::CompositeType(block) = block {
            block_attributes(block, ctx.diagnostics);
            fields(block, ctx);
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

fn fields<'a>(block: &'a ModelBlock<'a>, ctx: &mut Ctx<'a, '_>) {
    let mut mapped = HashSet::new();
    // Of two fields with one name the later counts.
    let by_name: HashMap<&str, &Field<'_>> =
        block.fields.iter().map(|field| (field.name.text, field)).collect();
    for field in &block.fields {
        for attribute in &field.attributes {
            let name = attribute.name.text;
            if matches!(name, "relation" | "unique" | "id") {
                let message = format!(
                    "Defining `@{name}` attribute for a field in a composite type is not allowed."
                );
                ctx.diagnostics.push(Diagnostic::validating(
                    "composite-type-attribute",
                    message,
                    field.span,
                ));
            }
        }
        let Some(target) = target(&field.ty, &ctx.names) else { continue };
        let mut attributes = AttributeSet::new(&field.attributes);
        if matches!(target, Target::Scalar(_)) {
            attributes.native_type(ctx.diagnostics);
        }
        if let Some(mut arguments) = attributes.single("map", ctx.diagnostics) {
            let name = mapped_name(&mut arguments, ctx.diagnostics);
            arguments.finish(ctx.diagnostics);
            if name.is_some_and(|name| is_taken(name, field, &by_name, &mut mapped)) {
                let message = format!(
                    "Field \"{}\" is already defined on composite type \"{}\".",
                    field.name.text, block.name.text
                );
                ctx.diagnostics.push(Diagnostic::error("duplicate-column", message, field.span));
            }
        }
        if let Some(mut arguments) = attributes.single("default", ctx.diagnostics) {
            default::in_composite_type(field, &target, &mut arguments, ctx);
            arguments.finish(ctx.diagnostics);
        }
        attributes.finish(&["map", "default"], ctx.diagnostics);
    }
}

/// What a field holds; `None` where its type is unknown or a model's, which has been told.
fn target<'a>(ty: &FieldType<'a>, names: &Names<'_>) -> Option<Target<'a>> {
    let FieldType::Named(name) = ty else { return Some(Target::Unsupported) };
    if let Some(scalar) = ScalarType::from_name(name.text) {
        return Some(Target::Scalar(scalar));
    }
    match names.types.get(name.text)? {
        TypeName::Enum(id) => Some(Target::Enum(*id)),
        TypeName::CompositeType(_) => Some(Target::Composite(name.text)),
        TypeName::Model(_) => None,
    }
}

/// Whether another field has this name in the database.
fn is_taken<'a>(
    name: String,
    field: &Field<'a>,
    by_name: &HashMap<&'a str, &'a Field<'a>>,
    mapped: &mut HashSet<String>,
) -> bool {
    let is_name_of_another = by_name.get(name.as_str()).is_some_and(|other| {
        other.name.span != field.name.span
            && other.attributes.iter().all(|attribute| attribute.name.text != "map")
    });
    !mapped.insert(name) || is_name_of_another
}
