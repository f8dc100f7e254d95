//! A relation is written on both its models.

use super::{Ctx, container};
use crate::diagnostic::Diagnostic;
use crate::walkers::RelationFieldWalker;

/// `field` is the only end of its relation.
pub(super) fn lonely(field: RelationFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let (model, related) = (field.model(), field.related_model());
    let message = format!(
        "The relation field `{}` on {} `{}` is missing an opposite relation field on the model `{}`. Either run \
         `prisma format` or add it manually.",
        field.name(),
        container(model),
        model.name(),
        related.name(),
    );
    let code = "missing-opposite-field";
    ctx.push(
        Diagnostic::in_field(
            code,
            field.name(),
            container(model),
            model.name(),
            message,
            field.span(),
        )
        .label(related.data().name.span, format!("needs a field of type `{}`", model.name())),
    );
}
