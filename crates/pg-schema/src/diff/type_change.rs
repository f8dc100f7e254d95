//! What a change of type means: nothing, a safe cast, a risky one, or none at all.
//!
//! The verdicts are those of the reference, type by type. A cast that the server makes of itself
//! in `ALTER COLUMN … SET DATA TYPE` is safe or risky; where it makes none, the column has to go
//! and come back. Lengths are compared in the digits or characters that a value may need.

#![expect(clippy::match_same_arms, reason = "a table of rules reads by its first column")]

use super::expression::same_type;
use super::same_name;
use crate::ColumnType::{
    self, BigInt, Bit, Boolean, ByteA, Char, Citext, Date, Decimal, DoublePrecision, Enum, Inet,
    Integer, Json, JsonB, Money, Oid, Real, SmallInt, Text, Time, Timestamp, Timestamptz, Timetz,
    Unsupported, Uuid, VarBit, VarChar, Xml,
};
use crate::TypeChange::{NotCastable, Risky, Safe};
use crate::render::element_type_sql;
use crate::{Arity, Column, Pair, PgSchema, TypeChange};

/// `None` where the type stays.
pub(super) fn type_change(schemas: Pair<&PgSchema>, columns: Pair<&Column>) -> Option<TypeChange> {
    let list_change = list_change(columns);
    match (&columns.previous.ty, &columns.next.ty) {
        // One or many of an enum is the same type to the reference. The server takes no such
        // change by itself, so that what is there stays until somebody says how it is to be cast.
        (Enum(previous), Enum(next)) => {
            (!same_name(Pair::new(previous, next), schemas)).then_some(NotCastable)
        }
        (Enum(_), _) | (_, Enum(_)) => Some(NotCastable),
        (_, next) if list_change == Some(ListChange::ToScalar) => Some(from_list(next)),
        _ if list_change == Some(ListChange::ToList) => Some(NotCastable),
        // The reference takes one unknown type for another.
        (Unsupported(_), Unsupported(_)) => None,
        (known, Unsupported(name)) if !schemas.previous.is_desired && is_called(known, name) => {
            None
        }
        // A single byte of the catalogs, which is pulled as a text.
        (Unsupported(name), Char(None)) if !schemas.previous.is_desired && name == "\"char\"" => {
            None
        }
        (Unsupported(_), _) | (_, Unsupported(_)) => Some(Risky),
        (previous, next) if previous == next || is_same_precision(previous, next) => None,
        (previous, next) if !schemas.previous.is_desired && is_same_length(previous, next) => None,
        (previous, next) => Some(cast(previous, next)),
    }
}

/// Whether the column was one value and becomes many, or the other way around.
fn list_change(columns: Pair<&Column>) -> Option<ListChange> {
    match (columns.previous.arity, columns.next.arity) {
        (Arity::List, Arity::Required | Arity::Nullable) => Some(ListChange::ToScalar),
        (Arity::Required | Arity::Nullable, Arity::List) => Some(ListChange::ToList),
        _ => None,
    }
}

/// A change between one and many values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ListChange {
    ToScalar,
    ToList,
}

/// Whether a type that nobody here knows is known after all, by the server's name for it.
fn is_called(known: &ColumnType, name: &str) -> bool {
    element_type_sql(known).is_some_and(|sql| same_type(&sql, name))
}

/// A list turns into the text of its literal, and into nothing else.
fn from_list(next: &ColumnType) -> TypeChange {
    match next {
        Text | VarChar(None) => Safe,
        VarChar(_) | Char(_) => Risky,
        _ => NotCastable,
    }
}

/// Precisions that the reference lets be: one that is not said is like any other.
fn is_same_precision(previous: &ColumnType, next: &ColumnType) -> bool {
    match (previous, next) {
        (Timestamp(previous), Timestamp(next))
        | (Timestamptz(previous), Timestamptz(next))
        | (Time(previous), Time(next))
        | (Timetz(previous), Timetz(next)) => {
            previous.is_none() || next.is_none() || previous == next
        }
        _ => false,
    }
}

/// The server says how long what has no length is.
fn is_same_length(previous: &ColumnType, next: &ColumnType) -> bool {
    match (previous, next) {
        (Char(previous), Char(next)) | (Bit(previous), Bit(next)) => {
            previous.unwrap_or(1) == next.unwrap_or(1)
        }
        _ => false,
    }
}

fn cast(previous: &ColumnType, next: &ColumnType) -> TypeChange {
    match (previous, next) {
        (SmallInt | Integer | BigInt, _) => from_integer(previous, next),
        (Decimal(previous), _) => from_decimal(*previous, next),
        (Real, Real | DoublePrecision) => Safe,
        (Real, _) => from_float(47, next),
        (DoublePrecision, _) => from_float(317, next),
        (Oid, Text | VarChar(_) | BigInt | Integer) => Safe,
        (Money, Text | VarChar(_) | Citext) => Safe,
        (Money, _) => Risky,
        (VarChar(_) | Char(_) | Text | Citext, _) => from_text(previous, next),
        (Bit(_) | VarBit(_), _) => from_bits(previous, next),
        (Boolean, Text | VarChar(_)) => Safe,
        (Boolean, Char(Some(length))) if *length > 4 => Safe,
        (Boolean, Char(Some(4))) => Risky,
        (Inet, Text | VarChar(_) | Citext) => Safe,
        (ByteA, Text | VarChar(None)) => Safe,
        (ByteA, VarChar(Some(length)) | Char(Some(length))) if *length > 2 => Risky,
        (Uuid, VarChar(Some(length)) | Char(Some(length))) if *length > 31 => Safe,
        (Uuid | Xml | Json | JsonB, Text | VarChar(None)) => Safe,
        (Json, JsonB) | (JsonB, Json) => Safe,
        (Xml | Json | JsonB, VarChar(_) | Char(_)) => Risky,
        (Timestamp(_) | Timestamptz(_) | Date | Time(_) | Timetz(_), _) => {
            from_time(previous, next)
        }
        _ => NotCastable,
    }
}

