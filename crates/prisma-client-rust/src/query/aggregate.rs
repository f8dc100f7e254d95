//! `aggregate`, `group_by`.

use std::fmt;
use std::marker::PhantomData;

use super::{Query, QueryFuture, Staged, mocked};
use crate::aggregate::{Calculations, Cells, Chosen, Columns, GroupOrder, Having, Node};
use crate::client::{Client, Outcome};
use crate::error::QueryError;
use crate::filter::FilterNode;
use crate::model::{Descriptor, Model};
use crate::plan::aggregate::{Grouping, group};

/// Calculations over all rows that meet the conditions.
pub struct Aggregate<M, A> {
    groups: GroupBy<M, A>,
}

/// Calculations over groups of the rows that meet the conditions.
pub struct GroupBy<M, G> {
    client: Client,
    chosen: Vec<Node>,
    grouping: Grouping,
    /// A criterion that groups cannot be sorted by.
    unsortable: bool,
    output: PhantomData<fn() -> (M, G)>,
}

impl<M: Model, A: Calculations<M>> Aggregate<M, A> {
    pub(crate) fn new(client: Client, filters: Vec<FilterNode>, calculations: A) -> Self {
        Self { groups: GroupBy::new(client, filters, calculations) }
    }

    /// Runs the query.
    pub async fn exec(self) -> Result<A::Output, QueryError>
    where
        A: 'static,
    {
        if let Some(answer) = self.groups.client.mocked(&self) {
            return answer;
        }
        one::<M, A>(&self.groups.run().await?)
    }
}

impl<M: Model, G: Columns<M>> GroupBy<M, G> {
    pub(crate) fn new(client: Client, filters: Vec<FilterNode>, columns: G) -> Self {
        let mut chosen = Chosen::default();
        columns.choose(&mut chosen);
        Self {
            client,
            chosen: chosen.0,
            grouping: Grouping { filters, ..Grouping::default() },
            unsortable: false,
            output: PhantomData,
        }
    }

    /// Only groups that meet the condition; a second call adds another.
    #[must_use]
    pub fn having(mut self, condition: Having<M>) -> Self {
        self.grouping.having.push(condition.node);
        self
    }

    /// Sorts the groups by a calculation, `post::views::sum().order(..)`, or by a key, `post::author_id::order(..)`; a
    /// second call sorts those that are equal by the first.
    #[must_use]
    pub fn order_by(mut self, order: impl Into<GroupOrder<M>>) -> Self {
        match order.into().node {
            Some(node) => self.grouping.orders.push(node),
            None => self.unsortable = true,
        }
        self
    }

    /// Leaves out the first groups.
    #[must_use]
    pub fn skip(mut self, groups: i64) -> Self {
        self.grouping.skip = Some(groups);
        self
    }

    /// At most so many groups.
    #[must_use]
    pub fn take(mut self, groups: i64) -> Self {
        self.grouping.take = Some(groups);
        self
    }

    /// Runs the query: one value for each group, in the shape of what was asked for.
    pub async fn exec(self) -> Result<Vec<G::Output>, QueryError>
    where
        G: 'static,
    {
        mocked!(self);
        many::<M, G>(&self.run().await?)
    }

    async fn run(&self) -> Result<Outcome, QueryError> {
        let model = M::descriptor();
        self.check(model)?;
        let statement = group(self.client.scope(), model, &self.chosen, &self.grouping);
        self.client.run(&statement).await.map_err(|error| error.of(model))
    }

    /// A group has one value of what it is grouped by, and of nothing else.
    fn check(&self, model: &'static Descriptor) -> Result<(), QueryError> {
        let other = self.grouping.orders.iter().find_map(|(node, _)| match node {
            Node::Key(column) if !self.chosen.contains(node) => Some(model.column(*column).field),
            _ => None,
        });
        let reason = match other {
            Some(field) => {
                format!(
                    "Input error. Groups cannot be sorted by `{field}`, which they are not grouped by."
                )
            }
            None if self.unsortable => {
                "Input error. Groups cannot be sorted by what relations lead to.".to_owned()
            }
            None => return Ok(()),
        };
        Err(QueryError::new("P2019", reason).of(model))
    }
}

fn one<M: Model, A: Columns<M>>(outcome: &Outcome) -> Result<A::Output, QueryError> {
    let row = many::<M, A>(outcome)?.pop();
    row.ok_or_else(|| QueryError::not_found("Nothing was calculated.").of(M::descriptor()))
}

fn many<M: Model, G: Columns<M>>(outcome: &Outcome) -> Result<Vec<G::Output>, QueryError> {
    let read = outcome.rows.iter().map(|row| G::read(&mut Cells::new(row)));
    read.collect::<Result<_, _>>().map_err(|reason| {
        let message = format!("Inconsistent query result: {reason}");
        QueryError::new("P2023", message).of(M::descriptor())
    })
}

macro_rules! query {
    ($name:ident<$columns:ident: $bound:ident> $output:ty, $groups:ident => $of:expr, $finish:expr) => {
        impl<M: Model, $columns: $bound<M> + 'static> IntoFuture for $name<M, $columns> {
            type Output = Result<$output, QueryError>;
            type IntoFuture = QueryFuture<$output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.exec())
            }
        }

        impl<M: Model, $columns: $bound<M> + 'static> Query for $name<M, $columns> {
            type Output = $output;

            fn stage(self) -> Staged<$output> {
                let ($groups, model) = (&self, M::descriptor());
                let groups = $of;
                if let Some(answer) = groups.client.mocked(&self) {
                    return Staged::answer(answer);
                }
                if let Err(error) = groups.check(model) {
                    return Staged::steps(|_| async { Err(error) });
                }
                let scope = groups.client.scope();
                let statement = group(scope, model, &groups.chosen, &groups.grouping);
                Staged::statement(statement, model, |outcome| $finish(&outcome))
            }
        }
    };
}

query!(Aggregate<A: Calculations> A::Output, query => &query.groups, one::<M, A>);
query!(GroupBy<G: Columns> Vec<G::Output>, query => query, many::<M, G>);

// Written out, since derives would ask the model marker for the same traits.
impl<M, G> Clone for GroupBy<M, G> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            chosen: self.chosen.clone(),
            grouping: self.grouping.clone(),
            unsortable: self.unsortable,
            output: PhantomData,
        }
    }
}

impl<M, A> Clone for Aggregate<M, A> {
    fn clone(&self) -> Self {
        Self { groups: self.groups.clone() }
    }
}

impl<M, G> fmt::Debug for GroupBy<M, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("GroupBy");
        debug
            .field("chosen", &self.chosen)
            .field("grouping", &self.grouping)
            .finish_non_exhaustive()
    }
}

impl<M, A> fmt::Debug for Aggregate<M, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.groups.fmt(f)
    }
}
