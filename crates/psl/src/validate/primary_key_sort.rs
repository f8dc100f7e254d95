//! `sort:` in a primary key, which other databases have.

use super::Ctx;
use crate::walkers::ModelWalker;

pub(super) fn check(model: ModelWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let Some(primary_key) = model.primary_key() else { return };
    if primary_key.columns().iter().any(|column| column.sort.is_some()) {
        let message =
            "The sort argument is not supported in the primary key with the current connector";
        ctx.push(ctx.in_index("primary-key-sort", primary_key, message));
    }
}