fn from_integer(previous: &ColumnType, next: &ColumnType) -> TypeChange {
    // Digits before the point that the number may need, and characters with its sign.
    let (rank, digits, width) = match previous {
        SmallInt => (0, 3, 4),
        Integer => (1, 10, 11),
        _ => (2, 19, 20),
    };
    match next {
        SmallInt => if_fits(rank == 0),
        Integer if rank > 0 => if_fits(rank == 1),
        BigInt | Integer | Real | DoublePrecision | Text => Safe,
        Decimal(None) => Safe,
        Decimal(Some((precision, scale))) => if_fits(precision.saturating_sub(*scale) >= digits),
        VarChar(length) => if_fits(length.is_none_or(|length| length >= width)),
        Char(length) => if_fits(length.is_some_and(|length| length >= width)),
        _ => NotCastable,
    }
}

fn from_decimal(previous: Option<(u32, u32)>, next: &ColumnType) -> TypeChange {
    let whole_below =
        |digits: u32| previous.is_some_and(|(precision, scale)| scale == 0 && precision < digits);
    match next {
        SmallInt => if_fits(whole_below(3)),
        Integer => if_fits(whole_below(10)),
        BigInt => if_fits(whole_below(19)),
        Decimal(next) => match (previous, *next) {
            (_, None) => Safe,
            (None, Some((precision, scale))) => if_fits(precision >= 131_072 && scale >= 16_383),
            (Some((precision, scale)), Some((next_precision, next_scale))) => if_fits(
                i64::from(precision) - i64::from(scale)
                    <= i64::from(next_precision) - i64::from(next_scale)
                    && scale <= next_scale,
            ),
        },
        Real | DoublePrecision => Risky,
        Text | VarChar(None) => Safe,
        Char(None) => Risky,
        VarChar(Some(length)) | Char(Some(length)) => if_fits(match previous {
            // Digits, a sign, and a point where there is a fraction.
            Some((precision, 0)) => precision < *length,
            Some((precision, _)) => precision + 2 <= *length,
            None => *length >= 131_073,
        }),
        _ => NotCastable,
    }
}

fn from_float(width: u32, next: &ColumnType) -> TypeChange {
    match next {
        SmallInt | Integer | BigInt | Decimal(_) | Real => Risky,
        VarChar(length) => if_fits(length.is_none_or(|length| length >= width)),
        Char(length) => if_fits(length.is_some_and(|length| length >= width)),
        Text => Safe,
        _ => NotCastable,
    }
}

fn from_text(previous: &ColumnType, next: &ColumnType) -> TypeChange {
    match (previous, next) {
        (Text, VarChar(None) | Citext)
        | (Citext, Text | VarChar(_))
        | (VarChar(_) | Char(_), Text) => Safe,
        (Text, VarChar(_) | Char(_)) | (Citext, _) => Risky,
        (Char(None), VarChar(_) | Char(_)) => Safe,
        (VarChar(previous) | Char(previous), VarChar(next)) => {
            if_fits(next.is_none_or(|next| previous.is_some_and(|previous| previous <= next)))
        }
        (VarChar(previous) | Char(previous), Char(next)) => {
            if_fits(previous.is_some_and(|previous| previous <= next.unwrap_or(1)))
        }
        _ => NotCastable,
    }
}

fn from_bits(previous: &ColumnType, next: &ColumnType) -> TypeChange {
    match (previous, next) {
        (Bit(_) | VarBit(_), Text | VarChar(None) | VarBit(None)) => Safe,
        (Bit(None), VarChar(_) | Char(_) | VarBit(_)) => Safe,
        (Bit(Some(previous)), VarChar(Some(next)) | Char(Some(next)) | VarBit(Some(next)))
            if next >= previous =>
        {
            Safe
        }
        (VarBit(Some(previous)), VarBit(Some(next))) if next > previous => Safe,
        (VarBit(Some(previous)), VarChar(Some(next)) | Char(Some(next))) if next >= previous => {
            Safe
        }
        (VarBit(_), VarChar(_) | Char(_)) => Risky,
        (VarBit(None), Bit(_)) | (VarBit(_), Bit(None)) => Risky,
        (VarBit(Some(previous)), Bit(Some(next))) if next <= previous => Risky,
        _ => NotCastable,
    }
}

fn from_time(previous: &ColumnType, next: &ColumnType) -> TypeChange {
    // Characters that the longest value needs, less one.
    let width = match previous {
        Timestamp(_) => 22,
        Time(_) => 13,
        Timetz(_) => 18,
        _ => 27,
    };
    match (previous, next) {
        (_, Text | VarChar(None)) => Safe,
        (_, VarChar(Some(length)) | Char(Some(length))) if *length > width => Safe,
        (
            Timestamp(_) | Timestamptz(_),
            Timestamp(_) | Timestamptz(_) | Date | Time(_) | Timetz(_),
        ) => Safe,
        (Date, Timestamp(_) | Timestamptz(_))
        | (Time(_), Timetz(_))
        | (Timetz(_), Timetz(_) | Time(_)) => Safe,
        _ => NotCastable,
    }
}

fn if_fits(fits: bool) -> TypeChange {
    if fits { Safe } else { Risky }
}
