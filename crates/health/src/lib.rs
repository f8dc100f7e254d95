//! Whether a DriveFlow database is there, alive and well.
//!
//! [`check`] runs every check and gives a [`Report`]: the three of the guide, and those of what goes wrong with a
//! PostgreSQL in production. No check hides another: without a server each says so, and one that fails, or takes longer
//! than [`LIMIT`], is told as failed beside those that did not. Nothing is changed, and an ordinary user is enough; what
//! it may not see is said.
//!
//! # To add a check
//! A file in `checks` with the check, one beside it with its query, and its line in `checks.rs`. The query gives rows of
//! `subject`, `value`, `detail` and `advice`; the limits decide from the value. A line in `prisma/health.toml` shows them.

mod check;
mod checks;
mod failure;
mod limits;
mod report;
mod server;
mod settings;

use std::time::{Duration, Instant};

use client::PrismaClient;
use futures_util::future::join_all;

use check::Check;
use checks::{connection, recent_bookings, table_counts};
pub use failure::Failure;
pub use report::{Finding, Outcome, Report, State};
use server::Server;
pub use settings::Settings;

/// How long a check may take.
pub const LIMIT: Duration = Duration::from_secs(10);

/// A client for [`check`], or why there is none.
pub type Connection = Result<PrismaClient, Failure>;

/// Connects to the database at `url`; without one, to the one that the environment names.
pub async fn connect(url: Option<String>) -> Connection {
    let builder = PrismaClient::_builder();
    let builder = match url {
        Some(url) => builder.with_url(url),
        None => builder,
    };
    match tokio::time::timeout(LIMIT, builder.build()).await {
        Ok(client) => client.map_err(Failure::from),
        Err(_) => Err(late(LIMIT).into()),
    }
}

/// Runs every check that is not disabled.
///
/// # Example
/// ```no_run
/// # async fn example() {
/// let report = health::check(&health::connect(None).await, &health::Settings::default()).await;
/// assert!(report.passes(health::State::Critical), "{}", report.to_text());
/// # }
/// ```
pub async fn check(client: &Connection, settings: &Settings) -> Report {
    // First and alone, so that the others' work is not in its latency.
    let connection = connection(client).await;
    let queries = queries(client, settings).await;
    // Last, and the single question before the many: they wait for whoever has locked a table, and take all connections
    // of the pool meanwhile.
    let (bookings, tables) = tokio::join!(
        timed(
            ("recent_bookings", "Recent activity", "bookings"),
            within(client, recent_bookings::check)
        ),
        timed(("table_counts", "Table counts", "rows"), within(client, table_counts::check)),
    );
    Report { outcomes: [connection, tables, bookings].into_iter().chain(queries).collect() }
}

/// Whether the server answers.
pub async fn connection(client: &Connection) -> Outcome {
    let check = async {
        client.as_ref().map_err(Clone::clone)?;
        within(client, connection::check).await
    };
    timed(("connection", "Database connection", "milliseconds"), check).await
}

async fn queries(client: &Connection, settings: &Settings) -> Vec<Outcome> {
    let server = within(client, Server::ask).await;
    let server = &server;
    let wanted = checks::ALL.iter().filter_map(|check| Some((check, settings.limits(check)?)));
    let running = wanted.map(|(check, limits)| {
        let run = async move {
            let server = server.as_ref().map_err(Clone::clone)?;
            let exceptions = settings.exceptions(check);
            let ask =
                async |client: &PrismaClient| check.run(client, server, limits, exceptions).await;
            within(client, ask).await
        };
        timed(named(check), run)
    });
    join_all(running).await
}

fn named(check: &Check) -> (&'static str, &'static str, &'static str) {
    (check.id, check.name, check.unit.name())
}

async fn timed(
    (id, name, unit): (&'static str, &'static str, &'static str),
    check: impl Future<Output = Result<Finding, Failure>>,
) -> Outcome {
    let start = Instant::now();
    let result = check.await;
    Outcome { id, name, unit, took: start.elapsed(), result }
}

/// What is found on a client that may not be there, in the time there is.
async fn within<T>(
    client: &Connection,
    check: impl AsyncFnOnce(&PrismaClient) -> Result<T, Failure>,
) -> Result<T, Failure> {
    // Why there is none is told by the check of the connection, once.
    let client = client
        .as_ref()
        .map_err(|_| Failure::from("not checked: there is no connection".to_owned()))?;
    tokio::time::timeout(LIMIT, check(client)).await.unwrap_or_else(|_| Err(late(LIMIT).into()))
}

fn late(limit: Duration) -> String {
    format!("no answer within {} s", limit.as_secs())
}
