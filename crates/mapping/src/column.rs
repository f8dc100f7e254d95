//! Fields as columns: name, type, arity, default.

use pg_schema::{Arity, Column, ColumnType};
use psl::{DefaultValue, NativeType, ScalarFieldType, ScalarFieldWalker, ScalarType};

use crate::default;
use crate::names::enum_name;

pub(crate) fn column(field: ScalarFieldWalker<'_>) -> Column {
    let arity = match field.arity() {
        psl::Arity::Required => Arity::Required,
        psl::Arity::Optional => Arity::Nullable,
        psl::Arity::List => Arity::List,
    };
    let mut column = Column::new(field.database_name(), column_type(field), arity);
    column.default = field.default().and_then(|default| default::column_default(field, default));
    column.client_default = matches!(
        field.default(),
        Some(
            DefaultValue::Uuid { .. }
                | DefaultValue::Cuid { .. }
                | DefaultValue::Ulid
                | DefaultValue::Nanoid { .. }
        )
    );
    column
}

/// The type of the column, of its elements where it is a list.
pub(crate) fn column_type(field: ScalarFieldWalker<'_>) -> ColumnType {
    match (field.ty(), field.native_type()) {
        (ScalarFieldType::Scalar(_), Some(native)) => native_type(native),
        (ScalarFieldType::Scalar(scalar), None) => scalar_type(*scalar),
        (ScalarFieldType::Enum(id), _) => ColumnType::Enum(enum_name(field.schema().walk(*id))),
        (ScalarFieldType::Unsupported(name), _) => ColumnType::Unsupported(name.clone()),
    }
}

fn scalar_type(scalar: ScalarType) -> ColumnType {
    match scalar {
        ScalarType::Int => ColumnType::Integer,
        ScalarType::BigInt => ColumnType::BigInt,
        ScalarType::Float => ColumnType::DoublePrecision,
        ScalarType::Decimal => ColumnType::Decimal(Some((65, 30))),
        ScalarType::Boolean => ColumnType::Boolean,
        ScalarType::String => ColumnType::Text,
        ScalarType::DateTime => ColumnType::Timestamp(Some(3)),
        ScalarType::Json => ColumnType::JsonB,
        ScalarType::Bytes => ColumnType::ByteA,
    }
}

fn native_type(native: NativeType) -> ColumnType {
    match native {
        NativeType::SmallInt => ColumnType::SmallInt,
        NativeType::Integer => ColumnType::Integer,
        NativeType::BigInt => ColumnType::BigInt,
        NativeType::Oid => ColumnType::Oid,
        NativeType::Decimal(digits) => ColumnType::Decimal(digits),
        NativeType::Money => ColumnType::Money,
        NativeType::Real => ColumnType::Real,
        NativeType::DoublePrecision => ColumnType::DoublePrecision,
        NativeType::VarChar(length) => ColumnType::VarChar(length),
        NativeType::Char(length) => ColumnType::Char(length),
        NativeType::Text => ColumnType::Text,
        NativeType::Bit(length) => ColumnType::Bit(length),
        NativeType::VarBit(length) => ColumnType::VarBit(length),
        NativeType::Uuid => ColumnType::Uuid,
        NativeType::Xml => ColumnType::Xml,
        NativeType::Inet => ColumnType::Inet,
        NativeType::Citext => ColumnType::Citext,
        NativeType::Boolean => ColumnType::Boolean,
        NativeType::ByteA => ColumnType::ByteA,
        NativeType::Timestamp(digits) => ColumnType::Timestamp(digits),
        NativeType::Timestamptz(digits) => ColumnType::Timestamptz(digits),
        NativeType::Time(digits) => ColumnType::Time(digits),
        NativeType::Timetz(digits) => ColumnType::Timetz(digits),
        NativeType::Date => ColumnType::Date,
        NativeType::Json => ColumnType::Json,
        NativeType::JsonB => ColumnType::JsonB,
    }
}
