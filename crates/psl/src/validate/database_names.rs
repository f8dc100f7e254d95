//! Two models that are one table, two enums that are one type.

use super::Ctx;
use crate::diagnostic::Diagnostic;
use crate::walkers::{EnumWalker, ModelWalker};
use std::collections::HashMap;

pub(super) fn check(ctx: &mut Ctx<'_, '_, '_>) {
    let schema = &ctx.resolved.schema;
    let (models, views): (Vec<_>, Vec<_>) = schema.models().partition(|model| !model.is_view());
    let mut seen: HashMap<(Option<&str>, &str), ModelWalker<'_>> = HashMap::new();
    for model in models.into_iter().chain(views) {
        let key = (model.namespace(), model.database_name());
        let Some(existing) = seen.insert(key, model) else { continue };
        // Told at the `@@map`, which either may have.
        let (mapped, other) =
            if model.data().mapped_name.is_some() { (model, existing) } else { (existing, model) };
        let attributes = &ctx.origins().model(mapped.id()).attributes;
        let span = attributes
            .iter()
            .find(|attribute| attribute.name.text == "map")
            .map(|attribute| attribute.span);
        let message = format!(
            "The model with database name \"{}\" could not be defined because another model or view with this name \
             exists: \"{}\"",
            model.database_name(),
            other.name(),
        );
        ctx.push(
            Diagnostic::error("duplicate-table", message, span.unwrap_or(mapped.span()))
                .label(other.data().name.span, "the other one"),
        );
    }
}

pub(super) fn check_enums(ctx: &mut Ctx<'_, '_, '_>) {
    let mut seen: HashMap<(Option<&str>, &str), EnumWalker<'_>> = HashMap::new();
    for r#enum in ctx.resolved.schema.enums() {
        if let Some(existing) = seen.insert((r#enum.namespace(), r#enum.database_name()), r#enum) {
            let message = "An enum with the same database name is already defined.";
            ctx.push(
                Diagnostic::error("duplicate-enum", message, r#enum.data().span)
                    .label(existing.data().name.span, "the other one"),
            );
        }
    }
}
