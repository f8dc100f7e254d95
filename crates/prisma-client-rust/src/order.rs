//! The order of rows, with the model remembered only in the type.

use std::fmt;
use std::marker::PhantomData;

use crate::filter::FilterNode;
use crate::model::Model;

/// One criterion of an order: `OrderByParam` in generated code.
pub struct Order<M> {
    pub(crate) node: OrderNode,
    model: PhantomData<fn() -> M>,
}

/// A criterion with the model forgotten.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum OrderNode {
    Column(u16, SortOrder),
    /// By columns of the one row that a relation leads to.
    Relation(u16, Vec<OrderNode>),
    /// By the number of rows that a relation leads to and that meet the conditions.
    Count(u16, Vec<FilterNode>, SortOrder),
}

/// Which end comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortOrder {
    /// Smallest first.
    Asc,
    /// Largest first.
    Desc,
}

impl SortOrder {
    pub(crate) fn reversed(self) -> Self {
        match self {
            Self::Asc => Self::Desc,
            Self::Desc => Self::Asc,
        }
    }
}

impl<M> Order<M> {
    pub(crate) fn new(node: OrderNode) -> Self {
        Self { node, model: PhantomData }
    }
}

/// A criterion as the model's queries take it.
pub(crate) fn by<M: Model>(node: OrderNode) -> M::Order {
    Order::new(node).into()
}

/// The criteria of a model's parameter, with the model forgotten.
pub(crate) fn order_nodes<M: Model>(orders: Vec<M::Order>) -> Vec<OrderNode> {
    orders.into_iter().map(|order| Into::<Order<M>>::into(order).node).collect()
}

// Written out, since derives would ask the model marker for the same traits.
impl<M> Clone for Order<M> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}

impl<M> fmt::Debug for Order<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}
