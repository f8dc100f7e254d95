//! What fields hold: values of columns, lists, rows, and each of these where it need not be there.

use std::fmt;

use bigdecimal::BigDecimal;
use chrono::{DateTime, FixedOffset};
use serde::de::{Deserialize, Deserializer};

use super::{Blank, Field, Item, Place, Record, Shown, Value, read};
use crate::fetched::{Content, Fetched};
use crate::read::{MISSING, ReadError, Reader};
use crate::wire::decode::{Cell, FromColumn};

macro_rules! fields {
    ($(<$generic:ident> $ty:ty: $read:ident, $cell:ident => $of_cell:expr, $blank:expr, $absent:expr;)+) => {
        $(
            impl<$generic: Item> Field for $ty {
                fn read(row: &Reader<'_>, place: Place) -> Result<Self, ReadError> {
                    $generic::$read(row, place)
                }

                fn of_cell($cell: Cell<'_>) -> Option<Result<Self, String>> {
                    $of_cell
                }

                fn blank() -> Self {
                    $blank
                }

                fn absent() -> Option<Self> {
                    $absent
                }

                fn parse<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                    Deserialize::deserialize(from)
                }
            }
        )+
    };
}

fields! {
    <T> T: read, cell => <T as Item>::of_cell(cell), <T as Item>::blank(), None;
    <T> Option<T>: read_optional, cell => optional_of_cell(cell), None, Some(None);
}

fn optional_of_cell<T: Item>(cell: Cell<'_>) -> Option<Result<Option<T>, String>> {
    if cell.bytes.is_none() {
        return Some(Ok(None));
    }
    match <T as Item>::of_cell(cell) {
        Some(Ok(value)) => Some(Ok(Some(value))),
        Some(Err(reason)) => Some(Err(reason)),
        None => None,
    }
}

impl<T: Item> Field for Option<Option<T>> {
    fn read(row: &Reader<'_>, place: Place) -> Result<Self, ReadError> {
        T::read_fetched(row, place)
    }

    fn of_cell(_: Cell<'_>) -> Option<Result<Self, String>> {
        None
    }

    fn blank() -> Self {
        None
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn parse<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // Where values have names, what nothing was said of is not there, and `null` is a value.
        if from.is_human_readable() {
            Deserialize::deserialize(from).map(Some)
        } else {
            let said = Option::<(Option<T>,)>::deserialize(from)?;
            Ok(said.map(|(value,)| value))
        }
    }
}

// Here and below nothing is called that would be compiled for each type once more: of a client's build, what is said of
// its relations is most.

impl<T: Item> Value for Option<T> {
    fn show(&self) -> Shown<'_> {
        match self {
            None => Shown::Null,
            Some(value) => Shown::There(value),
        }
    }

    fn debug(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            None => optional(None, f),
            Some(value) => optional(Some(value), f),
        }
    }
}

impl<T: Item> Value for Option<Option<T>> {
    fn show(&self) -> Shown<'_> {
        match self {
            None => Shown::Absent,
            Some(None) => Shown::Nothing,
            Some(Some(value)) => Shown::Said(value),
        }
    }

    fn debug(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            None => optional(None, f),
            Some(value) => optional(Some(value), f),
        }
    }
}

fn optional(value: Option<&dyn Value>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value {
        None => f.write_str("None"),
        Some(value) => f.debug_tuple("Some").field(&value).finish(),
    }
}

/// Items that stand in columns, with what they are shown as.
macro_rules! items {
    ($($ty:ty, $blank:expr, $value:ident => $shown:expr;)+) => {
        $(
            impl Value for $ty {
                fn show(&self) -> Shown<'_> {
                    let $value = self;
                    $shown
                }

                fn debug(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Debug::fmt(self, f)
                }
            }

            impl Item for $ty {
                $crate::in_column! { $blank }
            }
        )+
    };
}

/// The methods of an [`Item`] that stands in a column.
#[doc(hidden)]
#[macro_export]
macro_rules! in_column {
    ($blank:expr) => {
        fn read(
            row: &$crate::read::Reader<'_>,
            place: $crate::record::Place,
        ) -> ::core::result::Result<Self, $crate::read::ReadError> {
            row.get(place)
        }

        fn of_cell(
            cell: $crate::Cell<'_>,
        ) -> ::core::option::Option<::core::result::Result<Self, ::std::string::String>> {
            ::core::option::Option::Some($crate::FromColumn::from_column(cell))
        }

        fn read_optional(
            row: &$crate::read::Reader<'_>,
            place: $crate::record::Place,
        ) -> ::core::result::Result<::core::option::Option<Self>, $crate::read::ReadError> {
            row.get(place)
        }

        fn read_many(
            row: &$crate::read::Reader<'_>,
            place: $crate::record::Place,
        ) -> ::core::result::Result<::std::vec::Vec<Self>, $crate::read::ReadError> {
            row.get(place)
        }

        fn blank() -> Self {
            $blank
        }
    };
}

