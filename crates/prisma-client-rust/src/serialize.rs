//! Serde for rows and enums, without its derive: a [`Record`] knows the names of its fields, and shows its values.
//!
//! What comes out is what prisma-client-rust's derives give: fields by their names in the schema; of a relation `null`
//! where it was not fetched, except that one which may have no row is left out then, since `null` says that there is
//! none.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::record::{Field, Record, Shape, Shown, Source, Value};

/// Writes a struct.
pub fn write<R: Record, S: Serializer>(record: &R, serializer: S) -> Result<S::Ok, S::Error> {
    write_values(R::SHAPE, &record.values(), serializer)
}

fn write_values<S: Serializer>(
    shape: Shape,
    values: &[&dyn Value],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    // Where values have no names, each has its place.
    let is_named = serializer.is_human_readable();
    let is_left_out = |value: &&dyn Value| match value.show() {
        Shown::Absent => is_named,
        Shown::Null => is_named && shape.changes,
        _ => false,
    };
    let written = values.iter().filter(|value| !is_left_out(value)).count();
    let mut out = serializer.serialize_struct("Data", written)?;
    for (index, value) in values.iter().enumerate() {
        let name = shape.name(index);
        if is_left_out(value) {
            out.skip_field(name)?;
        } else {
            out.serialize_field(name, &value.show())?;
        }
    }
    out.end()
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Null => to.serialize_none(),
            Self::Nothing if to.is_human_readable() => to.serialize_none(),
            // Some formats have one way to write that there is nothing: inside brackets it is another thing.
            Self::Nothing => to.serialize_some(&(Self::Null,)),
            Self::Said(value) if !to.is_human_readable() => {
                to.serialize_some(&(Self::There(*value),))
            }
            Self::There(value) | Self::Said(value) => to.serialize_some(&value.show()),
            Self::Bool(value) => to.serialize_bool(*value),
            Self::Int(value) => to.serialize_i32(*value),
            Self::BigInt(value) => to.serialize_i64(*value),
            Self::Float(value) => to.serialize_f64(*value),
            Self::Text(value) => to.serialize_str(value),
            Self::Decimal(value) => value.serialize(to),
            Self::Moment(value) => value.serialize(to),
            Self::Json(value) => value.serialize(to),
            Self::Bytes(value) => value.serialize(to),
            Self::List(values) => values.serialize(to),
            Self::Row(shape, values) => write_values(*shape, values, to),
        }
    }
}

/// Reads a struct, from named values or from values in a row.
pub fn read<'de, R: Record, D: Deserializer<'de>>(deserializer: D) -> Result<R, D::Error> {
    struct Struct<R>(PhantomData<fn() -> R>);

    impl<'de, R: Record> Visitor<'de> for Struct<R> {
        type Value = R;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("struct Data")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<R, A::Error> {
            let early = (0..R::SHAPE.len()).map(|_| None).collect();
            let mut named = ByName { map, shape: R::SHAPE, early, next: 0, error: None };
            let record = R::make(&mut named);
            named.finish().map(|()| record)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, values: A) -> Result<R, A::Error> {
            let mut row = InOrder { values, read: 0, error: None };
            let record = R::make(&mut row);
            row.error.map_or(Ok(record), Err)
        }
    }

    // Formats that look at the names look at their number.
    let names = NAMES.get(..R::SHAPE.len()).unwrap_or(NAMES);
    deserializer.deserialize_struct("Data", names, Struct(PhantomData))
}

/// As many names as a table can have columns, and more.
const NAMES: &[&str] = &[""; 2_048];

/// Named values in any order: those that come too early are kept as JSON.
struct ByName<'de, A: MapAccess<'de>> {
    map: A,
    shape: Shape,
    early: Vec<Option<serde_json::Value>>,
    next: usize,
    error: Option<A::Error>,
}

impl<'de, A: MapAccess<'de>> ByName<'de, A> {
    /// The position of the next name that is known.
    fn position(&mut self) -> Result<Option<usize>, A::Error> {
        while let Some(position) = self.map.next_key_seed(Position(self.shape))? {
            match position {
                Some(position) => return Ok(Some(position)),
                None => drop(self.map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(None)
    }

    fn value<T: Field>(&mut self, index: usize) -> Result<T, A::Error> {
        if let Some(value) = self.early[index].take() {
            return T::parse(value).map_err(Error::custom);
        }
        while let Some(position) = self.position()? {
            if position == index {
                return self.map.next_value_seed(Parse(PhantomData));
            }
            if position < index || self.early[position].is_some() {
                return Err(Error::duplicate_field(self.shape.name(position)));
            }
            self.early[position] = Some(self.map.next_value()?);
        }
        T::absent().ok_or_else(|| Error::missing_field(self.shape.name(index)))
    }

    fn finish(mut self) -> Result<(), A::Error> {
        match (self.error.take(), self.position()) {
            (Some(error), _) | (None, Err(error)) => Err(error),
            (None, Ok(Some(again))) => Err(Error::duplicate_field(self.shape.name(again))),
            (None, Ok(None)) => Ok(()),
        }
    }
}

impl<'de, A: MapAccess<'de>> Source for ByName<'de, A> {
    fn next<T: Field>(&mut self) -> T {
        let index = self.next;
        self.next += 1;
        // After an error nothing is asked for any more: the format may have lost its place.
        if self.error.is_none() {
            match self.value(index) {
                Ok(value) => return value,
                Err(error) => self.error = Some(error),
            }
        }
        T::blank()
    }
}

struct InOrder<'de, A: SeqAccess<'de>> {
    values: A,
    read: usize,
    error: Option<A::Error>,
}

impl<'de, A: SeqAccess<'de>> Source for InOrder<'de, A> {
    fn next<T: Field>(&mut self) -> T {
        let index = self.read;
        self.read += 1;
        if self.error.is_none() {
            match self.values.next_element_seed(Parse(PhantomData)) {
                Ok(Some(value)) => return value,
                Ok(None) => self.error = Some(Error::invalid_length(index, &"struct Data")),
                Err(error) => self.error = Some(error),
            }
        }
        T::blank()
    }
}

/// Reads a value of a field.
struct Parse<T>(PhantomData<fn() -> T>);

impl<'de, T: Field> DeserializeSeed<'de> for Parse<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::parse(deserializer)
    }
}

/// Finds a name among those of a struct.
struct Position(Shape);

impl<'de> DeserializeSeed<'de> for Position {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Position {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(self.0.position(name))
    }
}

/// What is the same for all structs of values: `Clone`, `Debug`, `PartialEq`, serde.
///
/// The names are those in Rust, as `Debug` shows them.
#[doc(hidden)]
#[macro_export]
macro_rules! record_items {
    ($data:ident $($name:ident)*) => {
        impl ::core::clone::Clone for $data {
            #[inline]
            fn clone(&self) -> Self {
                $crate::record::another(self)
            }
        }

        impl ::core::fmt::Debug for $data {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let values = $crate::record::Record::values(self);
                $crate::record::debug(values, ::core::stringify!($data $($name)*), f)
            }
        }

        impl ::core::cmp::PartialEq for $data {
            fn eq(&self, other: &Self) -> ::core::primitive::bool {
                let values = $crate::record::Record::values(self);
                $crate::record::are_equal(values, $crate::record::Record::values(other))
            }
        }

        impl $crate::serde::Serialize for $data {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::serialize::write(self, serializer)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $data {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::serialize::read(deserializer)
            }
        }
    };
}
