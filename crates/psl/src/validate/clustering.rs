//! `clustered:`, which other databases have.

use super::Ctx;
use crate::walkers::{IndexWalker, ModelWalker};

pub(super) fn check_primary_key(model: ModelWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if let Some(primary_key) = model.primary_key() {
        check_index(primary_key, ctx);
    }
}

pub(super) fn check_index(index: IndexWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if ctx.origin(index).is_clustered {
        let message = "Defining clustering is not supported in the current connector.";
        ctx.push(ctx.in_index("clustering", index, message));
    }
}
