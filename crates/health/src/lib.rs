//! Whether a DriveFlow database is there and alive: the three checks of the guide, each on its own.
//!
//! [`check`] runs them and gives a [`Report`]. No check hides another: without a server each says so, and one that
//! fails, or takes longer than [`LIMIT`], is told as failed beside those that did not.
//!
//! # To add a check
//! A file in `checks` with an async function from a client to a [`Finding`], and a line in [`check`]. What it says is
//! one line for people and the same figures as JSON for programs.

mod checks;
mod report;

use std::time::Duration;

use client::PrismaClient;
use client::prisma_client_rust::QueryError;

use checks::{connection, recent_bookings, table_counts};
pub use report::{Check, Finding, Report};

/// How long a check may take.
pub const LIMIT: Duration = Duration::from_secs(10);

/// Runs every check on the database at `url`; without one, on the one that the environment names.
pub async fn check(url: Option<String>) -> Report {
    let builder = PrismaClient::_builder();
    let builder = match url {
        Some(url) => builder.with_url(url),
        None => builder,
    };
    let client = match tokio::time::timeout(LIMIT, builder.build()).await {
        Ok(client) => client.map_err(|error| format!("{}: {error}", error.code())),
        Err(_) => Err(late(LIMIT)),
    };
    // First and alone, so that the others' work is not in its latency.
    let connection = within(&client, connection::check).await;
    // The single question before the many, which may take all connections of the pool.
    let (bookings, tables) =
        tokio::join!(within(&client, recent_bookings::check), within(&client, table_counts::check));
    Report {
        checks: vec![
            Check { name: "Database connection", result: connection },
            Check { name: "Table counts", result: tables },
            Check { name: "Recent activity", result: bookings },
        ],
    }
}

/// What a check finds on a client that may not be there, in the time there is.
async fn within(
    client: &Result<PrismaClient, String>,
    check: impl AsyncFnOnce(&PrismaClient) -> Result<Finding, String>,
) -> Result<Finding, String> {
    let client = client.as_ref().map_err(Clone::clone)?;
    tokio::time::timeout(LIMIT, check(client)).await.unwrap_or_else(|_| Err(late(LIMIT)))
}

/// An error with its code.
fn told(error: &QueryError) -> String {
    format!("{}: {error}", error.code())
}

fn late(limit: Duration) -> String {
    format!("no answer within {} s", limit.as_secs())
}
