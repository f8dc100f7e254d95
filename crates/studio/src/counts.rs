//! How many rows the tables have: counted where they are few, else as the server estimates it, for nobody wants to wait for a
//! number.

use postgres::driver::Row;
use psl::{ModelWalker, Schema};

use crate::database::{Access, Database, Transaction};
use crate::failure::Result;
use crate::model;
use crate::quoting::{Statement, array, table};

/// Tables up to here are counted.
const COUNTED: u32 = 10_000;

/// How long it may take to count them all, and each by itself where that did not work; in milliseconds.
const PATIENCE: (u32, u32) = (2_000, 200);

/// How long to wait for a table that somebody holds, in milliseconds.
const PATIENCE_LOCK: u32 = 50;

/// Of one model's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    Exactly(u64),
    About(u64),
    /// It could not be counted in time, or is a view.
    Unknown,
    /// The role may not read it.
    Unreadable,
    /// The table is not there.
    Missing,
}

/// Of all models, in the schema's order. What cannot be counted is no reason to show no other.
pub(crate) async fn counts<'s>(
    database: &Database,
    schema: &'s Schema,
    default_schema: &str,
) -> Result<Vec<(ModelWalker<'s>, Count)>> {
    let models: Vec<ModelWalker<'_>> = model::shown(schema).collect();
    let namespace =
        |model: &ModelWalker<'s>| model.namespace().unwrap_or(default_schema).to_owned();
    let mut statement = Statement::new(include_str!("counts.sql"));
    let names = models.iter().map(|model| model.database_name().to_owned());
    statement.values = vec![Some(array(models.iter().map(namespace))), Some(array(names))];
    let transaction = database.begin(Access::Read).await?;
    let mut found = Vec::with_capacity(models.len());
    for row in transaction.query(&statement).await? {
        let (exists, is_readable, is_table): (bool, bool, bool) =
            (row.get(1), row.get(2), row.get(3));
        found.push(match (exists, is_readable, u64::try_from(row.get::<_, i64>(4))) {
            (false, ..) => Count::Missing,
            (_, false, _) => Count::Unreadable,
            _ if !is_table => Count::Unknown,
            (_, _, Ok(rows)) if rows > u64::from(COUNTED) => Count::About(rows),
            // Few, or never looked at by the server.
            _ => Count::Exactly(0),
        });
    }
    let few: Vec<usize> =
        (0..found.len()).filter(|&at| matches!(found[at], Count::Exactly(_))).collect();
    let tables: Vec<String> =
        models.iter().map(|model| table(&namespace(model), model.database_name())).collect();
    let together = transaction.attempt(count(&transaction, &few, &tables, PATIENCE.0)).await;
    if let Ok(counted) = together {
        for (at, count) in counted {
            found[at] = count;
        }
    } else {
        // One of them is locked or slow: the others are not.
        for at in few {
            let own = transaction.attempt(count(&transaction, &[at], &tables, PATIENCE.1)).await;
            found[at] = own
                .ok()
                .and_then(|counted| counted.first().copied())
                .map_or(Count::Unknown, |(_, count)| count);
        }
    }
    transaction.roll_back().await?;
    Ok(models.into_iter().zip(found).collect())
}

async fn count(
    on: &Transaction,
    few: &[usize],
    tables: &[String],
    patience: u32,
) -> Result<Vec<(usize, Count)>> {
    if few.is_empty() {
        return Ok(Vec::new());
    }
    let limits = format!(
        "SET LOCAL statement_timeout = {patience}; SET LOCAL lock_timeout = {PATIENCE_LOCK}"
    );
    on.run(&limits).await?;
    let most = u64::from(COUNTED) * 10;
    let parts = few.iter().map(|&at| {
        format!(
            "SELECT {at}::int8, (SELECT pg_catalog.count(*) FROM (SELECT FROM {} LIMIT {}) few)",
            tables[at],
            most + 1
        )
    });
    let parts: Vec<String> = parts.collect();
    let rows = on.query(&Statement::new(parts.join(" UNION ALL "))).await?;
    let read = |row: &Row| {
        let (at, rows): (i64, i64) = (row.get(0), row.get(1));
        let (at, rows) = (usize::try_from(at).ok()?, u64::try_from(rows).ok()?);
        Some((at, if rows <= most { Count::Exactly(rows) } else { Count::About(rows) }))
    };
    Ok(rows.iter().filter_map(read).collect())
}
