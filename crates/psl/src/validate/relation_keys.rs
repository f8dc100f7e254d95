//! The key's columns fit what the field promises: as many as are referred to, and none optional where the field is not.

use super::Ctx;
use crate::diagnostic::Diagnostic;
use crate::schema::Arity;
use crate::walkers::{RelationFieldWalker, ScalarFieldWalker};

pub(super) fn same_length(forward: RelationFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let (Some(fields), Some(references)) = (&forward.data().fields, &forward.data().references)
    else {
        return;
    };
    if fields.len() != references.len() {
        let attribute = ctx.origins().relation_field(forward.id()).attribute;
        let span = attribute.map_or(forward.span(), |attribute| attribute.span);
        let message = "You must specify the same number of fields in `fields` and `references`.";
        let mut diagnostic = Diagnostic::validating("relation-length-mismatch", message, span);
        for (argument, count) in [("fields", fields.len()), ("references", references.len())] {
            if let Some(argument) = attribute.and_then(|attribute| attribute.argument(argument)) {
                let text =
                    if count == 1 { "1 field".to_owned() } else { format!("{count} fields") };
                diagnostic = diagnostic.label(argument.span, text);
            }
        }
        ctx.push(diagnostic);
    }
}

pub(super) fn optionality(forward: RelationFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if forward.arity() != Arity::Required {
        return;
    }
    let Some(optional) = forward.fields().find(|field| field.arity() == Arity::Optional) else {
        return;
    };
    let names: Vec<&str> = forward.fields().map(ScalarFieldWalker::name).collect();
    let message = format!(
        "The relation field `{}` uses the scalar fields {}. At least one of those fields is optional. Hence the \
         relation field must be optional as well.",
        forward.name(),
        names.join(", "),
    );
    ctx.push(
        Diagnostic::validating("relation-optionality", message, forward.span())
            .label(optional.span(), "this field is optional"),
    );
}
