//! Column types that not every database has: lists and decimal numbers.

use crate::diagnostic::Diagnostic;
use crate::schema::{Arity, ScalarType};
use crate::validate::{Ctx, container};
use crate::walkers::ScalarFieldWalker;

const CODE: &str = "column-type-without-datasource";

pub(super) fn check(field: ScalarFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let is_list = field.arity() == Arity::List;
    match field.scalar_type() {
        Some(ScalarType::Json) if is_list => refuse(field, "Json[]", "Json List", ctx),
        Some(ScalarType::Decimal) => refuse(field, "Decimal", "Decimal", ctx),
        _ => {}
    }
    if is_list {
        let message = format!(
            "Field \"{}\" in {} \"{}\" can't be a list. The current connector does not support lists of primitive \
             types.",
            field.name(),
            container(field.model()),
            field.model().name(),
        );
        ctx.push(Diagnostic::error(CODE, message, field.span()));
    }
}

fn refuse(field: ScalarFieldWalker<'_>, ty: &str, missing: &str, ctx: &mut Ctx<'_, '_, '_>) {
    let (name, container, model) = (field.name(), container(field.model()), field.model().name());
    let message = format!(
        "Field `{name}` in {container} `{model}` can't be of type {ty}. The current connector does not support the \
         {missing} type."
    );
    ctx.push(Diagnostic::in_field(CODE, name, container, model, message, field.span()));
}
