//! An SP-GiST index has one column.

use super::Ctx;
use crate::schema::IndexAlgorithm;
use crate::walkers::IndexWalker;

pub(super) fn check(index: IndexWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if index.algorithm() == Some(IndexAlgorithm::SpGist) && index.columns().len() != 1 {
        ctx.push(ctx.in_index(
            "sp-gist-columns",
            index,
            "SpGist does not support multi-column indices.",
        ));
    }
}
