//! What generated code is written in: imported whole by each generated file, of no use elsewhere.
//!
//! The macros are the parts of a model that follow from its names alone, so that a generated file holds only what the
//! schema says.

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
pub use crate::{
    client_items, compound_key, data_items, enumeration, migrations, model_items, new_row,
    tenant_items,
};
pub use bigdecimal::BigDecimal;
pub use serde_json::Value as JsonValue;

/// What prisma-client-rust generates beside the models, whatever they are. An enum of the schema may have such a name.
pub mod common {
    pub use crate::{IsolationLevel as TransactionIsolationLevel, QueryMode, SortOrder};
}

/// A `DateTime` in Rust.
pub type Moment = chrono::DateTime<chrono::FixedOffset>;

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
    ($model:literal; $($unique:ident { $($key:ident: $ty:ty, $column:literal;)+ })*) => {
        #[doc = concat!("Stands for `", $model, "` in types.")]
        #[derive(Debug, Clone, Copy)]
        pub struct Model;

        /// The model's name in the schema.
        pub const NAME: &'static ::core::primitive::str = $model;

        #[doc = concat!("A condition on rows of `", $model, "`.")]
        pub type WhereParam = $crate::generated::Filter<Model>;
        #[doc = concat!("The name of one row of `", $model, "`: what `equals` of a unique field gives.")]
        #[derive(Debug, Clone)]
        pub struct UniqueWhereParam($crate::generated::UniqueFilter<Model>);

        #[allow(non_snake_case, reason = "names of variants upstream")]
        impl UniqueWhereParam {
            $(
                #[doc = concat!("The row with ", $("`", stringify!($key), "` ",)+ "as given.")]
                pub fn $unique($($key: $ty),+) -> Self {
                    Self($crate::generated::UniqueFilter::new(::std::vec![
                        $(($column, $crate::value::Scalar::into_value($key))),+
                    ]))
                }
            )*
        }

        impl From<$crate::generated::UniqueFilter<Model>> for UniqueWhereParam {
            fn from(row: $crate::generated::UniqueFilter<Model>) -> Self {
                Self(row)
            }
        }

        impl From<UniqueWhereParam> for $crate::generated::UniqueFilter<Model> {
            fn from(row: UniqueWhereParam) -> Self {
                row.0
            }
        }

        impl From<UniqueWhereParam> for WhereParam {
            fn from(row: UniqueWhereParam) -> Self {
                row.0.into()
            }
        }

        impl<T: $crate::value::Scalar> $crate::filter::FromOptionalUnique<Model, T> for UniqueWhereParam {
            type Arg = T;

            fn from_arg(column: u16, arg: T) -> Self {
                Self($crate::filter::FromOptionalUnique::from_arg(column, arg))
            }
        }
        #[doc = concat!("A criterion to sort rows of `", $model, "` by.")]
        pub type OrderByParam = $crate::generated::Order<Model>;
        #[doc = concat!("The number of rows of `", $model, "`.")]
        pub type _count = $crate::fields::Count<Model>;
        #[doc = concat!("The same as [`OrderByParam`].")]
        pub type OrderByWithRelationParam = OrderByParam;
        #[doc = concat!("A criterion to sort by that is found by calculation: [`_count`].")]
        pub type OrderByRelationAggregateParam = $crate::aggregate::AggregateOrder<Model>;
        #[doc = concat!("A relation of `", $model, "` to load.")]
        pub type WithParam = $crate::generated::With<Model>;
        #[doc = concat!("A value of a row of `", $model, "`.")]
        pub type SetParam = $crate::generated::Set<Model>;
        #[doc = concat!("A value of a row of `", $model, "`; the same as [`SetParam`].")]
        pub type UncheckedSetParam = $crate::generated::Set<Model>;

        #[doc = concat!("The queries of `", $model, "`.")]
        #[derive(Debug, Clone)]
        pub struct Actions($crate::query::Actions<Model>);

        impl Actions {
            pub(super) fn new(client: &$crate::Client) -> Self {
                Self($crate::query::Actions::new(client))
            }
        }

        impl ::std::ops::Deref for Actions {
            type Target = $crate::query::Actions<Model>;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }
    };
}

