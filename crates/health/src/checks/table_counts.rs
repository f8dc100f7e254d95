//! How many rows each table has. The tables are those of the client.
//!
//! A table is counted by a query of its own, so that one that is missing is named and the others are still counted. A
//! large one is not counted but estimated, from what the server's own statistics say: counting it would take as long
//! as reading it.

use std::time::Duration;

use client::prisma_client_rust::model::Descriptor;
use client::prisma_client_rust::{QueryError, quote, raw};
use client::{MODELS, PrismaClient};
use futures_util::future::join_all;
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use crate::{Finding, late, told};

/// The models that a person asks for first.
const LEADING: [&str; 3] = ["Org", "User", "Booking"];

/// The number of rows from which a table is estimated.
const LARGE: i64 = 1_000_000;

/// How long counting one table may take: half of what the check has, so that it can still tell which it was.
const LIMIT: Duration = Duration::from_secs(crate::LIMIT.as_secs() / 2);

/// The rows of a table.
#[derive(Debug, Clone, Copy)]
struct Rows {
    count: i64,
    estimated: bool,
}

/// Counts every table.
pub(crate) async fn check(client: &PrismaClient) -> Result<Finding, String> {
    let counts = join_all(MODELS.iter().map(|model| timeout(LIMIT, rows(client, model)))).await;
    let mut figures = Map::new();
    let mut failed = Vec::new();
    for (model, count) in MODELS.iter().zip(counts) {
        match count {
            Ok(Ok(rows)) => drop(figures.insert(model.name.to_owned(), rows.to_json())),
            Ok(Err(error)) => failed.push(format!("{}: {}", model.name, told(&error))),
            Err(_) => failed.push(format!("{}: {}", model.name, late(LIMIT))),
        }
    }
    if failed.is_empty() {
        return Ok(Finding::well(Some(total(&figures)), message(&figures), Value::Object(figures)));
    }
    // One reason for all of them is told once.
    let reason = |failed: &String| failed.split_once(": ").map(|(_, reason)| reason.to_owned());
    let same = failed.len() == MODELS.len()
        && failed.iter().all(|other| reason(other) == reason(&failed[0]));
    Err(if same { reason(&failed[0]).unwrap_or_default() } else { failed.join("; ") })
}

/// The rows of all tables, for a metric.
fn total(figures: &Map<String, Value>) -> f64 {
    figures.values().filter_map(|value| value["rows"].as_f64()).sum()
}

/// What the leading models have, and what all have together.
fn message(figures: &Map<String, Value>) -> String {
    let count = |value: &Value| value["rows"].as_i64().unwrap_or_default();
    let leading = LEADING
        .iter()
        .filter_map(|name| figures.get(*name).map(|value| format!("{name} {}", count(value))));
    let leading: Vec<String> = leading.collect();
    let total: i64 = figures.values().map(count).sum();
    let about =
        if figures.values().any(|value| value["estimated"] == true) { "about " } else { "" };
    format!("{} · {about}{total} rows in {} tables", leading.join(", "), figures.len())
}

async fn rows(client: &PrismaClient, model: &Descriptor) -> Result<Rows, QueryError> {
    let table = quote::table(model);
    // CASE computes only what it needs: a large table is never read.
    let query = format!(
        "SELECT \"large\", CASE WHEN \"large\" THEN \"estimate\" ELSE (SELECT count(*) FROM {table}) END AS \"rows\" \
         FROM (SELECT reltuples::bigint AS \"estimate\", reltuples >= {LARGE} AS \"large\" \
         FROM pg_class WHERE oid = {literal}::regclass) AS statistics",
        literal = quote::literal(&table),
    );
    let rows: Vec<Value> = client._query_raw(raw!(&query)).exec().await?;
    let row = rows.first();
    Ok(Rows {
        count: row.and_then(|row| row["rows"].as_i64()).unwrap_or_default(),
        estimated: row.is_some_and(|row| row["large"] == true),
    })
}

impl Rows {
    fn to_json(self) -> Value {
        json!({ "rows": self.count, "estimated": self.estimated })
    }
}
