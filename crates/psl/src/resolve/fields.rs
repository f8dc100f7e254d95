//! Attributes of the fields that are columns.

use super::arguments::{Arguments, AttributeSet};
use super::given_names::mapped_name;
use super::{Ctx, default, index, primary_key, shard_key};
use crate::diagnostic::Diagnostic;
use crate::native_type::NativeType;
use crate::schema::{Arity, FieldId, ModelId, ScalarFieldId, ScalarFieldType, ScalarType};
use std::collections::HashMap;

/// For suggestions.
const KNOWN: [&str; 8] =
    ["id", "unique", "default", "map", "relation", "updatedAt", "ignore", "db"];

pub(super) fn resolve(model: ModelId, ctx: &mut Ctx<'_, '_>) {
    let fields = ctx.resolved.schema.models[model.index()].fields.clone();
    // Column names given so far by `@map`.
    let mut mapped = HashMap::new();
    for field in fields {
        let FieldId::Scalar(id) = field else { continue };
        scalar_field(id, ctx);
        check_mapped_name(id, &mut mapped, ctx);
    }
}

fn scalar_field(id: ScalarFieldId, ctx: &mut Ctx<'_, '_>) {
    let written = ctx.resolved.origins.scalar_field(id).field;
    let composite_type = ctx.resolved.origins.scalar_field(id).composite_type;
    let (ty, arity) = {
        let field = &ctx.resolved.schema.scalar_fields[id.index()];
        (field.ty.clone(), field.arity)
    };
    let mut attributes = AttributeSet::new(&written.attributes);

    if let Some(mut arguments) = attributes.single("map", ctx.diagnostics) {
        let name = mapped_name(&mut arguments, ctx.diagnostics);
        ctx.resolved.schema.scalar_fields[id.index()].mapped_name = name;
        arguments.finish(ctx.diagnostics);
    }
    if let Some(arguments) = attributes.single("ignore", ctx.diagnostics) {
        if matches!(ty, ScalarFieldType::Unsupported(_)) && composite_type.is_none() {
            let message = "Fields of type `Unsupported` cannot take an `@ignore` attribute. They are already treated \
                           as ignored by the client due to their type.";
            ctx.diagnostics.push(arguments.error("ignore-unsupported", message).fix(
                "remove `@ignore`",
                written.with_blanks_before(arguments.attribute),
                "",
            ));
        } else {
            ctx.resolved.schema.scalar_fields[id.index()].is_ignored = true;
        }
        arguments.finish(ctx.diagnostics);
    }
    if let Some(arguments) = attributes.single("relation", ctx.diagnostics) {
        ctx.diagnostics
            .push(arguments.error("relation-on-scalar", "Invalid field type, not a relation."));
        arguments.finish_unread(ctx.diagnostics);
    }
    if let Some(mut arguments) = attributes.single("id", ctx.diagnostics) {
        primary_key::of_field(id, &mut arguments, ctx);
        arguments.finish(ctx.diagnostics);
    }
    if let Some(arguments) = attributes.single("updatedAt", ctx.diagnostics) {
        updated_at(&ty, arity, &arguments, ctx.diagnostics);
        ctx.resolved.schema.scalar_fields[id.index()].is_updated_at = true;
        arguments.finish(ctx.diagnostics);
    }
    if let Some(mut arguments) = attributes.single("default", ctx.diagnostics) {
        default::of_field(id, &mut arguments, ctx);
        arguments.finish(ctx.diagnostics);
    }
    if let ScalarFieldType::Scalar(scalar) = ty
        && let Some(attribute) = attributes.native_type(ctx.diagnostics)
    {
        ctx.resolved.origins.scalar_fields[id.index()].native_type = Some(attribute);
        // What is wrong about it is told by validation.
        let native_type = NativeType::parse(attribute.name.text, &attribute.arguments).ok();
        ctx.resolved.schema.scalar_fields[id.index()].native_type =
            native_type.filter(|native_type| native_type.scalar_type() == scalar);
    }
    if let Some(mut arguments) = attributes.single("unique", ctx.diagnostics) {
        index::unique_field(id, &mut arguments, ctx);
        arguments.finish(ctx.diagnostics);
    }
    if let Some(arguments) = attributes.single("shardKey", ctx.diagnostics) {
        shard_key::of_field(id, &arguments, ctx);
        arguments.finish(ctx.diagnostics);
    }
    attributes.finish(&KNOWN, ctx.diagnostics);
}

fn updated_at(
    ty: &ScalarFieldType,
    arity: Arity,
    arguments: &Arguments<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if *ty != ScalarFieldType::Scalar(ScalarType::DateTime) {
        let message = "Fields that are marked with @updatedAt must be of type DateTime.";
        diagnostics.push(arguments.error("updated-at-type", message));
    }
    if arity == Arity::List {
        let message = "Fields that are marked with @updatedAt cannot be lists.";
        diagnostics.push(arguments.error("updated-at-type", message));
    }
}

/// Two columns of one table may not have the same name.
fn check_mapped_name(
    id: ScalarFieldId,
    mapped: &mut HashMap<String, ScalarFieldId>,
    ctx: &mut Ctx<'_, '_>,
) {
    let schema = &ctx.resolved.schema;
    let field = &schema.scalar_fields[id.index()];
    let Some(name) = &field.mapped_name else { return };
    let model = &schema.models[field.model.index()];
    let mut others = Vec::new();
    others.extend(mapped.insert(name.clone(), id));
    // A field of that name that is itself mapped to another one is no clash.
    let positions = &ctx.names.fields[field.model.index()];
    let same = positions
        .get(name.as_str())
        .and_then(|position| ctx.names.field_ids[field.model.index()][*position]);
    if let Some(FieldId::Scalar(other)) = same {
        let mapped_name = &schema.scalar_fields[other.index()].mapped_name;
        if other != id && mapped_name.as_ref().is_none_or(|mapped| mapped == name) {
            others.push(other);
        }
    }
    let message = format!(
        "Field \"{}\" is already defined on {} \"{}\".",
        field.name.text,
        if model.is_view { "view" } else { "model" },
        model.name.text
    );
    for other in others {
        let other = &schema.scalar_fields[other.index()];
        ctx.diagnostics.push(
            Diagnostic::error("duplicate-column", &message, field.span)
                .label(other.span, format!("this is the column `{name}` too")),
        );
    }
}
