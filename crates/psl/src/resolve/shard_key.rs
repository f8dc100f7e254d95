//! `@shardKey` and `@@shardKey`. Always refused in the end, as PostgreSQL has none; read to be refused with the right
//! words.

use super::arguments::Arguments;
use super::index_columns::{self, Columns, Form};
use super::primary_key::in_words;
use super::{Ctx, ShardKey};
use crate::diagnostic::Diagnostic;
use crate::schema::{Arity, ModelId, ScalarFieldId};

pub(super) fn of_field<'a>(field: ScalarFieldId, arguments: &Arguments<'a>, ctx: &mut Ctx<'a, '_>) {
    let model = ctx.resolved.schema.scalar_fields[field.index()].model;
    if has_shard_key(model, ctx) {
        let message =
            "At most one field must be marked as the shard key with the `@shardKey` attribute.";
        refuse(model, message, ctx);
        return;
    }
    let shard_key =
        ShardKey { model, attribute: arguments.attribute, field: Some(field), is_empty: false };
    ctx.resolved.shard_keys.push(shard_key);
}

pub(super) fn of_model<'a>(model: ModelId, arguments: &mut Arguments<'a>, ctx: &mut Ctx<'a, '_>) {
    let attribute = arguments.attribute;
    let Some(fields) = arguments.default("fields", ctx.diagnostics) else { return };
    let name = ctx.resolved.schema.models[model.index()].name.text.clone();
    let columns = match index_columns::resolve(fields, attribute.span, model, Form::Name, ctx) {
        Columns::Resolved { columns, .. } => columns,
        Columns::Told => return,
        Columns::Wrong { unknown, relations } => {
            if !unknown.is_empty() {
                let names: Vec<&str> = unknown.iter().map(String::as_str).collect();
                let message = format!(
                    "The multi field shard key declaration refers to the unknown {}.",
                    in_words(&names)
                );
                ctx.diagnostics.push(Diagnostic::in_model(
                    "unknown-field",
                    "model",
                    &name,
                    message,
                    fields.span(),
                ));
            }
            if !relations.is_empty() {
                let relations: Vec<&str> = relations.iter().map(|relation| relation.name).collect();
                let message = format!(
                    "The shard key definition refers to the relation {}. Shard key definitions must reference only \
                     scalar fields.",
                    in_words(&relations)
                );
                ctx.diagnostics.push(Diagnostic::in_model(
                    "index-on-relation",
                    "model",
                    &name,
                    message,
                    attribute.span,
                ));
            }
            return;
        }
    };
    let schema = &ctx.resolved.schema;
    let optional: Vec<&str> = columns
        .iter()
        .map(|column| &schema.scalar_fields[column.field.index()])
        .filter(|field| field.arity != Arity::Required)
        .map(|field| field.name.text.as_str())
        .collect();
    if !optional.is_empty() && !schema.models[model.index()].is_ignored {
        let message = format!(
            "The shard key definition refers to the optional {}. Shard key definitions must reference only required \
             fields.",
            in_words(&optional)
        );
        ctx.diagnostics.push(Diagnostic::in_model(
            "optional-shard-key",
            "model",
            &name,
            message,
            attribute.span,
        ));
    }
    if has_shard_key(model, ctx) {
        let message = "Each model must have at most one shard key. You can't have `@shardKey` and `@@shardKey` at the \
                       same time.";
        refuse(model, message, ctx);
    }
    let is_empty = columns.is_empty();
    ctx.resolved.shard_keys.push(ShardKey { model, attribute, field: None, is_empty });
}

/// A `@shardKey` on a field that may be null or is a list. Told once the whole model is read: an ignored one may.
pub(super) fn check_arity(model: ModelId, ctx: &mut Ctx<'_, '_>) {
    let schema = &ctx.resolved.schema;
    let last = ctx.resolved.shard_keys.last().filter(|shard_key| shard_key.model == model);
    let Some(shard_key) = last.filter(|_| !schema.models[model.index()].is_ignored) else { return };
    let Some(field) = shard_key.field else { return };
    if schema.scalar_fields[field.index()].arity != Arity::Required {
        let message = "Fields that are marked as shard keys must be required.";
        let span = shard_key.attribute.span;
        let code = "optional-shard-key";
        ctx.diagnostics.push(Diagnostic::in_attribute(code, "@shardKey", message, span));
    }
}

fn has_shard_key(model: ModelId, ctx: &Ctx<'_, '_>) -> bool {
    ctx.resolved.shard_keys.last().is_some_and(|shard_key| shard_key.model == model)
}

fn refuse(model: ModelId, message: &str, ctx: &mut Ctx<'_, '_>) {
    let model = &ctx.resolved.schema.models[model.index()];
    ctx.diagnostics.push(Diagnostic::in_model(
        "two-shard-keys",
        "model",
        &model.name.text,
        message,
        model.span,
    ));
}
