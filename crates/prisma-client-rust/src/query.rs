//! Queries as a user builds them: thin generic shells over code that does not know the model.
//!
//! Each runs by `.exec().await` or by `.await` alone.

mod aggregate;
mod batch;
mod choosing;
mod copy;
mod create;
mod delete;
mod find;
mod generic;
mod nested;
mod raw;
mod refused;
mod stream;
mod update;
mod write;

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;

use futures_util::Stream;

use crate::aggregate::{Calculations, Columns};
use crate::client::Client;
use crate::filter::nodes;
use crate::model::Model;
use crate::plan::new_rows::NewRows;
use crate::set::{Insert, set_nodes};

pub use aggregate::{Aggregate, GroupBy};
pub(crate) use batch::Planned;
pub use batch::{
    BatchContainer, BatchItem, BatchItemParent, Query, Queue, Results, Staged, Ticket,
};
pub use choosing::Choosing;
pub use copy::CopyIn;
pub use create::{Create, CreateMany, CreateManyAndReturn};
pub use delete::{Delete, DeleteMany};
pub use find::{Count, FindFirst, FindMany, FindUnique};
pub use generic::{
    Data, ModelQuery, ModelTypes, OrderByQuery, PaginatedQuery, WhereQuery, WithQuery,
};
pub use raw::{BatchResult, ExecuteRaw, QueryRaw, Raw};
pub use stream::RowStream;
pub use update::{Update, UpdateMany, Upsert};

/// What `.await` on a query waits for.
pub type QueryFuture<T> = Pin<Box<dyn Future<Output = Result<T, crate::QueryError>> + Send>>;

/// `IntoFuture` by `exec`.
macro_rules! awaitable {
    ($name:ident, $output:ty) => {
        impl<M: $crate::model::Model> IntoFuture for $name<M> {
            type Output = Result<$output, $crate::QueryError>;
            type IntoFuture = $crate::query::QueryFuture<$output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.exec())
            }
        }
    };
}

/// `Query` for a batch: one statement where `$statement` gives one, else all that `exec` does.
macro_rules! batched {
    ($name:ident, $output:ty, $statement:ident, $finish:expr) => {
        impl<M: $crate::model::Model> $crate::query::Query for $name<M> {
            type Output = $output;

            fn stage(mut self) -> $crate::query::Staged<$output> {
                if let Some(answer) = self.client.mocked(&self) {
                    return $crate::query::Staged::answer(answer);
                }
                match self.$statement() {
                    Some(statement) => {
                        $crate::query::Staged::statement(statement, M::descriptor(), $finish)
                    }
                    None => $crate::query::Staged::steps(|client| {
                        self.client = client.with_scope_of(&self.client);
                        self.exec()
                    }),
                }
            }
        }
    };
    ($name:ident<$generic:ident: $bound:path>, $output:ty) => {
        impl<$generic: $bound + Send + 'static> $crate::query::Query for $name<$generic> {
            type Output = $output;

            fn stage(mut self) -> $crate::query::Staged<$output> {
                if let Some(answer) = self.client.mocked(&self) {
                    return $crate::query::Staged::answer(answer);
                }
                $crate::query::Staged::steps(|client| {
                    self.client = client.with_scope_of(&self.client);
                    self.exec()
                })
            }
        }
    };
}

/// The end of an `exec` whose client has no database.
macro_rules! mocked {
    ($query:ident) => {
        if let Some(answer) = $query.client.mocked(&$query) {
            return answer;
        }
    };
}

pub(crate) use {awaitable, batched, mocked};

/// The queries of one model: what `client.user()` gives, beside the generated `create`.
pub struct Actions<M> {
    client: Client,
    model: PhantomData<fn() -> M>,
}

// Written out, since derives would ask each model for the same traits.
impl<M> Clone for Actions<M> {
    fn clone(&self) -> Self {
        Self { client: self.client.clone(), model: PhantomData }
    }
}

impl<M> fmt::Debug for Actions<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Actions").field(&self.client).finish()
    }
}

impl<M: Model> Actions<M> {
    /// For generated code.
    pub fn new(client: &Client) -> Self {
        Self { client: client.clone(), model: PhantomData }
    }

    /// The row that a unique key names.
    pub fn find_unique(&self, row: M::Unique) -> FindUnique<M> {
        FindUnique::new(self.client.reading(), row.into())
    }

    /// The first row that meets all the conditions.
    pub fn find_first(&self, filters: Vec<M::Where>) -> FindFirst<M> {
        FindFirst::new(self.client.reading(), nodes::<M>(filters))
    }

    /// Every row that meets all the conditions.
    pub fn find_many(&self, filters: Vec<M::Where>) -> FindMany<M> {
        FindMany::new(self.client.reading(), nodes::<M>(filters))
    }

    /// How many rows meet all the conditions.
    pub fn count(&self, filters: Vec<M::Where>) -> Count<M> {
        Count::new(self.client.reading(), nodes::<M>(filters))
    }

