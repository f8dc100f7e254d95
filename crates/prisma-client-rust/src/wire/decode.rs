//! Columns of a row, from their binary form to Rust.

use bigdecimal::BigDecimal;
use chrono::{DateTime, FixedOffset};
use postgres::driver::{FromSql, Kind, Type};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{moment, numeric};
use crate::enumeration::{Enumeration, among};
use crate::value::{PrismaValue, Scalar};

/// One value of a row as it came, with its type.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'a> {
    pub(crate) ty: &'a Type,
    /// `None` for NULL.
    pub(crate) bytes: Option<&'a [u8]>,
}

/// A Rust type that a column can be read as.
pub trait FromColumn: Sized {
    /// The value, or what is wrong with it.
    fn from_column(cell: Cell<'_>) -> Result<Self, String>;
}

/// The bytes as they came; takes any type, so that the checks are ours.
pub(crate) struct Raw<'a>(pub(crate) &'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl<'a> Cell<'a> {
    #[inline]
    fn required(self) -> Result<&'a [u8], String> {
        self.bytes.ok_or_else(|| "the column is NULL".to_owned())
    }

    #[inline]
    fn fixed<const N: usize>(self) -> Result<[u8; N], String> {
        self.required()?.try_into().map_err(|_| format!("the {} has an unexpected length", self.ty))
    }

    fn unexpected<T>(self, wanted: &str) -> Result<T, String> {
        Err(format!("a column of type {} cannot be read as {wanted}", self.ty))
    }

    /// What arrives as text: text itself, and enums by their names. The planner casts every other type.
    fn text(self) -> Result<&'a str, String> {
        let bytes = self.required()?;
        match *self.ty {
            Type::TEXT
            | Type::VARCHAR
            | Type::BPCHAR
            | Type::NAME
            | Type::CHAR
            | Type::UNKNOWN
            | Type::XML => {}
            _ if matches!(self.ty.kind(), Kind::Enum(_)) || self.ty.name() == "citext" => {}
            _ => return self.unexpected("a String; cast it to text in the query"),
        }
        std::str::from_utf8(bytes).map_err(|error| format!("the text is not UTF-8: {error}"))
    }

    fn integer(self) -> Result<Option<i64>, String> {
        Ok(Some(match *self.ty {
            Type::INT2 => i64::from(i16::from_be_bytes(self.fixed()?)),
            Type::INT4 => i64::from(i32::from_be_bytes(self.fixed()?)),
            Type::INT8 => i64::from_be_bytes(self.fixed()?),
            Type::OID => i64::from(u32::from_be_bytes(self.fixed()?)),
            _ => return Ok(None),
        }))
    }

    /// Which value of an enum it is, whose names in the database and whose own name are given.
    fn place(self, names: &[&str], enumeration: &str) -> Result<usize, String> {
        let name = self.text()?;
        among(names, name)
            .ok_or_else(|| format!("Value '{name}' not found in enum '{enumeration}'"))
    }

    /// The members of an array. One with more dimensions is refused: no type of a schema is a list of lists.
    fn members(self) -> Result<Vec<Cell<'a>>, String> {
        let Kind::Array(member) = self.ty.kind() else { return self.unexpected("a list") };
        // Older rows of a list column may hold NULL, which Prisma reads as an empty list.
        let Some(bytes) = self.bytes else { return Ok(Vec::new()) };
        let members =
            Vec::<Option<Raw<'a>>>::from_sql(self.ty, bytes).map_err(|error| error.to_string())?;
        Ok(members
            .into_iter()
            .map(|raw| Cell { ty: member, bytes: raw.map(|raw| raw.0) })
            .collect())
    }

    /// The value as its own type says.
    pub(crate) fn value(self) -> Result<PrismaValue, String> {
        if self.bytes.is_none() {
            return Ok(PrismaValue::Null);
        }
        if let Kind::Domain(inner) = self.ty.kind() {
            return Cell { ty: inner, bytes: self.bytes }.value();
        }
        if let Kind::Array(_) = self.ty.kind() {
            return self
                .members()?
                .into_iter()
                .map(Cell::value)
                .collect::<Result<_, _>>()
                .map(PrismaValue::List);
        }
        Ok(match *self.ty {
            Type::BOOL => bool::from_column(self)?.into_value(),
            Type::INT2 | Type::INT4 => i32::from_column(self)?.into_value(),
            Type::INT8 | Type::OID => i64::from_column(self)?.into_value(),
            Type::FLOAT4 | Type::FLOAT8 => f64::from_column(self)?.into_value(),
            Type::NUMERIC => BigDecimal::from_column(self)?.into_value(),
            Type::TIMESTAMP | Type::TIMESTAMPTZ | Type::DATE | Type::TIME | Type::TIMETZ => {
                DateTime::<FixedOffset>::from_column(self)?.into_value()
            }
            Type::UUID => PrismaValue::Uuid(Uuid::from_bytes(self.fixed()?)),
            Type::JSON | Type::JSONB => serde_json::Value::from_column(self)?.into_value(),
            Type::BYTEA => Vec::<u8>::from_column(self)?.into_value(),
            _ => String::from_column(self)?.into_value(),
        })
    }
}

