//! Conditions on rows, with the model remembered only in the type.

use std::fmt;
use std::marker::PhantomData;

use crate::generated::Argument;
use crate::model::Model;
use crate::value::{PrismaValue, Scalar};

/// A condition on the rows of `M`: `WhereParam` in generated code.
pub struct Filter<M> {
    pub(crate) node: FilterNode,
    model: PhantomData<fn() -> M>,
}

/// A condition that at most one row of `M` meets: what is in a generated `UniqueWhereParam`.
pub struct UniqueFilter<M> {
    /// Columns and the values that they must equal.
    pub(crate) key: Vec<(u16, PrismaValue)>,
    model: PhantomData<fn() -> M>,
}

/// A condition with the model forgotten.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FilterNode {
    And(Vec<FilterNode>),
    Or(Vec<FilterNode>),
    /// Not all of them together.
    Not(Vec<FilterNode>),
    Column {
        column: u16,
        op: Op,
        value: PrismaValue,
    },
    Relation {
        relation: u16,
        quantifier: Quantifier,
        filters: Vec<FilterNode>,
    },
    /// How many related rows meet the conditions.
    Count {
        relation: u16,
        filters: Vec<FilterNode>,
        op: Op,
        rows: i64,
    },
}

/// How a column and a value are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Equals,
    Not,
    In,
    NotIn,
    Lt,
    Lte,
    Gt,
    Gte,
    Contains,
    StartsWith,
    EndsWith,
    /// Changes the text comparisons of the same column beside it; the value is true for insensitive.
    Mode,
    /// Points the Json comparisons of the same column beside it at a part of the document.
    Path,
    Has,
    HasEvery,
    HasSome,
    IsEmpty,
    ArrayContains,
    ArrayStartsWith,
    ArrayEndsWith,
}

/// How many rows of a relation must meet a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    /// At least one: also `is`.
    Some,
    Every,
    /// Not one: also `is_not`.
    None,
}

/// Whether text comparisons see case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryMode {
    /// `a` is not `A`.
    Default,
    /// `a` is `A`.
    Insensitive,
}

impl<M> Filter<M> {
    pub(crate) const fn new(node: FilterNode) -> Self {
        Self { node, model: PhantomData }
    }

    pub(crate) fn column(column: u16, op: Op, value: PrismaValue) -> Self {
        Self::new(FilterNode::Column { column, op, value })
    }
}

/// The conditions together, by the names of prisma-client-rust's variants.
#[expect(non_snake_case, reason = "names of variants upstream")]
impl<M> Filter<M> {
    /// All of the conditions; the same as [`and`](crate::operator::and).
    pub fn And(filters: Vec<Self>) -> Self {
        Self::new(FilterNode::And(erased(filters)))
    }

    /// At least one of the conditions, none of none; the same as [`or`](crate::operator::or).
    pub fn Or(filters: Vec<Self>) -> Self {
        Self::new(FilterNode::Or(erased(filters)))
    }

    /// Not all of the conditions; the same as [`not`](crate::operator::not).
    pub fn Not(filters: Vec<Self>) -> Self {
        Self::new(FilterNode::Not(erased(filters)))
    }
}

impl<M> UniqueFilter<M> {
    /// For generated code: columns, and the values that they must equal.
    pub fn new(key: Vec<(u16, PrismaValue)>) -> Self {
        Self { key, model: PhantomData }
    }

    /// For generated code: a key of no column yet.
    pub const fn empty() -> Self {
        Self { key: Vec::new(), model: PhantomData }
    }

    /// For generated code: one column more, and the value that it must equal.
    #[must_use]
    pub fn and<T: Scalar>(mut self, column: u16, value: impl Argument<T>) -> Self {
        self.key.push((column, value.into_argument().into_value()));
        self
    }
}

/// Stands for a row that something else of the same query names: the row that this one is created in, or what a
/// `create` or `connect_or_create` among its parameters makes.
///
/// It takes the place of a required relation. Where nothing else names the row, the query fails with P2012.
///
/// ```text
/// user::posts::create(vec![post::create("title", nested(), vec![])])
/// client.post().create("title", nested(), vec![post::author::create(user::create("ada@x", vec![]))])
/// ```
pub fn nested<M, T: From<UniqueFilter<M>>>() -> T {
    UniqueFilter::<M>::new(Vec::new()).into()
}

/// The condition that columns equal values; no row meets the one of [`nested`].
pub(crate) fn key_node(key: impl IntoIterator<Item = (u16, PrismaValue)>) -> FilterNode {
    let columns = equalities(key);
    if columns.is_empty() { FilterNode::Or(columns) } else { FilterNode::And(columns) }
}

/// The same as conditions of their own, where there are no others.
pub(crate) fn key_nodes(key: Vec<(u16, PrismaValue)>) -> Vec<FilterNode> {
    if key.is_empty() { vec![FilterNode::Or(Vec::new())] } else { equalities(key) }
}

fn equalities(key: impl IntoIterator<Item = (u16, PrismaValue)>) -> Vec<FilterNode> {
    let equals = |(column, value)| FilterNode::Column { column, op: Op::Equals, value };
    key.into_iter().map(equals).collect()
}

/// The conditions of a model's parameter, with the model forgotten.
pub(crate) fn nodes<M: Model>(filters: Vec<M::Where>) -> Vec<FilterNode> {
    filters.into_iter().map(|filter| Into::<Filter<M>>::into(filter).node).collect()
}

/// A condition as the model's queries take it.
pub(crate) fn on<M: Model>(node: FilterNode) -> M::Where {
    Filter::new(node).into()
}

/// A condition on one column, as the model's queries take it.
pub(crate) fn on_column<M: Model>(column: u16, op: Op, value: PrismaValue) -> M::Where {
    Filter::column(column, op, value).into()
}

fn erased<M>(filters: Vec<Filter<M>>) -> Vec<FilterNode> {
    filters.into_iter().map(|filter| filter.node).collect()
}

impl<M> From<UniqueFilter<M>> for Filter<M> {
    fn from(unique: UniqueFilter<M>) -> Self {
        Self::new(key_node(unique.key))
    }
}

/// What `equals` of an optional unique field makes: a condition that may ask for NULL, or the name of one row, which
/// may not.
pub trait FromOptionalUnique<M, T> {
    /// The argument of `equals`.
    type Arg;

    /// The condition on one column.
    fn from_arg(column: u16, arg: Self::Arg) -> Self;
}

impl<M, T: Scalar> FromOptionalUnique<M, T> for Filter<M> {
    type Arg = Option<T>;

    fn from_arg(column: u16, arg: Option<T>) -> Self {
        Self::column(column, Op::Equals, arg.into_value())
    }
}

impl<M, T: Scalar> FromOptionalUnique<M, T> for UniqueFilter<M> {
    type Arg = T;

    fn from_arg(column: u16, arg: T) -> Self {
        Self::new(vec![(column, arg.into_value())])
    }
}

// Written out, since derives would ask the model marker for the same traits.
impl<M> Clone for Filter<M> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}

impl<M> Clone for UniqueFilter<M> {
    fn clone(&self) -> Self {
        Self::new(self.key.clone())
    }
}

impl<M> PartialEq for Filter<M> {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

impl<M> PartialEq for UniqueFilter<M> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<M> fmt::Debug for Filter<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

impl<M> fmt::Debug for UniqueFilter<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.key.fmt(f)
    }
}
