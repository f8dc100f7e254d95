//! A field that names an ignored model has to be ignored itself.

use super::Ctx;
use crate::diagnostic::Diagnostic;
use crate::walkers::RelationFieldWalker;

pub(super) fn check(field: RelationFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let (model, related) = (field.model(), field.related_model());
    if !related.is_ignored() || field.data().is_ignored || model.is_ignored() {
        return;
    }
    let message = format!(
        "The relation field `{}` on Model `{}` must specify the `@ignore` attribute, because the model {} it is \
         pointing to is marked ignored.",
        field.name(),
        model.name(),
        related.name(),
    );
    ctx.push(
        Diagnostic::in_attribute("ignored-model", "@ignore", message, field.span())
            .label(related.data().name.span, "this model is ignored"),
    );
}
