//! What steps do to the data that is there now: what a person should agree to, and what cannot be done.
//!
//! The database is asked for nothing but numbers, and only where they matter.

use pg_schema::{
    Pair, PgSchema, RowCounts, Step, Warning, column_before, quote, table_before, warnings,
};
use postgres::Connection;

use crate::Error;

/// What steps put at risk in one database; empty tables risk nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Risks {
    /// What is lost, or may fail: a person should agree.
    pub warnings: Vec<String>,
    /// What will fail.
    pub unexecutable: Vec<Unexecutable>,
}

/// A step that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unexecutable {
    /// Which, from 0.
    pub step: usize,
    pub message: String,
}

impl Risks {
    /// What the steps do to the rows of the connection's database.
    pub(crate) async fn find(
        connection: &Connection,
        steps: &[Step],
        schemas: Pair<&PgSchema>,
    ) -> Result<Self, Error> {
        let found = warnings(steps, schemas);
        let counts = count(connection, steps, &found).await?;
        let mut risks = Self::default();
        for Warning { step, kind } in found {
            let Some(message) = kind.message(&counts) else { continue };
            if kind.is_unexecutable() {
                risks.unexecutable.push(Unexecutable { step, message });
            } else {
                risks.warnings.push(message);
            }
        }
        Ok(risks)
    }
}

/// Names are those after the renames among the steps; the database still has those before.
async fn count(
    connection: &Connection,
    steps: &[Step],
    warnings: &[Warning],
) -> Result<RowCounts, Error> {
    let mut counts = RowCounts::default();
    for Warning { kind, .. } in warnings {
        if let Some(table) = kind.counted_table()
            && !counts.rows.contains_key(table)
        {
            let before = quote::explicit(&table_before(steps, table));
            let sql = format!("SELECT count(*) FROM {before}");
            counts.rows.insert(table.clone(), number(connection, &sql).await?);
        }
        if let Some((table, column)) = kind.counted_column() {
            let sql = format!(
                "SELECT count({}) FROM {}",
                quote::ident(&column_before(steps, table, column)),
                quote::explicit(&table_before(steps, table))
            );
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
