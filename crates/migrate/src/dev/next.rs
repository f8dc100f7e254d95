//! The next migration: its script, and what it does to the data that is there.

use pg_schema::{
    Pair, PgSchema, RowCounts, Warning, diff, quote, render, warnings, warnings_block,
};
use postgres::Connection;

use crate::Error;

/// What the schema file asks for beyond the migrations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The text of the migration's file; a comment where there is nothing to do.
    pub script: String,
    /// How many steps it takes.
    pub steps: usize,
    /// What is lost, or may fail, with the data that is there now: a person should agree.
    pub warnings: Vec<String>,
    /// What will fail with the data that is there now.
    pub unexecutable: Vec<Unexecutable>,
}

/// A step that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unexecutable {
    /// Which, from 0.
    pub step: usize,
    pub message: String,
}

impl Next {
    pub fn is_empty(&self) -> bool {
        self.steps == 0
    }

    /// From what is there to what is wanted; the connection's rows are counted where their number matters.
    pub(super) async fn find(
        connection: &Connection,
        actual: &PgSchema,
        desired: &PgSchema,
    ) -> Result<Self, Error> {
        let schemas = Pair::new(actual, desired);
        let steps = diff(schemas);
        let found = warnings(&steps, schemas);
        let counts = count(connection, &found).await?;
        // The file outlives this database: its comment says what may happen in any.
        let script = warnings_block(&found, &RowCounts::default()) + &render(&steps, schemas);
        let mut next =
            Self { script, steps: steps.len(), warnings: Vec::new(), unexecutable: Vec::new() };
        for Warning { step, kind } in found {
            let Some(message) = kind.message(&counts) else { continue };
            if kind.is_unexecutable() {
                next.unexecutable.push(Unexecutable { step, message });
            } else {
                next.warnings.push(message);
            }
        }
        Ok(next)
    }
}

async fn count(connection: &Connection, warnings: &[Warning]) -> Result<RowCounts, Error> {
    let mut counts = RowCounts::default();
    for Warning { kind, .. } in warnings {
        if let Some(table) = kind.counted_table()
            && !counts.rows.contains_key(table)
        {
            let sql = format!("SELECT count(*) FROM {}", quote::explicit(table));
            counts.rows.insert(table.clone(), number(connection, &sql).await?);
        }
        if let Some((table, column)) = kind.counted_column() {
            let sql =
                format!("SELECT count({}) FROM {}", quote::ident(column), quote::explicit(table));
            counts
                .values
                .insert((table.clone(), column.to_owned()), number(connection, &sql).await?);
        }
    }
    Ok(counts)
}

async fn number(connection: &Connection, sql: &str) -> Result<u64, Error> {
    let count: i64 = connection.query_one(sql, &[]).await?.get(0);
    Ok(count.try_into().unwrap_or(0))
}
