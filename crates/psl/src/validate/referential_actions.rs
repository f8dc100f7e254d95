//! With `relationMode = "prisma"` the client does the database's work, and cannot do all of it.

use super::Ctx;
use crate::diagnostic::Diagnostic;
use crate::schema::{ReferentialAction, RelationMode};
use crate::walkers::RelationFieldWalker;

pub(super) fn check(field: RelationFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if ctx.resolved.schema.relation_mode() == RelationMode::ForeignKeys {
        return;
    }
    let Some(attribute) = ctx.origins().relation_field(field.id()).attribute else { return };
    for (argument, action) in
        [("onDelete", field.data().on_delete), ("onUpdate", field.data().on_update)]
    {
        let hint = match action {
            Some(ReferentialAction::SetDefault) => "",
            Some(ReferentialAction::NoAction) => {
                ". `NoAction` is not implemented for Postgres when using `relationMode = \"prisma\"`, you could try \
                 using `Restrict` instead. Learn more at https://pris.ly/d/relation-mode"
            }
            _ => continue,
        };
        let action = action.map_or("", ReferentialAction::as_str);
        let message = format!(
            "Invalid referential action: `{action}`. Allowed values: (`Cascade`, `Restrict`, `SetNull`){hint}"
        );
        ctx.push(Diagnostic::validating(
            "emulated-referential-action",
            message,
            attribute.span_of(argument),
        ));
    }
}
