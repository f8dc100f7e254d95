//! What a database has, before and after a migration: which tables have another file, and so were written anew; which
//! indexes were built; how many rows came, changed and went.

use std::collections::BTreeMap;
use std::time::Duration;

use postgres::Connection;

use crate::Error;
use crate::quoting::identifier;

/// Tables, materialized views and indexes by their number.
#[derive(Debug, Clone, Default)]
pub(super) struct Relations(BTreeMap<u32, Relation>);

#[derive(Debug, Clone)]
struct Relation {
    schema: String,
    name: String,
    is_index: bool,
    /// Of an index: its table.
    table: Option<u32>,
    file: Option<u32>,
    inserted: i64,
    updated: i64,
    deleted: i64,
}

/// A table that was written anew, or an index of a table that was there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    pub schema: String,
    pub name: String,
    /// Whether it is an index, which was built.
    pub is_index: bool,
    /// How many rows its table has.
    pub rows: u64,
}

/// How many rows of a table came, changed and went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub schema: String,
    pub table: String,
    pub inserted: u64,
    pub updated: u64,
    pub deleted: u64,
}

impl Relations {
    /// The name of a table of this number.
    pub(super) fn table(&self, oid: u32) -> Option<(&str, &str)> {
        let relation = self.0.get(&oid).filter(|relation| !relation.is_index)?;
        Some((&relation.schema, &relation.name))
    }
}

pub(super) async fn read(connection: &Connection) -> Result<Relations, Error> {
    let rows = connection.query(include_str!("relations.sql"), &[]).await?;
    let relation = |row: &postgres::driver::Row| {
        let relation = Relation {
            schema: row.get(1),
            name: row.get(2),
            is_index: row.get(3),
            table: row.get(4),
            file: row.get(5),
            inserted: row.get(6),
            updated: row.get(7),
            deleted: row.get(8),
        };
        (row.get(0), relation)
    };
    Ok(Relations(rows.iter().map(relation).collect()))
}

/// Whether any table has a row.
pub(super) async fn has_rows(connection: &Connection) -> Result<bool, Error> {
    let relations = read(connection).await?;
    for Relation { schema, name, .. } in relations.0.values().filter(|one| !one.is_index) {
        let table = format!("{}.{}", identifier(schema), identifier(name));
        let sql = format!("SELECT EXISTS (SELECT FROM {table})");
        match connection.query_one(&sql, &[]).await {
            Ok(row) if row.get(0) => return Ok(true),
            Err(error) if error.is_closed() => return Err(error.into()),
            // A view that was never filled refuses to be read.
            Ok(_) | Err(_) => {}
        }
    }
    Ok(false)
}

/// Waits until the sessions of the deploy have gone, with which their counts come: soon, or else the counts are too low.
pub(super) async fn settle(connection: &Connection) -> Result<(), Error> {
    let others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                  AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
    for _ in 0..100 {
        if connection.query_one(others, &[]).await?.get::<_, i64>(0) == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    if connection.server_major() >= 15 {
        return Ok(());
    }
    // Before 15 they are told to a process that writes all counts down now and then.
    let now: String = connection.query_one("SELECT clock_timestamp()::text", &[]).await?.get(0);
    let written = format!("SELECT pg_stat_get_snapshot_timestamp() > '{now}'");
    for _ in 0..200 {
        if connection.query_one(&written, &[]).await?.get::<_, Option<bool>>(0) == Some(true) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

/// What has another file than before. A table that was emptied by TRUNCATE has too, and no rows.
pub(super) async fn rewritten(
    connection: &Connection,
    before: &Relations,
    after: &Relations,
) -> Result<Vec<Rewritten>, Error> {
    let is_anew = |oid: &u32, relation: &Relation| {
        before.0.get(oid).is_some_and(|old| old.file != relation.file && relation.file.is_some())
    };
    let mut found = Vec::new();
    for (oid, relation) in &after.0 {
        let table = if relation.is_index {
            let is_new = !before.0.contains_key(oid);
            let of = relation.table.filter(|table| before.0.contains_key(table));
            // With its table all of its indexes are built again.
            let with_table =
                of.and_then(|of| Some(is_anew(&of, after.0.get(&of)?))).unwrap_or(false);
            of.filter(|_| (is_new || is_anew(oid, relation)) && !with_table)
        } else {
            Some(*oid).filter(|oid| is_anew(oid, relation))
        };
        let Some(table) = table.and_then(|table| after.0.get(&table)) else { continue };
        let count = format!(
            "SELECT count(*) FROM {}.{}",
            identifier(&table.schema),
            identifier(&table.name)
        );
        let rows: i64 = connection.query_one(&count, &[]).await?.get(0);
        found.push(Rewritten {
            schema: relation.schema.clone(),
            name: relation.name.clone(),
            is_index: relation.is_index,
            rows: rows.unsigned_abs(),
        });
    }
    found.sort_by(|a, b| (a.is_index, &a.schema, &a.name).cmp(&(b.is_index, &b.schema, &b.name)));
    Ok(found)
}

/// The tables of which rows came, changed or went.
pub(super) fn changed(before: &Relations, after: &Relations) -> Vec<Changed> {
    let tables = after.0.iter().filter(|(_, relation)| !relation.is_index);
    let mut found: Vec<Changed> = tables
        .filter_map(|(oid, now)| {
            let old = before.0.get(oid);
            let since = |count: fn(&Relation) -> i64| {
                (count(now) - old.map_or(0, count)).max(0).unsigned_abs()
            };
            let changed = Changed {
                schema: now.schema.clone(),
                table: now.name.clone(),
                inserted: since(|relation| relation.inserted),
                updated: since(|relation| relation.updated),
                deleted: since(|relation| relation.deleted),
            };
            (changed.inserted + changed.updated + changed.deleted > 0).then_some(changed)
        })
        .collect();
    found.sort_by(|a, b| (&a.schema, &a.table).cmp(&(&b.schema, &b.table)));
    found
}
