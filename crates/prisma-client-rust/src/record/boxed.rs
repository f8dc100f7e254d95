//! Rows that hold others as they are: `Option<Box<user::Data>>`, `Option<Vec<post::Data>>`.
//!
//! They are read by way of [`Fetched`], whose box is the one that the row gets.

use super::{Item, Place, Record};
use crate::fetched::Fetched;
use crate::read::{ReadError, Reader};

/// One row, where it was fetched.
pub fn one<R: Record>(row: &Reader<'_>, place: Place) -> Result<Option<Box<R>>, ReadError> {
    match Fetched::<R>::read_optional(row, place) {
        Ok(held) => Ok(held.map(Fetched::into_box)),
        Err(error) => Err(error),
    }
}

/// One row or none, where it was fetched.
pub fn one_or_none<R: Record>(
    row: &Reader<'_>,
    place: Place,
) -> Result<Option<Option<Box<R>>>, ReadError> {
    match Fetched::<R>::read_fetched(row, place) {
        Ok(held) => Ok(held.map(|held| held.map(Fetched::into_box))),
        Err(error) => Err(error),
    }
}

/// Any number of rows, where they were fetched.
pub(super) fn many<R: Record>(row: &Reader<'_>, place: Place) -> Result<Option<Vec<R>>, ReadError> {
    match Fetched::<Vec<R>>::read_optional(row, place) {
        Ok(held) => Ok(held.map(Fetched::into_inner)),
        Err(error) => Err(error),
    }
}

/// What makes a row in a box a value of another row: said of each model, since nobody can say it of all boxes.
#[macro_export]
macro_rules! boxed {
    ($data:ident) => {
        impl $crate::record::Value for ::std::boxed::Box<$data> {
            fn show(&self) -> $crate::record::Shown<'_> {
                $crate::record::Value::show(&**self)
            }

            fn debug(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&**self, f)
            }
        }

        impl $crate::record::Item for ::std::boxed::Box<$data> {
            fn read(
                row: &$crate::read::Reader<'_>,
                place: $crate::record::Place,
            ) -> ::core::result::Result<Self, $crate::read::ReadError> {
                <$data as $crate::record::Item>::read(row, place).map(Self::new)
            }

            fn read_optional(
                row: &$crate::read::Reader<'_>,
                place: $crate::record::Place,
            ) -> ::core::result::Result<::core::option::Option<Self>, $crate::read::ReadError> {
                $crate::record::boxed::one(row, place)
            }

            fn read_many(
                row: &$crate::read::Reader<'_>,
                place: $crate::record::Place,
            ) -> ::core::result::Result<::std::vec::Vec<Self>, $crate::read::ReadError> {
                <Self as $crate::record::Item>::read(row, place).map(|one| ::std::vec![one])
            }

            fn read_fetched(
                row: &$crate::read::Reader<'_>,
                place: $crate::record::Place,
            ) -> ::core::result::Result<
                ::core::option::Option<::core::option::Option<Self>>,
                $crate::read::ReadError,
            > {
                $crate::record::boxed::one_or_none(row, place)
            }

            fn blank() -> Self {
                Self::new(<$data as $crate::record::Item>::blank())
            }
        }
    };
}
