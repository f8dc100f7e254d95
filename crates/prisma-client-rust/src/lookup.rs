//! A row by one column, and nothing beside it: what programs ask for most.
//!
//! Such a query has no more to it than its model and its column, so that from the second on nothing is planned: neither a
//! shape is put together nor compared. What has anything else to it is planned as ever, and so is the first.

use postgres::driver::Row;

use crate::client::Client;
use crate::columns::Columns;
use crate::error::QueryError;
use crate::fetch::Selection;
use crate::filter::{FilterNode, Op};
use crate::model::Descriptor;
use crate::plan::Statement;
use crate::value::PrismaValue;
use crate::wire::encode::ParamRef;

/// A query that only looks up a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lookup<'s> {
    model: &'static Descriptor,
    column: u16,
    value: &'s PrismaValue,
}

impl<'s> Lookup<'s> {
    /// The query as a lookup, if it is no more than one. A tenant's has a condition of its own, and a replica has texts of
    /// its own.
    pub(crate) fn of(
        client: &Client,
        model: &'static Descriptor,
        selection: &'s Selection,
    ) -> Option<Self> {
        let Selection { filters, unique: true, reading, .. } = selection else { return None };
        let &[FilterNode::Column { column, op: Op::Equals, ref value }] = filters.as_slice() else {
            return None;
        };
        let plain = *value != PrismaValue::Null
            && reading.is_flat()
            && matches!(reading.columns, Columns::All);
        (plain && client.is_plain()).then_some(Self { model, column, value })
    }

    /// Its row, where it can be asked for at once as one like it was; `None` where more has to be done for it.
    pub(crate) async fn at_once(self, client: &Client) -> Option<Result<Option<Row>, QueryError>> {
        let text = client.shapes().lookup(self.model, self.column)?;
        let answer = client.at_once(&text, self.param()).await?;
        Some(answer.map_err(|error| error.of(self.model)))
    }

    /// Its statement, if there was one like it.
    pub(crate) fn again(self, client: &Client) -> Option<Statement> {
        let text = client.shapes().lookup(self.model, self.column)?;
        Some(Statement::again(text, vec![self.param().to_owned()]))
    }

    /// Remembers the statement that was planned for it, if its value is the one parameter.
    pub(crate) fn remember(self, client: &Client, statement: &Statement) {
        if statement.known.is_none() && statement.params == [self.param().to_owned()] {
            client.shapes().remember(self.model, self.column, client.text(statement));
        }
    }

    fn param(self) -> ParamRef<'s> {
        ParamRef::of(self.model.column(self.column), self.value)
    }
}
