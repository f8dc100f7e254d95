//! `partition maintain`: the partitions for the months ahead.
//!
//! Made beside the table and attached then: nobody who reads or writes it has to wait, but for a moment. Where the partition
//! of all the rest has rows of such a month, they have to be moved, and everybody waits for that.

use std::fmt::Write as _;
use std::time::Duration;

use pg_schema::quote::{ident, literal};
use postgres::driver::{Row, SqlState};
use postgres::{Connection, Error};
use tokio::time::sleep;

use super::plan::stem;

/// What has come of it.
#[derive(Debug, Default)]
pub struct Maintained {
    pub made: Vec<Made>,
    pub refused: Vec<Refused>,
}

/// A partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Of this table, with its schema.
    pub table: String,
    pub partition: String,
    /// Whether rows were moved into it.
    pub has_moved: bool,
}

/// A partition that could not be made.
#[derive(Debug)]
pub struct Refused {
    pub table: String,
    pub partition: String,
    pub error: Error,
    /// The script that makes it and moves the rows that are in the way.
    pub moving: Option<String>,
}

/// How often it is tried again where somebody is in the way.
const TRIES: u32 = 8;

/// Makes, for each table of these schemas that has a partition a month, those of this month and so many ahead
/// that are missing. Rows that are in the way are moved where `moves` says so. What the server refuses keeps nothing else
/// from being made.
///
/// Fails where the server cannot be asked.
pub async fn maintain(
    connection: &Connection,
    schemas: &[String],
    ahead: u16,
    moves: bool,
) -> Result<Maintained, Error> {
    connection.batch_execute("SET TimeZone TO 'UTC';\nSET DateStyle TO 'ISO, MDY'").await?;
    let sql = include_str!("months.sql");
    let rows = connection.query(sql, &[&schemas, &i32::from(ahead)]).await?;
    let mut maintained = Maintained::default();
    for row in &rows {
        let next = Next::new(connection, row).await?;
        let Next { table, partition, .. } = &next;
        let (table, partition) = (table.clone(), partition.clone());
        let mut done = attach(connection, &next.script()).await;
        let has_rows = done.as_ref().is_err_and(|error| is(error, &[SqlState::CHECK_VIOLATION]));
        let moving = next.moving().filter(|_| has_rows);
        let has_moved = moves && moving.is_some();
        if let Some(script) = moving.as_ref().filter(|_| moves) {
            done = attach(connection, script).await;
        }
        match done {
            Ok(()) => maintained.made.push(Made { table, partition, has_moved }),
            Err(error) if connection.is_closed() => return Err(error),
            Err(error) => {
                maintained.refused.push(Refused { table, partition, error, moving });
            }
        }
    }
    Ok(maintained)
}

/// A partition that is to be made.
struct Next {
    table: String,
    partition: String,
    /// As SQL, with its schema.
    child: String,
    from: String,
    to: String,
    /// What the table is.
    about: Row,
}

impl Next {
    async fn new(connection: &Connection, row: &Row) -> Result<Self, Error> {
        let [namespace, table, month, from, to] =
            [1, 2, 3, 4, 5].map(|at| row.get::<_, String>(at));
        // So that definitions have all names in full.
        connection.batch_execute("BEGIN READ ONLY;\nSET LOCAL search_path TO ''").await?;
        let about = connection.query_one(include_str!("table.sql"), &[&row.get::<_, u32>(0)]).await;
        connection.batch_execute("ROLLBACK").await?;
        let about = about?;
        // As its siblings are called: those of a table that is to replace another have the other's name.
        let stem = about.get::<_, Option<String>>("stem").unwrap_or_else(|| stem(&table));
        let partition = format!("{stem}_{month}");
        Ok(Self {
            table: format!("{}.{}", ident(&namespace), ident(&table)),
            child: format!("{}.{}", ident(&namespace), ident(&partition)),
            partition,
            from: literal(&from).to_string(),
            to: literal(&to).to_string(),
            about,
        })
    }

    /// Makes the partition, for itself.
    fn create(&self) -> String {
        let Self { table, child, .. } = self;
        let mut script = format!(
            "CREATE TABLE {child} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE);\n"
        );
        if let Some(options) = self.about.get::<_, Option<&str>>("options") {
            let _ = writeln!(script, "ALTER TABLE {child} SET ({options});");
        }
        if let Some(owner) = self.about.get::<_, Option<&str>>("owner") {
            let _ = writeln!(script, "ALTER TABLE {child} OWNER TO {owner};");
        }
        script
    }

    fn attach(&self) -> String {
        let Self { table, child, from, to, .. } = self;
        format!(
            "ALTER TABLE {table} ATTACH PARTITION {child} FOR VALUES FROM ({from}) TO ({to});\n"
        )
    }

    fn script(&self) -> String {
        format!(
            "BEGIN;\nSET LOCAL lock_timeout TO '1s';\n{}{}COMMIT;",
            self.create(),
            self.attach()
        )
    }

    /// The same where the partition of all the rest has rows of it.
    fn moving(&self) -> Option<String> {
        let Self { table, child, from, to, about, .. } = self;
        let rest: &str = about.get::<_, Option<&str>>("rest")?;
        let [column, columns, without, triggers_again, keys_again] =
            ["by_column", "columns", "without", "triggers_again", "keys_again"]
                .map(|name| about.get::<_, &str>(name));
        let rows = format!("FROM {rest} WHERE {column} >= {from} AND {column} < {to}");
        Some(format!(
            "BEGIN;\nSET LOCAL lock_timeout TO '1s';\nSET LOCAL TimeZone TO 'UTC';\n\
             LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE;\n{without}{}\
             INSERT INTO {child} ({columns}) SELECT {columns} {rows};\nDELETE {rows};\n\
             {triggers_again}{}{keys_again}COMMIT;",
            self.create(),
            self.attach(),
        ))
    }
}

fn is(error: &Error, codes: &[SqlState]) -> bool {
    error.db().is_some_and(|db| codes.contains(db.code()))
}

async fn attach(connection: &Connection, script: &str) -> Result<(), Error> {
    let mut pause = Duration::from_millis(250);
    for tries in 1.. {
        let Err(error) = connection.batch_execute(script).await else { return Ok(()) };
        if connection.is_closed() {
            return Err(error);
        }
        connection.batch_execute("ROLLBACK").await?;
        let contention = [SqlState::LOCK_NOT_AVAILABLE, SqlState::T_R_DEADLOCK_DETECTED];
        if !is(&error, &contention) || tries > TRIES {
            return Err(error);
        }
        sleep(pause).await;
        pause *= 2;
    }
    Ok(())
}
