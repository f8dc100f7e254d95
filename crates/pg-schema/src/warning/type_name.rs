//! The names that warnings give to types: `VarChar(30)`, as in the schema's attributes.

use crate::ColumnType;

pub(super) fn of(ty: &ColumnType) -> String {
    let with = |name: &str, argument: &Option<u32>| match argument {
        Some(argument) => format!("{name}({argument})"),
        None => name.to_owned(),
    };
    match ty {
        ColumnType::Decimal(Some((precision, scale))) => format!("Decimal({precision},{scale})"),
        ColumnType::VarChar(length) => with("VarChar", length),
        ColumnType::Char(length) => with("Char", length),
        ColumnType::Bit(length) => with("Bit", length),
        ColumnType::VarBit(length) => with("VarBit", length),
        ColumnType::Timestamp(digits) => with("Timestamp", digits),
        ColumnType::Timestamptz(digits) => with("Timestamptz", digits),
        ColumnType::Time(digits) => with("Time", digits),
        ColumnType::Timetz(digits) => with("Timetz", digits),
        ColumnType::Enum(name) => name.name.clone(),
        ColumnType::Unsupported(name) => format!("Unsupported({name:?})"),
        ColumnType::Decimal(None)
        | ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::Oid
        | ColumnType::Money
        | ColumnType::Real
        | ColumnType::DoublePrecision
        | ColumnType::Text
        | ColumnType::Uuid
        | ColumnType::Xml
        | ColumnType::Inet
        | ColumnType::Citext
        | ColumnType::Boolean
        | ColumnType::ByteA
        | ColumnType::Date
        | ColumnType::Json
        | ColumnType::JsonB => {
            // The variants are named after the attributes.
            let name = format!("{ty:?}");
            name.split('(').next().unwrap_or_default().to_owned()
        }
    }
}
