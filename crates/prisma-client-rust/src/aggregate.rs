//! What is calculated from many rows: counts, sums, averages, ends; and what rows are grouped by.
//!
//! `post::views::sum()` is a value that knows its model and what it gives, so that a tuple of them gives a tuple.

use std::fmt;
use std::marker::PhantomData;

use postgres::driver::Row;

use crate::order::{Order, OrderNode, SortOrder};
use crate::read::cell;
use crate::value::{PrismaValue, Scalar};
use crate::wire::decode::FromColumn;

/// Something calculated from many rows of `M`, which gives a `T`: `post::views::sum()`.
pub struct Calculation<M, T> {
    node: Node,
    types: PhantomData<fn() -> (M, T)>,
}

/// A column of `M` to group rows by, which gives a `T`: `post::author_id::group()`.
pub struct GroupKey<M, T> {
    column: u16,
    types: PhantomData<fn() -> (M, T)>,
}

/// A condition on groups of rows of `M`: `post::views::sum().gt(10)`.
pub struct Having<M> {
    pub(crate) node: HavingNode,
    model: PhantomData<fn() -> M>,
}

/// A criterion to sort groups of rows of `M` by.
pub struct GroupOrder<M> {
    pub(crate) node: Option<(Node, SortOrder)>,
    model: PhantomData<fn() -> M>,
}

/// The number of rows as a criterion, of groups and of related rows: `post::_count::order(..)`.
pub struct AggregateOrder<M> {
    pub(crate) order: SortOrder,
    model: PhantomData<fn() -> M>,
}

/// What a column of the result is, with the model forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Node {
    /// How many rows there are.
    Rows,
    Key(u16),
    Of(Function, u16),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    /// How many are not NULL.
    Count,
    /// How many different values there are.
    Distinct,
    Sum,
    Avg,
    Min,
    Max,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HavingNode {
    pub(crate) node: Node,
    pub(crate) operator: &'static str,
    pub(crate) value: PrismaValue,
}

/// The columns of a result in their order.
#[derive(Debug, Default)]
pub struct Chosen(pub(crate) Vec<Node>);

/// Reads the columns of a row one after the other.
#[derive(Debug)]
pub struct Cells<'a> {
    row: &'a Row,
    next: usize,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(row: &'a Row) -> Self {
        Self { row, next: 0 }
    }

    fn take<T: FromColumn>(&mut self) -> Result<T, String> {
        self.next += 1;
        T::from_column(cell(self.row, self.next - 1))
    }
}

/// What a query over groups gives: calculations and keys, alone or in a tuple.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing that can be calculated from rows of `{M}`",
    label = "neither a calculation, such as `post::views::sum()`, nor a key, such as `post::author_id::group()`"
)]
pub trait Columns<M>: Sized {
    /// The values in the same shape.
    type Output: Send + 'static;

    /// Adds its columns.
    fn choose(self, chosen: &mut Chosen);

    /// Reads its values, in the order of its columns.
    fn read(cells: &mut Cells<'_>) -> Result<Self::Output, String>;
}

/// What a query over all rows gives: calculations, alone or in a tuple.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing that can be calculated from all rows of `{M}` together",
    label = "not a calculation, such as `post::views::sum()`"
)]
pub trait Calculations<M>: Columns<M> {}

impl<M, T: FromColumn + Send + 'static> Columns<M> for Calculation<M, T> {
    type Output = T;

    fn choose(self, chosen: &mut Chosen) {
        chosen.0.push(self.node);
    }

    fn read(cells: &mut Cells<'_>) -> Result<T, String> {
        cells.take()
    }
}

impl<M, T: FromColumn + Send + 'static> Calculations<M> for Calculation<M, T> {}

impl<M, T: FromColumn + Send + 'static> Columns<M> for GroupKey<M, T> {
    type Output = T;

    fn choose(self, chosen: &mut Chosen) {
        chosen.0.push(Node::Key(self.column));
    }

    fn read(cells: &mut Cells<'_>) -> Result<T, String> {
        cells.take()
    }
}

