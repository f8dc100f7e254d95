//! `map:` of primary and foreign keys, which have no names in some databases.

use crate::diagnostic::Diagnostic;
use crate::validate::Ctx;
use crate::walkers::{ModelWalker, RelationFieldWalker};

const CODE: &str = "constraint-name-without-datasource";

pub(super) fn check_primary_key(model: ModelWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if model.primary_key().is_some_and(|key| key.data().mapped_name.is_some()) {
        let message = "You defined a database name for the primary key on the model. This is not supported by the \
                       provider.";
        ctx.push(Diagnostic::in_model(CODE, "model", model.name(), message, model.span()));
    }
}

pub(super) fn check_foreign_key(field: RelationFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let attribute = ctx.origins().relation_field(field.id()).attribute;
    if let Some(attribute) = attribute.filter(|_| field.data().mapped_name.is_some()) {
        let message = "Your provider does not support named foreign keys.";
        ctx.push(Diagnostic::in_attribute(CODE, "@relation", message, attribute.span));
    }
}
