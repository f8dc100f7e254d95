//! Fields of one value: text, numbers, booleans, moments, bytes, enums.
//!
//! A String takes what converts into it, so that a literal will do. Everything else takes its argument as it is: a
//! number finds its type, and so do `"1.5".parse()?` and `Utc::now().into()`. The kinds that begin with `Exact` take
//! everything so, as prisma-client-rust does.

use std::marker::PhantomData;

use bigdecimal::BigDecimal;
use chrono::{DateTime as Moment, FixedOffset};

use super::given::Given;
use super::presence::{Optional, OptionalUnique, Presence, Required, Unique};
use crate::enumeration::Enumeration;
use crate::filter::{FromOptionalUnique, Op, QueryMode, UniqueFilter, on_column};
use crate::model::Model;
use crate::order::{OrderNode, SortOrder, by};
use crate::set::{SetOp, of_column};
use crate::value::{PrismaValue, Scalar, list};

/// `in_vec` and `not_in_vec`.
macro_rules! membership {
    ($value:ty) => {
        /// One of the values; of none, no row.
        pub fn in_vec(values: Vec<$value>) -> M::Where {
            on_column::<M>(COLUMN, Op::In, list(values))
        }

        /// None of the values; NULL is not among the rows found, unless there are no values.
        pub fn not_in_vec(values: Vec<$value>) -> M::Where {
            on_column::<M>(COLUMN, Op::NotIn, list(values))
        }
    };
}

/// `lt`, `lte`, `gt`, `gte`.
macro_rules! comparisons {
    ($argument:ty, $value:ty) => {
        /// Less than the value.
        pub fn lt(value: $argument) -> M::Where {
            on_column::<M>(COLUMN, Op::Lt, Into::<$value>::into(value).into_value())
        }

        /// Less than the value or equal to it.
        pub fn lte(value: $argument) -> M::Where {
            on_column::<M>(COLUMN, Op::Lte, Into::<$value>::into(value).into_value())
        }

        /// Greater than the value.
        pub fn gt(value: $argument) -> M::Where {
            on_column::<M>(COLUMN, Op::Gt, Into::<$value>::into(value).into_value())
        }

        /// Greater than the value or equal to it.
        pub fn gte(value: $argument) -> M::Where {
            on_column::<M>(COLUMN, Op::Gte, Into::<$value>::into(value).into_value())
        }
    };
}

/// `increment`, `decrement`, `multiply`, `divide`.
macro_rules! arithmetic {
    ($argument:ty, $value:ty) => {
        /// Adds to what is stored, in the database.
        pub fn increment(value: $argument) -> M::Set {
            of_column::<M>(COLUMN, SetOp::Increment, Into::<$value>::into(value).into_value())
        }

        /// Subtracts from what is stored, in the database.
        pub fn decrement(value: $argument) -> M::Set {
            of_column::<M>(COLUMN, SetOp::Decrement, Into::<$value>::into(value).into_value())
        }

        /// Multiplies what is stored, in the database.
        pub fn multiply(value: $argument) -> M::Set {
            of_column::<M>(COLUMN, SetOp::Multiply, Into::<$value>::into(value).into_value())
        }

        /// Divides what is stored, in the database.
        pub fn divide(value: $argument) -> M::Set {
            of_column::<M>(COLUMN, SetOp::Divide, Into::<$value>::into(value).into_value())
        }
    };
}

/// The struct, and what every kind of field has: `equals`, `not`, `set`, `order`.
macro_rules! field {
    (
        $(#[$doc:meta])* $name:ident<$($generic:ident: $bound:ident)?>,
        $value:ty, $required:ty, $optional:ty, $present:ty, $into:path
    ) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name<M, $($generic,)? const COLUMN: u16, P = Required>(
            PhantomData<fn() -> (M, P, $($generic)?)>,
        );

        impl<M: Model, $($generic: $bound,)? const COLUMN: u16> $name<M, $($generic,)? COLUMN, Required> {
            /// Equal to the value.
            pub fn equals(value: $required) -> M::Where {
                let value: $value = $into(value);
                on_column::<M>(COLUMN, Op::Equals, value.into_value())
            }
        }

        impl<M: Model, $($generic: $bound,)? const COLUMN: u16> $name<M, $($generic,)? COLUMN, Optional> {
            /// Equal to the value; `None` finds NULL.
            pub fn equals(value: $optional) -> M::Where {
                let value: Option<$value> = $into(value);
                on_column::<M>(COLUMN, Op::Equals, value.into_value())
            }
        }

        impl<M: Model, $($generic: $bound,)? const COLUMN: u16> $name<M, $($generic,)? COLUMN, Unique> {
            /// Equal to the value: a condition, or the name of one row, as the place asks.
            pub fn equals<T: From<UniqueFilter<M>>>(value: $required) -> T {
                let value: $value = $into(value);
                UniqueFilter::new(vec![(COLUMN, value.into_value())]).into()
            }
        }

        impl<M: Model, $($generic: $bound,)? const COLUMN: u16> $name<M, $($generic,)? COLUMN, OptionalUnique> {
            /// Equal to the value: a condition on an `Option`, or the name of one row by a value, as the place asks.
            pub fn equals<T: FromOptionalUnique<M, $value>>(value: T::Arg) -> T {
                T::from_arg(COLUMN, value)
            }
        }

        impl<M: Model, $($generic: $bound,)? const COLUMN: u16, P: Presence> $name<M, $($generic,)? COLUMN, P> {
            /// Not equal to the value: NULL is not among the rows found; `None` finds all that is not NULL.
            pub fn not(value: $present) -> M::Where {
                on_column::<M>(COLUMN, Op::Not, P::value::<$value>($into(value)))
            }

            /// Stores the value.
            pub fn set(value: $present) -> M::Set {
                of_column::<M>(COLUMN, SetOp::Set, P::value::<$value>($into(value)))
            }

            /// Sorts by this field.
            pub fn order(order: SortOrder) -> M::Order {
                by::<M>(OrderNode::Column(COLUMN, order))
            }
        }
    };
}

