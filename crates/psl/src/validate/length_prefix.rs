//! `length:` of an indexed column, which other databases have.

use super::Ctx;
use crate::walkers::{IndexWalker, ModelWalker};

pub(super) fn check_primary_key(model: ModelWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if let Some(primary_key) = model.primary_key().filter(|key| ctx.origin(*key).has_length) {
        let message =
            "The length argument is not supported in the primary key with the current connector";
        ctx.push(ctx.in_index("length-prefix", primary_key, message));
    }
}

pub(super) fn check_index(index: IndexWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if ctx.origin(index).has_length {
        let message = "The length argument is not supported in an index definition with the current connector";
        ctx.push(ctx.in_index("length-prefix", index, message));
    }
}
