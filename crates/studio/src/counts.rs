//! How many rows the tables have: counted where they are few, else as the server estimates it, for nobody wants to wait for a
//! number.

use psl::{ModelWalker, Schema};

use crate::database::{Access, Database};
use crate::failure::Result;
use crate::model;
use crate::quoting::{Statement, literal, table};

/// Tables up to here are counted.
const COUNTED: u32 = 10_000;

/// Of one model's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    Exactly(u64),
    About(u64),
    /// The table is not there.
    Missing,
}

/// Of all models, in the schema's order.
pub(crate) async fn counts<'s>(
    database: &Database,
    schema: &'s Schema,
    default_schema: &str,
) -> Result<Vec<(ModelWalker<'s>, Count)>> {
    let models: Vec<ModelWalker<'_>> = model::shown(schema).collect();
    if models.is_empty() {
        return Ok(Vec::new());
    }
    let name = |model: ModelWalker<'_>| {
        table(model.namespace().unwrap_or(default_schema), model.database_name())
    };
    let transaction = database.begin(Access::Read).await?;
    let estimates = models
        .iter()
        .enumerate()
        .map(|(at, model)| format!("({at}, pg_catalog.to_regclass({}))", literal(&name(*model))));
    let estimates = transaction
        .query(&Statement::new(format!(
            "SELECT v.at, c.oid IS NOT NULL, coalesce(c.estimate, -1)::bigint FROM (VALUES {}) v(at, oid)\n{}",
            estimates.collect::<Vec<_>>().join(", "),
            include_str!("counts.sql")
        )))
        .await?;
    let mut found = vec![Count::Missing; models.len()];
    let mut few = Vec::new();
    for row in &estimates {
        let (at, exists, rows): (i32, bool, i64) = (row.get(0), row.get(1), row.get(2));
        let Ok(at) = usize::try_from(at) else { continue };
        if !exists {
            continue;
        }
        match u64::try_from(rows) {
            Ok(rows) if rows > u64::from(COUNTED) => found[at] = Count::About(rows),
            // Few, or never looked at by the server.
            _ => few.push(at),
        }
    }
    if !few.is_empty() {
        let parts = few.iter().map(|&at| {
            format!(
                "SELECT {at}, (SELECT pg_catalog.count(*) FROM (SELECT FROM {} LIMIT {}) few)",
                name(models[at]),
                COUNTED * 10 + 1
            )
        });
        let parts: Vec<String> = parts.collect();
        for row in transaction.query(&Statement::new(parts.join(" UNION ALL "))).await? {
            let (at, rows): (i32, i64) = (row.get(0), row.get(1));
            let (Ok(at), Ok(rows)) = (usize::try_from(at), u64::try_from(rows)) else { continue };
            let is_all = rows <= u64::from(COUNTED) * 10;
            found[at] = if is_all { Count::Exactly(rows) } else { Count::About(rows) };
        }
    }
    transaction.roll_back().await?;
    Ok(models.into_iter().zip(found).collect())
}
