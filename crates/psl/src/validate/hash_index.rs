//! A hash has no order.

use super::Ctx;
use crate::schema::IndexAlgorithm;
use crate::walkers::IndexWalker;

pub(super) fn check(index: IndexWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if ctx.has_datasource()
        && index.algorithm() == Some(IndexAlgorithm::Hash)
        && index.columns().iter().any(|column| column.sort.is_some())
    {
        ctx.push(ctx.in_index("sorted-hash", index, "Hash type does not support sort option."));
    }
}
