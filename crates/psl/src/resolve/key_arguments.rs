//! Arguments that keys and indexes have in common.

use super::arguments::Arguments;
use super::coerce;
use super::given_names::name_argument;
use crate::diagnostic::Diagnostic;
use crate::schema::SortOrder;
use crate::suggest::suggest;

/// `sort: Asc | Desc` on `@id` or `@unique`.
pub(super) fn sort(
    arguments: &mut Arguments<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<SortOrder> {
    let value = arguments.optional("sort")?;
    match coerce::constant(value, diagnostics)? {
        "Asc" => Some(SortOrder::Asc),
        "Desc" => Some(SortOrder::Desc),
        other => {
            let message =
                format!("The `sort` argument can only be `Asc` or `Desc` you provided: {other}.");
            let diagnostic = arguments.error("invalid-sort", message);
            diagnostics.push(suggest(diagnostic, other, value.span(), ["Asc", "Desc"]));
            None
        }
    }
}

/// `map:` as a constraint's name.
pub(super) fn map(
    arguments: &mut Arguments<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    name_argument("map", arguments, diagnostics).map(str::to_owned)
}

/// `length:`, which other databases have; whether it is there.
pub(super) fn length(arguments: &mut Arguments<'_>, diagnostics: &mut Vec<Diagnostic>) -> bool {
    arguments.optional("length").and_then(|length| coerce::integer(length, diagnostics)).is_some()
}

/// `clustered:`, which other databases have; whether it is there.
pub(super) fn clustered(arguments: &mut Arguments<'_>, diagnostics: &mut Vec<Diagnostic>) -> bool {
    arguments
        .optional("clustered")
        .and_then(|clustered| coerce::boolean(clustered, diagnostics))
        .is_some()
}
