//! What is common to all fields: a name, a place, and the types that they are read as.
//!
//! `select!` and the generated code name a field by its type alone and ask these traits for the rest.

use std::marker::PhantomData;

use bigdecimal::BigDecimal;
use chrono::{DateTime as Moment, FixedOffset};
use serde::de::DeserializeOwned;
use serde::ser::{Serialize, SerializeStruct};

use super::{
    BigInt, Boolean, Bytes, DateTime, Decimal, Enum, Float, Int, Json as JsonField, List, Many,
    One, OptionalOne, Presence, Required, Text,
};
use crate::choice::Part;
use crate::enumeration::Enumeration;
use crate::fetched::Fetched;
use crate::model::Model;
use crate::read::{Pick, ReadError, Reader};
use crate::serialize::Source;
use crate::wire::decode::ListItem;

/// A field as JSON has it.
pub trait Named {
    /// The type that it is read as.
    type Value: 'static;
    /// Its name in the schema.
    const NAME: &'static str;

    /// Writes it.
    fn write<S: SerializeStruct>(value: &Self::Value, out: &mut S) -> Result<(), S::Error>;

    /// Reads it.
    fn value<'de, S: Source<'de>>(from: &mut S) -> Result<Self::Value, S::Error>;

    /// What it is where it is not there, unless that is a mistake.
    fn absent() -> Option<Self::Value> {
        None
    }
}

/// A field of a struct that rows are read as.
pub trait Readable: Named {
    /// Reads it from a row for which it was selected.
    fn read(row: &Reader<'_>) -> Result<Self::Value, ReadError>;
}

/// A field of a model.
pub trait Field: Readable {
    /// The model that has the field.
    type Model: Model;

    /// Selects it: of a relation, whole rows.
    fn part() -> Part;
}

/// A field with a column: all but relations.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is a relation, and only fields with a column can be here",
    label = "a relation"
)]
pub trait Stored: Field {
    /// The position among the model's columns.
    const COLUMN: usize;

    /// Reads a change of it: `null` is none where the column may not hold it.
    fn change<'de, S: Source<'de>>(from: &mut S) -> Result<Option<Self::Value>, S::Error>;
}

/// A field that leads to another model.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no relation: nothing can be selected inside it",
    label = "no relation"
)]
pub trait Related: Field {
    /// The model at the other end.
    type Target: Model;
    /// `Vec<T>`, `T` or `Option<T>`, where one related row is a `T`.
    type Of<T: Json>: Json;
    /// What `Data` holds of it once it was fetched.
    type Held: Json;
    /// Whether there may be no row.
    const OPTIONAL: bool;
    /// The position among the model's relations.
    const RELATION: u16;

