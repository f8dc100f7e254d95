//! With `relationMode = "prisma"` there are no foreign keys, and a relation without an index is slow.

use super::Ctx;
use crate::diagnostic::Diagnostic;
use crate::schema::RelationMode;
use crate::walkers::{RelationFieldWalker, ScalarFieldWalker};

pub(super) fn check(field: RelationFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if ctx.resolved.schema.relation_mode() != RelationMode::Prisma {
        return;
    }
    let Some(key) = &field.data().fields else { return };
    let model = field.model();
    if ctx.keys.is_indexed(model, key) {
        return;
    }
    let attribute = ctx.origins().relation_field(field.id()).attribute;
    let message = "With `relationMode = \"prisma\"`, no foreign keys are used, so relation fields will not benefit \
                   from the index usually created by the relational database under the hood. This can lead to poor \
                   performance when querying these fields. We recommend adding an index manually. Learn more at \
                   https://pris.ly/d/relation-mode-prisma-indexes\"";
    let names: Vec<&str> = field.fields().map(ScalarFieldWalker::name).collect();
    ctx.push(
        Diagnostic::warning(
            "missing-index",
            message,
            attribute.map_or(field.span(), |attribute| attribute.span),
        )
        .help(format!("add `@@index([{}])`", names.join(", "))),
    );
}
