//! Views have no keys and no plain indexes of their own, and are a preview feature.

use super::Ctx;
use crate::diagnostic::Diagnostic;
use crate::resolve::Feature;
use crate::schema::IndexKind;
use crate::walkers::ModelWalker;

pub(super) fn check(view: ModelWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if !ctx.resolved.features.contains(&Feature::Views) {
        let message = "View definitions are only available with the `views` preview feature.";
        ctx.push(
            Diagnostic::validating("view-preview", message, view.span())
                .help("add `previewFeatures = [\"views\"]` to the generator"),
        );
    }
    if let Some(primary_key) = view.primary_key() {
        let span = ctx.origin(primary_key).attribute.span;
        ctx.push(Diagnostic::validating(
            "view-primary-key",
            "Views cannot have primary keys.",
            span,
        ));
    }
    for index in view.indexes().filter(|index| index.kind() == IndexKind::Normal) {
        let span = ctx.origin(index).attribute.span;
        ctx.push(Diagnostic::validating("view-index", "Views cannot have indexes.", span));
    }
}
