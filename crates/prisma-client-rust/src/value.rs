//! Values on their way to the database, with the Rust type forgotten.

use bigdecimal::BigDecimal;
use chrono::{DateTime, FixedOffset, Utc};
use uuid::Uuid;

/// Any value the schema language can name. Raw queries take these as parameters.
///
/// ```
/// use prisma_client_rust::PrismaValue;
/// assert_eq!(PrismaValue::from("x"), PrismaValue::String("x".to_owned()));
/// assert_eq!(PrismaValue::from(None::<i32>), PrismaValue::Null);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum PrismaValue {
    /// A String.
    String(String),
    /// A Boolean.
    Boolean(bool),
    /// A value of an enum, by its name in the database.
    Enum(String),
    /// An Int.
    Int(i32),
    /// A UUID.
    Uuid(Uuid),
    /// An array.
    List(Vec<PrismaValue>),
    /// A Json document.
    Json(serde_json::Value),
    /// Named values, sent as a Json object.
    Object(Vec<(String, PrismaValue)>),
    /// NULL.
    Null,
    /// A `DateTime`.
    DateTime(DateTime<FixedOffset>),
    /// A Float.
    Float(f64),
    /// A Decimal.
    Decimal(BigDecimal),
    /// A `BigInt`.
    BigInt(i64),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A Rust type that a column can hold.
pub trait Scalar: Sized {
    /// The value with its type forgotten.
    fn into_value(self) -> PrismaValue;
}

macro_rules! scalars {
    ($($ty:ty => $variant:ident),+ $(,)?) => {
        $(
            impl Scalar for $ty {
                fn into_value(self) -> PrismaValue {
                    PrismaValue::$variant(self)
                }
            }

            impl From<$ty> for PrismaValue {
                fn from(value: $ty) -> Self {
                    Self::$variant(value)
                }
            }
        )+
    };
}

scalars! {
    String => String,
    bool => Boolean,
    i32 => Int,
    Uuid => Uuid,
    serde_json::Value => Json,
    DateTime<FixedOffset> => DateTime,
    f64 => Float,
    BigDecimal => Decimal,
    i64 => BigInt,
    Vec<u8> => Bytes,
}

impl From<&str> for PrismaValue {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<DateTime<Utc>> for PrismaValue {
    fn from(value: DateTime<Utc>) -> Self {
        Self::DateTime(value.into())
    }
}

impl<T: Into<PrismaValue>> From<Option<T>> for PrismaValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Scalar> Scalar for Option<T> {
    fn into_value(self) -> PrismaValue {
        self.map_or(PrismaValue::Null, Scalar::into_value)
    }
}

/// The values of a list.
pub(crate) fn list<T: Scalar>(values: Vec<T>) -> PrismaValue {
    PrismaValue::List(values.into_iter().map(Scalar::into_value).collect())
}
