//! `extensions = […]`: a preview feature, and names that can be names.

use super::Ctx;
use crate::diagnostic::Diagnostic;
use crate::resolve::Feature;

pub(super) fn check(ctx: &mut Ctx<'_, '_, '_>) {
    let Some(datasource) = ctx.resolved.schema.datasource() else { return };
    if !ctx.resolved.features.contains(&Feature::PostgresqlExtensions) {
        if let Some(span) = ctx.origins().extensions {
            let message = "The `extensions` property is only available with the `postgresqlExtensions` preview feature.";
            ctx.push(
                Diagnostic::error("extensions-preview", message, span)
                    .help("add `previewFeatures = [\"postgresqlExtensions\"]` to the generator"),
            );
        }
        return;
    }
    for extension in &datasource.extensions {
        let name = &extension.name;
        let message = if name.text.starts_with(|c: char| c.is_ascii_digit()) {
            "The name of an extension must not start with a number."
        } else if name.text.contains('-') {
            "The character `-` is not allowed in extension names."
        } else {
            continue;
        };
        ctx.push(Diagnostic::validating("invalid-name", message, name.span));
    }
}
