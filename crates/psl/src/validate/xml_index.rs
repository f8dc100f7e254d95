//! Columns of type `xml` cannot be compared, and so not be indexed.

use super::Ctx;
use crate::diagnostic::Diagnostic;
use crate::native_type::NativeType;
use crate::schema::IndexKind;
use crate::walkers::{IndexWalker, ScalarFieldWalker};

pub(super) fn check(index: IndexWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    // Also where the field's own type is another, which is told elsewhere.
    let is_xml = |field: &ScalarFieldWalker<'_>| {
        let attribute = ctx.origins().scalar_field(field.id()).native_type;
        attribute.is_some_and(|attribute| {
            NativeType::parse(attribute.name.text, &attribute.arguments) == Ok(NativeType::Xml)
        })
    };
    let Some(field) = index.fields().find(is_xml) else { return };
    let message = if index.kind() == IndexKind::Unique {
        "Native type `Xml` cannot be unique in Postgres."
    } else {
        "You cannot define an index on fields with native type `Xml` of Postgres."
    };
    let span = ctx.origin(index).attribute.span;
    ctx.push(Diagnostic::error("xml-index", message, field.span()).label(span, "the index"));
}