/// A struct of the required values of a new row, and the functions that take them by position.
#[macro_export]
macro_rules! new_row {
    ($name:ident, $function:ident { $($field:ident: $ty:ty, $setter:ident $($exact:ident)?;)* }) => {
        #[doc = concat!("The required values of a new row by name, for `create_from`, `create_many` and `upsert`.")]
        #[derive(Debug, Clone)]
        pub struct $name {
            $(
                /// Required by the schema.
                pub $field: $ty,
            )*
            /// The values that are not required.
            pub _params: Vec<SetParam>,
        }

        impl From<$name> for $crate::generated::Insert<Model> {
            fn from(row: $name) -> Self {
                Self::new(row._params) $(.with($field::$setter(row.$field)))*
            }
        }

        /// The required values of a new row by position, for `upsert` and `create_many`.
        pub fn $function($($field: $crate::argument!($setter $($exact)? $ty),)* _params: Vec<SetParam>) -> $name {
            $name { $($field: $crate::argument!($setter $($exact)? => $field),)* _params }
        }

        impl Actions {
            /// A new row.
            pub fn $function(
                &self,
                $($field: $crate::argument!($setter $($exact)? $ty),)*
                _params: Vec<SetParam>,
            ) -> $crate::query::Create<Model> {
                // By its path: a field may be called as it is.
                self.create_from(self::$function($($field,)* _params))
            }
        }

        impl $name {
            /// The query that makes the row.
            pub fn to_query(self, client: &super::PrismaClient) -> $crate::query::Create<Model> {
                $crate::query::Actions::new(client).create_from(self)
            }
        }
    };
}

/// The type of an argument, and what is made of it: a row is taken as it is, so that `equals` finds out what to make,
/// and so is what the generator wants to be exact, so that `into` does.
#[macro_export]
macro_rules! argument {
    (set exact => $argument:ident) => { $argument };
    (set exact $ty:ty) => { $ty };
    (set => $argument:ident) => { $crate::generated::Argument::into_argument($argument) };
    (connect => $argument:ident) => { $argument };
    (set $ty:ty) => { impl $crate::generated::Argument<$ty> };
    (connect $ty:ty) => { $ty };
}

