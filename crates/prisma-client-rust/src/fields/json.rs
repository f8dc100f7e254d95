//! Json fields.

use std::marker::PhantomData;

use serde_json::Value;

use super::presence::{Presence, Required};
use crate::filter::{Op, on_column};
use crate::model::Model;
use crate::order::{OrderNode, SortOrder, by};
use crate::set::{SetOp, of_column};
use crate::value::{PrismaValue, Scalar, list};

macro_rules! json {
    ($(#[$doc:meta])* $name:ident, $present:ty, $optional:ty, $text:ty) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name<M, const COLUMN: u16, P = Required>(PhantomData<fn() -> (M, P)>);

        impl<M: Model, const COLUMN: u16, P: Presence> $name<M, COLUMN, P> {
            /// The same document; `None` finds NULL.
            pub fn equals(value: $present) -> M::Where {
                on_column::<M>(COLUMN, Op::Equals, P::value::<Value>(value.into()))
            }

            /// Another document; `None` finds all that is not NULL.
            pub fn not(value: $present) -> M::Where {
                on_column::<M>(COLUMN, Op::Not, P::value::<Value>(value.into()))
            }

            /// Points the conditions on this field beside this one at a part of the document: keys, and positions in arrays.
            pub fn path(path: Vec<String>) -> M::Where {
                on_column::<M>(COLUMN, Op::Path, list(path))
            }

            /// A string that holds the text somewhere.
            pub fn string_contains(value: $text) -> M::Where {
                on_column::<M>(COLUMN, Op::Contains, Into::<String>::into(value).into_value())
            }

            /// A string that begins with the text.
            pub fn string_starts_with(value: $text) -> M::Where {
                on_column::<M>(COLUMN, Op::StartsWith, Into::<String>::into(value).into_value())
            }

            /// A string that ends with the text.
            pub fn string_ends_with(value: $text) -> M::Where {
                on_column::<M>(COLUMN, Op::EndsWith, Into::<String>::into(value).into_value())
            }

            /// An array with all the elements of this array.
            pub fn array_contains(value: $optional) -> M::Where {
                document::<M>(COLUMN, Op::ArrayContains, value.into())
            }

            /// An array with this first element.
            pub fn array_starts_with(value: $optional) -> M::Where {
                document::<M>(COLUMN, Op::ArrayStartsWith, value.into())
            }

            /// An array with this last element.
            pub fn array_ends_with(value: $optional) -> M::Where {
                document::<M>(COLUMN, Op::ArrayEndsWith, value.into())
            }

            /// Less than the number or string; other kinds are not found.
            pub fn lt(value: Value) -> M::Where {
                document::<M>(COLUMN, Op::Lt, Some(value))
            }

            /// Less than the number or string, or equal to it.
            pub fn lte(value: Value) -> M::Where {
                document::<M>(COLUMN, Op::Lte, Some(value))
            }

            /// Greater than the number or string.
            pub fn gt(value: Value) -> M::Where {
                document::<M>(COLUMN, Op::Gt, Some(value))
            }

            /// Greater than the number or string, or equal to it.
            pub fn gte(value: Value) -> M::Where {
                document::<M>(COLUMN, Op::Gte, Some(value))
            }

            /// Stores the document.
            pub fn set(value: $present) -> M::Set {
                of_column::<M>(COLUMN, SetOp::Set, P::value::<Value>(value.into()))
            }

            /// Sorts by this field.
            pub fn order(order: SortOrder) -> M::Order {
                by::<M>(OrderNode::Column(COLUMN, order))
            }
        }
    };
}

json! {
    /// A Json document. `None` is the database's NULL; the document `null` is `Value::Null`.
    Json, impl Into<P::Of<Value>>, impl Into<Option<Value>>, impl Into<String>
}
json! {
    /// A Json document, given as one: what a client with `arguments = "exact"` has in the place of [`Json`].
    ExactJson, P::Of<Value>, Option<Value>, String
}

fn document<M: Model>(column: u16, op: Op, value: Option<Value>) -> M::Where {
    on_column::<M>(column, op, PrismaValue::Json(value.unwrap_or(Value::Null)))
}
