//! Enums of the schema.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::record::Item;
use crate::value::{PrismaValue, Scalar};

/// An enum of the schema. Implemented by generated code, never by hand.
pub trait Enumeration: Copy + Item + Send + Sync + Serialize + DeserializeOwned {
    /// The enum's name in the schema.
    const NAME: &'static str;
    /// Every value in source order.
    const VALUES: &'static [Self];
    /// Their names in the schema.
    const NAMES: &'static [&'static str];
    /// Their names in the database.
    const DATABASE_NAMES: &'static [&'static str];

    /// Which of [`VALUES`](Self::VALUES) it is.
    fn place(self) -> usize;

    /// The name in the schema.
    fn name(self) -> &'static str {
        Self::NAMES[self.place()]
    }

    /// The name in the database: `@map`, else the schema's.
    fn database_name(self) -> &'static str {
        Self::DATABASE_NAMES[self.place()]
    }

    /// The value with this name in the schema.
    fn from_name(name: &str) -> Option<Self> {
        among(Self::NAMES, name).map(|place| Self::VALUES[place])
    }
}

/// Where a name is among those of an enum.
pub(crate) fn among(names: &[&str], name: &str) -> Option<usize> {
    names.iter().position(|other| *other == name)
}

/// A text that is no value of the enum it was parsed as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownValue {
    enumeration: &'static str,
    text: String,
}

impl UnknownValue {
    /// For generated `FromStr` implementations.
    pub fn new<E: Enumeration>(text: &str) -> Self {
        Self { enumeration: E::NAME, text: text.to_owned() }
    }
}

impl std::fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` is no value of the enum `{}`", self.text, self.enumeration)
    }
}

impl std::error::Error for UnknownValue {}

/// For generated code: a value by its name in the schema.
pub fn deserialize<'de, E: Enumeration, D: serde::Deserializer<'de>>(
    from: D,
) -> Result<E, D::Error> {
    let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(from)?;
    let unknown = || serde::de::Error::custom(UnknownValue::new::<E>(&text));
    E::from_name(&text).ok_or_else(unknown)
}

impl<E: Enumeration> Scalar for E {
    fn into_value(self) -> PrismaValue {
        PrismaValue::Enum(self.database_name().to_owned())
    }
}
