//! Whether anybody has written to a database between two looks at it, however fast and of whichever program: each row is
//! known by its place and by the transaction that wrote it.
//!
//! What the server counts (`pg_stat_database`) will not do: a session tells it late, and ANALYZE counts as well.

use postgres::Connection;

use crate::Error;
use crate::backup::{Moment, TableRows};
use crate::quoting::identifier;

/// The catalogs in which a table, a function or a large object comes and goes.
const CATALOGS: [&str; 4] = ["pg_class", "pg_attribute", "pg_proc", "pg_largeobject_metadata"];

/// What was seen in a database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// Each table with the sum of its rows' marks.
    tables: Vec<(TableRows, i64)>,
    /// The sums of the catalogs.
    catalogs: Vec<i64>,
}

impl Seen {
    /// Looks at all rows, in the moment that has begun on the connection.
    pub(super) async fn look(connection: &Connection, moment: &Moment<'_>) -> Result<Self, Error> {
        let mut seen = Self::default();
        for (schema, name) in &moment.tables {
            let table = format!("ONLY {}.{}", identifier(schema), identifier(name));
            let (rows, marks) = marks(connection, &table).await?;
            let (schema, name) = (schema.clone(), name.clone());
            seen.tables.push((TableRows { schema, name, rows }, marks));
        }
        for catalog in CATALOGS {
            // What a session makes for itself alone comes and goes.
            let rows = match catalog {
                "pg_class" => "pg_catalog.pg_class t WHERE relpersistence <> 't'",
                "pg_attribute" => {
                    "pg_catalog.pg_attribute t WHERE attrelid IN \
                     (SELECT oid FROM pg_catalog.pg_class WHERE relpersistence <> 't')"
                }
                other => &format!("pg_catalog.{other} t"),
            };
            seen.catalogs.push(marks(connection, rows).await?.1);
        }
        Ok(seen)
    }

    pub(super) fn rows(&self) -> Vec<TableRows> {
        self.tables.iter().map(|(table, _)| table.clone()).collect()
    }

    /// What was written until `later`, in words; nothing where nothing was.
    pub(super) fn written_until(&self, later: &Self) -> Option<String> {
        let is_new = |one: &&(TableRows, i64)| !self.tables.contains(one);
        let is_gone = |one: &&(TableRows, i64)| !later.tables.contains(one);
        let differing = later.tables.iter().filter(is_new);
        let mut names: Vec<String> = differing
            .chain(self.tables.iter().filter(is_gone))
            .map(|(table, _)| format!("{}.{}", table.schema, table.name))
            .collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() {
            return (self.catalogs != later.catalogs)
                .then(|| "its structure was changed".to_owned());
        }
        Some(format!("others wrote to it ({})", names.join(", ")))
    }
}

/// How many rows there are, and the sum of their marks.
async fn marks(connection: &Connection, from: &str) -> Result<(u64, i64), Error> {
    let sql = format!(
        "SELECT count(*), coalesce(sum(hashtext(concat(ctid, ' ', xmin))), 0)::int8 FROM {from}"
    );
    let row = connection.query_one(&sql, &[]).await?;
    Ok((row.get::<_, i64>(0).unsigned_abs(), row.get(1)))
}
