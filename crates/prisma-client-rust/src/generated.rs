//! What generated code is written in: imported whole by each generated file, of no use elsewhere.
//!
//! The macros are the parts of a model that follow from its names alone, so that a generated file holds only what the
//! schema says.
//!
//! Their functions are `#[inline]`, which leaves it to whoever calls one to compile it: of a client most is never called.

mod client;
mod enums;

pub use crate::enumeration::{Enumeration, UnknownValue};
pub use crate::fetch::With;
pub use crate::fetched::Fetched;
pub use crate::fields::{
    BigInt, Boolean, Bytes, DateTime, Decimal, Enum, ExactEnum, ExactJson, ExactList, ExactText,
    Float, Int, Json, List, Many, One, Optional, OptionalOne, OptionalUnique, Text, Unique,
};
pub use crate::filter::{Filter, UniqueFilter};
pub use crate::model::{ClientDefault, Column, Descriptor, Kind, Link, Relation};
pub use crate::order::Order;
pub use crate::query;
pub use crate::read::{RelationNotFetchedError, fetched};
pub use crate::set::{Insert, Set};
pub use crate::value::Scalar;
pub use crate::variants::{disconnected, filtered, without};
pub use crate::{
    boxed, client_items, compound_key, data_items, enumeration, field_functions, migrations,
    model_items, new_row, tenant_items, varied,
};
pub use bigdecimal::BigDecimal;
pub use serde_json::Value as JsonValue;

/// What prisma-client-rust generates beside the models, whatever they are. An enum of the schema may have such a name.
pub mod common {
    pub use crate::variants::read_filters;
    pub use crate::{IsolationLevel as TransactionIsolationLevel, QueryMode, SortOrder};
}

/// What a variant of `WhereParam` holds.
pub type Read<F> = <F as crate::variants::Filtered>::Read;

/// A `DateTime` in Rust.
pub type Moment = chrono::DateTime<chrono::FixedOffset>;

/// A query as prisma-client-rust names it, whose queries borrow the client: `user::FindManyQuery<'_>`.
pub type Lasting<'a, Q> = <Q as ForLifetime<'a>>::Query;

/// A type under any lifetime.
pub trait ForLifetime<'a> {
    /// The type.
    type Query;
}

impl<Q> ForLifetime<'_> for Q {
    type Query = Q;
}

/// What the functions for a new row take in the place of a `T`.
///
/// Numbers and booleans come as they are, so that literals find their type; everything else is what converts into it.
#[diagnostic::on_unimplemented(
    message = "a field of type `{T}` cannot be given `{Self}`",
    label = "not a `{T}`"
)]
pub trait Argument<T> {
    /// The value itself.
    fn into_argument(self) -> T;
}

macro_rules! arguments {
    (from $($converted:ty),+; as $($plain:ty),+) => {
        $(
            impl<T: Into<$converted>> Argument<$converted> for T {
                fn into_argument(self) -> $converted {
                    self.into()
                }
            }
        )+
        $(
            impl Argument<$plain> for $plain {
                fn into_argument(self) -> $plain {
                    self
                }
            }
        )+
    };
}

arguments! {
    from String, BigDecimal, Moment, JsonValue, Vec<u8>;
    as i32, i64, f64, bool
}

impl<E: Enumeration> Argument<E> for E {
    fn into_argument(self) -> E {
        self
    }
}

/// The marker of a model, the types of its parameters and its queries.
#[macro_export]
macro_rules! model_items {
    ($model:literal $(, $variants:ident; $($keys:tt)*)?) => {
        #[doc = concat!("Stands for `", $model, "` in types.")]
        pub type Model = Data;

        /// The model's name in the schema.
        pub const NAME: &'static ::core::primitive::str = $model;

        $crate::model_params! { $($variants)? $model }
        $crate::model_key! { $model $({ $($keys)* })? }

        #[doc = concat!("The number of rows of `", $model, "`.")]
        pub type _count = $crate::fields::Count<Model>;
        #[doc = concat!("The same as [`OrderByParam`].")]
        pub type OrderByWithRelationParam = OrderByParam;
        #[doc = concat!("A criterion to sort by that is found by calculation: [`_count`].")]
        pub type OrderByRelationAggregateParam = $crate::aggregate::AggregateOrder<Model>;
        #[doc = concat!("A relation of `", $model, "` to load.")]
        pub type WithParam = $crate::generated::With<Model>;
        #[doc = concat!("The queries of `", $model, "`.")]
        #[derive(Clone)]
        pub struct Actions($crate::query::Actions<Model>);

        impl Actions {
            #[inline]
            pub(super) fn new(client: &$crate::Client) -> Self {
                Self($crate::query::Actions::new(client))
            }
        }

        impl ::std::ops::Deref for Actions {
            type Target = $crate::query::Actions<Model>;

            #[inline]
            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }
    };
}

