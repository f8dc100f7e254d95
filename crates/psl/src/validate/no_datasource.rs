//! Schemas without a datasource: what only some databases have is refused, as nothing says that this one has it.

mod autoincrement;
mod column_types;
mod constraint_names;
mod index_types;

use super::Ctx;
use crate::walkers::{IndexWalker, ModelWalker, RelationFieldWalker, ScalarFieldWalker};

pub(super) fn check_model(model: ModelWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    constraint_names::check_primary_key(model, ctx);
    autoincrement::check(model, ctx);
}

pub(super) fn check_field(field: ScalarFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if !ctx.has_datasource() {
        column_types::check(field, ctx);
    }
}

pub(super) fn check_relation_field(field: RelationFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if !ctx.has_datasource() {
        constraint_names::check_foreign_key(field, ctx);
    }
}

pub(super) fn check_index(index: IndexWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if !ctx.has_datasource() {
        index_types::check(index, ctx);
    }
}
