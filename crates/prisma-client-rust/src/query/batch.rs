//! `_batch`: queries that happen together or not at all, whose results come back in the shape they were handed in.
//!
//! Queries of one statement each are sent one after the other before the first answer is waited for; a query that
//! needs several (relations to load, rows inside rows) waits for those before it.

use std::any::Any;
use std::collections::VecDeque;
use std::pin::Pin;

use super::write::together;
use super::{QueryFuture, refused};
use crate::client::{Client, Outcome};
use crate::error::QueryError;
use crate::model::Descriptor;
use crate::plan::Statement;

/// A query: anything that `exec` runs.
pub trait Query: std::fmt::Debug + Sized + Send + 'static {
    /// What it gives.
    type Output: Send + 'static;

    /// The query as the steps that a batch takes.
    fn stage(self) -> Staged<Self::Output>;
}

/// A query that is ready to be run by a batch.
pub struct Staged<T>(Stage<T>);

enum Stage<T> {
    Statement(Planned, Finish<T>),
    Steps(Box<dyn FnOnce(Client) -> QueryFuture<T> + Send>),
}

/// A statement, and the model that its errors are about.
pub(crate) type Planned = (Statement, &'static Descriptor);

type Finish<T> = Box<dyn FnOnce(Outcome) -> Result<T, QueryError> + Send>;
type Value = Box<dyn Any + Send>;

impl<T> Staged<T> {
    /// One statement, and how its answer is read.
    pub(crate) fn statement(
        statement: Statement,
        model: &'static Descriptor,
        finish: impl FnOnce(Outcome) -> Result<T, QueryError> + Send + 'static,
    ) -> Self {
        Self(Stage::Statement((statement, model), Box::new(finish)))
    }

    /// No statement at all.
    pub(crate) fn answer(answer: Result<T, QueryError>) -> Self
    where
        T: Send + 'static,
    {
        Self::steps(|_| async { answer })
    }

    /// Several statements, of which the later depend on the earlier.
    pub(crate) fn steps<F: Future<Output = Result<T, QueryError>> + Send + 'static>(
        run: impl FnOnce(Client) -> F + Send + 'static,
    ) -> Self {
        Self(Stage::Steps(Box::new(|client| Box::pin(run(client)))))
    }
}

/// What stands in a batch: a query, or a `Vec` or a tuple of what stands in a batch.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no query and cannot stand in a batch",
    label = "not a query"
)]
pub trait BatchItemParent: Sized {
    /// What it gives: the queries' results in the same shape.
    type ReturnValue;
    /// What is needed to read the results.
    type Ticket: Send;

    /// Takes its place in the queue.
    fn enter(self, queue: &mut Queue) -> Self::Ticket;

    /// Takes its results, which come in the order of the queue.
    fn leave(ticket: Self::Ticket, results: &mut Results) -> Result<Self::ReturnValue, QueryError>;
}

/// What stands in a batch, as code names it that takes any: in prisma-client-rust queries borrow their client.
pub trait BatchItem<'a>: BatchItemParent {}

impl<I: BatchItemParent> BatchItem<'_> for I {}

/// What `_batch` takes: a tuple, a `Vec` or any other sequence, or one query.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no batch of queries",
    label = "neither a tuple nor a sequence of queries"
)]
pub trait BatchContainer<'a, Marker> {
    /// What the batch gives.
    type ReturnType;
    /// The same as one item.
    type Item: BatchItemParent<ReturnValue = Self::ReturnType>;

    /// The container as one item.
    fn into_item(self) -> Self::Item;
}

/// Tells tuples and single queries from sequences.
#[derive(Debug)]
pub enum Fixed {}

/// Tells sequences from tuples.
#[derive(Debug)]
pub enum Sequence {}

/// The queries of a batch in their order.
#[derive(Default)]
pub struct Queue(Vec<Step>);

/// What the queries of a batch gave, in their order.
pub struct Results(VecDeque<Answer>);

enum Step {
    Statement(Planned),
    Steps(Box<dyn FnOnce(Client) -> QueryFuture<Value> + Send>),
}

enum Answer {
    Outcome(Outcome),
    Value(Value),
}

/// How a query's answer is read: by its closure, or it is the value already.
pub struct Ticket<T>(Option<Finish<T>>);

impl<Q: Query> BatchItemParent for Q {
    type ReturnValue = Q::Output;
    type Ticket = Ticket<Q::Output>;

    fn enter(self, queue: &mut Queue) -> Self::Ticket {
        match self.stage().0 {
            Stage::Statement(planned, finish) => {
                queue.0.push(Step::Statement(planned));
                Ticket(Some(finish))
            }
            Stage::Steps(run) => {
                queue.0.push(Step::Steps(Box::new(move |client| {
                    let value = run(client);
                    Box::pin(async move { Ok(Box::new(value.await?) as Value) })
                })));
                Ticket(None)
            }
        }
    }

