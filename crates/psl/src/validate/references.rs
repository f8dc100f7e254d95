//! A foreign key refers to a primary key or unique index, whole.

use super::{Ctx, in_relation};
use crate::walkers::{RelationFieldWalker, ScalarFieldWalker};

pub(super) fn check(forward: RelationFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let Some(columns) = forward.data().references.as_deref().filter(|list| !list.is_empty()) else {
        return;
    };
    let related = forward.related_model();
    if ctx.keys.is_unique(related, columns) {
        return;
    }
    let references: Vec<&str> = forward.references().map(ScalarFieldWalker::name).collect();
    let written = references.join(", ");
    let what = "The argument `references` must refer to a unique criterion in the related model. Consider adding an";
    let (model, related) = (related, related.name());
    let message = if references.len() == 1 {
        format!("{what} `@unique` attribute to the field `{written}` in the model `{related}`.")
    } else {
        format!("{what} `@@unique([{written}])` attribute to the model `{related}`.")
    };
    let diagnostic = in_relation("references-not-unique", forward, message);
    let only = forward.references().next().filter(|_| references.len() == 1);
    ctx.push(match only {
        Some(field) => diagnostic.label(field.data().name.span, "is not unique"),
        None => diagnostic.label(model.data().name.span, "has no such criterion"),
    });
}
