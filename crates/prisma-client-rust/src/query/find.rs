//! `find_unique`, `find_first`, `find_many`, `count`.

use std::marker::PhantomData;

use super::choosing::{RowQuery as _, row_query};
use super::generic::filtered;
use super::stream::RowStream;
use super::{OrderByQuery, PaginatedQuery, awaitable, batched, mocked, write};
use crate::client::Client;
use crate::error::QueryError;
use crate::fetch::{LoadStrategy, Selection};
use crate::filter::{FilterNode, UniqueFilter, key_node, key_nodes};
use crate::keyset::{self, Cursor, Page};
use crate::load;
use crate::lookup::Lookup;
use crate::model::{Descriptor, Model};
use crate::order::Order;
use crate::plan::{self, Statement};
use crate::read::{Reader, Rows};
use crate::record::{self, Record};

/// So many rows say that there are as many as were asked for, which there is made room for, up to so many.
const SOME: usize = 16;
const MANY: usize = 10_000;

/// The row that a unique key names, or none.
#[derive(Debug, Clone)]
pub struct FindUnique<M> {
    client: Client,
    selection: Selection,
    model: PhantomData<fn() -> M>,
}

/// The first row that meets the conditions, or none.
#[derive(Debug, Clone)]
pub struct FindFirst<M> {
    client: Client,
    selection: Selection,
    model: PhantomData<fn() -> M>,
}

/// Every row that meets the conditions.
#[derive(Debug, Clone)]
pub struct FindMany<M> {
    client: Client,
    selection: Selection,
    model: PhantomData<fn() -> M>,
}

/// How many rows meet the conditions.
#[derive(Debug, Clone)]
pub struct Count<M> {
    client: Client,
    filters: Vec<FilterNode>,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> FindUnique<M> {
    pub(crate) fn new(client: Client, row: UniqueFilter<M>) -> Self {
        let filters = key_nodes(row.key);
        let selection = Selection { filters, unique: true, ..Selection::default() };
        Self { client, selection, model: PhantomData }
    }

    /// Runs the query.
    #[expect(
        clippy::manual_async_fn,
        reason = "a block holds the query once, an `async fn` twice, and small futures are quickly had"
    )]
    pub fn exec(self) -> impl Future<Output = Result<Option<M>, QueryError>> + Send + 'static {
        async move {
            mocked!(self);
            let model = M::descriptor();
            if let Some(lookup) = Lookup::of(&self.client, model, &self.selection)
                && let Some(answer) = lookup.at_once(&self.client).await
            {
                return match answer? {
                    Some(row) => Rows::decode_one(&row),
                    None => Ok(None),
                };
            }
            // Boxed, so that it takes no room where it is not needed.
            Box::pin(self.run()).await
        }
    }

    async fn run<R: Record>(&self) -> Result<Option<R>, QueryError> {
        Self::finish::<R>(&load::find(&self.client, M::descriptor(), &self.selection).await?)
    }
}

impl<M: Model> FindFirst<M> {
    pub(crate) fn new(client: Client, filters: Vec<FilterNode>) -> Self {
        Self {
            client,
            selection: Selection { filters, ..Selection::default() },
            model: PhantomData,
        }
    }

    /// Runs the query.
    pub async fn exec(self) -> Result<Option<M>, QueryError> {
        mocked!(self);
        self.run::<M>().await
    }

    async fn run<R: Record>(mut self) -> Result<Option<R>, QueryError> {
        // One row is enough; a negative take asks for the last instead of the first.
        let backwards = self.selection.take.is_some_and(|take| take < 0);
        self.selection.take = Some(if backwards { -1 } else { 1 });
        Self::finish::<R>(&load::find(&self.client, M::descriptor(), &self.selection).await?)
    }
}

impl<M: Model> FindMany<M> {
    pub(crate) fn new(client: Client, filters: Vec<FilterNode>) -> Self {
        Self {
            client,
            selection: Selection { filters, ..Selection::default() },
            model: PhantomData,
        }
    }

