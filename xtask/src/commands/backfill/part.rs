//! What there is to say of a part of a backfill.

use migrate::span;
use rollout::backfill::{Progress, State};
use serde_json::{Value, json};

/// What a part is about.
pub(super) fn what(part: &Progress) -> String {
    match &part.table {
        Some(table) => format!("{}.{}", table.schema, table.name),
        None => part.beside_fills().to_owned(),
    }
}

/// For other programs.
pub(super) fn json(part: &Progress) -> Value {
    json!({
        "migration": part.migration,
        "part": part.part,
        "parts": part.parts,
        "schema": part.table.as_ref().map(|table| &table.schema),
        "table": part.table.as_ref().map(|table| &table.name),
        "state": part.state.name(),
        "seen": part.seen,
        "changed": part.changed,
        "total": part.total,
        "rowsPerSecond": part.rate.map(f64::round),
        "secondsLeft": part.eta.map(|eta| eta.as_secs()),
        "workers": part.workers,
        "error": part.error,
        "startedAt": part.started_at,
        "updatedAt": part.updated_at,
        "doneAt": part.done_at,
    })
}

/// `1,200 of about 5,000 rows, 1,100 changed`.
pub(super) fn counted(progress: &Progress) -> String {
    let mut text = grouped(progress.seen);
    let is_done = progress.state == State::Done;
    if let Some(total) = progress.total.filter(|total| *total > progress.seen && !is_done) {
        text = format!("{text} of about {}", grouped(total));
    }
    format!("{text} rows, {} changed", grouped(progress.changed))
}

/// `45,000 rows a second, 2 min left`.
pub(super) fn remaining(progress: &Progress) -> Option<String> {
    if progress.state == State::Done {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate")]
    let rate = progress.rate? as u64;
    let eta = progress.eta.map(|eta| format!(", {} left", span(eta))).unwrap_or_default();
    Some(format!("{} rows a second{eta}", grouped(rate)))
}

pub(super) fn rows(count: u64) -> String {
    let rows = if count == 1 { "row" } else { "rows" };
    format!("{} {rows}", grouped(count))
}

/// With commas between the thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_easily() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678")]
        {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(rows(1), "1 row");
    }
}
