//! A client without a database, for tests of code that queries: `PrismaClient::_mock()`.
//!
//! A query is known by its type and by all that it says. Each has the answers that were expected for it, given in their
//! order, the last of them as often as it is asked for. A query that nobody expected is an error that shows it.

use std::any::{Any, type_name};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use postgres::Pool;

use crate::client::Client;
use crate::error::{PrismaError, QueryError};
use crate::query::Query;

/// What the queries of a mock client are answered.
///
/// ```no_run
/// # use prisma_client_rust::{MockStore, QueryError, prisma_errors::query_engine::UniqueKeyViolation, query::Count};
/// # async fn example<M: prisma_client_rust::model::Model>(mock: MockStore, count: impl Fn() -> Count<M>) {
/// mock.expect(count(), 2).await;
/// mock.expect_error::<UniqueKeyViolation, _>(count(), "the email is taken").await;
/// # }
/// ```
#[derive(Clone, Default)]
pub struct MockStore {
    answers: Arc<Mutex<HashMap<String, Vec<Answer>>>>,
}

#[derive(Clone)]
enum Answer {
    /// Gives the value anew each time.
    Value(Arc<dyn Fn() -> Box<dyn Any + Send> + Send + Sync>),
    Error(&'static str, String),
}

impl MockStore {
    /// Answers a query, which is built and not run, with a value: once and, where no other answer to it follows, always.
    #[expect(clippy::unused_async, reason = "upstream's is awaited")]
    pub async fn expect<Q: Query>(&self, query: Q, value: impl Into<Q::Output>)
    where
        Q::Output: Clone + Sync,
    {
        let value = value.into();
        self.add(&query, Answer::Value(Arc::new(move || Box::new(value.clone()))));
    }

    /// Answers a query with one of Prisma's errors.
    #[expect(clippy::unused_async, reason = "as `expect`")]
    pub async fn expect_error<E: PrismaError, Q: Query>(&self, query: Q, message: &str) {
        self.add(&query, Answer::Error(E::CODE, message.to_owned()));
    }

    fn add<Q: Query>(&self, query: &Q, answer: Answer) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.entry(key(query)).or_default().push(answer);
    }

    fn answer<Q: Query>(&self, query: &Q) -> Result<Q::Output, QueryError> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let known = answers.get_mut(&key(query));
        let answer = known.and_then(|known| match known.len() {
            0 | 1 => known.first().cloned(),
            _ => Some(known.remove(0)),
        });
        match answer {
            Some(Answer::Value(value)) => {
                let value = value().downcast::<Q::Output>();
                value.map(|value| *value).map_err(|_| unexpected(query))
            }
            Some(Answer::Error(code, message)) => Err(QueryError::new(code, message)),
            None => Err(unexpected(query)),
        }
    }
}

impl Client {
    /// For generated code: a client that answers as the store says, and the store.
    pub fn mock() -> (Self, MockStore) {
        let store = MockStore::default();
        let url = "postgresql://mock@localhost/mock?host=/nonexistent".parse();
        let pool = url.and_then(|url| postgres::pool(&url, None));
        let pool: Pool = pool.expect("the URL of no database can be read");
        (Self::over(pool).answering(store.clone()), store)
    }

    /// The answer of a mock client, which has one for everything; `None` where there is a database to ask.
    pub(crate) fn mocked<Q: Query>(&self, query: &Q) -> Option<Result<Q::Output, QueryError>> {
        self.mock_store().map(|store| store.answer(query))
    }
}

/// The type of a query, in which its model is, and all that it says.
fn key<Q: Query>(query: &Q) -> String {
    format!("{} {query:?}", type_name::<Q>())
}

fn unexpected<Q: Query>(query: &Q) -> QueryError {
    let message = format!(
        "The mock client has no answer to this query; `mock.expect(query, value)` gives it one: {query:?}"
    );
    QueryError::new("P2016", message)
}

impl fmt::Debug for MockStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_set().entries(answers.keys()).finish()
    }
}
