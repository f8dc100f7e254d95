//! The server's types as [`ColumnType`]: by catalog name, with what the modifier says.

use pg_schema::{ColumnType, ObjectName};

/// A type as `pg_type` and `pg_attribute` have it, of the elements where it is an array.
pub(super) struct Catalog<'a> {
    pub(super) name: &'a str,
    pub(super) namespace: &'a str,
    /// `e` for enums.
    pub(super) kind: &'a str,
    /// Length, precision and such; −1 for none.
    pub(super) modifier: i32,
    /// What `format_type` makes of it.
    pub(super) formatted: &'a str,
}

pub(super) fn of(catalog: &Catalog<'_>) -> ColumnType {
    if catalog.kind == "e" {
        return ColumnType::Enum(ObjectName::qualified(catalog.namespace, catalog.name));
    }
    // The one extension's type with a name of its own here; its schema is anyone's choice.
    if catalog.name == "citext" {
        return ColumnType::Citext;
    }
    let built_in = if catalog.namespace == "pg_catalog" { built_in(catalog) } else { None };
    built_in.unwrap_or_else(|| ColumnType::Unsupported(catalog.formatted.to_owned()))
}

fn built_in(catalog: &Catalog<'_>) -> Option<ColumnType> {
    // Variable-length types count the four bytes of their length into the modifier.
    let length = u32::try_from(catalog.modifier.saturating_sub(4)).ok();
    let digits = u32::try_from(catalog.modifier).ok();
    // Without a precision the server keeps all it has, which is the same column as one declared with six.
    let subseconds = digits.unwrap_or(6);
    Some(match catalog.name {
        "int2" => ColumnType::SmallInt,
        "int4" => ColumnType::Integer,
        "int8" => ColumnType::BigInt,
        "oid" => ColumnType::Oid,
        "numeric" if catalog.modifier < 4 => ColumnType::Decimal(None),
        "numeric" => ColumnType::Decimal(Some(precision(catalog.modifier)?)),
        "money" => ColumnType::Money,
        "float4" => ColumnType::Real,
        "float8" => ColumnType::DoublePrecision,
        "varchar" => ColumnType::VarChar(length),
        "bpchar" => ColumnType::Char(length),
        "text" => ColumnType::Text,
        "bit" => ColumnType::Bit(digits),
        "varbit" => ColumnType::VarBit(digits),
        "uuid" => ColumnType::Uuid,
        "xml" => ColumnType::Xml,
        "inet" => ColumnType::Inet,
        "bool" => ColumnType::Boolean,
        "bytea" => ColumnType::ByteA,
        "timestamp" => ColumnType::Timestamp(Some(subseconds)),
        "timestamptz" => ColumnType::Timestamptz(Some(subseconds)),
        "time" => ColumnType::Time(Some(subseconds)),
        "timetz" => ColumnType::Timetz(Some(subseconds)),
        "date" => ColumnType::Date,
        "json" => ColumnType::Json,
        "jsonb" => ColumnType::JsonB,
        _ => return None,
    })
}

/// Precision and scale. `None` for a negative scale, which only newer servers have.
fn precision(modifier: i32) -> Option<(u32, u32)> {
    let packed = modifier - 4;
    // Eleven bits with a sign, as of 15; older servers only ever set the lower ten.
    let scale = ((packed & 0x7ff) ^ 1024) - 1024;
    Some((u32::try_from(packed >> 16).ok()?, u32::try_from(scale).ok()?))
}
