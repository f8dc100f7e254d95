//! A field on a page: what a script has to know to edit it, and its value.

use maud::{Markup, html};

use crate::model::{Field, Kind, Model};
use crate::rows::{Row, Value};
use crate::view::{View, text_of};

/// The word for a kind that scripts know.
pub(crate) fn kind(field: &Field) -> &'static str {
    if field.is_list() {
        return "other";
    }
    match field.kind {
        Kind::Text => "text",
        Kind::Number => "number",
        Kind::Boolean => "boolean",
        Kind::DateTime => "datetime",
        Kind::Json => "json",
        Kind::Bytes => "bytes",
        Kind::Enum(_) => "enum",
        Kind::Other => "other",
    }
}

/// The type of a browser's input that can pick a value, for dates and times.
pub(crate) fn picker(field: &Field) -> Option<&'static str> {
    match field.sql_type.as_str() {
        "date" => Some("date"),
        "timestamp without time zone" | "timestamp with time zone" => Some("datetime-local"),
        "time without time zone" | "time with time zone" => Some("time"),
        _ => None,
    }
}

/// Whether its values have a zone of their own.
pub(crate) fn is_zoned(field: &Field) -> bool {
    field.sql_type.ends_with("with time zone")
}

/// The choices of an enum, as JSON.
pub(crate) fn choices(field: &Field) -> Option<String> {
    match &field.kind {
        Kind::Enum(values) if !field.is_list() => {
            Some(serde_json::Value::from(values.clone()).to_string())
        }
        _ => None,
    }
}

/// A cell with the value as its text, so that a script finds it there. It is a link where it is a relation's key.
pub(crate) fn cell(model: &Model, row: &Row, at: usize) -> Markup {
    let field = &model.fields[at];
    let (text, is_null, is_cut) = match &row.values[at] {
        Value::Null => ("", true, false),
        Value::Text { text, is_cut } => (text.as_str(), false, *is_cut),
        Value::Unread => return html! { td {} },
    };
    let link = field.relation.filter(|_| !is_null && !is_cut).map(|relation| {
        let relation = &model.relations[relation];
        to_related(&relation.to, &[(relation.pairs[0].other.as_str(), text)])
    });
    html! {
        td data-field=(field.name) data-null[is_null] data-cut[is_cut] tabindex="-1"
            class=(kind(field)) data-exact=[exact(text)] {
            span.value { (text) }
            @if is_null { span.null { "null" } }
            @if is_cut { span.more title="There is more of it" { "…" } }
            @if let Some(link) = link {
                a.follow href=(link) title={ "To " (model.relations[field.relation.unwrap_or_default()].to) } {
                    "→" span.hidden { (text) }
                }
            }
        }
    }
}

/// The value as JSON where HTML would change it: its readers know one kind of line end only.
fn exact(text: &str) -> Option<String> {
    text.contains('\r').then(|| serde_json::Value::from(text).to_string())
}

/// The rows of a model in which fields have these values.
pub(crate) fn to_related(model: &str, values: &[(&str, &str)]) -> String {
    let equals = values.iter().map(|(field, value)| format!("{field}:equals:{value}"));
    to_filtered(model, equals)
}

/// The rows of a model that meet filters.
pub(crate) fn to_filtered(model: &str, filters: impl IntoIterator<Item = String>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(filters.into_iter().map(|filter| ("f", filter)));
    format!("/model/{model}?{}", query.finish())
}

/// The page of a row.
pub(crate) fn to_row(model: &Model, row: &Row) -> String {
    to_key(&model.name, &row.key)
}

/// The page of the row with a key.
pub(crate) fn to_key(model: &str, key: &[Option<String>]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("key", &text_of(key));
    format!("/model/{model}/row?{}", query.finish())
}

/// The page of a view.
pub(crate) fn to_view(model: &Model, view: &View) -> String {
    let query = view.query();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/model/{}{mark}{query}", model.name)
}
