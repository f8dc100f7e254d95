//! What the checks have to know of the server before they ask it.

use client::PrismaClient;
use client::prisma_client_rust::raw;
use serde_json::Value;

use crate::told;

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
    /// The view of `pg_stat_statements`, where there is one that can be read.
    pub(crate) statements: Option<String>,
}

impl Server {
    /// Asks, in one question.
    pub(crate) async fn ask(client: &PrismaClient) -> Result<Self, String> {
        let rows: Vec<Value> = client
            ._query_raw(raw!(include_str!("server.sql")))
            .exec()
            .await
            .map_err(|error| told(&error))?;
        let row = rows.into_iter().next().ok_or("the server did not answer")?;
        let text = |name: &str| row[name].as_str().map(str::to_owned);
        Ok(Self {
            version: row["version"].as_i64().unwrap_or_default() / 10_000,
            user: text("user").unwrap_or_default(),
            sees_all: row["sees_all"] == true,
            keeps_commit_times: row["keeps_commit_times"] == true,
            migrations: text("migrations"),
            statements: text("statements"),
        })
    }
}
