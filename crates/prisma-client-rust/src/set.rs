//! Changes to a row, with the model remembered only in the type.

use std::fmt;
use std::marker::PhantomData;

use crate::model::Model;
use crate::value::{PrismaValue, Scalar};

/// One change: `SetParam` and `UncheckedSetParam` in generated code.
pub struct Set<M> {
    pub(crate) node: SetNode,
    model: PhantomData<fn() -> M>,
}

/// The changes that make a new row: what generated `Create` and `CreateUnchecked` become.
pub struct Insert<M> {
    /// The parameters, then the required values.
    nodes: Vec<SetNode>,
    params: usize,
    model: PhantomData<fn() -> M>,
}

/// A change with the model forgotten.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SetNode {
    Column(ColumnChange),
    Relation {
        relation: u16,
        op: RelationOp,
        keys: Vec<Vec<(u16, PrismaValue)>>,
    },
    /// Rows of another model, made together with this one and related to it.
    Nested {
        relation: u16,
        rows: Vec<NewRow>,
    },
}

/// A change of one column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ColumnChange {
    pub(crate) column: u16,
    pub(crate) op: SetOp,
    pub(crate) value: PrismaValue,
}

/// A row to be made inside another one's query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NewRow {
    /// The row to take instead, where it is there already.
    pub(crate) instead: Option<Vec<(u16, PrismaValue)>>,
    pub(crate) nodes: Vec<SetNode>,
}

/// How a column changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetOp {
    Set,
    Increment,
    Decrement,
    Multiply,
    Divide,
    /// Appends to a list.
    Push,
}

/// How a relation changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RelationOp {
    Connect,
    /// Without keys: whatever is connected.
    Disconnect,
    /// Exactly these rows, no others.
    Set,
}

impl SetNode {
    /// The column that changes, if only that does.
    pub(crate) fn column(&self) -> Option<u16> {
        match self {
            Self::Column(change) => Some(change.column),
            Self::Relation { .. } | Self::Nested { .. } => None,
        }
    }
}

impl<M> Set<M> {
    pub(crate) const fn new(node: SetNode) -> Self {
        Self { node, model: PhantomData }
    }

    pub(crate) fn column(column: u16, op: SetOp, value: PrismaValue) -> Self {
        Self::new(SetNode::Column(ColumnChange { column, op, value }))
    }
}

impl<M: Model> Insert<M> {
    /// The changes in the order given; of two that name the same column the later wins.
    pub fn new(params: Vec<M::Set>) -> Self {
        let nodes = set_nodes::<M>(params);
        let params = nodes.len();
        Self { nodes, params, model: PhantomData }
    }

    /// A required value. It comes before the parameters, so that they can replace it.
    #[must_use]
    pub fn with(mut self, set: M::Set) -> Self {
        self.nodes.push(Into::<Set<M>>::into(set).node);
        self
    }

    /// The same for a column.
    #[must_use]
    pub fn value<T: Scalar>(mut self, column: u16, value: T) -> Self {
        let change = ColumnChange { column, op: SetOp::Set, value: value.into_value() };
        self.nodes.push(SetNode::Column(change));
        self
    }

    /// The changes, required values first.
    pub(crate) fn into_nodes(self) -> Vec<SetNode> {
        let Self { mut nodes, params, .. } = self;
        nodes.rotate_left(params);
        nodes
    }
}

impl<M: Model> From<Vec<M::Set>> for Insert<M> {
    fn from(params: Vec<M::Set>) -> Self {
        Self::new(params)
    }
}

/// A change as the model's queries take it.
pub(crate) fn to<M: Model>(node: SetNode) -> M::Set {
    Set::new(node).into()
}

/// A change of one column, as the model's queries take it.
pub(crate) fn of_column<M: Model>(column: u16, op: SetOp, value: PrismaValue) -> M::Set {
    Set::column(column, op, value).into()
}

/// The changes of a model's parameter, with the model forgotten.
pub(crate) fn set_nodes<M: Model>(params: Vec<M::Set>) -> Vec<SetNode> {
    // A loop, since this is compiled for each model: `collect` would be most of what a client's build compiles.
    // What is required of a new row comes behind.
    let mut nodes = Vec::with_capacity(params.len() + 12);
    for param in params {
        nodes.push(Into::<Set<M>>::into(param).node);
    }
    nodes
}

// Written out, since derives would ask the model marker for the same traits.
impl<M> Clone for Set<M> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}

impl<M> PartialEq for Set<M> {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

impl<M> fmt::Debug for Set<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

impl<M> Clone for Insert<M> {
    fn clone(&self) -> Self {
        Self { nodes: self.nodes.clone(), params: self.params, model: PhantomData }
    }
}

impl<M> fmt::Debug for Insert<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.nodes.fmt(f)
    }
}
