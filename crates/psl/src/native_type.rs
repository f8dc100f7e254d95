//! `@db.…`: PostgreSQL's column types under the names Prisma gives them.

use crate::ast::Arguments;
use crate::scalar_type::ScalarType;
use std::fmt::{self, Display, Formatter};

/// A native type with its arguments, as written after `@db.`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NativeType {
    SmallInt,
    Integer,
    BigInt,
    Oid,
    /// Precision and scale.
    Decimal(Option<(u32, u32)>),
    Money,
    Real,
    DoublePrecision,
    VarChar(Option<u32>),
    Char(Option<u32>),
    Text,
    Bit(Option<u32>),
    VarBit(Option<u32>),
    Uuid,
    Xml,
    Inet,
    Citext,
    Boolean,
    ByteA,
    Timestamp(Option<u32>),
    Timestamptz(Option<u32>),
    Time(Option<u32>),
    Timetz(Option<u32>),
    Date,
    Json,
    JsonB,
}

/// What is wrong with `@db.…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NativeTypeError {
    Unknown,
    TooManyArguments {
        allowed: usize,
        given: usize,
    },
    /// Neither none nor all of them were given.
    WrongNumberOfArguments {
        expected: usize,
        given: usize,
    },
    /// The argument as written.
    NotANumber(String),
}

impl NativeType {
    /// Every type's name with the number of arguments it may have and the Prisma type it is for.
    pub(crate) const CONSTRUCTORS: [(&'static str, usize, ScalarType); 26] = [
        ("SmallInt", 0, ScalarType::Int),
        ("Integer", 0, ScalarType::Int),
        ("BigInt", 0, ScalarType::BigInt),
        ("Decimal", 2, ScalarType::Decimal),
        ("Money", 0, ScalarType::Decimal),
        ("Inet", 0, ScalarType::String),
        ("Oid", 0, ScalarType::Int),
        ("Citext", 0, ScalarType::String),
        ("Real", 0, ScalarType::Float),
        ("DoublePrecision", 0, ScalarType::Float),
        ("VarChar", 1, ScalarType::String),
        ("Char", 1, ScalarType::String),
        ("Text", 0, ScalarType::String),
        ("ByteA", 0, ScalarType::Bytes),
        ("Timestamp", 1, ScalarType::DateTime),
        ("Timestamptz", 1, ScalarType::DateTime),
        ("Date", 0, ScalarType::DateTime),
        ("Time", 1, ScalarType::DateTime),
        ("Timetz", 1, ScalarType::DateTime),
        ("Boolean", 0, ScalarType::Boolean),
        ("Bit", 1, ScalarType::String),
        ("VarBit", 1, ScalarType::String),
        ("Uuid", 0, ScalarType::String),
        ("Xml", 0, ScalarType::String),
        ("Json", 0, ScalarType::Json),
        ("JsonB", 0, ScalarType::Json),
    ];

    /// Reads `db.Name` and its arguments; the part before the first dot is not looked at.
    pub(crate) fn parse(path: &str, arguments: &Arguments<'_>) -> Result<Self, NativeTypeError> {
        let name = path.split_once('.').map_or(path, |(_, name)| name);
        let arguments: Vec<String> =
            arguments.list.iter().map(|argument| argument.value.to_string()).collect();
        Self::from_parts(name, &arguments)
    }

    /// Reads a name and its arguments as text.
    pub(crate) fn from_parts(name: &str, arguments: &[String]) -> Result<Self, NativeTypeError> {
        let (_, allowed, _) = Self::CONSTRUCTORS
            .into_iter()
            .find(|(known, ..)| *known == name)
            .ok_or(NativeTypeError::Unknown)?;
        let given = arguments.len();
        if given > allowed {
            return Err(NativeTypeError::TooManyArguments { allowed, given });
        }
        let number = |position: usize| {
            let Some(text) = arguments.get(position) else { return Ok(None) };
            text.parse().map(Some).map_err(|_| NativeTypeError::NotANumber(text.clone()))
        };
        Ok(match name {
            "SmallInt" => Self::SmallInt,
            "Integer" => Self::Integer,
            "BigInt" => Self::BigInt,
            "Oid" => Self::Oid,
            "Decimal" => Self::Decimal(match (number(0)?, number(1)?) {
                (Some(precision), Some(scale)) => Some((precision, scale)),
                (None, None) => None,
                _ => return Err(NativeTypeError::WrongNumberOfArguments { expected: 2, given }),
            }),
            "Money" => Self::Money,
            "Real" => Self::Real,
            "DoublePrecision" => Self::DoublePrecision,
            "VarChar" => Self::VarChar(number(0)?),
            "Char" => Self::Char(number(0)?),
            "Text" => Self::Text,
            "Bit" => Self::Bit(number(0)?),
            "VarBit" => Self::VarBit(number(0)?),
            "Uuid" => Self::Uuid,
            "Xml" => Self::Xml,
            "Inet" => Self::Inet,
            "Citext" => Self::Citext,
            "Boolean" => Self::Boolean,
            "ByteA" => Self::ByteA,
            "Timestamp" => Self::Timestamp(number(0)?),
            "Timestamptz" => Self::Timestamptz(number(0)?),
            "Time" => Self::Time(number(0)?),
            "Timetz" => Self::Timetz(number(0)?),
            "Date" => Self::Date,
            "Json" => Self::Json,
            "JsonB" => Self::JsonB,
            _ => return Err(NativeTypeError::Unknown),
        })
    }

    /// Prisma's name, without arguments.
    pub fn name(self) -> &'static str {
        match self {
            Self::SmallInt => "SmallInt",
            Self::Integer => "Integer",
            Self::BigInt => "BigInt",
            Self::Oid => "Oid",
            Self::Decimal(_) => "Decimal",
            Self::Money => "Money",
            Self::Real => "Real",
            Self::DoublePrecision => "DoublePrecision",
            Self::VarChar(_) => "VarChar",
            Self::Char(_) => "Char",
            Self::Text => "Text",
            Self::Bit(_) => "Bit",
            Self::VarBit(_) => "VarBit",
            Self::Uuid => "Uuid",
            Self::Xml => "Xml",
            Self::Inet => "Inet",
            Self::Citext => "Citext",
            Self::Boolean => "Boolean",
            Self::ByteA => "ByteA",
            Self::Timestamp(_) => "Timestamp",
            Self::Timestamptz(_) => "Timestamptz",
            Self::Time(_) => "Time",
            Self::Timetz(_) => "Timetz",
            Self::Date => "Date",
            Self::Json => "Json",
            Self::JsonB => "JsonB",
        }
    }