/// The types of a model's parameters: the runtime's, or where prisma-client-rust's variants are wanted the model's own.
#[doc(hidden)]
#[macro_export]
macro_rules! model_params {
    ($model:literal) => {
        #[doc = concat!("A condition on rows of `", $model, "`.")]
        pub type WhereParam = $crate::generated::Filter<Model>;
        #[doc = concat!("A criterion to sort rows of `", $model, "` by.")]
        pub type OrderByParam = $crate::generated::Order<Model>;
        #[doc = concat!("A value of a row of `", $model, "`.")]
        pub type SetParam = $crate::generated::Set<Model>;
        #[doc = concat!("A value of a row of `", $model, "`; the same as [`SetParam`].")]
        pub type UncheckedSetParam = SetParam;
    };
    (keys $model:literal) => {
        $crate::model_params! { $model }
    };
    (variants $model:literal) => {
        $crate::varied_params! { $model }
    };
}

/// What names one row: the runtime's, or where prisma-client-rust's variants of it are wanted the model's own.
#[doc(hidden)]
#[macro_export]
macro_rules! model_key {
    ($model:literal) => {
        #[doc = concat!("The name of one row of `", $model, "`: what `equals` of a unique field gives.")]
        pub type UniqueWhereParam = $crate::generated::UniqueFilter<Model>;
    };
    ($model:literal { $($unique:tt)* }) => {
        $crate::varied_key! { UniqueWhereParam $model $($unique)* }
    };
}

/// A struct of the required values of a new row, and the functions that take them by position.
///
/// After the names comes how values are given; a relation, which is given as the name of a row, says `connect`.
#[macro_export]
macro_rules! new_row {
    // A name of its own, so that an empty list says what it is a list of.
    (@many CreateUnchecked) => {
        /// Many new rows, in few statements. Rows that name their relations are for `create_many_from`.
        #[inline]
        pub fn create_many(&self, rows: ::std::vec::Vec<CreateUnchecked>) -> $crate::query::CreateMany<Model> {
            self.0.create_many_from(rows)
        }
    };
    (@many Create) => {};
    ($name:ident, $function:ident $given:tt { $($field:ident: $ty:ty, $($connect:ident)? $($column:literal)?;)* }) => {
        $crate::new_row! {
            @ $name $function { $($field: $ty, [$($connect)? $given] $([$connect])? $($column)?;)* }
        }
    };
    (@ $name:ident $function:ident {
        $($field:ident: $ty:ty, [$given:ident $($instead:ident)?] $([$connect:ident])? $($column:literal)?;)*
    }) => {
        // No `Debug`, as prisma-client-rust's have none, and `Clone` by hand: of a hundred models, deriving them is a tenth of a
        // second of each check.
        /// The required values of a new row by name, for `create_from`, `create_many` and `upsert`.
        pub struct $name {
            $(
                /// Required by the schema.
                pub $field: $ty,
            )*
            /// The values that are not required.
            pub _params: Vec<SetParam>,
        }

        impl Clone for $name {
            #[inline]
            fn clone(&self) -> Self {
                Self { $($field: self.$field.clone(),)* _params: self._params.clone() }
            }
        }

        impl From<$name> for $crate::generated::Insert<Model> {
            #[inline]
            fn from(row: $name) -> Self {
                Self::new(row._params)
                    $($(.value($column, row.$field))? $(.with($field::$connect(row.$field)))?)*
            }
        }

        /// The required values of a new row by position, for `upsert` and `create_many`.
        #[inline]
        pub fn $function($($field: $crate::argument!($given $ty),)* _params: Vec<SetParam>) -> $name {
            $name { $($field: $crate::argument!($given => $field),)* _params }
        }

        impl Actions {
            /// A new row.
            #[inline]
            pub fn $function(
                &self,
                $($field: $crate::argument!(@query $given $ty),)*
                _params: Vec<SetParam>,
            ) -> $crate::query::Create<Model> {
                self.0.create_from(self::$function($($crate::argument!(@query $given => $field),)* _params))
            }

            $crate::new_row! { @many $name }
        }

        impl $name {
            /// The query that makes the row.
            #[inline]
            pub fn to_query(self, client: &super::PrismaClient) -> $crate::query::Create<Model> {
                $crate::query::Create::of(&client.0, self)
            }
        }
    };
}

