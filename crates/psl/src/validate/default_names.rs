//! `@default(…, map: "…")`: PostgreSQL's defaults have no names.

use super::{Ctx, constraint_names_length};
use crate::diagnostic::Diagnostic;
use crate::walkers::ScalarFieldWalker;

pub(super) fn check(field: ScalarFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let Some(default) = ctx.origins().scalar_field(field.id()).default else { return };
    if let Some(name) = default.mapped_name {
        let model = field.model().name();
        constraint_names_length::check_default(name, default.attribute.span, model, ctx);
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
