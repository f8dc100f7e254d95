//! Whether the server answers, how fast, and which one it is.

use std::time::Instant;

use client::PrismaClient;
use client::prisma_client_rust::raw;
use serde_json::{Value, json};

use crate::{Failure, Finding};

/// Asks for next to nothing on a connection that is open, and takes the time.
pub(crate) async fn check(client: &PrismaClient) -> Result<Finding, Failure> {
    let who = "SELECT current_database()::text AS \"database\", current_setting('server_version') AS \"version\"";
    let rows: Vec<Value> = client._query_raw(raw!(who)).exec().await?;
    let start = Instant::now();
    let _: Vec<Value> = client._query_raw(raw!("SELECT 1")).exec().await?;
    let milliseconds = start.elapsed().as_secs_f64() * 1_000.0;
    let text =
        |name: &str| rows.first().and_then(|row| row[name].as_str()).unwrap_or_default().to_owned();
    let (database, version) = (text("database"), text("version"));
    Ok(Finding::well(
        Some(milliseconds),
        format!("{milliseconds:.1} ms to `{database}`, PostgreSQL {version}"),
        json!({ "latencyMs": milliseconds, "database": database, "version": version }),
    ))
}
