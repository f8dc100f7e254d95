//! What is behind the variants of prisma-client-rust's parameters, where a project names them:
//! `user::WhereParam::Id(read_filters::IntFilter::Equals(1))`, `user::SetParam::SetName(..)`,
//! `user::OrderByParam::Name(SortOrder::Asc)`.
//!
//! Such a client has parameters of its own: enums, with a variant more for what fields make, which is the runtime's. What is
//! said of relations is a function, not a variant, so that no model's enum holds another's. Everything else is said through
//! fields, which is shorter.

use bigdecimal::BigDecimal;
use chrono::{DateTime as Moment, FixedOffset};

use crate::enumeration::Enumeration;
use crate::fields::{
    BigInt, Boolean, Bytes, DateTime, Decimal, Enum, ExactEnum, ExactText, Float, Int, Presence,
    Stored, Text,
};
use crate::filter::{Filter, FilterNode, Op, Quantifier, QueryMode};
use crate::model::Model;
use crate::record::Item;
use crate::set::{RelationOp, Set, SetNode};
use crate::value::{PrismaValue, Scalar, list};

/// The conditions of prisma-client-rust's filters, under their names.
pub mod read_filters {
    use bigdecimal::BigDecimal;
    use chrono::{DateTime, FixedOffset};

    pub use super::{ReadFilter, TextFilter};

    macro_rules! filters {
        ($($ty:ty: $name:ident $nullable:ident;)+) => {
            $(
                #[doc = concat!("A condition on a required `", stringify!($ty), "`.")]
                pub type $name = ReadFilter<$ty, $ty>;
                #[doc = concat!("A condition on an optional `", stringify!($ty), "`.")]
                pub type $nullable = ReadFilter<Option<$ty>, $ty>;
            )+
        };
    }

    filters! {
        i32: IntFilter IntNullableFilter;
        i64: BigIntFilter BigIntNullableFilter;
        f64: FloatFilter FloatNullableFilter;
        BigDecimal: DecimalFilter DecimalNullableFilter;
        bool: BoolFilter BoolNullableFilter;
        DateTime<FixedOffset>: DateTimeFilter DateTimeNullableFilter;
        Vec<u8>: BytesFilter BytesNullableFilter;
    }

    /// A condition on a required `String`.
    pub type StringFilter = TextFilter<String>;
    /// A condition on an optional `String`.
    pub type StringNullableFilter = TextFilter<Option<String>>;
}

macro_rules! filter {
    ($(#[$doc:meta])* $name:ident<$($generic:ident),+> $value:ty { $($more:ident($of:ty)),* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub enum $name<$($generic),+> {
            /// The value.
            Equals(T),
            /// Another value.
            Not(T),
            /// One of the values.
            InVec(Vec<$value>),
            /// None of the values.
            NotInVec(Vec<$value>),
            /// Less than the value.
            Lt($value),
            /// Less than the value or equal to it.
            Lte($value),
            /// Greater than the value.
            Gt($value),
            /// Greater than the value or equal to it.
            Gte($value),
            $(
                /// What a field's function of this name asks for.
                $more($of),
            )*
        }
    };
}

filter! {
    /// A condition on a column of `V`, which is compared with a `T`: a `V`, or an `Option` of one.
    ReadFilter<T, V> V {}
}
filter! {
    /// A condition on a text, which is compared with a `T`: a `String`, or an `Option` of one.
    TextFilter<T> String { Contains(String), StartsWith(String), EndsWith(String), Mode(QueryMode) }
}

/// A column that `WhereParam` has a variant for.
pub trait Filtered: Stored {
    /// What the variant holds.
    type Read;

    /// Its position.
    #[doc(hidden)]
    const COLUMN: u16;

    /// How it compares, and with what.
    #[doc(hidden)]
    fn compared(read: Self::Read) -> Compared;
}

/// A comparison with the column forgotten.
#[derive(Debug)]
pub struct Compared(Op, PrismaValue);

/// The condition of a variant of `WhereParam`.
pub fn filtered<F: Filtered>(read: F::Read) -> Filter<F::Model> {
    let Compared(op, value) = F::compared(read);
    Filter::column(F::COLUMN, op, value)
}

