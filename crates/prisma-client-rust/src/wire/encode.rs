//! Values to the binary form of the type that the statement expects.
//!
//! The types of a planned statement are chosen by the planner; those of a raw statement by the server. Either way a
//! value that does not fit its type is refused here, before anything is sent.

use std::error::Error;

use bytes::{BufMut as _, Bytes, BytesMut};
use postgres::driver::{IsNull, Kind, ToSql, Type};
use uuid::Uuid;

use super::array::Array;
use super::{moment, numeric};
use crate::model::Column;
use crate::value::PrismaValue;

/// What is wrong with a value.
pub(crate) type Boxed = Box<dyn Error + Sync + Send>;

const NUL: &str = "the text holds a NUL character, which PostgreSQL cannot store";

/// How a value that its type has no room for is refused.
pub(crate) const OUTSIDE: &str = "the value is outside the range of";

/// What is bound to a parameter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Bound {
    Value(PrismaValue),
    /// An array in its binary form already.
    Array(Bytes),
}

/// A parameter of a statement.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Param {
    pub(crate) bound: Bound,
    /// Those that a timestamp keeps after the second.
    pub(crate) digits: u8,
    /// What errors call it; empty where it is for no field.
    pub(crate) field: &'static str,
}

/// The same, of a value that is kept elsewhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ParamRef<'v> {
    value: &'v PrismaValue,
    digits: u8,
    field: &'static str,
}

impl Param {
    /// A value for no field.
    pub(crate) fn new(value: PrismaValue) -> Self {
        Self { bound: Bound::Value(value), digits: 6, field: "" }
    }
}

impl ToSql for Param {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Boxed> {
        match &self.bound {
            Bound::Value(value) => {
                ParamRef { value, digits: self.digits, field: self.field }.to_sql(ty, out)
            }
            Bound::Array(array) => {
                out.put_slice(array);
                Ok(IsNull::No)
            }
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Boxed> {
        self.to_sql(ty, out)
    }
}

impl<'v> ParamRef<'v> {
    /// A value compared with a column.
    pub(crate) fn of(column: &Column, value: &'v PrismaValue) -> Self {
        Self { value, digits: column.kind.digits(), field: column.field }
    }

    /// A parameter that lasts.
    pub(crate) fn to_owned(self) -> Param {
        let Self { value, digits, field } = self;
        Param { bound: Bound::Value(value.clone()), digits, field }
    }
}

impl ToSql for ParamRef<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Boxed> {
        encode(self.value, self.digits, ty, out).map_err(|reason| match self.field {
            "" => reason,
            field => format!("`{field}`: {reason}").into(),
        })
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Boxed> {
        self.to_sql(ty, out)
    }
}

pub(super) fn encode(
    value: &PrismaValue,
    digits: u8,
    ty: &Type,
    out: &mut BytesMut,
) -> Result<IsNull, Boxed> {
    // What there is most of.
    if let (PrismaValue::String(value), &Type::TEXT) = (value, ty) {
        text(value, out)?;
        return Ok(IsNull::No);
    }
    match ty.kind() {
        _ if matches!(value, PrismaValue::Null) => return Ok(IsNull::Yes),
        Kind::Domain(inner) => return encode(value, digits, inner, out),
        Kind::Array(member) => return array(value, digits, member, out),
        _ => {}
    }
    match (value, ty) {
        (PrismaValue::Boolean(value), &Type::BOOL) => out.put_u8(u8::from(*value)),
        (PrismaValue::Bytes(value), &Type::BYTEA) => out.put_slice(value),
        (PrismaValue::Uuid(value), &Type::UUID) => out.put_slice(value.as_bytes()),
        (PrismaValue::String(value), &Type::UUID) => {
            let uuid =
                Uuid::try_parse(value).map_err(|error| format!("the text is no uuid: {error}"))?;
            out.put_slice(uuid.as_bytes());
        }
        (_, &Type::INT2) => {
            out.put_i16(i16::try_from(integer(value, ty)?).map_err(|_| too_large(ty))?);
        }
        (_, &Type::INT4) => {
            out.put_i32(i32::try_from(integer(value, ty)?).map_err(|_| too_large(ty))?);
        }
        (_, &Type::OID) => {
            out.put_u32(u32::try_from(integer(value, ty)?).map_err(|_| too_large(ty))?);
        }
        (_, &Type::INT8) => out.put_i64(integer(value, ty)?),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a `real` column keeps no more than this"
        )]
        (_, &Type::FLOAT4) => out.put_f32(float(value, ty)? as f32),
        (_, &Type::FLOAT8) => out.put_f64(float(value, ty)?),
        (_, &Type::NUMERIC) => match value {
            PrismaValue::Decimal(value) => numeric::encode(value, out)?,
            PrismaValue::Float(value) => {
                numeric::encode(&bigdecimal::BigDecimal::try_from(*value)?, out)?;
            }
            _ => numeric::encode(&integer(value, ty)?.into(), out)?,
        },
        (PrismaValue::DateTime(value), &Type::TIMESTAMP | &Type::TIMESTAMPTZ) => {
            out.put_i64(moment::to_micros(value, digits).ok_or_else(|| too_large(ty))?);
        }
        (PrismaValue::DateTime(value), &Type::DATE) => {
            out.put_i32(moment::to_days(value).ok_or_else(|| too_large(ty))?);
        }
        (PrismaValue::DateTime(value), &Type::TIME) => out.put_i64(moment::to_time(value)),
        (PrismaValue::DateTime(value), &Type::TIMETZ) => {
            out.put_i64(moment::to_time(value));
            out.put_i32(0);
        }
        (_, &Type::JSON) => serde_json::to_writer(out.writer(), &document(value))?,
        (_, &Type::JSONB) => {
            let document = document(value);
            if holds_nul(&document) {
                return Err(NUL.into());
            }
            out.put_u8(1);
            serde_json::to_writer(out.writer(), &document)?;
        }
        (PrismaValue::String(value) | PrismaValue::Enum(value), _) => text(value, out)?,
        (PrismaValue::Uuid(value), &Type::TEXT | &Type::VARCHAR) => {
            text(&value.hyphenated().to_string(), out)?;
        }
        _ => return Err(mismatch(value, ty)),
    }
    Ok(IsNull::No)
}

