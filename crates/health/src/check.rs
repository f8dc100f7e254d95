//! What a check is: a query, and what its figures mean.
//!
//! Most checks are the same but for that: rows of a subject, a value, what else there is to say, and what to do about it.
//! The greatest value (of some checks the least) decides how bad it is.

use std::fmt::Write as _;

use client::PrismaClient;
use client::prisma_client_rust::raw;
use serde_json::{Value, json};

use crate::Failure;
use crate::limits::{Exception, Limits};
use crate::report::{Finding, State};
use crate::server::Server;

/// How many rows a check tells.
const SHOWN: usize = 5;

/// A check that is a query. Each is a file in `checks`.
#[derive(Debug)]
pub(crate) struct Check {
    /// Its name in `health.toml`, JSON and metrics.
    pub(crate) id: &'static str,
    /// Its name for people.
    pub(crate) name: &'static str,
    /// What its values are.
    pub(crate) unit: Unit,
    /// When it warns, unless `health.toml` says otherwise.
    pub(crate) limits: Limits,
    /// What is said when all is well.
    pub(crate) well: &'static str,
    /// What may be seen only in part without `pg_read_all_stats`.
    pub(crate) partly_hidden: Option<&'static str>,
    /// Rows of `subject`, `value`, `detail`, `advice` and, where it does not follow from the value alone, the least
    /// `state`; or why there can be none.
    pub(crate) query: fn(&Server) -> Result<String, String>,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Seconds,
    Minutes,
    Days,
    Milliseconds,
    Percent,
    Megabytes,
    Gigabytes,
    Rows,
    Transactions,
    /// Multiples of what is usual.
    Times,
    /// How many there are: each row counts.
    Count,
}

impl Check {
    /// Asks the database.
    pub(crate) async fn run(
        &self,
        client: &PrismaClient,
        server: &Server,
        limits: Limits,
        exceptions: &[Exception],
    ) -> Result<Finding, Failure> {
        let query = match (self.query)(server) {
            Ok(query) => query,
            Err(reason) => return Ok(Finding::unknown(reason)),
        };
        let rows: Vec<Value> = client._query_raw(raw!(&query)).exec().await?;
        let rows = rows.iter().map(|row| Row::read(row, limits));
        let (excepted, rows) =
            rows.partition(|row| exceptions.iter().any(|exception| exception.is_of(&row.subject)));
        Ok(self.finding(rows, excepted, server, limits))
    }

    fn finding(
        &self,
        mut rows: Vec<Row>,
        mut excepted: Vec<Row>,
        server: &Server,
        limits: Limits,
    ) -> Finding {
        let sign = if limits.is_floor() { 1.0 } else { -1.0 };
        rows.sort_by(|one, other| {
            let (one, other) = (one, other);
            other.state.cmp(&one.state).then((sign * one.value).total_cmp(&(sign * other.value)))
        });
        let state = rows.first().map_or(State::Ok, |row| row.state);
        let noted = rows.iter().filter(|row| row.state > State::Ok).count();
        let value = if self.unit == Unit::Count {
            Some(f64::from(u32::try_from(noted).unwrap_or(u32::MAX)))
        } else {
            rows.first().map(|row| row.value)
        };
        let told = &rows[..noted.min(SHOWN)];
        let mut message = match told {
            [] => self.well.to_owned(),
            told => told.iter().map(|row| self.line(row)).collect::<Vec<String>>().join("\n"),
        };
        // Writing to a string does not fail.
        if noted > SHOWN {
            let _ = write!(message, "\nand {} more", noted - SHOWN);
        }
        // What would not have been told without the exception is not worth a word.
        excepted.retain(|row| row.state > State::Ok);
        if !excepted.is_empty() {
            let subjects: Vec<&str> = excepted.iter().map(|row| row.subject.as_str()).collect();
            let _ = write!(message, "\nexcepted in health.toml: {}", subjects.join(", "));
        }
        if let Some(hidden) = self.partly_hidden.filter(|_| !server.sees_all) {
            let _ = write!(
                message,
                "\n{hidden} of other users cannot be seen: GRANT pg_read_all_stats TO {} shows them",
                server.user
            );
        }
        let figures = |row: &Row| json!({ "subject": row.subject, "value": row.value, "detail": row.detail, "advice": row.advice });
        let mut advice: Vec<String> = told.iter().filter_map(|row| row.advice.clone()).collect();
        advice.dedup();
        Finding {
            state,
            value,
            message,
            advice,
            figures: json!({
                "rows": rows[..noted].iter().map(figures).collect::<Vec<Value>>(),
                "excepted": excepted.iter().map(figures).collect::<Vec<Value>>(),
            }),
        }
    }

    fn line(&self, row: &Row) -> String {
        let value = self.unit.tell(row.value);
        let parts = [row.subject.as_str(), value.as_str(), row.detail.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" · ")
    }
}

/// What a query tells of one subject.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    subject: String,
    value: f64,
    detail: String,
    advice: Option<String>,
    state: State,
}

impl Row {
    fn read(row: &Value, limits: Limits) -> Self {
        let text = |name: &str| row[name].as_str().map(str::to_owned);
        let value = row["value"].as_f64().unwrap_or_default();
        let least = match row["state"].as_str() {
            Some("critical") => State::Critical,
            Some("warn") => State::Warn,
            _ => State::Ok,
        };
        Self {
            subject: text("subject").unwrap_or_default(),
            value,
            detail: text("detail").unwrap_or_default(),
            advice: text("advice"),
            state: limits.judge(value).max(least),
        }
    }
}

impl Unit {
    /// A value for people; nothing where it only counts.
    fn tell(self, value: f64) -> String {
        match self {
            Self::Seconds => format!("{value:.0} s"),
            Self::Minutes => format!("{value:.1} min"),
            Self::Days => format!("{value:.0} days"),
            Self::Milliseconds => format!("{value:.0} ms"),
            Self::Percent => format!("{value:.0} %"),
            Self::Megabytes => format!("{value:.0} MB"),
            Self::Gigabytes => format!("{value:.1} GB"),
            Self::Times => format!("{value:.1} times"),
            Self::Transactions => format!("{value:.0} transactions"),
            Self::Rows | Self::Count => String::new(),
        }
    }

    /// Its name in metrics and in `health.toml`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Minutes => "minutes",
            Self::Days => "days",
            Self::Milliseconds => "milliseconds",
            Self::Percent => "percent",
            Self::Megabytes => "megabytes",
            Self::Gigabytes => "gigabytes",
            Self::Rows => "rows",
            Self::Transactions => "transactions",
            Self::Times => "times",
            Self::Count => "count",
        }
    }
}
