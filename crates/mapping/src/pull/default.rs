//! `@default(…)` of a field: what the server fills in, else what the client did before.
//!
//! Constants are read from the server's text as Prisma reads them: what it takes for an expression is one here, too, even
//! where it is a constant. See [`printed`] for the text.

use pg_schema::{Arity, Column};
use psl::{DefaultValue, NativeType, ScalarType, string_literal};

use super::block::{Call, list};
use super::column_type::FieldType;
use super::pairs::{ColumnPair, EnumPair};
use crate::printed::{self, Kind, Value};

/// What stands in the parentheses of `@default`.
pub(super) fn of(pair: &ColumnPair<'_>, ty: FieldType<'_>) -> Option<String> {
    let column = pair.column;
    let text = column.printed.as_ref().and_then(|printed| printed.default.as_deref());
    let is_whole = matches!(ty, FieldType::Scalar(ScalarType::Int | ScalarType::BigInt, _));
    if is_whole && column.is_autoincrement() && text.is_none_or(printed::is_sequence) {
        return Some("autoincrement()".to_owned());
    }
    match text.filter(|text| !text.trim_start().starts_with("NULL")) {
        Some(text) => Some(from_server(column, ty, text)),
        None => client_default(pair, ty),
    }
}

fn from_server(column: &Column, ty: FieldType<'_>, text: &str) -> String {
    let other = || Call::new("dbgenerated").text(text).to_string();
    if column.arity != Arity::List
        && matches!(ty, FieldType::Scalar(ScalarType::DateTime, _))
        && printed::is_now(text)
    {
        return "now()".to_owned();
    }
    let Some(kind) = kind(ty) else {
        // Not even an empty list is read of a type that Prisma does not have.
        let is_uuid = matches!(ty, FieldType::Scalar(..)) && column.arity == Arity::List;
        let is_empty = is_uuid && printed::list(text, Kind::Text).is_some_and(|v| v.is_empty());
        return if is_empty { "[]".to_owned() } else { other() };
    };
    if column.arity == Arity::List {
        let values = printed::list(text, kind).and_then(|values| {
            // Prisma loses the values of a list of JSON that is written in braces.
            let is_lost = kind == Kind::Json && text.trim_start().starts_with('\'');
            let values = if is_lost { Vec::new() } else { values };
            values.iter().map(|value| written(value, ty)).collect::<Option<Vec<_>>>()
        });
        return values.map_or_else(other, list);
    }
    printed::constant(text, kind).and_then(|value| written(&value, ty)).unwrap_or_else(other)
}

/// `None` for what only has expressions.
fn kind(ty: FieldType<'_>) -> Option<Kind> {
    Some(match ty {
        FieldType::Scalar(_, NativeType::Uuid) | FieldType::Unsupported(_) => return None,
        FieldType::Scalar(scalar, _) => match scalar {
            ScalarType::Int | ScalarType::BigInt => Kind::Whole,
            ScalarType::Float | ScalarType::Decimal => Kind::Fraction,
            ScalarType::Boolean => Kind::Boolean,
            ScalarType::String => Kind::Text,
            ScalarType::Json => Kind::Json,
            ScalarType::Bytes => Kind::Bytes,
            ScalarType::DateTime => Kind::Time,
        },
        FieldType::Enum(_) => Kind::Enum,
    })
}

/// A constant as the schema writes it; `None` for a value that its enum does not have, or has no name for.
fn written(value: &Value, ty: FieldType<'_>) -> Option<String> {
    Some(match (value, ty) {
        (Value::Text(text), FieldType::Enum(pair)) => enum_value(pair, text)?.to_owned(),
        (Value::Bare(text), _) => text.clone(),
        (Value::Text(text), _) => string_literal(text).to_string(),
    })
}

fn enum_value<'e>(pair: &'e EnumPair<'_>, value: &str) -> Option<&'e str> {
    let place = pair.enumeration.values.iter().position(|known| known == value)?;
    let name = pair.values[place].name.as_ref();
    (!name.is_empty()).then_some(name)
}

/// What the client fills in, as the schema said before; only where the server has no default.
fn client_default(pair: &ColumnPair<'_>, ty: FieldType<'_>) -> Option<String> {
    if !matches!(ty, FieldType::Scalar(ScalarType::String, _)) {
        return None;
    }
    let previous = pair.previous?;
    let (name, argument, implied) = match previous.default()? {
        DefaultValue::Uuid { version } => ("uuid", *version, 4),
        DefaultValue::Cuid { version } => ("cuid", *version, 1),
        DefaultValue::Nanoid { length } => ("nanoid", *length, 21),
        DefaultValue::Ulid => return Some("ulid()".to_owned()),
        _ => return None,
    };
    // One that says what goes without saying is kept as it is.
    let is_spelled_out = || {
        let span = previous.span();
        let text = previous.schema().files()[span.file.0 as usize].text();
        text.get(span.range()).is_some_and(|text| text.contains(&format!("{name}({argument})")))
    };
    Some(if argument != implied || is_spelled_out() {
        format!("{name}({argument})")
    } else {
        format!("{name}()")
    })
}
