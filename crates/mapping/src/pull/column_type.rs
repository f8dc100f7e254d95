//! Columns' types as fields' types, with `@db.…` where it is not what Prisma would make of the type itself.

use pg_schema::{Arity, Column, ColumnType};
use psl::{NativeType, ScalarType};

use super::ctx::Ctx;
use super::pairs::EnumPair;

/// A field's type, of its elements where it is a list.
#[derive(Debug, Clone, Copy)]
pub(super) enum FieldType<'c> {
    Scalar(ScalarType, NativeType),
    Enum(&'c EnumPair<'c>),
    /// By the name that the catalog has for it.
    Unsupported(&'c str),
}

impl FieldType<'_> {
    pub(super) fn is_supported(&self) -> bool {
        !matches!(self, Self::Unsupported(_))
    }

    /// What stands behind `@db.`, if anything has to.
    pub(super) fn native(&self) -> Option<NativeType> {
        let Self::Scalar(scalar, native) = *self else { return None };
        let is_default = match scalar {
            ScalarType::Int => native == NativeType::Integer,
            ScalarType::BigInt => native == NativeType::BigInt,
            ScalarType::Float => native == NativeType::DoublePrecision,
            ScalarType::Decimal => native == NativeType::Decimal(Some((65, 30))),
            ScalarType::Boolean => native == NativeType::Boolean,
            ScalarType::String => native == NativeType::Text,
            ScalarType::DateTime => native == NativeType::Timestamp(Some(3)),
            ScalarType::Json => native == NativeType::JsonB,
            ScalarType::Bytes => native == NativeType::ByteA,
        };
        (!is_default).then_some(native)
    }
}

pub(super) fn of<'c>(ctx: &'c Ctx<'_>, column: &'c Column) -> FieldType<'c> {
    let catalog = column.printed.as_ref().map_or("", |printed| printed.type_name.as_str());
    let element = match column.arity {
        Arity::List => catalog.strip_prefix('_').unwrap_or(catalog),
        Arity::Required | Arity::Nullable => catalog,
    };
    // A list of a domain is of no type that Prisma has, though its elements are.
    if let Some(native) = native(column)
        && KNOWN.contains(&element)
    {
        return FieldType::Scalar(native.scalar_type(), native);
    }
    match &column.ty {
        ColumnType::Enum(name) => {
            ctx.enumeration(name).map_or(FieldType::Unsupported(catalog), FieldType::Enum)
        }
        ColumnType::Unsupported(_) if element == "char" => {
            FieldType::Scalar(ScalarType::String, NativeType::Char(None))
        }
        // Of an extension's type, a list is called as its elements.
        _ if column.printed.as_ref().is_some_and(|printed| printed.is_added_base_type) => {
            FieldType::Unsupported(element)
        }
        _ => FieldType::Unsupported(catalog),
    }
}

/// The catalog's names of the types that have one in [`NativeType`].
const KNOWN: [&str; 26] = [
    "bit",
    "bool",
    "bpchar",
    "bytea",
    "citext",
    "date",
    "float4",
    "float8",
    "inet",
    "int2",
    "int4",
    "int8",
    "json",
    "jsonb",
    "money",
    "numeric",
    "oid",
    "text",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "uuid",
    "varbit",
    "varchar",
    "xml",
];

fn native(column: &Column) -> Option<NativeType> {
    // Of a list it is told apart whether a precision was given; elsewhere the server's own counts.
    let is_bare = column.arity == Arity::List
        && column.printed.as_ref().is_some_and(|printed| !printed.formatted_type.contains('('));
    let given = |argument: Option<u32>| argument.filter(|_| !is_bare);
    Some(match column.ty {
        ColumnType::SmallInt => NativeType::SmallInt,
        ColumnType::Integer => NativeType::Integer,
        ColumnType::BigInt => NativeType::BigInt,
        ColumnType::Oid => NativeType::Oid,
        ColumnType::Decimal(digits) => NativeType::Decimal(digits.filter(|_| !is_bare)),
        ColumnType::Money => NativeType::Money,
        ColumnType::Real => NativeType::Real,
        ColumnType::DoublePrecision => NativeType::DoublePrecision,
        ColumnType::VarChar(length) => NativeType::VarChar(given(length)),
        ColumnType::Char(length) => NativeType::Char(given(length)),
        ColumnType::Text => NativeType::Text,
        ColumnType::Bit(length) => NativeType::Bit(given(length)),
        ColumnType::VarBit(length) => NativeType::VarBit(given(length)),
        ColumnType::Uuid => NativeType::Uuid,
        ColumnType::Xml => NativeType::Xml,
        ColumnType::Inet => NativeType::Inet,
        ColumnType::Citext => NativeType::Citext,
        ColumnType::Boolean => NativeType::Boolean,
        ColumnType::ByteA => NativeType::ByteA,
        ColumnType::Timestamp(digits) => NativeType::Timestamp(given(digits)),
        ColumnType::Timestamptz(digits) => NativeType::Timestamptz(given(digits)),
        ColumnType::Time(digits) => NativeType::Time(given(digits)),
        ColumnType::Timetz(digits) => NativeType::Timetz(given(digits)),
        ColumnType::Date => NativeType::Date,
        ColumnType::Json => NativeType::Json,
        ColumnType::JsonB => NativeType::JsonB,
        ColumnType::Enum(_) | ColumnType::Unsupported(_) => return None,
    })
}