    /// Runs the query.
    pub async fn exec(self) -> Result<Vec<M>, QueryError> {
        mocked!(self);
        self.run::<M>().await
    }

    async fn run<R: Record>(self) -> Result<Vec<R>, QueryError> {
        let (client, model, selection) = (&self.client, M::descriptor(), &self.selection);
        if !load::can_stream(model, selection) {
            return Self::finish::<R>(&load::find(client, model, selection).await?);
        }
        let most = selection.take.and_then(|take| usize::try_from(take).ok()).unwrap_or_default();
        let expected = most.saturating_sub(SOME).min(MANY);
        let mut rows = Ok(Vec::new());
        let mut read = |row: Reader<'_>| {
            if let Ok(found) = &mut rows {
                // Many rows come: no more moving them, as far as it is known how many.
                if found.len() == SOME {
                    found.reserve_exact(expected);
                }
                if let Err(error) = record::read_into(&row, found) {
                    rows = Err(error);
                }
            }
        };
        load::each(client, model, selection, &mut read).await?;
        Ok(rows?)
    }
}

impl<M: Model> FindMany<M> {
    /// The rows after the last of another page, in the same order: [`Page::next`] of a query with the same `order_by`.
    ///
    /// Unlike [`cursor`](Self::cursor) it asks for no row to be there still, and it is as fast for the last page as for
    /// the first.
    #[must_use]
    pub fn after(mut self, cursor: impl Into<Option<Cursor<M>>>) -> Self {
        self.selection.after = cursor.into().map(|cursor| cursor.keyset);
        self
    }

    /// Runs the query and says where the next page begins, if there is one. [`take`](Self::take) is the page's size.
    ///
    /// The order may be by several fields of the model itself, in either direction, NULL among their values; the id
    /// decides where they are equal.
    ///
    /// ```text
    /// let page = client.post().find_many(vec![]).order_by(post::views::order(Desc)).take(20).page().await?;
    /// let next = client.post().find_many(vec![]).order_by(post::views::order(Desc)).take(20).after(page.next).page();
    /// ```
    pub async fn page(self) -> Result<Page<M, M>, QueryError> {
        self.page_as().await
    }

    pub(super) async fn page_as<R: Record>(mut self) -> Result<Page<R, M>, QueryError> {
        let model = M::descriptor();
        let sorted = keyset::columns(model, &self.selection)?;
        let size = self.selection.take.map(|take| usize::try_from(take).unwrap_or_default());
        self.selection.take = self.selection.take.map(|take| take.saturating_add(1));
        let reading = std::mem::take(&mut self.selection.reading);
        let sorted = sorted.into_iter().map(|(column, _)| column);
        self.selection.reading.columns = reading.columns(model).and(sorted);
        let mut rows = load::find(&self.client, model, &self.selection).await?;
        let next = keyset::cut(&self.selection, size, &mut rows)?;
        let rows = write::with(&self.client, model, rows, &reading).await?;
        Ok(Page { rows: rows.decode()?, next })
    }

    /// The rows as they are needed, some at a time, so that there may be any number of them.
    pub fn stream(self) -> RowStream<M> {
        self.stream_as()
    }

    pub(super) fn stream_as<R: Record>(self) -> RowStream<R> {
        RowStream::over(self.client, self.selection)
    }
}

impl<M: Model> Count<M> {
    pub(crate) fn new(client: Client, filters: Vec<FilterNode>) -> Self {
        Self { client, filters, model: PhantomData }
    }

    /// Runs the query.
    pub async fn exec(self) -> Result<i64, QueryError> {
        mocked!(self);
        count(&self.client, M::descriptor(), &self.filters).await
    }
}

pub(super) async fn count(
    client: &Client,
    model: &'static Descriptor,
    filters: &[FilterNode],
) -> Result<i64, QueryError> {
    let statement = plan::read::count(client.scope(), model, filters);
    let outcome = client.run(&statement).await.map_err(|error| error.of(model))?;
    Ok(outcome.rows.first().map_or(0, |row| row.get(0)))
}

