//! Queries that give rows: what of the rows is read, and the type they become.

use std::fmt;
use std::marker::PhantomData;

use super::{FindMany, Query, QueryFuture, RowStream, Staged};
use crate::choice::Choice;
use crate::client::Client;
use crate::error::QueryError;
use crate::fetch::Reading;
use crate::keyset::{Cursor, Page};
use crate::model::Model;
use crate::plan::Statement;
use crate::read::Rows;
use crate::record::Record;

/// A query that gives rows of a model.
pub trait RowQuery: fmt::Debug + Sized + Send + 'static {
    /// The model whose rows these are.
    type Model: Model;
    /// `Vec<T>`, `Option<T>` or `T`, where a row is a `T`.
    type Of<T: Send + 'static>: Send + 'static;

    /// What is read of each row.
    fn reading(&mut self) -> &mut Reading;

    /// Where it is sent.
    fn client(&mut self) -> &mut Client;

    /// The query where it is one statement.
    fn statement(&mut self) -> Option<Statement>;

    /// Runs the query.
    fn run_as<R: Record>(
        self,
    ) -> impl Future<Output = Result<Self::Of<R>, QueryError>> + Send + 'static;

    /// What the rows become.
    fn finish<R: Record>(rows: &Rows) -> Result<Self::Of<R>, QueryError>;
}

/// A query after `.select(..)` or `.include(..)`: its rows are `D`.
pub struct Choosing<Q, D> {
    query: Q,
    data: PhantomData<fn() -> D>,
}

impl<Q: RowQuery, D: Record> Choosing<Q, D> {
    pub(super) fn new(mut query: Q, choice: Choice<Q::Model, D>) -> Self {
        *query.reading() = choice.reading;
        Self { query, data: PhantomData }
    }

    /// Runs the query.
    pub async fn exec(mut self) -> Result<Q::Of<D>, QueryError> {
        let client = self.query.client().clone();
        if let Some(answer) = client.mocked(&self) {
            return answer;
        }
        self.query.run_as::<D>().await
    }
}

impl<M: Model, D: Record> Choosing<FindMany<M>, D> {
    /// The rows after the last of another page, in the same order: as [`FindMany::after`].
    #[must_use]
    pub fn after(self, cursor: impl Into<Option<Cursor<M>>>) -> Self {
        Self { query: self.query.after(cursor), ..self }
    }

    /// Runs the query and says where the next page begins, if there is one: as [`FindMany::page`].
    pub async fn page(self) -> Result<Page<D, M>, QueryError> {
        self.query.page_as().await
    }

    /// The rows as they are needed, some at a time, so that there may be any number of them.
    pub fn stream(self) -> RowStream<D> {
        self.query.stream_as()
    }
}

impl<Q: RowQuery, D: Record> IntoFuture for Choosing<Q, D> {
    type Output = Result<Q::Of<D>, QueryError>;
    type IntoFuture = QueryFuture<Q::Of<D>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.exec())
    }
}

impl<Q: RowQuery, D: Record> Query for Choosing<Q, D> {
    type Output = Q::Of<D>;

    fn stage(mut self) -> Staged<Q::Of<D>> {
        let client = self.query.client().clone();
        if let Some(answer) = client.mocked(&self) {
            return Staged::answer(answer);
        }
        stage::<Q, D>(self.query)
    }
}

/// A query as the steps that a batch takes, with its rows read as `R`.
pub(super) fn stage<Q: RowQuery, R: Record>(mut query: Q) -> Staged<Q::Of<R>> {
    let model = R::SHAPE.model;
    let columns = query.reading().columns(model);
    match query.statement() {
        Some(statement) => Staged::statement(statement, model, |outcome| {
            Q::finish::<R>(&Rows::new(outcome.rows, columns))
        }),
        None => Staged::steps(|client| {
            *query.client() = client.with_scope_of(query.client());
            query.run_as::<R>()
        }),
    }
}

impl<Q: Clone, D> Clone for Choosing<Q, D> {
    fn clone(&self) -> Self {
        Self { query: self.query.clone(), data: PhantomData }
    }
}

impl<Q: fmt::Debug, D> fmt::Debug for Choosing<Q, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.query.fmt(f)
    }
}

/// What queries that give rows have in common: `with`, `select`, `include`, a place in a batch.
///
/// Their rows become `many`, the `first` or `one` whose absence is an error; the last is where the query keeps what is
/// read.
macro_rules! row_query {
    ($name:ident, $many:ident $(($absent:expr))?, $($reading:ident).+) => {
        impl<M: $crate::model::Model> $name<M> {
            /// Loads a relation beside the rows.
            #[must_use]
            pub fn with(mut self, with: impl Into<$crate::fetch::With<M>>) -> Self {
                self.$($reading).+.with.push(with.into().fetch);
                self
            }

            /// Reads only what `select!` names, into the type that it made. What [`with`](Self::with) named is not read.
            pub fn select<D: $crate::record::Record>(
                self,
                choice: $crate::choice::Choice<M, D>,
            ) -> $crate::query::Choosing<Self, D> {
                $crate::query::Choosing::new(self, choice)
            }

            /// Reads every column and the relations that `include!` names, into the type that it made.
            pub fn include<D: $crate::record::Record>(
                self,
                choice: $crate::choice::Choice<M, D>,
            ) -> $crate::query::Choosing<Self, D> {
                $crate::query::Choosing::new(self, choice)
            }
        }

        impl<M: $crate::model::Model> $crate::query::choosing::RowQuery for $name<M> {
            type Model = M;
            type Of<T: Send + 'static> = $crate::query::choosing::row_query!(@of $many T);

            fn reading(&mut self) -> &mut $crate::fetch::Reading {
                &mut self.$($reading).+
            }

            fn client(&mut self) -> &mut $crate::Client {
                &mut self.client
            }

            fn statement(&mut self) -> Option<$crate::plan::Statement> {
                self.statement()
            }

            async fn run_as<R: $crate::record::Record>(
                self,
            ) -> Result<Self::Of<R>, $crate::QueryError> {
                self.run::<R>().await
            }

            fn finish<R: $crate::record::Record>(
                rows: &$crate::read::Rows,
            ) -> Result<Self::Of<R>, $crate::QueryError> {
                $crate::query::choosing::row_query!(@finish $many R rows $($absent)?)
            }
        }

        impl<M: $crate::model::Model> $crate::query::Query for $name<M> {
            type Output = $crate::query::choosing::row_query!(@of $many M);

            fn stage(self) -> $crate::query::Staged<Self::Output> {
                if let Some(answer) = self.client.mocked(&self) {
                    return $crate::query::Staged::answer(answer);
                }
                $crate::query::choosing::stage::<Self, M>(self)
            }
        }

        $crate::query::awaitable!($name, $crate::query::choosing::row_query!(@of $many M));
    };
    (@of many $ty:ty) => { Vec<$ty> };
    (@of first $ty:ty) => { Option<$ty> };
    (@of one $ty:ty) => { $ty };
    (@finish many $ty:ident $rows:ident) => { Ok($rows.decode()?) };
    (@finish first $ty:ident $rows:ident) => { $rows.decode_first() };
    (@finish one $ty:ident $rows:ident $absent:expr) => {{
        let row = $rows.decode_first::<$ty>()?;
        row.ok_or_else(|| $crate::QueryError::not_found($absent).of(<$ty as $crate::record::Record>::SHAPE.model))
    }};
}

pub(crate) use row_query;
