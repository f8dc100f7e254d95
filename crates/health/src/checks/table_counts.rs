//! How many rows each table has. The tables are those of the client.
//!
//! A table is counted by a query of its own, so that one that is missing is named and the others are still counted. A
//! large one is not counted but estimated, from what the server's own statistics say: counting it would take as long
//! as reading it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use client::prisma_client_rust::model::Descriptor;
use client::prisma_client_rust::{QueryError, quote, raw};
use client::{MODELS, PrismaClient};
use futures_util::future::join_all;
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use crate::{Failure, Finding, late};

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
pub(crate) async fn check(client: &PrismaClient) -> Result<Finding, Failure> {
    let counts = join_all(MODELS.iter().map(|model| timeout(LIMIT, rows(client, model)))).await;
    let mut figures = Map::new();
    let mut failed: BTreeMap<Kind, Vec<(&str, Failure)>> = BTreeMap::new();
    for (model, count) in MODELS.iter().zip(counts) {
        let (kind, failure) = match count {
            Ok(Ok(rows)) => {
                figures.insert(model.name.to_owned(), rows.to_json());
                continue;
            }
            Ok(Err(error)) => (Kind::of(&error), error.into()),
            Err(_) => (Kind::Other, late(LIMIT).into()),
        };
        failed.entry(kind).or_default().push((model.name, failure));
    }
    if failed.is_empty() {
        return Ok(Finding::well(Some(total(&figures)), message(&figures), Value::Object(figures)));
    }
    Err(told(failed))
}

/// Why a table could not be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Missing,
    Forbidden,
    Other,
}

impl Kind {
    fn of(error: &QueryError) -> Self {
        match error.code() {
            "P2021" => Self::Missing,
            _ if error.is_forbidden() => Self::Forbidden,
            _ => Self::Other,
        }
    }
}

/// How many tables are named one by one.
const NAMED: usize = 5;

/// The reasons, each once, with the tables that they are of.
fn told(failed: BTreeMap<Kind, Vec<(&str, Failure)>>) -> Failure {
    let mut reasons = Vec::new();
    let mut advice = Vec::new();
    for (kind, tables) in failed {
        let of = of(&tables.iter().map(|(name, _)| *name).collect::<Vec<&str>>());
        match kind {
            Kind::Missing => reasons.push(format!("{of}: not there")),
            Kind::Forbidden => {
                reasons.push(format!("{of}: this user may not read them"));
                advice.push(
                    "as their owner: GRANT USAGE ON SCHEMA public TO this user; GRANT SELECT ON ALL TABLES IN SCHEMA \
                     public TO this user"
                        .to_owned(),
                );
            }
            Kind::Other => {
                let each =
                    tables.iter().map(|(name, failure)| format!("{name}: {}", failure.reason));
                reasons.extend(each.take(NAMED));
                if tables.len() > NAMED {
                    reasons.push(format!("and {} more", tables.len() - NAMED));
                }
            }
        }
        if kind != Kind::Forbidden {
            advice.extend(tables.into_iter().flat_map(|(_, failure)| failure.advice));
        }
    }
    let mut seen = BTreeSet::new();
    advice.retain(|line| seen.insert(line.clone()));
    Failure { reason: reasons.join("\n"), advice }
}

/// `all 30 tables`, or the first of them by name.
fn of(names: &[&str]) -> String {
    let named = &names[..names.len().min(NAMED)];
    match names.len() {
        all if all == MODELS.len() => format!("all {all} tables"),
        more if more > NAMED => format!("{} and {} more tables", named.join(", "), more - NAMED),
        _ => named.join(", "),
    }
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
