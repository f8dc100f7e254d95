//! Keys and indexes of no columns.

use super::Ctx;
use crate::walkers::{IndexWalker, ModelWalker};

pub(super) fn check_primary_key(model: ModelWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let Some(primary_key) = model.primary_key().filter(|key| key.columns().is_empty()) else {
        return;
    };
    let attribute = ctx.attribute_name(primary_key);
    let message = format!(
        "The list of fields in an `{attribute}()` attribute cannot be empty. Please specify at least one field."
    );
    ctx.push(ctx.in_index("empty-key", primary_key, message));
}

pub(super) fn check_index(index: IndexWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if index.columns().is_empty() {
        let message =
            "The list of fields in an index cannot be empty. Please specify at least one field.";
        ctx.push(ctx.in_index("empty-key", index, message));
    }
}
