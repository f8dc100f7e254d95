//! The two ends of a foreign key have the same type, column by column.

use super::unique_criteria::names_every_row;
use super::{Ctx, in_relation};
use crate::walkers::{IndexWalker, RelationFieldWalker, ScalarFieldWalker};

pub(super) fn check(forward: RelationFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let mut references: Vec<ScalarFieldWalker<'_>> = forward.references().collect();
    if forward.data().references.is_none() {
        // Where nothing is said, the first way to name one row is meant.
        let mut keys = forward.related_model().unique_criteria();
        let key = keys.find(|key| names_every_row(*key, ctx));
        references.extend(key.into_iter().flat_map(IndexWalker::fields));
    }
    for (column, referenced) in forward.fields().zip(references) {
        let composite_type =
            |field: ScalarFieldWalker<'_>| ctx.origins().scalar_field(field.id()).composite_type;
        if column.ty() == referenced.ty() && composite_type(column) == composite_type(referenced) {
            continue;
        }
        let message = format!(
            "The type of the field `{}` in the model `{}` is not matching the type of the referenced field `{}` in \
             model `{}`.",
            column.name(),
            column.model().name(),
            referenced.name(),
            referenced.model().name(),
        );
        let (written, other) =
            (ctx.origins().scalar_field(column.id()), ctx.origins().scalar_field(referenced.id()));
        ctx.push(
            in_relation("relation-type-mismatch", forward, message)
                .label(written.field.ty_span, "this type")
                .label(other.field.ty_span, "has to be this type"),
        );
    }
}
