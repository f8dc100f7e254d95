//! How many bookings were made in the last 24 hours. None is no failure: schools rest too.

use chrono::{Duration, Utc};
use client::{PrismaClient, booking};
use serde_json::json;

use crate::{Failure, Finding};

/// Counts the bookings of the last 24 hours.
pub(crate) async fn check(client: &PrismaClient) -> Result<Finding, Failure> {
    let since = (Utc::now() - Duration::hours(24)).fixed_offset();
    let count = client.booking().count(vec![booking::created_at::gte(since)]).exec().await?;
    let bookings = if count == 1 { "booking" } else { "bookings" };
    Ok(Finding::well(
        // Small enough for a metric.
        u32::try_from(count).ok().map(f64::from),
        format!("{count} {bookings} in the last 24 hours"),
        json!({ "bookings": count }),
    ))
}
