//! Third pass: attributes. Each is read on its own and relies on names and types only.

use super::arguments::Arguments;
use super::{Ctx, coerce, composite_types, enums, fields, models, relation_attribute};
use crate::ast::File;
use crate::diagnostic::Diagnostic;
use crate::schema::{EnumId, ModelId, Name, RelationFieldId};

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

/// The name in `@map("…")` or `@@map("…")`.
pub(super) fn mapped_name(
    arguments: &mut Arguments<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    let value = arguments.default("name", diagnostics)?;
    coerce::name(value, diagnostics).map(str::to_owned)
}

/// The argument `map:` or `name:`, which may not be empty.
pub(super) fn name_argument<'a>(
    name: &str,
    arguments: &mut Arguments<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<&'a str> {
    let value = coerce::name(arguments.optional(name)?, diagnostics)?;
    if value.is_empty() {
        let message = format!("The `{name}` argument cannot be an empty string.");
        diagnostics.push(arguments.error("empty-name", message));
        return None;
    }
    Some(value)
}

/// `@@schema("…")`.
pub(super) fn namespace(
    mut arguments: Arguments<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Name> {
    let value = arguments.default("map", diagnostics);
    let name = value.and_then(|value| Some((coerce::name(value, diagnostics)?, value.span())));
    arguments.finish(diagnostics);
    name.map(|(text, span)| Name { text: text.to_owned(), span })
}

fn ids(len: usize) -> std::ops::Range<u32> {
    0..u32::try_from(len).unwrap_or(u32::MAX)
}
