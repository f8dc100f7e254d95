//! `type:` of an index: every database has trees, and that is all they have in common.

use crate::diagnostic::Diagnostic;
use crate::schema::IndexAlgorithm;
use crate::validate::Ctx;
use crate::walkers::IndexWalker;

pub(super) fn check(index: IndexWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if matches!(index.algorithm(), None | Some(IndexAlgorithm::BTree)) {
        return;
    }
    let message = "The given index type is not supported with the current connector";
    let span = ctx.origin(index).attribute.span_of("type");
    let attribute = ctx.attribute_name(index);
    ctx.push(Diagnostic::in_attribute("index-type-without-datasource", &attribute, message, span));
}
