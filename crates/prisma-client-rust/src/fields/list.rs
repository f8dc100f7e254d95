//! Lists of scalars and enums.

use std::marker::PhantomData;

use crate::filter::{Op, on_column};
use crate::model::Model;
use crate::order::{OrderNode, SortOrder, by};
use crate::set::{SetOp, of_column};
use crate::value::{PrismaValue, Scalar, list};

macro_rules! list {
    ($(#[$doc:meta])* $name:ident, $list:ty, $item:ty) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name<M, T, const COLUMN: u16>(PhantomData<fn() -> (M, T)>);

        impl<M: Model, T: Scalar, const COLUMN: u16> $name<M, T, COLUMN> {
            /// The same values in the same order; `None` finds NULL.
            pub fn equals(values: $list) -> M::Where {
                on_column::<M>(COLUMN, Op::Equals, optional(values.into()))
            }

            /// Other values, or another order.
            pub fn not(values: $list) -> M::Where {
                on_column::<M>(COLUMN, Op::Not, optional(values.into()))
            }

            /// The value is in the list.
            pub fn has(value: $item) -> M::Where {
                on_column::<M>(COLUMN, Op::Has, Into::<Option<T>>::into(value).into_value())
            }

            /// Every value is in the list.
            pub fn has_every(values: Vec<T>) -> M::Where {
                on_column::<M>(COLUMN, Op::HasEvery, list(values))
            }

            /// At least one of the values is in the list.
            pub fn has_some(values: Vec<T>) -> M::Where {
                on_column::<M>(COLUMN, Op::HasSome, list(values))
            }

            /// Whether the list has no values; NULL is neither.
            pub fn is_empty(empty: bool) -> M::Where {
                on_column::<M>(COLUMN, Op::IsEmpty, PrismaValue::Boolean(empty))
            }

            /// Stores the list.
            pub fn set(values: Vec<T>) -> M::Set {
                of_column::<M>(COLUMN, SetOp::Set, list(values))
            }

            /// Appends to the list.
            pub fn push(values: Vec<T>) -> M::Set {
                of_column::<M>(COLUMN, SetOp::Push, list(values))
            }

            /// Sorts by this field.
            pub fn order(order: SortOrder) -> M::Order {
                by::<M>(OrderNode::Column(COLUMN, order))
            }
        }
    };
}

list! {
    /// A list of `T`.
    List, impl Into<Option<Vec<T>>>, impl Into<Option<T>>
}
list! {
    /// A list of `T`, given as one: what a client with `arguments = "exact"` has in the place of [`List`].
    ExactList, Option<Vec<T>>, Option<T>
}

fn optional<T: Scalar>(values: Option<Vec<T>>) -> PrismaValue {
    values.map_or(PrismaValue::Null, list)
}
