//! `@default(…, map: "…")`: PostgreSQL's defaults have no names.

use super::Ctx;
use crate::diagnostic::Diagnostic;
use crate::walkers::ScalarFieldWalker;

pub(super) fn check(field: ScalarFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let Some(default) = ctx.origins().scalar_field(field.id()).default else { return };
    if default.mapped_name.is_some() {
        let message = "You defined a database name for the default value of a field on the model. This is not \
                       supported by the provider.";
        ctx.push(Diagnostic::in_attribute(
            "named-default",
            "@default",
            message,
            default.attribute.span,
        ));
    }
}