items! {
    String, Self::new(), value => Shown::Text(value);
    bool, false, value => Shown::Bool(*value);
    i32, 0, value => Shown::Int(*value);
    f64, 0.0, value => Shown::Float(*value);
    BigDecimal, Self::default(), value => Shown::Decimal(value);
    DateTime<FixedOffset>, DateTime::UNIX_EPOCH.fixed_offset(), value => Shown::Moment(value);
    serde_json::Value, Self::Null, value => Shown::Json(value);
    Vec<u8>, Self::new(), value => Shown::Bytes(value);
}

// A number of rows is one too, and stands in no column.
impl Value for i64 {
    fn show(&self) -> Shown<'_> {
        Shown::BigInt(*self)
    }

    fn debug(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl Item for i64 {
    fn read(row: &Reader<'_>, place: Place) -> Result<Self, ReadError> {
        match place {
            Place::Count(relation) => row.count(relation),
            place => row.get(place),
        }
    }

    fn of_cell(cell: Cell<'_>) -> Option<Result<Self, String>> {
        Some(Self::from_column(cell))
    }

    fn read_optional(row: &Reader<'_>, place: Place) -> Result<Option<Self>, ReadError> {
        row.get(place)
    }

    fn read_many(row: &Reader<'_>, place: Place) -> Result<Vec<Self>, ReadError> {
        row.get(place)
    }

    fn blank() -> Self {
        0
    }
}

impl<T: Item> Value for Vec<T> {
    fn show(&self) -> Shown<'_> {
        let mut shown = Vec::with_capacity(self.len());
        for value in self {
            shown.push(value.show());
        }
        Shown::List(shown)
    }

    fn debug(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_list();
        for value in self {
            list.entry(&(value as &dyn Value));
        }
        list.finish()
    }
}

impl<T: Item> Item for Vec<T> {
    fn read(row: &Reader<'_>, place: Place) -> Result<Self, ReadError> {
        T::read_many(row, place)
    }

    fn read_optional(row: &Reader<'_>, place: Place) -> Result<Option<Self>, ReadError> {
        T::read_many_fetched(row, place)
    }

    fn read_many(row: &Reader<'_>, place: Place) -> Result<Vec<Self>, ReadError> {
        <Self as Item>::read(row, place).map(|one| vec![one])
    }

    fn blank() -> Self {
        Self::new()
    }
}

/// A row inside a row, as `select!` has it.
impl<R: Record> Value for R {
    fn show(&self) -> Shown<'_> {
        Shown::Row(R::SHAPE, self.values())
    }

    fn debug(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl<R: Record> Item for R {
    fn read(row: &Reader<'_>, place: Place) -> Result<Self, ReadError> {
        match place {
            Place::Row => read(row),
            place => row.one::<R>(place),
        }
    }

    fn read_optional(row: &Reader<'_>, place: Place) -> Result<Option<Self>, ReadError> {
        row.optional::<R>(place)
    }

    fn read_many(row: &Reader<'_>, place: Place) -> Result<Vec<Self>, ReadError> {
        row.many::<R>(place)
    }

    fn read_many_fetched(row: &Reader<'_>, place: Place) -> Result<Option<Vec<Self>>, ReadError> {
        super::boxed::many(row, place)
    }

    fn blank() -> Self {
        R::make(&mut Blank)
    }
}

impl<T: Item> Value for Fetched<T> {
    fn show(&self) -> Shown<'_> {
        self.value().show()
    }

    fn debug(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value().debug(f)
    }
}

impl<T: Content + Item> Item for Fetched<T> {
    fn read(row: &Reader<'_>, place: Place) -> Result<Self, ReadError> {
        row.chosen(place, Self::read_optional(row, place)?)
    }

    fn read_optional(row: &Reader<'_>, place: Place) -> Result<Option<Self>, ReadError> {
        match row.fetched(place) {
            Ok(None) => Ok(None),
            Ok(Some(None)) => Err(row.error(place, MISSING)),
            Ok(Some(Some(held))) => Ok(Some(Self::of(held))),
            Err(error) => Err(error),
        }
    }

    fn read_many(row: &Reader<'_>, place: Place) -> Result<Vec<Self>, ReadError> {
        <Self as Item>::read(row, place).map(|one| vec![one])
    }

    fn read_fetched(row: &Reader<'_>, place: Place) -> Result<Option<Option<Self>>, ReadError> {
        match row.fetched(place) {
            Ok(None) => Ok(None),
            Ok(Some(None)) => Ok(Some(None)),
            Ok(Some(Some(held))) => Ok(Some(Some(Self::of(held)))),
            Err(error) => Err(error),
        }
    }

    fn blank() -> Self {
        Self::new(T::blank())
    }
}
