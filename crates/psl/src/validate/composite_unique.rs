//! A composite type is no part of a compound unique index.

use super::Ctx;
use crate::ast::Expr;
use crate::schema::IndexKind;
use crate::walkers::{IndexWalker, ScalarFieldWalker};

pub(super) fn check(index: IndexWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if index.kind() != IndexKind::Unique || index.columns().len() < 2 {
        return;
    }
    let list = ctx.origin(index).attribute.arguments.list.iter();
    let columns: Vec<&Expr<'_>> = list
        .flat_map(|argument| match &argument.value {
            Expr::Array(columns, _) => columns.as_slice(),
            one => std::slice::from_ref(one),
        })
        .collect();
    // `t.a` names a field of a composite type, which is none.
    let is_whole = |field: &ScalarFieldWalker<'_>| {
        ctx.origins().scalar_field(field.id()).composite_type.is_some()
            && columns.iter().any(|column| {
                matches!(column, Expr::Constant(name, _) | Expr::Function(name, ..) if *name == field.name())
            })
    };
    let Some(field) = index.fields().find(is_whole) else { return };
    let message = format!(
        "Prisma does not currently support composite types in compound unique indices, please remove {:?} from the \
         index. See https://pris.ly/d/mongodb-composite-compound-indices for more details",
        field.name()
    );
    ctx.push(ctx.in_index("composite-type-in-unique", index, message));
}