    /// Reads the related rows.
    fn read_as<P: Pick<Output: Json>>(row: &Reader<'_>) -> Result<Self::Of<P::Output>, ReadError>;

    /// Reads the related rows for `Data`; `None` where they were not fetched.
    fn hold(row: &Reader<'_>) -> Result<Option<Self::Held>, ReadError>;
}

/// What can be written as JSON and read again.
pub trait Json: Serialize + DeserializeOwned + 'static {}

impl<T: Serialize + DeserializeOwned + 'static> Json for T {}

/// A relation as `Data` has it.
#[derive(Debug)]
pub struct Fetchable<F>(PhantomData<fn() -> F>);

impl<F: Related> Named for Fetchable<F> {
    type Value = Option<F::Held>;
    const NAME: &'static str = F::NAME;

    fn write<S: SerializeStruct>(value: &Self::Value, out: &mut S) -> Result<(), S::Error> {
        // `null` says that there is no row.
        if value.is_none() && F::OPTIONAL {
            return out.skip_field(F::NAME);
        }
        out.serialize_field(F::NAME, value)
    }

    fn value<'de, S: Source<'de>>(from: &mut S) -> Result<Self::Value, S::Error> {
        if F::OPTIONAL { from.value().map(Some) } else { from.value() }
    }

    fn absent() -> Option<Self::Value> {
        Some(None)
    }
}

impl<F: Related> Readable for Fetchable<F> {
    fn read(row: &Reader<'_>) -> Result<Self::Value, ReadError> {
        F::hold(row)
    }
}

/// A field kind with a column: whether it may be null, and the type of its values.
macro_rules! stored {
    ($(<$($generic:ident: $bound:path),*> $field:ident<$($argument:ident),*> $presence:ident $value:ty;)+) => {
        $(
            impl<M: Model, $($generic: $bound,)* const COLUMN: u16> $field<M, $($argument),*> {
                /// Its name in the schema.
                pub const NAME: &'static str = <Self as Named>::NAME;
            }

            impl<M: Model, $($generic: $bound,)* const COLUMN: u16> Named
                for $field<M, $($argument),*>
            {
                type Value = <$presence as Presence>::Of<$value>;
                const NAME: &'static str = M::DESCRIPTOR.columns[COLUMN as usize].field;

                fn write<S: SerializeStruct>(
                    value: &Self::Value,
                    out: &mut S,
                ) -> Result<(), S::Error> {
                    $presence::write::<$value, S>(Self::NAME, value, out)
                }

                fn value<'de, S: Source<'de>>(from: &mut S) -> Result<Self::Value, S::Error> {
                    $presence::take::<$value, S>(from)
                }

                fn absent() -> Option<Self::Value> {
                    $presence::absent::<$value>()
                }
            }

            impl<M: Model, $($generic: $bound,)* const COLUMN: u16> Readable
                for $field<M, $($argument),*>
            {
                fn read(row: &Reader<'_>) -> Result<Self::Value, ReadError> {
                    $presence::read::<$value>(row, COLUMN)
                }
            }

            impl<M: Model, $($generic: $bound,)* const COLUMN: u16> Field
                for $field<M, $($argument),*>
            {
                type Model = M;

                fn part() -> Part {
                    Part::column(COLUMN)
                }
            }

            impl<M: Model, $($generic: $bound,)* const COLUMN: u16> Stored
                for $field<M, $($argument),*>
            {
                const COLUMN: usize = COLUMN as usize;

                fn change<'de, S: Source<'de>>(
                    from: &mut S,
                ) -> Result<Option<Self::Value>, S::Error> {
                    $presence::change::<$value, S>(from)
                }
            }
        )+
    };
}

stored! {
    <P: Presence> Text<COLUMN, P> P String;
    <P: Presence> Int<COLUMN, P> P i32;
    <P: Presence> BigInt<COLUMN, P> P i64;
    <P: Presence> Float<COLUMN, P> P f64;
    <P: Presence> Decimal<COLUMN, P> P BigDecimal;
    <P: Presence> Boolean<COLUMN, P> P bool;
    <P: Presence> DateTime<COLUMN, P> P Moment<FixedOffset>;
    <P: Presence> Bytes<COLUMN, P> P Vec<u8>;
    <P: Presence> JsonField<COLUMN, P> P serde_json::Value;
    <E: Enumeration, P: Presence> Enum<E, COLUMN, P> P E;
    <T: ListItem> List<T, COLUMN> Required Vec<T>;
}

/// A field kind that leads to rows: the type of them, and of what `Data` holds.
macro_rules! related {
    ($($field:ident<$row:ident> $of:ty, $held:ty, $optional:literal, $read:ident, $hold:expr;)+) => {
        $(
            impl<M: Model, N: Model, const RELATION: u16> $field<M, N, RELATION> {
                /// Its name in the schema.
                pub const NAME: &'static str = <Self as Named>::NAME;
            }

            impl<M: Model, N: Model, const RELATION: u16> Named for $field<M, N, RELATION> {
                type Value = <Self as Related>::Of<N::Data>;
                const NAME: &'static str = M::DESCRIPTOR.relations[RELATION as usize].field;

                fn write<S: SerializeStruct>(
                    value: &Self::Value,
                    out: &mut S,
                ) -> Result<(), S::Error> {
                    out.serialize_field(Self::NAME, value)
                }

                fn value<'de, S: Source<'de>>(from: &mut S) -> Result<Self::Value, S::Error> {
                    from.value()
                }
            }

            impl<M: Model, N: Model, const RELATION: u16> Readable for $field<M, N, RELATION> {
                fn read(row: &Reader<'_>) -> Result<Self::Value, ReadError> {
                    Self::read_as::<N>(row)
                }
            }

            impl<M: Model, N: Model, const RELATION: u16> Field for $field<M, N, RELATION> {
                type Model = M;

                fn part() -> Part {
                    Part::relation(RELATION)
                }
            }

            impl<M: Model, N: Model, const RELATION: u16> Related for $field<M, N, RELATION> {
                type Target = N;
                type Of<$row: Json> = $of;
                type Held = $held;
                const OPTIONAL: bool = $optional;
                const RELATION: u16 = RELATION;

                fn read_as<P: Pick<Output: Json>>(
                    row: &Reader<'_>,
                ) -> Result<Self::Of<P::Output>, ReadError> {
                    Reader::chosen(RELATION, row.$read::<P>(RELATION)?)
                }

                fn hold(row: &Reader<'_>) -> Result<Option<$held>, ReadError> {
                    Ok(row.$read::<N>(RELATION)?.map($hold))
                }
            }
        )+
    };
}

related! {
    Many<T> Vec<T>, Fetched<Vec<N::Data>>, false, many, Fetched::new;
    One<T> T, Fetched<N::Data>, false, one, Fetched::new;
    OptionalOne<T> Option<T>, Option<Fetched<N::Data>>, true, optional, |row| row.map(Fetched::new);
}