/// The one statement of a query that has nothing to load beside its rows; what needs a look of its own has none.
fn statement(
    client: &Client,
    model: &'static Descriptor,
    selection: &Selection,
) -> Option<Statement> {
    let plain = selection.reading.is_flat()
        && selection.cursor.is_none()
        && selection.after.is_none()
        && selection.take.is_none_or(|take| take >= 0);
    plain.then(|| {
        let columns = selection.reading.columns(model);
        plan::read::select_flat(client.scope(), model, selection, &columns)
    })
}

impl<M: Model> FindUnique<M> {
    fn statement(&mut self) -> Option<Statement> {
        statement(&self.client, M::descriptor(), &self.selection)
    }
}

impl<M: Model> FindFirst<M> {
    fn statement(&mut self) -> Option<Statement> {
        let one = self.selection.take.is_none_or(|take| take >= 0);
        let selection =
            Selection { take: Some(if one { 1 } else { -1 }), ..self.selection.clone() };
        statement(&self.client, M::descriptor(), &selection)
    }
}

impl<M: Model> FindMany<M> {
    fn statement(&mut self) -> Option<Statement> {
        statement(&self.client, M::descriptor(), &self.selection)
    }
}

impl<M: Model> Count<M> {
    #[expect(clippy::unnecessary_wraps, reason = "as of the queries that may need more statements")]
    fn statement(&mut self) -> Option<Statement> {
        Some(plan::read::count(self.client.scope(), M::descriptor(), &self.filters))
    }
}

/// How relations are loaded.
macro_rules! loading {
    ($name:ident) => {
        impl<M: Model> $name<M> {
            /// How relations come to the rows; what comes is the same. A page and a stream ask one query a relation in any case.
            #[must_use]
            pub fn load_strategy(mut self, strategy: LoadStrategy) -> Self {
                self.selection.strategy = Some(strategy);
                self
            }
        }
    };
}

/// What queries over many rows have.
macro_rules! paging {
    ($name:ident) => {
        impl<M: Model> $name<M> {
            /// Sorts the rows; a second call sorts those that are equal by the first.
            #[must_use]
            pub fn order_by(mut self, order: M::Order) -> Self {
                self.add_order_by(order);
                self
            }

            /// Begins with the row that a unique key names.
            #[must_use]
            pub fn cursor(mut self, row: M::Unique) -> Self {
                self.add_cursor(row);
                self
            }

            /// Leaves out the first rows.
            #[must_use]
            pub fn skip(mut self, rows: i64) -> Self {
                self.set_skip(rows);
                self
            }

            /// At most so many rows; negative, from the end.
            #[must_use]
            pub fn take(mut self, rows: i64) -> Self {
                self.set_take(rows);
                self
            }
        }

        impl<M: Model> OrderByQuery<'_> for $name<M> {
            fn add_order_by(&mut self, order: M::Order) {
                self.selection.orders.push(Into::<Order<M>>::into(order).node);
            }
        }

        impl<M: Model> PaginatedQuery<'_> for $name<M> {
            fn add_cursor(&mut self, row: M::Unique) {
                self.selection.cursor = Some(key_node(row.into().key));
            }

            fn set_skip(&mut self, rows: i64) {
                self.selection.skip = Some(rows);
            }

            fn set_take(&mut self, rows: i64) {
                self.selection.take = Some(rows);
            }
        }
    };
}

filtered!(Count, filters);
filtered!(rows FindFirst, selection.filters);
filtered!(rows FindMany, selection.filters);
paging!(FindFirst);
paging!(FindMany);
loading!(FindUnique);
loading!(FindFirst);
loading!(FindMany);
row_query!(FindUnique, first, selection.reading);
row_query!(FindFirst, first, selection.reading);
row_query!(FindMany, many, selection.reading);
awaitable!(Count, i64);
batched!(Count, i64, statement, |outcome| Ok(outcome.rows.first().map_or(0, |row| row.get(0))));
