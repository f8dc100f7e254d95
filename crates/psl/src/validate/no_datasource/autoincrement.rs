//! `autoincrement()`: on the id only, and once.

use crate::diagnostic::Diagnostic;
use crate::schema::DefaultValue;
use crate::source::Span;
use crate::validate::Ctx;
use crate::walkers::{ModelWalker, ScalarFieldWalker};

pub(super) fn check(model: ModelWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let counted: Vec<ScalarFieldWalker<'_>> = model
        .scalar_fields()
        .filter(|field| matches!(field.default(), Some(DefaultValue::Autoincrement)))
        .collect();
    if counted.len() > 1 {
        let message = "The `autoincrement()` default value is used multiple times on this model even though the \
                       underlying datasource only supports one instance per table.";
        ctx.push(diagnostic(message, model.span()));
    }
    for field in counted {
        if !is_primary_key(field, model) {
            let message = "The `autoincrement()` default value is used on a non-id field even though the datasource \
                           does not support this.";
            ctx.push(diagnostic(message, field.span()));
        }
        if !is_first_of_a_key(field, model) {
            let message = "The `autoincrement()` default value is used on a non-indexed field even though the \
                           datasource does not support this.";
            ctx.push(diagnostic(message, field.span()));
        }
    }
}

fn diagnostic(message: &str, span: Span) -> Diagnostic {
    Diagnostic::in_attribute("autoincrement-without-datasource", "@default", message, span)
}

fn is_primary_key(field: ScalarFieldWalker<'_>, model: ModelWalker<'_>) -> bool {
    model
        .primary_key()
        .is_some_and(|key| key.columns().len() == 1 && key.columns()[0].field == field.id())
}

fn is_first_of_a_key(field: ScalarFieldWalker<'_>, model: ModelWalker<'_>) -> bool {
    let mut keys = model.primary_key().into_iter().chain(model.indexes());
    keys.any(|key| key.columns().first().is_some_and(|column| column.field == field.id()))
}
