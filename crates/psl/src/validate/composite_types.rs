//! `type` blocks, which PostgreSQL has nothing for.

use super::Ctx;
use crate::diagnostic::Diagnostic;

pub(super) fn check(ctx: &mut Ctx<'_, '_, '_>) {
    for block in &ctx.origins().composite_types {
        let message =
            format!("Composite types are not supported on {}.", ctx.database_in_messages());
        ctx.push(Diagnostic::validating("composite-type", message, block.span));
    }
}
