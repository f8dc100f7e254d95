//! What a table has that would be lost with it, once its partitions take its place.

use pg_schema::ObjectName;
use pg_schema::quote::{ident, literal};
use postgres::{Connection, Error};

use crate::Reason;

/// The query for it, about a table that is written as SQL.
pub(super) fn query(table: &str) -> String {
    format!(include_str!("losses.sql"), table = literal(table))
}

/// What a database has that would be lost, and what to do about each.
pub async fn losses(connection: &Connection, table: &ObjectName) -> Result<Vec<Reason>, Error> {
    let namespace = table.namespace_or(connection.url().schema());
    let table = format!("{}.{}", ident(namespace), ident(&table.name));
    let rows = connection.query(&query(&table), &[]).await?;
    let reason = |row: &postgres::driver::Row| Reason {
        what: format!("{} of {table} would be lost.", row.get::<_, String>(0)),
        help: row.get(1),
    };
    Ok(rows.iter().map(reason).collect())
}