/// The type of an argument, and what is made of it.
///
/// A text is what becomes one where arguments are `converted`, and a `String` where they are `exact`, so that `into` finds
/// out what to make; `mixed` is the one in queries and the other elsewhere. A row is taken as it is, so that `equals`
/// finds out what to make.
#[macro_export]
macro_rules! argument {
    (@query mixed $($argument:tt)+) => { $crate::argument!(converted $($argument)+) };
    // The function that a query hands it on to converts it.
    (@query converted => $argument:ident) => { $argument };
    (@query $($argument:tt)+) => { $crate::argument!($($argument)+) };
    (converted => $argument:ident) => { $crate::generated::Argument::into_argument($argument) };
    (converted $ty:ty) => { impl $crate::generated::Argument<$ty> };
    ($given:ident => $argument:ident) => { $argument };
    ($given:ident $ty:ty) => { $ty };
}

/// The name of one row by a key of several columns.
#[macro_export]
macro_rules! compound_key {
    ($name:ident $given:tt { $($field:ident: $ty:ty, $column:literal;)* }) => {
        $crate::compound_key! { @ $name { $($field: $ty, $column, $given;)* } }
    };
    (@ $name:ident { $($field:ident: $ty:ty, $column:literal, $given:ident;)* }) => {
        #[doc = concat!("The row with this `", stringify!($name), "`.")]
        pub fn $name<T: From<$crate::generated::UniqueFilter<Model>>>(
            $($field: $crate::argument!($given $ty)),*
        ) -> T {
            T::from(
                $crate::generated::UniqueFilter::empty()
                    $(.and::<$ty>($column, $field))*
            )
        }
    };
}

/// What follows from the names of a model's fields: how a row is decoded and written as JSON, the accessors of its
/// relations, the macros that select fields.
///
/// First the model's module as other crates see it and the names of its macros, then the columns, then the relations.
#[macro_export]
macro_rules! data_items {
    (
        $d:tt $crate_:tt $(:: $path:ident)+;
        $select:ident $include:ident $partial:ident $filter:ident $relations:ident;
        $($column:ident)*;
        $($kind:ident $relation:ident: $target:ident;)*
    ) => {
        impl $crate::model::Model for Model {
            type Unique = UniqueWhereParam;
            type Where = WhereParam;
            type Set = SetParam;
            type Order = OrderByParam;
        }

        impl $crate::record::Record for Data {
            const SHAPE: $crate::record::Shape = $crate::record::Shape::of(&DESCRIPTOR);

            fn make<S: $crate::record::Source>(from: &mut S) -> Self {
                Self { $($column: from.next(),)* $($relation: from.next(),)* }
            }

            fn values(&self) -> ::std::vec::Vec<&dyn $crate::record::Value> {
                ::std::vec![$(&self.$column,)* $(&self.$relation,)*]
            }
        }

        impl Data {
            $($crate::data_items!(@ $kind $relation super::$target::Data);)*
        }

        $crate::record_items! { Data $($column)* $($relation)* }

        $crate::selection_macros! {
            $d [$d $crate_ $(:: $path)+] $select $include $partial $filter $relations;
            $($column)*; $($relation: $target)*
        }
    };
    (@ many $name:ident $ty:ty) => {
        /// The related rows, where they were fetched.
        #[inline]
        pub fn $name(&self) -> Result<&Vec<$ty>, $crate::RelationNotFetchedError> {
            $crate::fetched::required(&self.$name, stringify!($name))
        }
    };
    (@ plain $name:ident $ty:ty) => {
        /// The related rows, where they were fetched.
        #[inline]
        pub fn $name(&self) -> Result<&Vec<$ty>, $crate::RelationNotFetchedError> {
            $crate::fetched::rows(&self.$name, stringify!($name))
        }
    };
    (@ optional $name:ident $ty:ty) => {
        /// The related row if there is one, where it was fetched.
        #[inline]
        pub fn $name(&self) -> Result<Option<&$ty>, $crate::RelationNotFetchedError> {
            $crate::fetched::optional(&self.$name, stringify!($name))
        }
    };
    (@ one $name:ident $ty:ty) => {
        /// The related row, where it was fetched.
        #[inline]
        pub fn $name(&self) -> Result<&$ty, $crate::RelationNotFetchedError> {
            $crate::fetched::required(&self.$name, stringify!($name))
        }
    };
}