/// The name of one row by a key of several columns.
#[macro_export]
macro_rules! compound_key {
    ($name:ident { $($field:ident: $ty:ty, $column:literal $($exact:ident)?;)* }) => {
        #[doc = concat!("The row with this `", stringify!($name), "`.")]
        pub fn $name<T: From<$crate::generated::UniqueFilter<Model>>>(
            $($field: $crate::argument!(set $($exact)? $ty)),*
        ) -> T {
            $(let $field: $ty = $crate::argument!(set $($exact)? => $field);)*
            let key = vec![$(($column, $crate::value::Scalar::into_value($field))),*];
            $crate::generated::UniqueFilter::<Model>::new(key).into()
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
        $select:ident $include:ident $partial:ident $relations:ident;
        $($column:ident)*;
        $($kind:ident $relation:ident: $target:ident;)*
    ) => {
        impl $crate::model::Model for Model {
            type Data = Data;
            type Unique = UniqueWhereParam;
            const DESCRIPTOR: &'static $crate::model::Descriptor = &DESCRIPTOR;
        }

        impl $crate::record::Record for Data {
            const SHAPE: $crate::record::Shape = $crate::record::Shape::of(&DESCRIPTOR);

            fn make<S: $crate::record::Source>(from: &mut S) -> Self {
                Self { $($column: S::next(from),)* $($relation: S::next(from),)* }
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
            $d [$d $crate_ $(:: $path)+] $select $include $partial $relations;
            $($column)*; $($relation: $target)*
        }
    };
    (@ many $name:ident $ty:ty) => {
        /// The related rows, where they were fetched.
        pub fn $name(&self) -> Result<&Vec<$ty>, $crate::RelationNotFetchedError> {
            $crate::fetched::required(&self.$name, stringify!($name))
        }
    };
    (@ optional $name:ident $ty:ty) => {
        /// The related row if there is one, where it was fetched.
        pub fn $name(&self) -> Result<Option<&$ty>, $crate::RelationNotFetchedError> {
            $crate::fetched::optional(&self.$name, stringify!($name))
        }
    };
    (@ one $name:ident $ty:ty) => {
        /// The related row, where it was fetched.
        pub fn $name(&self) -> Result<&$ty, $crate::RelationNotFetchedError> {
            $crate::fetched::required(&self.$name, stringify!($name))
        }
    };
}

/// The client, with a method for each model.
#[macro_export]
macro_rules! client_items {
    ($builder:expr; $($model:ident;)*) => {
        /// A handle on the database, cheap to clone.
        #[derive(Debug, Clone)]
        pub struct PrismaClient($crate::Client);

        impl PrismaClient {
            /// Makes a client.
            pub fn _builder() -> $crate::Builder<Self> {
                $builder
            }

            /// A client without a database, for tests, and the store that says what it answers.
            pub fn _mock() -> (Self, $crate::MockStore) {
                let (client, store) = $crate::Client::mock();
                (Self(client), store)
            }

            /// The same client, whose reads go to the first server too, where there are replicas.
            pub fn _primary(&self) -> Self {
                Self(self.0.primary())
            }

            /// Queries that happen together or not at all.
            pub fn _transaction(&self) -> $crate::TransactionBuilder<Self> {
                $crate::TransactionBuilder::new(self.0.clone())
            }

            $(
                #[doc = concat!("Queries of [`", stringify!($model), "`].")]
                pub fn $model(&self) -> $model::Actions {
                    $model::Actions::new(&self.0)
                }
            )*
        }

        pub use $crate::generated::common::*;

        /// What the client knows of each model, in the order of the schema.
        pub static MODELS: &[&$crate::model::Descriptor] = &[$(&$model::DESCRIPTOR),*];

        impl ::std::convert::From<$crate::Client> for PrismaClient {
            fn from(client: $crate::Client) -> Self {
                Self(client)
            }
        }

        impl ::std::ops::Deref for PrismaClient {
            type Target = $crate::Client;

            fn deref(&self) -> &$crate::Client {
                &self.0
            }
        }
    };
}

/// The client of one tenant, where the generator has `tenant`.
#[macro_export]
macro_rules! tenant_items {
    ($(#[$shared:meta])* $name:ident, $ty:ty) => {
        impl PrismaClient {
            /// The same client in the scope of one tenant: whatever its queries find, count, change, delete or connect
            /// is the tenant's, on every level, and what they make is too.
            ///
            /// Rows of others are not there: not found (P2025), or a key that is taken (P2002). A value that would make
            /// a row another tenant's is refused (P2019). Whose a new row is need not be said: `nested()` stands for the
            /// tenant in the place of the relation. Transactions and batches of this client stay in the scope; to
            /// leave it takes the client that it was made of, for the client of one tenant made that of another
            /// finds nothing and writes nothing.
            ///
            /// The scope is of this client's queries: raw SQL, and what the database does by itself (cascades, triggers),
            /// see everything.
            ///
            $(#[$shared])*
            #[must_use]
            pub fn $name(&self, id: impl $crate::generated::Argument<$ty>) -> Self {
                let id = $crate::generated::Argument::<$ty>::into_argument(id);
                Self(self.0.scoped($crate::value::Scalar::into_value(id)))
            }
        }
    };
}

/// The names of an enum's values in the schema and in the database, and the way from and to text.
#[macro_export]
macro_rules! enumeration {
    ($name:ident, $text:literal { $($variant:ident $schema:literal $database:literal;)* }) => {
        impl $crate::enumeration::Enumeration for $name {
            const NAME: &'static str = $text;
            const VALUES: &'static [(Self, &'static str, &'static str)] =
                &[$((Self::$variant, $schema, $database)),*];
            const DATABASE_NAMES: &'static [&'static str] = &[$($database),*];
        }

        impl $crate::record::Value for $name {
            fn show(&self) -> $crate::record::Shown<'_> {
                $crate::record::Shown::Text($crate::enumeration::Enumeration::name(*self))
            }

            fn same(&self, other: &dyn ::std::any::Any) -> ::core::primitive::bool {
                $crate::record::same_as(self, other)
            }
        }

        impl $crate::record::Item for $name {
            $crate::in_column! { <Self as $crate::enumeration::Enumeration>::VALUES[0].0 }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, to: S) -> ::std::result::Result<S::Ok, S::Error> {
                to.serialize_str($crate::enumeration::Enumeration::name(*self))
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(from: D) -> ::std::result::Result<Self, D::Error> {
                $crate::enumeration::deserialize(from)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str($crate::enumeration::Enumeration::name(*self))
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::enumeration::UnknownValue;

            // Its error by its own name: a value may be called `Err`.
            fn from_str(text: &str) -> ::std::result::Result<Self, $crate::enumeration::UnknownValue> {
                <Self as $crate::enumeration::Enumeration>::from_name(text)
                    .ok_or_else(|| $crate::enumeration::UnknownValue::new::<Self>(text))
            }
        }
    };
}
