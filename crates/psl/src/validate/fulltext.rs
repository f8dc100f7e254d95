//! `@@fulltext`, which other databases have.

use super::Ctx;
use crate::walkers::IndexWalker;

pub(super) fn check(index: IndexWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if ctx.origin(index).is_fulltext {
        let message = "Defining fulltext indexes is not supported with the current connector.";
        ctx.push(ctx.in_index("fulltext", index, message));
    }
}