macro_rules! compare {
    ($read:expr, $name:ident, $value:expr $(, $pattern:pat => $more:expr)*) => {
        match $read {
            $name::Equals(value) => Compared(Op::Equals, $value(value)),
            $name::Not(value) => Compared(Op::Not, $value(value)),
            $name::InVec(values) => Compared(Op::In, list(values)),
            $name::NotInVec(values) => Compared(Op::NotIn, list(values)),
            $name::Lt(value) => Compared(Op::Lt, value.into_value()),
            $name::Lte(value) => Compared(Op::Lte, value.into_value()),
            $name::Gt(value) => Compared(Op::Gt, value.into_value()),
            $name::Gte(value) => Compared(Op::Gte, value.into_value()),
            $($pattern => $more,)*
        }
    };
}

fn value<P: Presence, V: Scalar + Item>(read: ReadFilter<P::Of<V>, V>) -> Compared {
    compare!(read, ReadFilter, P::value::<V>)
}

fn text<P: Presence>(read: TextFilter<P::Of<String>>) -> Compared {
    compare!(
        read, TextFilter, P::value::<String>,
        TextFilter::Contains(text) => Compared(Op::Contains, text.into_value()),
        TextFilter::StartsWith(text) => Compared(Op::StartsWith, text.into_value()),
        TextFilter::EndsWith(text) => Compared(Op::EndsWith, text.into_value()),
        TextFilter::Mode(mode) => Compared(Op::Mode, PrismaValue::Boolean(mode == QueryMode::Insensitive))
    )
}

macro_rules! filtered {
    ($($name:ident<$($generic:ident: $bound:ident)?> $read:ty, $compared:expr;)+) => {
        $(
            impl<M: Model, $($generic: $bound,)? const COLUMN: u16, P: Presence> Filtered
                for $name<M, $($generic,)? COLUMN, P>
            {
                type Read = $read;
                const COLUMN: u16 = COLUMN;

                fn compared(read: Self::Read) -> Compared {
                    $compared(read)
                }
            }
        )+
    };
}

filtered! {
    Text<> TextFilter<P::Of<String>>, text::<P>;
    ExactText<> TextFilter<P::Of<String>>, text::<P>;
    Int<> ReadFilter<P::Of<i32>, i32>, value::<P, i32>;
    BigInt<> ReadFilter<P::Of<i64>, i64>, value::<P, i64>;
    Float<> ReadFilter<P::Of<f64>, f64>, value::<P, f64>;
    Decimal<> ReadFilter<P::Of<BigDecimal>, BigDecimal>, value::<P, BigDecimal>;
    Boolean<> ReadFilter<P::Of<bool>, bool>, value::<P, bool>;
    DateTime<> ReadFilter<P::Of<Moment<FixedOffset>>, Moment<FixedOffset>>, value::<P, Moment<FixedOffset>>;
    Bytes<> ReadFilter<P::Of<Vec<u8>>, Vec<u8>>, value::<P, Vec<u8>>;
    Enum<E: Enumeration> ReadFilter<P::Of<E>, E>, value::<P, E>;
    ExactEnum<E: Enumeration> ReadFilter<P::Of<E>, E>, value::<P, E>;
}

/// No related row: `WhereParam::AuthorIsNull`, which is a constant, since it is written without arguments.
pub const fn without<M>(relation: u16) -> Filter<M> {
    let filters = Vec::new();
    Filter::new(FilterNode::Relation { relation, quantifier: Quantifier::None, filters })
}

/// Relates no row: `SetParam::DisconnectAuthor`.
pub const fn disconnected<M>(relation: u16) -> Set<M> {
    Set::new(SetNode::Relation { relation, op: RelationOp::Disconnect, keys: Vec::new() })
}

