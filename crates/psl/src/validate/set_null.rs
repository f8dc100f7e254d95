//! `SetNull` on columns that cannot be null. The database takes it and fails later; an emulated relation refuses it.

use super::{Ctx, in_relation};
use crate::diagnostic::Diagnostic;
use crate::schema::{Arity, ReferentialAction, RelationMode};
use crate::walkers::RelationFieldWalker;

pub(super) fn check(forward: RelationFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let Some(required) = forward.fields().find(|field| field.arity() == Arity::Required) else {
        return;
    };
    for (argument, action) in
        [("onDelete", forward.data().on_delete), ("onUpdate", forward.data().on_update)]
    {
        if action != Some(ReferentialAction::SetNull) {
            continue;
        }
        let code = "set-null-on-required";
        let diagnostic = match ctx.resolved.schema.relation_mode() {
            RelationMode::ForeignKeys => Diagnostic::warning(
                code,
                format!(
                    "The `{argument}` referential action of a relation should not be set to `SetNull` when a \
                     referenced field is required. We recommend either to choose another referential action, or to \
                     make the referenced fields optional. Read more at https://pris.ly/d/postgres-set-null"
                ),
                forward.span(),
            ),
            RelationMode::Prisma => in_relation(
                code,
                forward,
                format!(
                    "The `{argument}` referential action of a relation must not be set to `SetNull` when a referenced \
                     field is required.\nEither choose another referential action, or make the referenced fields \
                     optional."
                ),
            ),
        };
        ctx.push(diagnostic.label(required.span(), "this field is required"));
    }
}
