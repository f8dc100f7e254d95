//! A database as it looks to everybody who uses it: all objects in the server's own words, and how many rows
//! the tables have. Two replays that give the same picture did the same.

use std::collections::BTreeMap;

use pg_schema::{ObjectName, quote};
use postgres::Connection;

use crate::Error;

/// How many differences are told.
const TOLD: usize = 10;

/// Kind and name of a thing, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture(BTreeMap<(String, String), String>);

impl Picture {
    pub(crate) async fn of(connection: &Connection) -> Result<Self, Error> {
        // A shorter path would leave names without their schemas, another each time.
        connection.batch_execute("SET search_path TO pg_catalog").await?;
        let things = connection.query(include_str!("picture.sql"), &[]).await?;
        let mut picture: BTreeMap<(String, String), String> =
            things.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect();
        let tables = "SELECT n.nspname::text, c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                      WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', '_driveflow')";
        for row in connection.query(tables, &[]).await? {
            let table = quote::explicit(&ObjectName::qualified(
                row.get::<_, String>(0),
                row.get::<_, String>(1),
            ));
            let sql = format!("SELECT count(*) FROM {table}");
            let rows: i64 = connection.query_one(&sql, &[]).await?.get(0);
            picture.insert(("rows of".to_owned(), table), rows.to_string());
        }
        Ok(Self(picture))
    }

    /// What the other has not, has more, or has otherwise; nothing where the two are the same.
    pub(crate) fn differences(&self, other: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        for (thing, definition) in &self.0 {
            let (kind, name) = thing;
            match other.0.get(thing) {
                Some(same) if same == definition => {}
                Some(changed) if kind == "rows of" => {
                    differences.push(format!("{name} has {changed} rows instead of {definition}"));
                }
                Some(_) => differences.push(format!("the {kind} {name} is another")),
                None => differences.push(format!("the {kind} {name} is missing")),
            }
        }
        let is_new = |thing: &&(String, String)| !self.0.contains_key(*thing);
        let more = other.0.keys().filter(is_new);
        differences.extend(more.map(|(kind, name)| format!("the {kind} {name} is there besides")));
        let count = differences.len();
        differences.truncate(TOLD);
        if count > TOLD {
            differences.push(format!("… and {} more", count - TOLD));
        }
        differences
    }
}
