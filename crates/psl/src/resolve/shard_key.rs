//! `@shardKey` and `@@shardKey`. Always refused in the end, as PostgreSQL has none; read to be refused with the right
//! words.

use super::arguments::Arguments;
use super::index_columns::{self, Columns};
use super::primary_key::in_words;
use super::{Ctx, ShardKey};
use crate::diagnostic::Diagnostic;
use crate::schema::ModelId;

pub(super) fn of_field<'a>(model: ModelId, arguments: &Arguments<'a>, ctx: &mut Ctx<'a, '_>) {
    if has_shard_key(model, ctx) {
        let message =
            "At most one field must be marked as the shard key with the `@shardKey` attribute.";
        refuse(model, message, ctx);
        return;
    }
    let shard_key =
        ShardKey { model, attribute: arguments.attribute, on_field: true, is_empty: false };
    ctx.resolved.shard_keys.push(shard_key);
}

pub(super) fn of_model<'a>(model: ModelId, arguments: &mut Arguments<'a>, ctx: &mut Ctx<'a, '_>) {
    let attribute = arguments.attribute;
    let Some(fields) = arguments.default("fields", ctx.diagnostics) else { return };
    let name = ctx.resolved.schema.models[model.index()].name.text.clone();
    let is_empty = match index_columns::resolve(fields, attribute.span, model, false, ctx) {
        Columns::Resolved { columns, .. } => columns.is_empty(),
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
    if has_shard_key(model, ctx) {
        let message = "Each model must have at most one shard key. You can't have `@shardKey` and `@@shardKey` at the \
                       same time.";
        refuse(model, message, ctx);
    }
    ctx.resolved.shard_keys.push(ShardKey { model, attribute, on_field: false, is_empty });
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
