//! Attributes of models and views.

use super::arguments::AttributeSet;
use super::given_names::{mapped_name, namespace};
use super::{Ctx, index, primary_key, shard_key};
use crate::diagnostic::Diagnostic;
use crate::schema::{FieldId, ModelId};

/// For suggestions.
const KNOWN: [&str; 6] = ["id", "unique", "index", "map", "ignore", "schema"];

pub(super) fn resolve(id: ModelId, ctx: &mut Ctx<'_, '_>) {
    let block = ctx.resolved.origins.model(id);
    let mut attributes = AttributeSet::new(&block.attributes);

    if let Some(arguments) = attributes.single("ignore", ctx.diagnostics) {
        ignored_twice(id, ctx);
        ctx.resolved.schema.models[id.index()].is_ignored = true;
        arguments.finish(ctx.diagnostics);
    }
    if let Some(mut arguments) = attributes.single("id", ctx.diagnostics) {
        primary_key::of_model(id, &mut arguments, ctx);
        arguments.finish(ctx.diagnostics);
    }
    if let Some(mut arguments) = attributes.single("map", ctx.diagnostics) {
        let name = mapped_name(&mut arguments, ctx.diagnostics);
        ctx.resolved.schema.models[id.index()].mapped_name = name;
        arguments.finish(ctx.diagnostics);
    }
    if let Some(arguments) = attributes.single("schema", ctx.diagnostics) {
        ctx.resolved.schema.models[id.index()].namespace = namespace(arguments, ctx.diagnostics);
    }
    for mut arguments in attributes.repeated("index", ctx.diagnostics) {
        index::index(id, &mut arguments, ctx);
        arguments.finish(ctx.diagnostics);
    }
    for mut arguments in attributes.repeated("unique", ctx.diagnostics) {
        index::unique(id, &mut arguments, ctx);
        arguments.finish(ctx.diagnostics);
    }
    for mut arguments in attributes.repeated("fulltext", ctx.diagnostics) {
        index::fulltext(id, &mut arguments, ctx);
        arguments.finish(ctx.diagnostics);
    }
    if let Some(mut arguments) = attributes.single("shardKey", ctx.diagnostics) {
        shard_key::of_model(id, &mut arguments, ctx);
        arguments.finish(ctx.diagnostics);
    }
    primary_key::check_arity(id, ctx.diagnostics, &ctx.resolved);
    shard_key::check_arity(id, ctx);
    attributes.finish(&KNOWN, ctx.diagnostics);
}

fn ignored_twice(id: ModelId, ctx: &mut Ctx<'_, '_>) {
    let schema = &ctx.resolved.schema;
    for id in &schema.models[id.index()].fields {
        let FieldId::Scalar(id) = id else { continue };
        let field = &schema.scalar_fields[id.index()];
        if field.is_ignored {
            let message = "Fields on an already ignored Model do not need an `@ignore` annotation.";
            let diagnostic =
                Diagnostic::in_attribute("ignored-twice", "@ignore", message, field.span);
            let written = ctx.resolved.origins.scalar_field(*id).field;
            let ignore =
                written.attributes.iter().find(|attribute| attribute.name.text == "ignore");
            ctx.diagnostics.push(match ignore {
                Some(ignore) => diagnostic.fix("remove it", written.with_blanks_before(ignore), ""),
                None => diagnostic,
            });
        }
    }
}