macro_rules! tuples {
    ($($name:ident)+; ) => {
        tuples!(@ $($name)+);
    };
    ($($name:ident)+; $next:ident $($rest:ident)*) => {
        tuples!(@ $($name)+);
        tuples!($($name)+ $next; $($rest)*);
    };
    (@ $($name:ident)+) => {
        #[expect(non_snake_case, reason = "the fields are called as their types")]
        impl<Model, $($name: Columns<Model>),+> Columns<Model> for ($($name,)+) {
            type Output = ($($name::Output,)+);

            fn choose(self, chosen: &mut Chosen) {
                let ($($name,)+) = self;
                $($name.choose(chosen);)+
            }

            fn read(cells: &mut Cells<'_>) -> Result<Self::Output, String> {
                Ok(($($name::read(cells)?,)+))
            }
        }

        impl<Model, $($name: Calculations<Model>),+> Calculations<Model> for ($($name,)+) {}
    };
}

tuples!(A; B C D E F G H I J K L);

/// What a calculation is compared with: its own value, or that of an `Option`.
pub trait Compared {
    /// The value.
    type Value: Scalar;
}

impl Compared for i64 {
    type Value = i64;
}

impl<T: Scalar> Compared for Option<T> {
    type Value = T;
}

impl<M, T> Calculation<M, T> {
    pub(crate) fn new(node: Node) -> Self {
        Self { node, types: PhantomData }
    }

    /// Sorts groups by this.
    pub fn order(self, order: SortOrder) -> GroupOrder<M> {
        GroupOrder { node: Some((self.node, order)), model: PhantomData }
    }
}

macro_rules! compare {
    ($($(#[$doc:meta])* $name:ident $operator:literal)+) => {
        impl<M, T: Compared> Calculation<M, T> {
            $(
                $(#[$doc])*
                pub fn $name(self, value: impl Into<T::Value>) -> Having<M> {
                    let value = value.into().into_value();
                    Having {
                        node: HavingNode { node: self.node, operator: $operator, value },
                        model: PhantomData,
                    }
                }
            )+
        }
    };
}

compare! {
    /// Groups where this is the value.
    equals " = "
    /// Groups where this is another value; not where it is NULL.
    not " <> "
    /// Groups where this is less than the value.
    lt " < "
    /// Groups where this is the value or less.
    lte " <= "
    /// Groups where this is greater than the value.
    gt " > "
    /// Groups where this is the value or greater.
    gte " >= "
}

impl<M, T> GroupKey<M, T> {
    pub(crate) fn new(column: u16) -> Self {
        Self { column, types: PhantomData }
    }
}

impl<M> AggregateOrder<M> {
    pub(crate) fn new(order: SortOrder) -> Self {
        Self { order, model: PhantomData }
    }
}

impl<M> From<Order<M>> for GroupOrder<M> {
    fn from(order: Order<M>) -> Self {
        // Groups have no related rows: what leads to some is refused by the query.
        let node = match order.node {
            OrderNode::Column(column, order) => Some((Node::Key(column), order)),
            OrderNode::Relation(..) | OrderNode::Count(..) => None,
        };
        Self { node, model: PhantomData }
    }
}

impl<M> From<AggregateOrder<M>> for GroupOrder<M> {
    fn from(order: AggregateOrder<M>) -> Self {
        Self { node: Some((Node::Rows, order.order)), model: PhantomData }
    }
}

// Written out, since derives would ask the model marker for the same traits.
macro_rules! plain {
    ($($name:ident<$($generic:ident),+> { $($field:ident),+ } $marker:ident;)+) => {
        $(
            impl<$($generic),+> Clone for $name<$($generic),+> {
                fn clone(&self) -> Self {
                    Self { $($field: self.$field.clone(),)+ $marker: PhantomData }
                }
            }

            impl<$($generic),+> fmt::Debug for $name<$($generic),+> {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_struct(stringify!($name))$(.field(stringify!($field), &self.$field))+.finish()
                }
            }
        )+
    };
}

plain! {
    Calculation<M, T> { node } types;
    GroupKey<M, T> { column } types;
    Having<M> { node } model;
    GroupOrder<M> { node } model;
    AggregateOrder<M> { order } model;
}
