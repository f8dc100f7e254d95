//! Names that attributes give: `@map`, `@@schema`, `map:` and `name:`.

use super::arguments::Arguments;
use super::coerce;
use crate::diagnostic::Diagnostic;
use crate::schema::Name;

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
