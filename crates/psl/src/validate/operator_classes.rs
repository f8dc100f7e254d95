//! Operator classes are for `@@index` only.

use super::Ctx;
use crate::schema::IndexKind;
use crate::walkers::IndexWalker;

pub(super) fn check(index: IndexWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let is_plain = index.kind() == IndexKind::Normal && !ctx.origin(index).is_fulltext;
    if !is_plain && index.columns().iter().any(|column| column.ops.is_some()) {
        let message = "Operator classes can only be defined to fields in an @@index attribute.";
        ctx.push(ctx.in_index("operator-class-on-unique", index, message));
    }
}
