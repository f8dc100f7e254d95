//! A value on its way to a page: as text, and no longer than a table shows.

use crate::model::{Field, Kind};

/// Characters of a value that a table shows; the rest is on the row's own page.
const LONGEST: usize = 300;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Unread,
    Null,
    Text { text: String, is_cut: bool },
}

/// How much of each value is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// As much as a table shows.
    Cut,
    Whole,
}

/// A value as text, one character longer than what is shown, so that it is seen that there is more.
pub(super) fn shown_column(field: &Field, extent: Extent) -> String {
    let column = field.sql();
    match extent {
        Extent::Whole => format!("{column}::text"),
        // The text of bytes is twice as long as these: they are cut before.
        Extent::Cut if field.kind == Kind::Bytes && !field.is_list() => {
            format!("pg_catalog.substring({column}, 1, {})::text", LONGEST / 2 + 1)
        }
        Extent::Cut => format!("pg_catalog.left({column}::text, {})", LONGEST + 1),
    }
}

pub(super) fn read_value(value: Option<String>, extent: Extent) -> Value {
    let Some(mut text) = value else { return Value::Null };
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) if extent == Extent::Cut => {
            text.truncate(at);
            Value::Text { text, is_cut: true }
        }
        _ => Value::Text { text, is_cut: false },
    }
}
