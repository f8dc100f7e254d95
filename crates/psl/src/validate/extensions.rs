//! Names in `extensions = […]`.

use super::Ctx;
use crate::diagnostic::Diagnostic;

pub(super) fn check(ctx: &mut Ctx<'_, '_, '_>) {
    let Some(datasource) = ctx.resolved.schema.datasource() else { return };
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
