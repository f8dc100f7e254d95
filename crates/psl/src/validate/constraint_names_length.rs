//! Names given by `map:` that PostgreSQL would cut.

use super::Ctx;
use crate::constraint_names::MAX_BYTES;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::walkers::{IndexWalker, RelationFieldWalker};

pub(super) fn check_index(index: IndexWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    check(index, index.data().mapped_name.as_deref(), ctx);
}

pub(super) fn check(index: IndexWalker<'_>, name: Option<&str>, ctx: &mut Ctx<'_, '_, '_>) {
    let Some(name) = name.filter(|name| is_too_long(name, ctx)) else { return };
    let message = message(name, &ctx.attribute_name(index));
    let span = ctx.origin(index).attribute.span;
    ctx.push(Diagnostic::in_model(
        "constraint-name-too-long",
        "model",
        index.model().name(),
        message,
        span,
    ));
}

pub(super) fn check_relation(field: RelationFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let Some(name) = field.data().mapped_name.as_deref().filter(|name| is_too_long(name, ctx))
    else {
        return;
    };
    let Some(attribute) = ctx.origins().relation_field(field.id()).attribute else { return };
    let message = message(name, "@relation");
    let model = field.model();
    ctx.push(Diagnostic::in_model(
        "constraint-name-too-long",
        "model",
        model.name(),
        message,
        attribute.span,
    ));
}

pub(super) fn check_default(name: &str, attribute: Span, model: &str, ctx: &mut Ctx<'_, '_, '_>) {
    if is_too_long(name, ctx) {
        let message = message(name, "@default");
        let code = "constraint-name-too-long";
        ctx.push(Diagnostic::in_model(code, "model", model, message, attribute));
    }
}

fn is_too_long(name: &str, ctx: &Ctx<'_, '_, '_>) -> bool {
    ctx.has_datasource() && name.len() > MAX_BYTES
}

fn message(name: &str, attribute: &str) -> String {
    format!(
        "The constraint name '{name}' specified in the `map` argument for the `{attribute}` constraint is too long for \
         your chosen provider. The maximum allowed length is {MAX_BYTES} bytes."
    )
}
