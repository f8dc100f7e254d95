//! Whether anybody has written to a database between two looks at it, however fast and of whichever program: each row is
//! known by its place and by the transaction that wrote it.
//!
//! What the server counts (`pg_stat_database`) will not do: a session tells it late, and ANALYZE counts as well.

use std::fmt::Write as _;

use postgres::Connection;

use crate::Error;
use crate::backup::{Moment, TableRows};
use crate::quoting::{identifier, literal};

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
            seen.catalogs.push(marks(connection, &entries(catalog)).await?.1);
        }
        Ok(seen)
    }

    /// The same look as a statement, for a transaction that is to take away no more than what was seen: writers wait for its
    /// end from then on, and it fails where others have written already.
    pub(super) fn guard(&self) -> String {
        let mut body = String::from("BEGIN\n");
        let only = |table: &TableRows| {
            format!("ONLY {}.{}", identifier(&table.schema), identifier(&table.name))
        };
        for (table, _) in &self.tables {
            let _ = writeln!(body, "  LOCK TABLE {} IN SHARE MODE;", only(table));
        }
        let mut hold = |from: &str, is_so: &str, what: &str| {
            let what = format!("{what} since it was told what would be lost: run it again");
            let _ = writeln!(
                body,
                "  IF (SELECT {is_so} FROM {from}) IS NOT TRUE THEN\n    RAISE EXCEPTION {};\n  END IF;",
                literal(&what.replace('%', "%%"))
            );
        };
        for (table, marks) in &self.tables {
            let is_so = format!("count(*) = {} AND {MARKS} = {marks}", table.rows);
            let what = format!("others wrote to {}.{}", table.schema, table.name);
            hold(&only(table), &is_so, &what);
        }
        for (catalog, marks) in CATALOGS.into_iter().zip(&self.catalogs) {
            hold(&entries(catalog), &format!("{MARKS} = {marks}"), "its structure was changed");
        }
        format!("DO {};\n", literal(&(body + "END")))
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

/// The entries of a catalog, without what a session makes for itself alone, which comes and goes.
fn entries(catalog: &str) -> String {
    let condition = match catalog {
        "pg_class" => " WHERE relpersistence <> 't'",
        "pg_attribute" => {
            " WHERE attrelid IN (SELECT oid FROM pg_catalog.pg_class WHERE relpersistence <> 't')"
        }
        _ => "",
    };
    format!("pg_catalog.{catalog} t{condition}")
}

/// The sum of the marks of rows.
const MARKS: &str = "coalesce(sum(hashtext(concat(ctid, ' ', xmin))), 0)::int8";

/// How many rows there are, and the sum of their marks.
async fn marks(connection: &Connection, from: &str) -> Result<(u64, i64), Error> {
    let sql = format!("SELECT count(*), {MARKS} FROM {from}");
    let row = connection.query_one(&sql, &[]).await?;
    Ok((row.get::<_, i64>(0).unsigned_abs(), row.get(1)))
}
