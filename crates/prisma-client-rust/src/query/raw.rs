//! SQL written by hand: `_query_raw` and `_execute_raw`.

use std::marker::PhantomData;

use serde_json::{Map, Value};

use super::{Data, mocked};
use crate::client::Client;
use crate::error::QueryError;
use crate::read::cell;
use crate::value::PrismaValue;
use crate::wire::encode::{Param, document};

/// SQL with `{}` for each parameter: what the macro `raw!` makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Raw {
    text: String,
    values: Vec<PrismaValue>,
}

/// Rows of a raw query.
#[derive(Clone)]
pub struct QueryRaw<T> {
    client: Client,
    raw: Raw,
    output: PhantomData<fn() -> T>,
}

/// A raw statement whose rows do not matter.
#[derive(Debug, Clone)]
pub struct ExecuteRaw {
    client: Client,
    raw: Raw,
}

impl Raw {
    /// Values take the place of `{}` in their order; they are bound, never written into the text.
    pub fn new(text: &str, values: Vec<PrismaValue>) -> Self {
        Self { text: text.to_owned(), values }
    }

    /// The text with `$1`, `$2` … for as many `{}` as there are values.
    ///
    /// Further `{}` stay, since `'{}'` is an empty array in SQL.
    fn numbered(&self) -> String {
        let mut pieces = self.text.splitn(self.values.len() + 1, "{}");
        let mut text = pieces.next().unwrap_or_default().to_owned();
        for (index, piece) in pieces.enumerate() {
            text.push('$');
            text.push_str(&(index + 1).to_string());
            text.push_str(piece);
        }
        text
    }

    fn params(self) -> Result<(String, Vec<Param>), QueryError> {
        let places = self.text.matches("{}").count();
        if places < self.values.len() {
            let reason = format!(
                "Input error. The query has {places} `{{}}` and {} values.",
                self.values.len()
            );
            return Err(QueryError::new("P2019", reason));
        }
        let text = self.numbered();
        Ok((text, self.values.into_iter().map(Param::new).collect()))
    }
}

impl<T: Data> QueryRaw<T> {
    pub(crate) fn new(client: Client, raw: Raw) -> Self {
        Self { client, raw, output: PhantomData }
    }

    /// Runs the query. Each row is read by its column names.
    pub async fn exec(self) -> Result<Vec<T>, QueryError> {
        mocked!(self);
        let rows = query(&self.client, self.raw).await?;
        rows.into_iter()
            .map(|row| {
                serde_json::from_value(row).map_err(|error| {
                    QueryError::new("P2023", format!("Inconsistent query result: {error}"))
                })
            })
            .collect()
    }
}

impl ExecuteRaw {
    pub(crate) fn new(client: Client, raw: Raw) -> Self {
        Self { client, raw }
    }

    /// Runs the statement and says how many rows it touched.
    pub async fn exec(self) -> Result<i64, QueryError> {
        mocked!(self);
        let (text, params) = self.raw.params()?;
        let affected = self.client.run_raw(&text, &params).await?.affected;
        Ok(i64::try_from(affected).unwrap_or(i64::MAX))
    }
}

impl Client {
    /// Rows of SQL written by hand, each read by its column names.
    pub fn _query_raw<T: Data>(&self, raw: Raw) -> QueryRaw<T> {
        QueryRaw::new(self.clone(), raw)
    }

    /// A statement written by hand.
    pub fn _execute_raw(&self, raw: Raw) -> ExecuteRaw {
        ExecuteRaw::new(self.clone(), raw)
    }
}

// Written out, since a derive would ask the rows for the same.
impl<T> std::fmt::Debug for QueryRaw<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("QueryRaw").field("client", &self.client).field("raw", &self.raw).finish()
    }
}

async fn query(client: &Client, raw: Raw) -> Result<Vec<Value>, QueryError> {
    let (text, params) = raw.params()?;
    let rows = client.run_raw(&text, &params).await?.rows;
    let read = |row: &postgres::driver::Row| {
        let mut object = Map::new();
        for (index, column) in row.columns().iter().enumerate() {
            let value = cell(row, index).value().map_err(|reason| {
                QueryError::new(
                    "P2023",
                    format!("Inconsistent column data: `{}`: {reason}", column.name()),
                )
            })?;
            object.insert(column.name().to_owned(), document(&value));
        }
        Ok(Value::Object(object))
    };
    rows.iter().map(read).collect()
}

impl<T: Data> IntoFuture for QueryRaw<T> {
    type Output = Result<Vec<T>, QueryError>;
    type IntoFuture = super::QueryFuture<Vec<T>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.exec())
    }
}

super::batched!(QueryRaw<T: Data>, Vec<T>);

/// How many rows there were, in a column `count`: a type for raw queries that prisma-client-rust has too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchResult {
    /// The number.
    pub count: i64,
}

impl<'de> serde::Deserialize<'de> for BatchResult {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let counts = std::collections::BTreeMap::<String, i64>::deserialize(from)?;
        let count = counts.get("count").copied();
        count.map(|count| Self { count }).ok_or_else(|| serde::de::Error::missing_field("count"))
    }
}

impl super::Query for ExecuteRaw {
    type Output = i64;

    fn stage(mut self) -> super::Staged<i64> {
        if let Some(answer) = self.client.mocked(&self) {
            return super::Staged::answer(answer);
        }
        super::Staged::steps(|client| {
            self.client = client;
            self.exec()
        })
    }
}

impl IntoFuture for ExecuteRaw {
    type Output = Result<i64, QueryError>;
    type IntoFuture = super::QueryFuture<i64>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.exec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_numbered_and_the_rest_is_left() {
        let raw = Raw::new("SELECT {} WHERE a = {} AND b = '{}'", vec![1.into(), "{}".into()]);
        assert_eq!(raw.numbered(), "SELECT $1 WHERE a = $2 AND b = '{}'");
    }

    #[test]
    fn too_many_values_are_refused() {
        let error = Raw::new("SELECT {}", vec![1.into(), 2.into()]).params().unwrap_err();
        assert_eq!(error.to_string(), "Input error. The query has 1 `{}` and 2 values.");
    }
}
