//! What a table has that would be lost with it, once its partitions take its place.

use pg_schema::quote::literal;
use postgres::{Connection, Error};

use super::Partitions;
use crate::Reason;

/// The query for it, about a table that is written as SQL. Indexes of these names the new table has too, or they are not
/// wanted any more.
pub(super) fn query(table: &str, remade: &[&str]) -> String {
    let remade = remade.iter().map(|name| format!(", {}", literal(name)));
    format!(
        include_str!("losses.sql"),
        table = literal(table),
        // A list in SQL is never empty.
        remade = "''".to_owned() + &remade.collect::<String>(),
    )
}

/// What a database has that would be lost, and what to do about each.
pub async fn losses(connection: &Connection, planned: &Partitions) -> Result<Vec<Reason>, Error> {
    let rows = connection.query(&planned.losses, &[]).await?;
    let reason = |row: &postgres::driver::Row| Reason {
        what: format!("{} of {} would be lost.", row.get::<_, String>(0), planned.table),
        help: row.get(1),
    };
    Ok(rows.iter().map(reason).collect())
}
