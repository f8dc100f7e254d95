//! `@shardKey` and `@@shardKey`, which other databases have.

use super::Ctx;
use crate::diagnostic::Diagnostic;
use crate::resolve::Feature;
use crate::walkers::ModelWalker;

pub(super) fn check(model: ModelWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let shard_keys = &ctx.resolved.shard_keys;
    let first = shard_keys.partition_point(|shard_key| shard_key.model < model.id());
    let Some(shard_key) = shard_keys.get(first).filter(|shard_key| shard_key.model == model.id())
    else {
        return;
    };
    let name = if shard_key.field.is_some() { "@shardKey" } else { "@@shardKey" };
    let mut messages = Vec::new();
    if shard_key.is_empty {
        messages.push("The list of fields in a `@@shardKey()` attribute cannot be empty. Please specify at least one field.");
    }
    if !ctx.resolved.features.contains(&Feature::ShardKeys) {
        messages.push("Defining shard keys requires enabling the `shardKeys` preview feature");
    }
    messages.push(if ctx.has_datasource() {
        "Shard keys are not currently supported for provider postgresql"
    } else {
        "Shard keys are not currently supported for provider empty"
    });
    for message in messages {
        ctx.push(Diagnostic::in_attribute("shard-key", name, message, shard_key.attribute.span));
    }
}
