//! Names for code over any model and any query, as prisma-client-rust's users write it: the types of a model
//! (`<user::Types as ModelTypes>::OrderBy`), and what is added to a query that is borrowed (`query.add_where(..)`).

use serde::de::DeserializeOwned;

use super::choosing::RowQuery;
use crate::fetch::With;
use crate::model::Model;

/// Whatever rows of SQL are read as.
pub trait Data: DeserializeOwned + Send + 'static {}

impl<T: DeserializeOwned + Send + 'static> Data for T {}

/// The types of a model.
pub trait ModelTypes {
    /// One row.
    type Data;
    /// A condition on rows.
    type Where;
    /// The name of one row.
    type WhereUnique;
    /// A value of a row.
    type Set;
    /// The same as [`Set`](Self::Set).
    type UncheckedSet;
    /// A relation to load.
    type With;
    /// A criterion to sort by.
    type OrderBy;
    /// The name of the row that a page begins with.
    type Cursor;
    /// The model's name in the schema.
    const MODEL: &'static str;
}

impl<M: Model> ModelTypes for M {
    type Data = M;
    type Where = M::Where;
    type WhereUnique = M::Unique;
    type Set = M::Set;
    type UncheckedSet = M::Set;
    type With = With<M>;
    type OrderBy = M::Order;
    type Cursor = M::Unique;
    const MODEL: &'static str = M::DESCRIPTOR.name;
}

/// A query of a model.
pub trait ModelQuery<'a> {
    /// The model.
    type Types: ModelTypes;
}

/// A query with conditions.
pub trait WhereQuery<'a>: ModelQuery<'a> {
    /// One condition more.
    fn add_where(&mut self, condition: <Self::Types as ModelTypes>::Where);
}

/// A query that loads relations.
pub trait WithQuery<'a>: ModelQuery<'a> {
    /// One relation more.
    fn add_with(&mut self, relation: impl Into<<Self::Types as ModelTypes>::With>);
}

/// A query that sorts.
pub trait OrderByQuery<'a>: ModelQuery<'a> {
    /// Sorts those that are equal by what was said before.
    fn add_order_by(&mut self, order: <Self::Types as ModelTypes>::OrderBy);
}

/// A query of some of the rows.
pub trait PaginatedQuery<'a>: ModelQuery<'a> {
    /// The row to begin with.
    fn add_cursor(&mut self, row: <Self::Types as ModelTypes>::Cursor);

    /// How many rows to leave out.
    fn set_skip(&mut self, rows: i64);

    /// How many rows there are at most; negative, from the end.
    fn set_take(&mut self, rows: i64);
}

impl<Q: RowQuery> ModelQuery<'_> for Q {
    type Types = Q::Model;
}

impl<Q: RowQuery> WithQuery<'_> for Q {
    fn add_with(&mut self, relation: impl Into<With<Q::Model>>) {
        self.reading().with.push(relation.into().fetch);
    }
}

/// What a query has whose conditions are in this field, whether it gives rows or a number.
macro_rules! filtered {
    (rows $name:ident, $($at:ident).+) => {
        impl<M: $crate::model::Model> $crate::query::WhereQuery<'_> for $name<M> {
            fn add_where(&mut self, condition: M::Where) {
                self.$($at).+.push(Into::<$crate::filter::Filter<M>>::into(condition).node);
            }
        }
    };
    ($name:ident, $($at:ident).+) => {
        impl<M: $crate::model::Model> $crate::query::ModelQuery<'_> for $name<M> {
            type Types = M;
        }

        $crate::query::generic::filtered!(rows $name, $($at).+);
    };
}

pub(crate) use filtered;