    /// Calculations over every row that meets all the conditions: one, or a tuple of them, which gives a tuple.
    ///
    /// ```text
    /// let (rows, views) = client.post().aggregate(vec![], (post::_count::all(), post::views::sum())).await?;
    /// ```
    pub fn aggregate<A: Calculations<M>>(
        &self,
        filters: Vec<M::Where>,
        calculations: A,
    ) -> Aggregate<M, A> {
        Aggregate::new(self.client.reading(), nodes::<M>(filters), calculations)
    }

    /// Calculations over groups of the rows that meet all the conditions, in a tuple with what they are grouped by.
    ///
    /// ```text
    /// let busy = client
    ///     .post()
    ///     .group_by(vec![], (post::author_id::group(), post::_count::all(), post::views::sum()))
    ///     .having(post::_count::all().gt(5))
    ///     .order_by(post::views::sum().order(SortOrder::Desc))
    ///     .take(10)
    ///     .await?;
    /// ```
    pub fn group_by<G: Columns<M>>(&self, filters: Vec<M::Where>, columns: G) -> GroupBy<M, G> {
        GroupBy::new(self.client.reading(), nodes::<M>(filters), columns)
    }

    /// A new row, from a generated `Create` or `CreateUnchecked` with its fields by name.
    pub fn create_from(&self, row: impl Into<Insert<M>>) -> Create<M> {
        Create::new(self.client.clone(), row.into())
    }

    /// Many new rows, in few statements, from whatever makes one: a generated `Create` or `CreateUnchecked`.
    pub fn create_many_from<I: Into<Insert<M>>>(&self, rows: Vec<I>) -> CreateMany<M> {
        CreateMany::new(self.client.clone(), new_rows::<M, I>(&self.client, rows))
    }

    /// Many new rows, given back as they were stored.
    pub fn create_many_and_return<I: Into<Insert<M>>>(
        &self,
        rows: Vec<I>,
    ) -> CreateManyAndReturn<M> {
        CreateManyAndReturn::new(self.client.clone(), new_rows::<M, I>(&self.client, rows))
    }

    /// Rows by binary COPY: the fastest way in, for any number of rows, as they come.
    ///
    /// All of them are written or none. An error of one row names it ([`QueryError::row`](crate::QueryError::row)).
    /// Relations are named by their keys: `create_unchecked(..)` makes such rows. While it runs in a transaction,
    /// the rows' source must not wait for other queries of that transaction.
    pub fn copy_in<R>(&self, rows: R) -> CopyIn<M>
    where
        R: IntoIterator<Item: Into<Insert<M>>, IntoIter: Send + 'static>,
    {
        CopyIn::over(self.client.clone(), rows)
    }

    /// The same from a stream, such as a file that is read in the meantime.
    pub fn copy_in_stream<I: Into<Insert<M>>>(
        &self,
        rows: impl Stream<Item = I> + Send + 'static,
    ) -> CopyIn<M> {
        CopyIn::new(self.client.clone(), rows)
    }

    /// Changes the row that a unique key names.
    pub fn update(&self, row: M::Unique, changes: Vec<M::Set>) -> Update<M> {
        Update::new(self.client.clone(), row.into(), set_nodes::<M>(changes))
    }

    /// The same as [`update`](Self::update): keys of relations can be set in both.
    pub fn update_unchecked(&self, row: M::Unique, changes: Vec<M::Set>) -> Update<M> {
        self.update(row, changes)
    }

    /// Changes every row that meets all the conditions.
    pub fn update_many(&self, filters: Vec<M::Where>, changes: Vec<M::Set>) -> UpdateMany<M> {
        UpdateMany::new(self.client.clone(), nodes::<M>(filters), set_nodes::<M>(changes))
    }

    /// Changes the row that a unique key names, or makes it.
    ///
    /// One atomic statement where the new row has the key that is asked for, which is nearly always.
    pub fn upsert(
        &self,
        row: M::Unique,
        create: impl Into<Insert<M>>,
        update: Vec<M::Set>,
    ) -> Upsert<M> {
        Upsert::new(self.client.clone(), row.into(), create.into(), set_nodes::<M>(update))
    }

    /// Deletes the row that a unique key names.
    pub fn delete(&self, row: M::Unique) -> Delete<M> {
        Delete::new(self.client.clone(), row.into())
    }

    /// Deletes every row that meets all the conditions.
    pub fn delete_many(&self, filters: Vec<M::Where>) -> DeleteMany<M> {
        DeleteMany::new(self.client.clone(), nodes::<M>(filters))
    }
}

/// Rows with the model forgotten.
fn new_rows<M: Model, I: Into<Insert<M>>>(client: &Client, rows: Vec<I>) -> NewRows {
    // A loop, as in `set_nodes`.
    let (model, mut new) = (M::descriptor(), client.new_rows());
    for row in rows {
        new.push(model, row.into().into_nodes());
    }
    new
}