impl FromColumn for String {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        match *cell.ty {
            Type::UUID => Ok(Uuid::from_bytes(cell.fixed()?).hyphenated().to_string()),
            _ => cell.text().map(str::to_owned),
        }
    }
}

impl FromColumn for i32 {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        if let (&Type::INT4, Some(bytes)) = (cell.ty, cell.bytes.and_then(<[u8]>::as_array)) {
            return Ok(Self::from_be_bytes(*bytes));
        }
        match cell.integer()? {
            Some(value) => Self::try_from(value)
                .map_err(|_| "the number is outside the range of Int".to_owned()),
            None => cell.unexpected("an Int"),
        }
    }
}

impl FromColumn for i64 {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        match cell.integer()? {
            Some(value) => Ok(value),
            None => cell.unexpected("a BigInt"),
        }
    }
}

impl FromColumn for f64 {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        match *cell.ty {
            // Through the shortest text, so that 0.1 stored as `real` is 0.1 here too.
            Type::FLOAT4 => {
                let short = f32::from_be_bytes(cell.fixed()?).to_string();
                short.parse().map_err(|_| format!("`{short}` is no Float"))
            }
            Type::FLOAT8 => Ok(Self::from_be_bytes(cell.fixed()?)),
            _ => cell.unexpected("a Float"),
        }
    }
}

impl FromColumn for bool {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        match *cell.ty {
            Type::BOOL => Ok(cell.fixed::<1>()?[0] != 0),
            _ => cell.unexpected("a Boolean"),
        }
    }
}

impl FromColumn for BigDecimal {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        match *cell.ty {
            Type::NUMERIC => numeric::decode(cell.required()?),
            _ => cell.unexpected("a Decimal"),
        }
    }
}

impl FromColumn for DateTime<FixedOffset> {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        match *cell.ty {
            Type::TIMESTAMP | Type::TIMESTAMPTZ => {
                moment::from_micros(i64::from_be_bytes(cell.fixed()?))
            }
            Type::DATE => moment::from_days(i32::from_be_bytes(cell.fixed()?)),
            Type::TIME => moment::from_time(i64::from_be_bytes(cell.fixed()?), 0),
            Type::TIMETZ => {
                let bytes = cell.fixed::<12>()?;
                let short = || "the time is cut short".to_owned();
                let time = bytes.first_chunk().ok_or_else(short)?;
                let zone = bytes.last_chunk().ok_or_else(short)?;
                moment::from_time(i64::from_be_bytes(*time), i32::from_be_bytes(*zone))
            }
            _ => cell.unexpected("a DateTime"),
        }
    }
}

impl FromColumn for serde_json::Value {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        let ((bytes, &Type::JSON) | ([1, bytes @ ..], &Type::JSONB)) = (cell.required()?, cell.ty)
        else {
            return cell.unexpected("a Json document");
        };
        serde_json::from_slice(bytes).map_err(|error| format!("the document is no JSON: {error}"))
    }
}

impl FromColumn for Vec<u8> {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        match *cell.ty {
            Type::BYTEA => Ok(cell.required()?.to_vec()),
            _ => cell.unexpected("Bytes"),
        }
    }
}

impl<E: Enumeration> FromColumn for E {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        // As little as can be: this is compiled for each enum of a client.
        match cell.place(E::DATABASE_NAMES, E::NAME) {
            Ok(place) => Ok(E::VALUES[place]),
            Err(reason) => Err(reason),
        }
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        if cell.bytes.is_none() {
            return Ok(None);
        }
        match T::from_column(cell) {
            Ok(value) => Ok(Some(value)),
            Err(reason) => Err(reason),
        }
    }
}

/// What a list may hold: everything but a single byte, since `Vec<u8>` is Bytes.
pub trait ListItem: FromColumn + Serialize + DeserializeOwned + 'static {}

impl ListItem for String {}
impl ListItem for i32 {}
impl ListItem for i64 {}
impl ListItem for f64 {}
impl ListItem for bool {}
impl ListItem for BigDecimal {}
impl ListItem for DateTime<FixedOffset> {}
impl ListItem for serde_json::Value {}
impl ListItem for Vec<u8> {}
impl<E: Enumeration> ListItem for E {}

impl<T: ListItem> FromColumn for Vec<T> {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        let members = cell.members()?;
        let mut list = Vec::with_capacity(members.len());
        for member in members {
            match T::from_column(member) {
                Ok(value) => list.push(value),
                Err(reason) => return Err(reason),
            }
        }
        Ok(list)
    }
}
