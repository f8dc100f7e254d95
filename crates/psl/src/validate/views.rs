//! Views have no keys and no plain indexes of their own, and are a preview feature.

use super::Ctx;
use crate::diagnostic::Diagnostic;
use crate::resolve::Feature;
use crate::schema::{IndexColumn, IndexKind};
use crate::walkers::{IndexWalker, ModelWalker};

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
}

pub(super) fn check_index(index: IndexWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let origin = ctx.origin(index);
    let span = origin.attribute.span;
    let mut refuse = |message: &str| {
        ctx.push(Diagnostic::validating("view-index", message, span));
    };
    if index.kind() == IndexKind::Normal {
        refuse("Views cannot have indexes.");
    }
    if index.data().mapped_name.is_some() {
        refuse(
            "@@unique annotations on views are not backed by unique indexes in the database and cannot specify a \
             mapped database name.",
        );
    }
    if origin.is_clustered {
        refuse(
            "@@unique annotations on views are not backed by unique indexes in the database and cannot be clustered.",
        );
    }
    let has_arguments = |column: &IndexColumn| column.sort.is_some() || column.ops.is_some();
    if origin.has_length || index.columns().iter().any(has_arguments) {
        let message = "Scalar fields in @@unique attributes in views cannot have arguments.";
        ctx.push(ctx.in_index("view-index", index, message));
    }
}
