//! `partition maintain`: the partitions for the months ahead.
//!
//! Made beside the table and attached then: nobody who reads or writes it has to wait, but for a moment.

use std::time::Duration;

use pg_schema::quote::{ident, literal};
use postgres::driver::SqlState;
use postgres::{Connection, Error};
use tokio::time::sleep;

/// A partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Of this table, with its schema.
    pub table: String,
    pub partition: String,
}

/// How often it is tried again where somebody is in the way.
const TRIES: u32 = 8;

/// Makes, for each table of the connection's schema that has a partition a month, those of this month and so many ahead
/// that are missing.
///
/// Fails where the server refuses one, as it does where the partition of all the rest has rows of that month.
pub async fn maintain(connection: &Connection, ahead: u16) -> Result<Vec<Made>, Error> {
    connection.batch_execute("SET TimeZone TO 'UTC';\nSET DateStyle TO 'ISO, MDY'").await?;
    let schema = connection.url().schema();
    let sql = include_str!("months.sql");
    let rows = connection.query(sql, &[&schema, &i32::from(ahead)]).await?;
    let mut made = Vec::new();
    for row in &rows {
        let [namespace, table, month, from, to] =
            [0, 1, 2, 3, 4].map(|at| row.get::<_, String>(at));
        let parent = format!("{}.{}", ident(&namespace), ident(&table));
        let partition = format!("{}_{month}", &table[..table.floor_char_boundary(50)]);
        let child = format!("{}.{}", ident(&namespace), ident(&partition));
        let script = format!(
            "BEGIN;\nSET LOCAL lock_timeout TO '1s';\n\
             CREATE TABLE {child} (LIKE {parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE);\n\
             ALTER TABLE {parent} ATTACH PARTITION {child} FOR VALUES FROM ({}) TO ({});\nCOMMIT",
            literal(&from),
            literal(&to)
        );
        attach(connection, &script).await?;
        made.push(Made { table: parent, partition });
    }
    Ok(made)
}

async fn attach(connection: &Connection, script: &str) -> Result<(), Error> {
    let mut pause = Duration::from_millis(250);
    for tries in 1.. {
        let Err(error) = connection.batch_execute(script).await else { return Ok(()) };
        connection.batch_execute("ROLLBACK").await?;
        let code = error.db().map(|db| db.code().clone());
        let is_contention = code.is_some_and(|code| {
            [SqlState::LOCK_NOT_AVAILABLE, SqlState::T_R_DEADLOCK_DETECTED].contains(&code)
        });
        if !is_contention || tries > TRIES {
            return Err(error);
        }
        sleep(pause).await;
        pause *= 2;
    }
    Ok(())
}
