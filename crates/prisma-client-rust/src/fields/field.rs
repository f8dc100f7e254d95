//! What is common to all fields: a name, a place, and the types that they are read as.
//!
//! `select!` names a field by its type alone and asks these traits for the rest.

use bigdecimal::BigDecimal;
use chrono::{DateTime as Moment, FixedOffset};

use super::{
    BigInt, Boolean, Bytes, DateTime, Decimal, Enum, ExactEnum, ExactJson, ExactList, ExactText,
    Float, Int, Json, List, Many, One, OptionalOne, Presence, Text,
};
use crate::choice::Part;
use crate::enumeration::Enumeration;
use crate::model::Model;
use crate::record::{self, Item, Place};

/// A field of a struct that `select!` makes.
pub trait Named {
    /// The type that it is read as.
    type Value: record::Field;
    /// Its name in the schema.
    const NAME: &'static str;
    /// What of a row it is read from.
    const PLACE: Place;
}

/// A field of a model.
pub trait Field: Named {
    /// The model that has the field.
    type Model: Model;

    /// Selects it: of a relation, whole rows.
    fn part() -> Part {
        Part::of(Self::PLACE)
    }
}

/// A field with a column: all but relations.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is a relation, and only fields with a column can be here",
    label = "a relation"
)]
pub trait Stored: Field {}

/// A field that leads to another model.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no relation: nothing can be selected inside it",
    label = "no relation"
)]
pub trait Related: Field {
    /// The model at the other end.
    type Target: Model;
    /// `Vec<T>`, `T` or `Option<T>`, where one related row is a `T`.
    type Of<T: Item>: record::Field;
    /// The position among the model's relations.
    const RELATION: u16;
}

/// A field kind with a column: the type of its values.
macro_rules! stored {
    ($(<$($generic:ident: $bound:path),*> $field:ident<$($argument:ident),*> $value:ty;)+) => {
        $(
            impl<M: Model, $($generic: $bound,)* const COLUMN: u16> $field<M, $($argument),*> {
                /// Its name in the schema.
                pub const NAME: &'static str = <Self as Named>::NAME;
            }

            impl<M: Model, $($generic: $bound,)* const COLUMN: u16> Named
                for $field<M, $($argument),*>
            {
                type Value = $value;
                const NAME: &'static str = M::DESCRIPTOR.columns[COLUMN as usize].field;
                const PLACE: Place = Place::Column(COLUMN);
            }

            impl<M: Model, $($generic: $bound,)* const COLUMN: u16> Field
                for $field<M, $($argument),*>
            {
                type Model = M;
            }

            impl<M: Model, $($generic: $bound,)* const COLUMN: u16> Stored
                for $field<M, $($argument),*>
            {
            }
        )+
    };
}

stored! {
    <P: Presence> Text<COLUMN, P> P::Of<String>;
    <P: Presence> Int<COLUMN, P> P::Of<i32>;
    <P: Presence> BigInt<COLUMN, P> P::Of<i64>;
    <P: Presence> Float<COLUMN, P> P::Of<f64>;
    <P: Presence> Decimal<COLUMN, P> P::Of<BigDecimal>;
    <P: Presence> Boolean<COLUMN, P> P::Of<bool>;
    <P: Presence> DateTime<COLUMN, P> P::Of<Moment<FixedOffset>>;
    <P: Presence> Bytes<COLUMN, P> P::Of<Vec<u8>>;
    <P: Presence> Json<COLUMN, P> P::Of<serde_json::Value>;
    <E: Enumeration, P: Presence> Enum<E, COLUMN, P> P::Of<E>;
    <T: Item> List<T, COLUMN> Vec<T>;
    <P: Presence> ExactText<COLUMN, P> P::Of<String>;
    <P: Presence> ExactJson<COLUMN, P> P::Of<serde_json::Value>;
    <E: Enumeration, P: Presence> ExactEnum<E, COLUMN, P> P::Of<E>;
    <T: Item> ExactList<T, COLUMN> Vec<T>;
}

/// A field kind that leads to rows: the type of them.
macro_rules! related {
    ($($field:ident<$row:ident> $of:ty;)+) => {
        $(
            impl<M: Model, N: Model, const RELATION: u16> $field<M, N, RELATION> {
                /// Its name in the schema.
                pub const NAME: &'static str = <Self as Named>::NAME;
            }

            impl<M: Model, N: Model, const RELATION: u16> Named for $field<M, N, RELATION> {
                type Value = <Self as Related>::Of<N>;
                const NAME: &'static str = M::DESCRIPTOR.relations[RELATION as usize].field;
                const PLACE: Place = Place::Relation(RELATION);
            }

            impl<M: Model, N: Model, const RELATION: u16> Field for $field<M, N, RELATION> {
                type Model = M;
            }

            impl<M: Model, N: Model, const RELATION: u16> Related for $field<M, N, RELATION> {
                type Target = N;
                type Of<$row: Item> = $of;
                const RELATION: u16 = RELATION;
            }
        )+
    };
}

related! {
    Many<T> Vec<T>;
    One<T> T;
    OptionalOne<T> Option<T>;
}