/// What parameters of a model's own are beside their variants.
#[doc(hidden)]
#[macro_export]
macro_rules! varied_params {
    ($model:literal) => {
        #[doc = concat!("A value of a row of `", $model, "`; the same as [`SetParam`].")]
        pub type UncheckedSetParam = SetParam;

        impl From<$crate::Operator<Self>> for WhereParam {
            fn from(operator: $crate::Operator<Self>) -> Self {
                Self::__made($crate::variants::operator(operator))
            }
        }

        impl From<$crate::generated::UniqueFilter<Model>> for WhereParam {
            fn from(row: $crate::generated::UniqueFilter<Model>) -> Self {
                Self::__made(row.into())
            }
        }

        impl<T: $crate::value::Scalar> $crate::filter::FromOptionalUnique<Model, T> for WhereParam {
            type Arg = Option<T>;

            fn from_arg(column: u16, arg: Option<T>) -> Self {
                Self::__made($crate::filter::FromOptionalUnique::from_arg(column, arg))
            }
        }

        impl From<OrderByParam> for $crate::aggregate::GroupOrder<Model> {
            fn from(order: OrderByParam) -> Self {
                $crate::generated::Order::from(order).into()
            }
        }
    };
}

/// A parameter with its variants, and what each of them comes to.
#[doc(hidden)]
#[macro_export]
macro_rules! varied {
    ($name:ident $inner:ident { $($variant:ident: $ty:ty, $function:expr;)* }) => {
        /// A parameter by the names of prisma-client-rust's variants.
        #[derive(Debug, Clone)]
        pub enum $name {
            $(
                /// What the field's function does.
                $variant($ty),
            )*
            /// What a field's function made.
            #[doc(hidden)]
            __made($crate::generated::$inner<Model>),
        }

        impl From<$crate::generated::$inner<Model>> for $name {
            fn from(inner: $crate::generated::$inner<Model>) -> Self {
                Self::__made(inner)
            }
        }

        impl From<$name> for $crate::generated::$inner<Model> {
            fn from(outer: $name) -> Self {
                match outer {
                    $($name::$variant(value) => $function(value).into(),)*
                    $name::__made(inner) => inner,
                }
            }
        }
    };
}

/// What names one row, by the names of prisma-client-rust's variants.
#[doc(hidden)]
#[macro_export]
macro_rules! varied_key {
    ($name:ident $model:literal $($unique:ident { $($key:ident: $ty:ty, $column:literal;)+ })*) => {
        #[doc = concat!("The name of one row of `", $model, "`: what `equals` of a unique field gives.")]
        #[derive(Debug, Clone)]
        pub enum $name {
            $(
                #[doc = concat!("The row with ", $("`", stringify!($key), "` ",)+ "as given.")]
                $unique($($ty),+),
            )*
            /// What a field's `equals` made.
            #[doc(hidden)]
            __made($crate::generated::UniqueFilter<Model>),
        }

        impl From<$crate::generated::UniqueFilter<Model>> for $name {
            #[inline]
            fn from(row: $crate::generated::UniqueFilter<Model>) -> Self {
                Self::__made(row)
            }
        }

        impl From<$name> for $crate::generated::UniqueFilter<Model> {
            fn from(row: $name) -> Self {
                match row {
                    $($name::$unique($($key),+) => Self::empty()$(.and::<$ty>($column, $key))+,)*
                    $name::__made(row) => row,
                }
            }
        }

        impl From<$name> for WhereParam {
            #[inline]
            fn from(row: $name) -> Self {
                $crate::generated::Filter::from($crate::generated::UniqueFilter::from(row)).into()
            }
        }

        impl<T: $crate::value::Scalar> $crate::filter::FromOptionalUnique<Model, T> for $name {
            type Arg = T;

            fn from_arg(column: u16, arg: T) -> Self {
                Self::__made($crate::filter::FromOptionalUnique::from_arg(column, arg))
            }
        }
    };
}

/// For generated code: conditions taken together, as the runtime has them.
pub fn operator<M, W: Into<Filter<M>>>(operator: crate::Operator<W>) -> Filter<M> {
    use crate::Operator::{And, Not, Or};
    let filters = |filters: Vec<W>| filters.into_iter().map(Into::into).collect();
    match operator {
        Not(of) => Filter::Not(filters(of)),
        Or(of) => Filter::Or(filters(of)),
        And(of) => Filter::And(filters(of)),
    }
}
