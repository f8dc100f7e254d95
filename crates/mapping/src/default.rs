//! `@default(…)` as a column's default. What the client fills in is none.

use pg_schema::{ColumnDefault, Literal};
use psl::{DefaultValue, ScalarFieldWalker, ScalarType};

use crate::literal;

pub(crate) fn column_default(
    field: ScalarFieldWalker<'_>,
    default: &DefaultValue,
) -> Option<ColumnDefault> {
    match default {
        DefaultValue::Literal(value) => constant(field, value).map(ColumnDefault::Literal),
        DefaultValue::List(values) => values
            .iter()
            .map(|value| constant(field, value))
            .collect::<Option<_>>()
            .map(ColumnDefault::List),
        DefaultValue::Now => Some(ColumnDefault::Now),
        DefaultValue::Autoincrement => Some(ColumnDefault::Autoincrement(None)),
        DefaultValue::DbGenerated(Some(expression)) => {
            Some(ColumnDefault::Expression(expression.clone()))
        }
        DefaultValue::DbGenerated(None) => Some(ColumnDefault::Unknown),
        DefaultValue::Uuid { .. }
        | DefaultValue::Cuid { .. }
        | DefaultValue::Ulid
        | DefaultValue::Nanoid { .. } => None,
    }
}

/// The constant in terms of the field's type; `None` where it is not of that type, of which the
/// schema's diagnostics tell.
fn constant(field: ScalarFieldWalker<'_>, value: &psl::Literal) -> Option<Literal> {
    match value {
        psl::Literal::Boolean(value) => Some(Literal::Bool(*value)),
        psl::Literal::Number(text) => Literal::number(&literal::number(text)),
        psl::Literal::EnumValue(place) => {
            let value = field.enum_type()?.values().get(*place)?;
            Some(Literal::Enum(value.database_name().to_owned()))
        }
        psl::Literal::String(text) => match field.scalar_type()? {
            ScalarType::Json => Some(Literal::Json(text.clone())),
            ScalarType::Bytes => literal::base64(text).map(Literal::Bytes),
            ScalarType::DateTime => literal::date_time(text).map(Literal::DateTime),
            ScalarType::Int | ScalarType::BigInt | ScalarType::Float | ScalarType::Decimal => {
                Literal::number(&literal::number(text))
            }
            ScalarType::Boolean | ScalarType::String => Some(Literal::String(text.clone())),
        },
    }
}
