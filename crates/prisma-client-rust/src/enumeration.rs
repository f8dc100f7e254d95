//! Enums of the schema.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::record::Item;
use crate::value::{PrismaValue, Scalar};

/// An enum of the schema. Implemented by generated code, never by hand.
pub trait Enumeration: Copy + Item + Send + Sync + Serialize + DeserializeOwned {
    /// The enum's name in the schema.
    const NAME: &'static str;
    /// Every value in source order: the variant, its name in the schema, its name in the database.
    const VALUES: &'static [(Self, &'static str, &'static str)];
    /// The names of all values in the database.
    const DATABASE_NAMES: &'static [&'static str];

    /// The name in the schema.
    fn name(self) -> &'static str {
        entry(self).1
    }

    /// The name in the database: `@map`, else the schema's.
    fn database_name(self) -> &'static str {
        entry(self).2
    }

    /// The value with this name in the schema.
    fn from_name(name: &str) -> Option<Self> {
        Self::VALUES.iter().find(|value| value.1 == name).map(|value| value.0)
    }

    /// The value with this name in the database.
    fn from_database_name(name: &str) -> Option<Self> {
        Self::VALUES.iter().find(|value| value.2 == name).map(|value| value.0)
    }
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

fn entry<E: Enumeration>(value: E) -> &'static (E, &'static str, &'static str) {
    let position = E::VALUES.iter().position(|entry| entry.0 == value);
    &E::VALUES[position.expect("generated code lists every variant")]
}