field! {
    /// A String.
    Text<>, String, impl Given<String>, impl Given<Option<String>>, impl Given<P::Of<String>>, Given::given
}
field! {
    /// A String, given as one: what a client with `arguments = "exact"` has in the place of [`Text`].
    ExactText<>, String, String, Option<String>, P::Of<String>, Into::into
}
field! {
    /// An Int.
    Int<>, i32, i32, Option<i32>, P::Of<i32>, Into::into
}
field! {
    /// A `BigInt`.
    BigInt<>, i64, i64, Option<i64>, P::Of<i64>, Into::into
}
field! {
    /// A Float.
    Float<>, f64, f64, Option<f64>, P::Of<f64>, Into::into
}
field! {
    /// A Decimal.
    Decimal<>, BigDecimal, BigDecimal, Option<BigDecimal>, P::Of<BigDecimal>, Into::into
}
field! {
    /// A Boolean.
    Boolean<>, bool, bool, Option<bool>, P::Of<bool>, Into::into
}
field! {
    /// A `DateTime`.
    DateTime<>, Moment<FixedOffset>, Moment<FixedOffset>, Option<Moment<FixedOffset>>, P::Of<Moment<FixedOffset>>, Into::into
}
field! {
    /// Bytes.
    Bytes<>, Vec<u8>, Vec<u8>, Option<Vec<u8>>, P::Of<Vec<u8>>, Into::into
}
field! {
    /// A value of the enum `E`.
    Enum<E: Enumeration>, E, E, impl Into<Option<E>>, P::Of<E>, Into::into
}
field! {
    /// A value of the enum `E`, or an `Option` of one: what a client with `arguments = "exact"` has for [`Enum`].
    ExactEnum<E: Enumeration>, E, E, Option<E>, P::Of<E>, Into::into
}

/// What is asked of texts.
macro_rules! text {
    ($name:ident, $argument:ty) => {
        impl<M: Model, const COLUMN: u16, P: Presence> $name<M, COLUMN, P> {
            membership!(String);
            comparisons!($argument, String);

            /// Holds the text somewhere. `%` and `_` mean themselves.
            pub fn contains(value: $argument) -> M::Where {
                on_column::<M>(COLUMN, Op::Contains, Into::<String>::into(value).into_value())
            }

            /// Begins with the text.
            pub fn starts_with(value: $argument) -> M::Where {
                on_column::<M>(COLUMN, Op::StartsWith, Into::<String>::into(value).into_value())
            }

            /// Ends with the text.
            pub fn ends_with(value: $argument) -> M::Where {
                on_column::<M>(COLUMN, Op::EndsWith, Into::<String>::into(value).into_value())
            }

            /// How the comparisons of this field beside this one see case.
            pub fn mode(mode: QueryMode) -> M::Where {
                on_column::<M>(
                    COLUMN,
                    Op::Mode,
                    PrismaValue::Boolean(mode == QueryMode::Insensitive),
                )
            }
        }
    };
}

text!(Text, impl Into<String>);
text!(ExactText, String);

impl<M: Model, const COLUMN: u16, P: Presence> Int<M, COLUMN, P> {
    membership!(i32);
    comparisons!(i32, i32);
    arithmetic!(i32, i32);
}

impl<M: Model, const COLUMN: u16, P: Presence> BigInt<M, COLUMN, P> {
    membership!(i64);
    comparisons!(i64, i64);
    arithmetic!(i64, i64);
}

impl<M: Model, const COLUMN: u16, P: Presence> Float<M, COLUMN, P> {
    membership!(f64);
    comparisons!(f64, f64);
    arithmetic!(f64, f64);
}

impl<M: Model, const COLUMN: u16, P: Presence> Decimal<M, COLUMN, P> {
    membership!(BigDecimal);
    comparisons!(BigDecimal, BigDecimal);
    arithmetic!(BigDecimal, BigDecimal);
}

impl<M: Model, const COLUMN: u16, P: Presence> DateTime<M, COLUMN, P> {
    membership!(Moment<FixedOffset>);
    comparisons!(Moment<FixedOffset>, Moment<FixedOffset>);
}

impl<M: Model, const COLUMN: u16, P: Presence> Bytes<M, COLUMN, P> {
    membership!(Vec<u8>);
}

impl<M: Model, E: Enumeration, const COLUMN: u16, P: Presence> Enum<M, E, COLUMN, P> {
    membership!(E);
}

impl<M: Model, E: Enumeration, const COLUMN: u16, P: Presence> ExactEnum<M, E, COLUMN, P> {
    membership!(E);
}
