//! `type` blocks, which PostgreSQL has nothing for.

use super::Ctx;
use crate::diagnostic::Diagnostic;

pub(super) fn check(ctx: &mut Ctx<'_, '_, '_>) {
    for block in &ctx.origins().composite_types {
        let message = "Composite types are not supported on Postgres.";
        ctx.push(Diagnostic::validating("composite-type", message, block.span));
    }
}
