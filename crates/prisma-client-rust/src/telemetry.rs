//! A span for each statement that is sent, for whoever listens with `tracing`: named and filled as OpenTelemetry's
//! conventions for database clients say (<https://opentelemetry.io/docs/specs/semconv/database/>).
//!
//! Spans are of the level DEBUG and the target `prisma_client_rust`. What is in a statement's parameters is nowhere in
//! them. Where nobody listens a span is one look at a number. A statement that is sent again, since its connection was
//! dead, has a span each time, and a warning says so.

use postgres::driver::tokio_postgres;
use tracing::field::Empty;
use tracing::level_filters::{LevelFilter, STATIC_MAX_LEVEL};
use tracing::{Instrument as _, Level, Span, debug_span};

/// Whether somebody may listen: a look at a number, before anything is put together for them.
pub(crate) fn is_heard() -> bool {
    Level::DEBUG <= STATIC_MAX_LEVEL && Level::DEBUG <= LevelFilter::current()
}

/// The span of a statement: `collection` is the first table in it, where that is known.
pub(crate) fn span(sql: &str, collection: Option<&str>) -> Span {
    let span = debug_span!(
        target: "prisma_client_rust",
        "query",
        otel.name = Empty,
        otel.kind = "client",
        db.system.name = "postgresql",
        db.operation.name = Empty,
        db.collection.name = collection,
        db.query.text = sql,
        db.response.returned_rows = Empty,
        db.response.status_code = Empty,
        error.type = Empty,
    );
    if !span.is_disabled() {
        let operation = sql.split_whitespace().next().unwrap_or_default().to_uppercase();
        span.record("otel.name", format!("{operation} {}", collection.unwrap_or_default()).trim());
        span.record("db.operation.name", operation);
    }
    span
}

/// Says that what was asked of a dead connection is asked of a new one.
pub(crate) fn renewed() {
    tracing::warn!(
        target: "prisma_client_rust",
        "a connection was found dead: its statement is sent again on a new one"
    );
}

/// Does the work of a statement inside its span, and notes how it ended; `rows` counts what came back.
pub(crate) async fn within<T>(
    span: Span,
    work: impl Future<Output = Result<T, tokio_postgres::Error>>,
    rows: impl FnOnce(&T) -> u64,
) -> Result<T, tokio_postgres::Error> {
    if span.is_disabled() {
        return work.await;
    }
    let answer = work.instrument(span.clone()).await;
    match &answer {
        Ok(answer) => {
            span.record("db.response.returned_rows", rows(answer));
        }
        Err(error) => {
            let code = error.code().map(tokio_postgres::error::SqlState::code);
            span.record("error.type", code.unwrap_or("connection"));
            if let Some(code) = code {
                span.record("db.response.status_code", code);
            }
        }
    }
    answer
}
