//! Whether a DriveFlow database keeps the rules: those that follow from the schema, and those of the business.
//!
//! [`validate_migration`] checks all of them and gives a [`Report`]; nothing is changed. A rule that cannot be checked
//! (a table is missing, the connection is lost) is told as such and hides no other.
//!
//! # To add a rule
//! A rule of the business is a file in `rules` and its name in the list of `rules.rs`. The file has the rule (an id,
//! what it means, what to do, a query of the `id`s that break it) and a test that breaks seeded data and sees that
//! this rule, and no other, notices. Rules of relations follow from the schema and are never written: see
//! `schema_rules`.

mod report;
mod rule;
mod rules;
mod schema_rules;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use client::prisma_client_rust::{QueryError, raw};
use client::{MODELS, PrismaClient};
use serde_json::Value;

pub use report::{Findings, Outcome, Report};
pub use rule::{Kind, Rule, Severity};

/// How many ids of a broken rule are shown.
const SHOWN: usize = 5;

/// Every rule: relations in the order of the schema, then the business.
pub fn rules() -> Vec<Rule> {
    let mut rules = schema_rules::rules(MODELS);
    rules.extend(rules::all());
    rules
}

/// Checks every rule.
///
/// # Example
/// ```no_run
/// # async fn example(client: &client::PrismaClient) {
/// let report = validator::validate_migration(client).await;
/// assert!(report.is_clean(), "{}", report.to_text());
/// # }
/// ```
pub async fn validate_migration(client: &PrismaClient) -> Report {
    let mut outcomes = Vec::new();
    for rule in rules() {
        let result =
            findings(client, &rule).await.map_err(|error| format!("{}: {error}", error.code()));
        outcomes.push(Outcome { rule, result });
    }
    Report { outcomes }
}

async fn findings(client: &PrismaClient, rule: &Rule) -> Result<Findings, QueryError> {
    // The count goes along with each row, so that one pass finds it and the first rows, and keeps no others.
    let query = format!(
        "SELECT \"id\", count(*) OVER () AS \"count\" FROM ({}) AS offending ORDER BY \"id\" LIMIT {SHOWN}",
        rule.query
    );
    let rows: Vec<Value> = client._query_raw(raw!(&query)).exec().await?;
    let count = rows.first().and_then(|row| row["count"].as_i64()).unwrap_or_default();
    let ids = rows.iter().filter_map(|row| row["id"].as_str()).map(str::to_owned).collect();
    Ok(Findings { count, ids })
}
