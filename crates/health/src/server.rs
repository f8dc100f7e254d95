//! What the checks have to know of the server before they ask it.

use client::PrismaClient;
use client::prisma_client_rust::raw;
use serde_json::Value;

use crate::Failure;

/// The server and the user that it knows us as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    /// The major version: 13 and later.
    pub(crate) version: i64,
    /// The user, as SQL names it.
    pub(crate) user: String,
    /// Whether this user sees what others' sessions do.
    pub(crate) sees_all: bool,
    /// Whether the server keeps when a transaction was committed.
    pub(crate) keeps_commit_times: bool,
    /// The history of migrations, where there is one.
    pub(crate) migrations: Option<String>,
    /// Whether there is a ledger of backfills that can be read.
    pub(crate) has_backfills: bool,
    /// The view of `pg_stat_statements`, where there is one that can be read.
    pub(crate) statements: Option<String>,
}

impl Server {
    /// In SQL, whether the schema is migrated here, so that a change by hand would be drift.
    pub(crate) fn migrated(&self) -> &'static str {
        if self.migrations.is_some() { "true" } else { "false" }
    }

    /// Asks, in one question.
    pub(crate) async fn ask(client: &PrismaClient) -> Result<Self, Failure> {
        let rows: Vec<Value> = client._query_raw(raw!(include_str!("server.sql"))).exec().await?;
        let row = rows.into_iter().next();
        let row = row.ok_or_else(|| Failure::from("the server did not answer".to_owned()))?;
        let text = |name: &str| row[name].as_str().map(str::to_owned);
        Ok(Self {
            version: row["version"].as_i64().unwrap_or_default() / 10_000,
            user: text("user").unwrap_or_default(),
            sees_all: row["sees_all"] == true,
            keeps_commit_times: row["keeps_commit_times"] == true,
            migrations: text("migrations"),
            has_backfills: row["has_backfills"] == true,
            statements: text("statements"),
        })
    }
}