    /// What is written in parentheses behind the name: none, a length or precision, or precision and scale.
    ///
    /// ```
    /// assert_eq!(psl::NativeType::Decimal(Some((10, 2))).arguments(), [10, 2]);
    /// ```
    pub fn arguments(self) -> Vec<u32> {
        match self {
            Self::Decimal(Some((precision, scale))) => vec![precision, scale],
            Self::VarChar(Some(n))
            | Self::Char(Some(n))
            | Self::Bit(Some(n))
            | Self::VarBit(Some(n))
            | Self::Timestamp(Some(n))
            | Self::Timestamptz(Some(n))
            | Self::Time(Some(n))
            | Self::Timetz(Some(n)) => vec![n],
            _ => Vec::new(),
        }
    }

    /// The Prisma type that a field of this native type must have.
    pub fn scalar_type(self) -> ScalarType {
        let found = Self::CONSTRUCTORS.into_iter().find(|(name, ..)| *name == self.name());
        found.map_or(ScalarType::String, |(_, _, scalar)| scalar)
    }
}

impl Display for NativeType {
    /// As written after `@db.`.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self.arguments().as_slice() {
            [] => Ok(()),
            [argument] => write!(f, "({argument})"),
            [precision, scale, ..] => write!(f, "({precision}, {scale})"),
        }
    }
}
