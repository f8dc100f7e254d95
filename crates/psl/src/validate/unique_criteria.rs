//! Every model needs a way to name one row: a key or unique index of columns that are there in every row.

use super::Ctx;
use crate::diagnostic::Diagnostic;
use crate::schema::{Arity, ScalarFieldType};
use crate::walkers::{IndexWalker, ModelWalker, ScalarFieldWalker};

pub(super) fn check(model: ModelWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if model.is_ignored() || model.unique_criteria().any(|index| names_every_row(index, ctx)) {
        return;
    }
    let mut message = "Each model must have at least one unique criteria that has only required fields. Either mark a \
                       single field with `@id`, `@unique` or add a multi field criterion with `@@id([])` or \
                       `@@unique([])` to the model."
        .to_owned();
    let loose: Vec<String> = model
        .unique_criteria()
        .map(|index| {
            let names: Vec<&str> = index.fields().map(ScalarFieldWalker::name).collect();
            format!("- {}", names.join(", "))
        })
        .collect();
    if !loose.is_empty() {
        message += " The following unique criterias were not considered as they contain fields that are not required:\n";
        message += &loose.join("\n");
    }
    let name = model.name();
    let diagnostic =
        Diagnostic::in_model("no-unique-criterion", "model", name, message, model.span());
    let is_id = |field: &ScalarFieldWalker<'_>| {
        field.name().eq_ignore_ascii_case("id")
            && field.arity() == Arity::Required
            && !matches!(field.ty(), ScalarFieldType::Unsupported(_))
    };
    ctx.push(match model.scalar_fields().find(is_id) {
        Some(id) => diagnostic.label(id.data().name.span, "perhaps this one is an `@id`"),
        None => diagnostic,
    });
}

/// Whether its fields are never NULL and of types that the client can compare.
pub(super) fn names_every_row(index: IndexWalker<'_>, ctx: &Ctx<'_, '_, '_>) -> bool {
    index.fields().all(|field| {
        let is_composite = ctx.origins().scalar_field(field.id()).composite_type.is_some();
        let is_unsupported = matches!(field.ty(), ScalarFieldType::Unsupported(_));
        field.arity() != Arity::Optional && (is_composite || !is_unsupported)
    })
}
