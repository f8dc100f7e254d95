//! All rows of a view, as CSV or JSON, sent while they are read: memory does not grow with the table.

use std::fmt::Write as _;

use axum::body::{Body, Bytes};
use futures_util::stream;
use serde_json::Value as Json;

use crate::database::Transaction;
use crate::failure::{Failure, Result};
use crate::model::{Field, Kind, Model};
use crate::rows::{self, Row, Value};
use crate::view::View;

/// Rows that are read at once.
const AT_ONCE: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// RFC 4180, with the names in the first line. Nothing is null, `""` is the empty text.
    Csv,
    /// An array with an object a row, a row a line.
    Json,
}

struct Export {
    on: Transaction,
    model: Model,
    view: View,
    format: Format,
    is_first: bool,
}

/// The body of the answer; the rows are those of one moment, that at which `on` was begun.
///
/// Fails where the rows cannot be read at all.
pub(crate) async fn body(
    on: Transaction,
    model: Model,
    view: View,
    format: Format,
) -> Result<Body> {
    rows::open_cursor(&on, &model, &view).await?;
    let export = Export { on, model, view, format, is_first: true };
    // An error ends the answer before its end, which whoever reads it is told by the connection.
    Ok(Body::from_stream(stream::try_unfold(Some(export), async |export| match export {
        Some(export) => export.next().await.map_err(|failure: Failure| failure.message),
        None => Ok(None),
    })))
}

impl Export {
    async fn next(mut self) -> Result<Option<(Bytes, Option<Self>)>> {
        let rows = rows::fetch(&self.on, &self.model, &self.view, AT_ONCE).await?;
        let shown = self.view.shown(&self.model);
        let mut text = String::new();
        if self.is_first && self.format == Format::Csv {
            let names: Vec<String> = shown.iter().map(|field| quoted(&field.name)).collect();
            let _ = write!(text, "{}\r\n", names.join(","));
        }
        for row in &rows {
            match self.format {
                Format::Csv => push_csv(&mut text, row, &shown, &self.model),
                Format::Json => {
                    text.push_str(if self.is_first { "[\n" } else { ",\n" });
                    push_json(&mut text, row, &shown, &self.model);
                }
            }
            self.is_first = false;
        }
        if rows.len() == AT_ONCE {
            return Ok(Some((Bytes::from(text), Some(self))));
        }
        if self.format == Format::Json {
            text.push_str(if self.is_first { "[]\n" } else { "\n]\n" });
        }
        self.on.roll_back().await?;
        Ok(Some((Bytes::from(text), None)))
    }
}

fn value<'r>(row: &'r Row, field: &Field, model: &Model) -> Option<&'r str> {
    let at = model.fields.iter().position(|other| other.name == field.name)?;
    match &row.values[at] {
        Value::Text { text, .. } => Some(text),
        Value::Null | Value::Unread => None,
    }
}

fn push_csv(text: &mut String, row: &Row, shown: &[&Field], model: &Model) {
    for (at, field) in shown.iter().enumerate() {
        text.push_str(if at == 0 { "" } else { "," });
        text.push_str(&value(row, field, model).map(quoted).unwrap_or_default());
    }
    text.push_str("\r\n");
}

fn quoted(text: &str) -> String {
    let is_plain = !text.is_empty() && !text.contains([',', '"', '\n', '\r']);
    if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

fn push_json(text: &mut String, row: &Row, shown: &[&Field], model: &Model) {
    text.push('{');
    for (at, field) in shown.iter().enumerate() {
        text.push_str(if at == 0 { "" } else { ", " });
        let _ = write!(text, "{}: ", Json::from(field.name.as_str()));
        let _ = write!(text, "{}", json(field, value(row, field, model)));
    }
    text.push('}');
}

/// Numbers that JSON's readers keep exactly, booleans and JSON as the server writes them; everything else as text.
fn json(field: &Field, value: Option<&str>) -> String {
    let Some(text) = value else { return "null".to_owned() };
    let is_small =
        matches!(field.sql_type.as_str(), "integer" | "smallint" | "double precision" | "real");
    let is_written = match field.kind {
        _ if field.is_list() => false,
        Kind::Json | Kind::Boolean => true,
        // Infinity and what is no number are none in JSON.
        Kind::Number => is_small && !text.contains(['I', 'N']),
        _ => false,
    };
    if is_written { text.to_owned() } else { Json::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn csv_tells_nothing_from_the_empty_text() {
        assert_eq!(quoted(""), "\"\"");
        assert_eq!(quoted("a"), "a");
        assert_eq!(quoted("a \"b\", c\n"), "\"a \"\"b\"\", c\n\"");
    }
}