    fn leave(ticket: Self::Ticket, results: &mut Results) -> Result<Self::ReturnValue, QueryError> {
        match (results.0.pop_front(), ticket.0) {
            (Some(Answer::Outcome(outcome)), Some(finish)) => finish(outcome),
            (Some(Answer::Value(value)), None) => {
                value.downcast().map(|value| *value).map_err(|_| unanswered())
            }
            _ => Err(unanswered()),
        }
    }
}

impl<I: BatchItemParent> BatchItemParent for Vec<I> {
    type ReturnValue = Vec<I::ReturnValue>;
    type Ticket = Vec<I::Ticket>;

    fn enter(self, queue: &mut Queue) -> Self::Ticket {
        self.into_iter().map(|item| item.enter(queue)).collect()
    }

    fn leave(ticket: Self::Ticket, results: &mut Results) -> Result<Self::ReturnValue, QueryError> {
        ticket.into_iter().map(|ticket| I::leave(ticket, results)).collect()
    }
}

impl<I: IntoIterator<Item: BatchItemParent>> BatchContainer<'_, Sequence> for I {
    type ReturnType = Vec<<I::Item as BatchItemParent>::ReturnValue>;
    type Item = Vec<I::Item>;

    fn into_item(self) -> Self::Item {
        self.into_iter().collect()
    }
}

impl<Q: Query> BatchContainer<'_, Fixed> for Q {
    type ReturnType = Q::Output;
    type Item = Q;

    fn into_item(self) -> Q {
        self
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
        impl<$($name: BatchItemParent),+> BatchItemParent for ($($name,)+) {
            type ReturnValue = ($($name::ReturnValue,)+);
            type Ticket = ($($name::Ticket,)+);

            fn enter(self, queue: &mut Queue) -> Self::Ticket {
                let ($($name,)+) = self;
                ($($name.enter(queue),)+)
            }

            fn leave(ticket: Self::Ticket, results: &mut Results) -> Result<Self::ReturnValue, QueryError> {
                let ($($name,)+) = ticket;
                Ok(($($name::leave($name, results)?,)+))
            }
        }

        impl<$($name: BatchItemParent),+> BatchContainer<'_, Fixed> for ($($name,)+) {
            type ReturnType = ($($name::ReturnValue,)+);
            type Item = Self;

            fn into_item(self) -> Self {
                self
            }
        }
    };
}

tuples!(A; B C D E F G H I J K L N O P Q R S T);

impl Client {
    /// Runs queries together: all of them happen or none does, and their results come in the shape of what was handed in.
    ///
    /// A tuple of queries, a `Vec` or another sequence of them, and these inside one another. Inside a transaction they
    /// are part of it. The first query that fails is the error.
    pub async fn _batch<'a, B: BatchContainer<'a, Marker>, Marker>(
        &self,
        queries: B,
    ) -> Result<B::ReturnType, QueryError> {
        let mut queue = Queue::default();
        let ticket = queries.into_item().enter(&mut queue);
        match queue.0.len() {
            0 => B::Item::leave(ticket, &mut Results(VecDeque::new())),
            // A query by itself is all or nothing without us.
            1 => B::Item::leave(ticket, &mut run(self, queue).await?),
            _ if self.mock_store().is_some() => {
                B::Item::leave(ticket, &mut run(self, queue).await?)
            }
            _ => {
                let together = together(self).await?;
                let answer = B::Item::leave(ticket, &mut run(&together.client, queue).await?)?;
                together.done().await?;
                Ok(answer)
            }
        }
    }
}

async fn run(client: &Client, queue: Queue) -> Result<Results, QueryError> {
    let mut results = VecDeque::with_capacity(queue.0.len());
    let mut waiting = Vec::new();
    for step in queue.0 {
        match step {
            Step::Statement(planned) => waiting.push(planned),
            Step::Steps(run) => {
                flush(client, &mut waiting, &mut results).await?;
                results.push_back(Answer::Value(run(client.clone()).await?));
            }
        }
    }
    flush(client, &mut waiting, &mut results).await?;
    Ok(Results(results))
}

fn flush<'a>(
    client: &'a Client,
    waiting: &'a mut Vec<Planned>,
    results: &'a mut VecDeque<Answer>,
) -> Pin<Box<dyn Future<Output = Result<(), QueryError>> + Send + 'a>> {
    Box::pin(async move {
        let statements = std::mem::take(waiting);
        let outcomes = client.run_all(&statements).await?;
        for ((statement, model), outcome) in statements.iter().zip(&outcomes) {
            refused::unless_written(client, model, statement, outcome.affected > 0).await?;
        }
        results.extend(outcomes.into_iter().map(Answer::Outcome));
        Ok(())
    })
}

fn unanswered() -> QueryError {
    QueryError::new("P2016", "Query interpretation error. A query of the batch was not answered.")
}

/// A batch's parts say nothing about what they hold: it may be secret.
macro_rules! opaque {
    ($($name:ident $(<$generic:ident>)?),+) => {
        $(
            impl $(<$generic>)? std::fmt::Debug for $name $(<$generic>)? {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.debug_struct(stringify!($name)).finish_non_exhaustive()
                }
            }
        )+
    };
}

opaque!(Staged<T>, Ticket<T>, Queue, Results);
