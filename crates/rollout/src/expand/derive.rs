//! Values that nobody has to say: of a column that is only called otherwise, or whose new type holds every value of the old
//! one, and the way back from what was said.
//!
//! Nothing is derived that could cut or round a value in silence.

use std::ops::Range;

use pg_schema::{Arity, Column, ColumnType, Pair, PgSchema, TypeChange, column_type, quote};
use sql::Shape;

use super::formula::Formula;

/// The type that a value is cast to for a comparison with a column: without a length, since a cast cuts what an assignment
/// would refuse.
pub(super) fn compared_type(column: &Column, schema: &PgSchema) -> String {
    let unlimited = match &column.ty {
        ColumnType::VarChar(Some(_)) => "VARCHAR",
        ColumnType::Char(_) => "BPCHAR",
        ColumnType::VarBit(Some(_)) => "VARBIT",
        _ => return column_type(column, schema),
    };
    let brackets = if column.arity == Arity::List { "[]" } else { "" };
    format!("{unlimited}{brackets}")
}

/// A value as one of the column. Enums are reached by way of their text.
pub(super) fn cast_to(value: Formula, column: &Column, schema: &PgSchema) -> Formula {
    let value = match (&column.ty, column.arity) {
        (ColumnType::Enum(_), Arity::List) => value.cast("text[]"),
        (ColumnType::Enum(_), _) => value.cast("text"),
        _ => value,
    };
    let mut value = value.cast(&compared_type(column, schema));
    if is_in_words(&column.ty) && !matches!(value.read().shape, Shape::AtTimeZone(..)) {
        value.is_fixed = false;
    }
    value
}

/// Types whose casts depend on settings of the session, from or to text.
pub(super) fn is_in_words(ty: &ColumnType) -> bool {
    matches!(
        ty,
        ColumnType::Timestamp(_)
            | ColumnType::Timestamptz(_)
            | ColumnType::Time(_)
            | ColumnType::Timetz(_)
            | ColumnType::Date
            | ColumnType::Money
            | ColumnType::Real
            | ColumnType::DoublePrecision
            | ColumnType::ByteA
            | ColumnType::Xml
            | ColumnType::Unsupported(_)
    )
}

/// The new value of a column where every old value has one; `columns.next` as it is called in between.
pub(super) fn forward(
    columns: Pair<&Column>,
    change: Option<TypeChange>,
    schema: &PgSchema,
) -> Option<Formula> {
    let old = Formula::column(&columns.previous.name);
    let is_list = columns.map(|column| column.arity == Arity::List);
    if is_list.differs() {
        return None;
    }
    match change {
        None => Some(old),
        Some(TypeChange::Safe) if is_lossless(&columns.previous.ty, &columns.next.ty) => {
            Some(cast_to(old, columns.next, schema))
        }
        Some(_) => None,
    }
}

/// Whether a cast keeps every value, and needs no setting of the session for it.
fn is_lossless(from: &ColumnType, to: &ColumnType) -> bool {
    use ColumnType::{
        BigInt, Boolean, Char, Citext, Decimal, DoublePrecision, Integer, Json, JsonB, Real,
        SmallInt, Text, Uuid, VarChar,
    };
    is_free(from, to)
        || matches!(
            (from, to),
            (SmallInt, Integer | BigInt | Decimal(_) | Real | DoublePrecision)
                | (Integer, BigInt | Decimal(_) | DoublePrecision)
                | (BigInt | Decimal(_), Decimal(_))
                | (Real, DoublePrecision)
                | (SmallInt | Integer | BigInt | Decimal(_) | Uuid | Boolean, Text | VarChar(_))
                | (Text | VarChar(_) | Char(_) | Citext, Text | VarChar(_) | Citext)
                | (Json | JsonB, Json | JsonB)
        )
}

/// The old value of a new one as SQL over the new column, where the forward value can be taken back.
///
/// `old` is what the forward value is made of, `new` the name of the new column.
pub(super) fn backward(
    columns: Pair<&Column>,
    forward: &Formula,
    old: &str,
    new: &str,
) -> Option<String> {
    let inputs = &forward.read().columns;
    let is_of_old = inputs.iter().any(|column| column.qualifier.is_none() && column.name == old);
    if !is_of_old || !leads_back(columns) {
        return None;
    }
    inverse(&forward.read().shape, forward.sql(), quote::ident(new).to_string())
}

fn inverse(shape: &Shape, sql: &str, value: String) -> Option<String> {
    let text = |range: &Range<usize>| &sql[range.clone()];
    match shape {
        Shape::Column => Some(value),
        Shape::Cast(inner) | Shape::Round(inner) => inverse(inner, sql, value),
        Shape::AtTimeZone(inner, zone) => {
            inverse(inner, sql, format!("({value} AT TIME ZONE {})", text(zone)))
        }
        Shape::Times(inner, factor) => {
            inverse(inner, sql, format!("({value}::numeric / {})", text(factor)))
        }
        Shape::Over(inner, divisor) => {
            inverse(inner, sql, format!("({value} * {})", text(divisor)))
        }
        Shape::Other => None,
    }
}

/// Whether values of the new type go back to the old one, or are refused aloud where they do not fit.
fn leads_back(columns: Pair<&Column>) -> bool {
    use ColumnType::{
        BigInt, Char, Citext, Decimal, DoublePrecision, Enum, Integer, Json, JsonB, Real, SmallInt,
        Text, Timestamp, Timestamptz, VarChar,
    };
    if columns.map(|column| column.arity == Arity::List).differs() {
        return false;
    }
    let (old, new) = (&columns.previous.ty, &columns.next.ty);
    old == new
        || matches!(
            (new, old),
            (
                SmallInt | Integer | BigInt | Decimal(_) | Real | DoublePrecision,
                SmallInt | Integer | BigInt | Decimal(_) | Real | DoublePrecision
            ) | (Text | VarChar(_) | Char(_) | Citext, Text | VarChar(_) | Char(_) | Citext)
                | (Timestamp(_) | Timestamptz(_), Timestamp(_) | Timestamptz(_))
                | (Json | JsonB, Json | JsonB)
                | (Enum(_), Enum(_))
        )
}

/// Whether the server takes a change of type without looking at a row.
pub(super) fn is_free(from: &ColumnType, to: &ColumnType) -> bool {
    use ColumnType::{Decimal, Text, Time, Timestamp, Timestamptz, Timetz, VarBit, VarChar};
    let grows = |from: &Option<u32>, to: &Option<u32>| match (from, to) {
        (_, None) => true,
        (Some(from), Some(to)) => from <= to,
        (None, Some(_)) => false,
    };
    match (from, to) {
        (VarChar(from), VarChar(to)) | (VarBit(from), VarBit(to)) => grows(from, to),
        (VarChar(_), Text) | (Text, VarChar(None)) | (Decimal(_), Decimal(None)) => true,
        (Decimal(Some((from, scale))), Decimal(Some((to, next_scale)))) => {
            from <= to && scale == next_scale
        }
        (Timestamp(from), Timestamp(to))
        | (Timestamptz(from), Timestamptz(to))
        | (Time(from), Time(to))
        | (Timetz(from), Timetz(to)) => from.unwrap_or(6) <= to.unwrap_or(6),
        _ => false,
    }
}
