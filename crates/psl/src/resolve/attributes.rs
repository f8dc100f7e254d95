//! Third pass: attributes. Each is read on its own and relies on names and types only.

use super::{Ctx, composite_types, enums, fields, models, relation_attribute};
use crate::ast::File;
use crate::schema::{EnumId, ModelId, RelationFieldId};

pub(super) fn resolve<'a>(files: &'a [File<'a>], ctx: &mut Ctx<'a, '_>) {
    // Relation fields first: what is wrong with an index on one is told with the columns that were probably meant.
    for id in ids(ctx.resolved.schema.relation_fields.len()).map(RelationFieldId) {
        relation_attribute::resolve(id, ctx);
    }
    for id in ids(ctx.resolved.schema.models.len()).map(ModelId) {
        fields::resolve(id, ctx);
        models::resolve(id, ctx);
    }
    for id in ids(ctx.resolved.schema.enums.len()).map(EnumId) {
        enums::resolve(id, ctx);
    }
    composite_types::resolve(files, ctx);
}

fn ids(len: usize) -> std::ops::Range<u32> {
    0..u32::try_from(len).unwrap_or(u32::MAX)
}