fn array(
    value: &PrismaValue,
    digits: u8,
    member: &Type,
    out: &mut BytesMut,
) -> Result<IsNull, Boxed> {
    let PrismaValue::List(values) = value else { return Err(mismatch(value, member)) };
    let mut array = Array::begin(out, member, digits);
    for value in values {
        array.push(value)?;
    }
    array.end();
    Ok(IsNull::No)
}

pub(super) fn text(value: &str, out: &mut BytesMut) -> Result<(), Boxed> {
    if value.contains('\0') {
        return Err(NUL.into());
    }
    out.put_slice(value.as_bytes());
    Ok(())
}

/// What JSON can say and `jsonb` cannot hold.
fn holds_nul(document: &serde_json::Value) -> bool {
    use serde_json::Value;

    match document {
        Value::String(text) => text.contains('\0'),
        Value::Array(members) => members.iter().any(holds_nul),
        Value::Object(fields) => {
            fields.iter().any(|(name, value)| name.contains('\0') || holds_nul(value))
        }
        _ => false,
    }
}

fn integer(value: &PrismaValue, ty: &Type) -> Result<i64, Boxed> {
    match value {
        PrismaValue::Int(value) => Ok(i64::from(*value)),
        PrismaValue::BigInt(value) => Ok(*value),
        _ => Err(mismatch(value, ty)),
    }
}

fn float(value: &PrismaValue, ty: &Type) -> Result<f64, Boxed> {
    match value {
        PrismaValue::Float(value) => Ok(*value),
        PrismaValue::Int(value) => Ok(f64::from(*value)),
        PrismaValue::Decimal(value) => {
            value.to_string().parse().map_err(|_| mismatch(&PrismaValue::Null, ty))
        }
        _ => Err(mismatch(value, ty)),
    }
}

/// A value as a Json document, for raw queries that hand plain values to a Json parameter.
pub(crate) fn document(value: &PrismaValue) -> serde_json::Value {
    use serde_json::Value;

    match value {
        PrismaValue::Json(value) => value.clone(),
        PrismaValue::Null => Value::Null,
        PrismaValue::String(value) | PrismaValue::Enum(value) => Value::String(value.clone()),
        PrismaValue::Boolean(value) => Value::Bool(*value),
        PrismaValue::Int(value) => Value::from(*value),
        PrismaValue::BigInt(value) => Value::from(*value),
        PrismaValue::Float(value) => Value::from(*value),
        PrismaValue::Decimal(value) => Value::String(value.to_plain_string()),
        PrismaValue::Uuid(value) => Value::String(value.hyphenated().to_string()),
        PrismaValue::DateTime(value) => Value::String(value.to_rfc3339()),
        PrismaValue::Bytes(value) => Value::from(value.as_slice()),
        PrismaValue::List(values) => values.iter().map(document).collect(),
        PrismaValue::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), document(value))).collect()
        }
    }
}

pub(super) fn too_large(ty: &Type) -> Boxed {
    format!("{OUTSIDE} {ty}").into()
}

/// Names the kinds, never the value: it may be a secret.
fn mismatch(value: &PrismaValue, ty: &Type) -> Boxed {
    let kind = match value {
        PrismaValue::String(_) => "a String",
        PrismaValue::Boolean(_) => "a Boolean",
        PrismaValue::Enum(_) => "an enum value",
        PrismaValue::Int(_) => "an Int",
        PrismaValue::Uuid(_) => "a Uuid",
        PrismaValue::List(_) => "a list",
        PrismaValue::Json(_) | PrismaValue::Object(_) => "a Json document",
        PrismaValue::Null => "NULL",
        PrismaValue::DateTime(_) => "a DateTime",
        PrismaValue::Float(_) => "a Float",
        PrismaValue::Decimal(_) => "a Decimal",
        PrismaValue::BigInt(_) => "a BigInt",
        PrismaValue::Bytes(_) => "Bytes",
    };
    format!("{kind} does not fit a parameter of type {ty}").into()
}
