//! Values of `@default`: constants as JSON has them, functions as `{name, args}`.

use super::value::{Json, Object};
use crate::schema::{DefaultValue, EnumValue, Literal, ScalarType};
use crate::walkers::{EnumWalker, ScalarFieldWalker};
use serde_json::Number;

/// The length that `nanoid()` has when none is written.
const NANOID_LENGTH: u8 = 21;

pub(super) fn default<'s>(value: &'s DefaultValue, field: ScalarFieldWalker<'s>) -> Json<'s> {
    match value {
        DefaultValue::Literal(value) => literal(value, field),
        DefaultValue::List(values) => {
            Json::Array(values.iter().map(|value| literal(value, field)).collect())
        }
        DefaultValue::Now => function("now", None::<&str>),
        DefaultValue::Autoincrement => function("autoincrement", None::<&str>),
        DefaultValue::DbGenerated(expression) => function("dbgenerated", expression.as_ref()),
        DefaultValue::Uuid { version } => function("uuid", Some(i64::from(*version))),
        DefaultValue::Cuid { version } => function("cuid", Some(i64::from(*version))),
        DefaultValue::Ulid => function("ulid", None::<&str>),
        DefaultValue::Nanoid { length } => {
            function("nanoid", (*length != NANOID_LENGTH).then(|| i64::from(*length)))
        }
    }
}

fn function<'s>(name: &'s str, argument: Option<impl Into<Json<'s>>>) -> Json<'s> {
    let arguments: Vec<Json<'_>> = argument.into_iter().map(Into::into).collect();
    Object::new().key("name", name).key("args", arguments).into()
}

fn literal<'s>(value: &'s Literal, field: ScalarFieldWalker<'s>) -> Json<'s> {
    match (value, field.scalar_type()) {
        (Literal::Boolean(value), _) => (*value).into(),
        (Literal::EnumValue(position), _) => {
            let values = field.enum_type().map(EnumWalker::values).unwrap_or_default();
            values.get(*position).map(EnumValue::name).into()
        }
        (Literal::Number(text), Some(ScalarType::Int)) => integer(text).into(),
        // Too large for the numbers that many readers have.
        (Literal::Number(text), Some(ScalarType::BigInt)) => {
            integer(text).map(|value| value.to_string()).into()
        }
        (Literal::Number(text), _) | (Literal::String(text), Some(ScalarType::Decimal)) => {
            number(text)
        }
        (Literal::String(text), Some(ScalarType::DateTime)) => {
            date_time(text).map_or(text.into(), Json::from)
        }
        (Literal::String(text), _) => text.into(),
    }
}

/// `None` only where a diagnostic says why.
fn integer(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// The nearest number that readers have; the text where there is none.
fn number(text: &str) -> Json<'_> {
    let plain = text.replace('_', "");
    let number = plain.parse().ok().and_then(Number::from_f64);
    number.map_or(text.into(), Json::Number)
}

/// A point in time as DMMF writes it: `T` in the middle, a fraction of 3, 6 or 9 digits if any, the offset in numbers.
fn date_time(text: &str) -> Option<String> {
    let (date, time, rest) = (text.get(..10)?, text.get(11..19)?, text.get(19..)?);
    let (fraction, offset) = rest.split_at(rest.find(|c: char| c != '.' && !c.is_ascii_digit())?);
    let offset = match offset {
        "z" | "Z" => "+00:00".to_owned(),
        // A minus sign proper may stand for the hyphen.
        _ => offset.replace('\u{2212}', "-").replace("-00:00", "+00:00"),
    };
    Some(format!("{date}T{time}{}{offset}", nanoseconds(fraction.trim_start_matches('.'))))
}

/// Nine digits at most, in groups of three, without groups of zeros at the end.
fn nanoseconds(digits: &str) -> String {
    let mut digits = format!("{digits:0<9.9}");
    while digits.ends_with("000") {
        digits.truncate(digits.len() - 3);
    }
    if digits.is_empty() { digits } else { format!(".{digits}") }
}
