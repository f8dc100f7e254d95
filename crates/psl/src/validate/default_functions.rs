//! Functions in `@default` that nobody knows, and `auto()`, which is another database's.

use super::Ctx;
use crate::ast::Expr;
use crate::diagnostic::Diagnostic;
use crate::resolve::{FUNCTIONS, unknown_function};
use crate::schema::ScalarFieldType;
use crate::walkers::ScalarFieldWalker;

pub(super) fn check_unknown(ctx: &mut Ctx<'_, '_, '_>) {
    for model in ctx.resolved.schema.models() {
        for field in model.scalar_fields() {
            if !matches!(field.ty(), ScalarFieldType::Scalar(_)) {
                continue;
            }
            let Some(default) = ctx.origins().scalar_field(field.id()).default else { continue };
            let Expr::Function(name, _, span) = default.value else { continue };
            if !FUNCTIONS.contains(name) {
                ctx.push(unknown_function(name, *span));
            }
        }
    }
}

pub(super) fn check_auto(field: ScalarFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let Some(default) = ctx.origins().scalar_field(field.id()).default else { return };
    if let Expr::Function("auto", _, span) = default.value {
        let message = "The current connector does not support the `auto()` function.";
        ctx.push(Diagnostic::in_attribute("auto-default", "@default", message, *span));
    }
}
