//! `SetNull` on columns that cannot be null. The database takes it and fails later; an emulated relation refuses it.

use super::{Ctx, in_relation};
use crate::diagnostic::Diagnostic;
use crate::schema::{Arity, ReferentialAction, RelationMode};
use crate::walkers::RelationFieldWalker;

pub(super) fn check(forward: RelationFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    // A field that does not say what its columns are is taken at its worst.
    let required = forward.fields().find(|field| field.arity() == Arity::Required);
    if required.is_none() && forward.is_forward() {
        return;
    }
    for (argument, action) in
        [("onDelete", forward.data().on_delete), ("onUpdate", forward.data().on_update)]
    {
        if action != Some(ReferentialAction::SetNull) {
            continue;
        }
        let code = "set-null-on-required";
        let diagnostic = match ctx.resolved.schema.relation_mode() {
            RelationMode::ForeignKeys if ctx.has_datasource() => Diagnostic::warning(
                code,
                format!(
                    "The `{argument}` referential action of a relation should not be set to `SetNull` when a \
                     referenced field is required. We recommend either to choose another referential action, or to \
                     make the referenced fields optional. Read more at https://pris.ly/d/postgres-set-null"
                ),
                forward.span(),
            ),
            _ => in_relation(
                code,
                forward,
                format!(
                    "The `{argument}` referential action of a relation must not be set to `SetNull` when a referenced \
                     field is required.\nEither choose another referential action, or make the referenced fields \
                     optional."
                ),
            ),
        };
        ctx.push(match required {
            Some(required) => diagnostic.label(required.span(), "this field is required"),
            None => diagnostic,
        });
    }
}
