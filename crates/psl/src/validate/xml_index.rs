//! Columns of type `xml` cannot be compared, and so not be indexed.

use super::Ctx;
use crate::diagnostic::Diagnostic;
use crate::native_type::NativeType;
use crate::schema::IndexKind;
use crate::walkers::IndexWalker;

pub(super) fn check(index: IndexWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let Some(field) = index.fields().find(|field| field.native_type() == Some(NativeType::Xml))
    else {
        return;
    };
    let message = if index.kind() == IndexKind::Unique {
        "Native type `Xml` cannot be unique in Postgres."
    } else {
        "You cannot define an index on fields with native type `Xml` of Postgres."
    };
    let span = ctx.origin(index).attribute.span;
    ctx.push(Diagnostic::error("xml-index", message, field.span()).label(span, "the index"));
}
