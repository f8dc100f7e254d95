//! What a run made, as a value and as text or JSON.

use std::fmt::Write as _;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::Profile;

/// What a run made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The profile.
    pub profile: Profile,
    /// The seed.
    pub seed: u64,
    /// The moment that the data counts as now.
    pub now: DateTime<Utc>,
    /// The tables in the order they were written.
    pub tables: Vec<Table>,
    /// How long all of it took.
    pub took: Duration,
    /// Of a load: how many of its parts were there, and how many it has.
    pub parts: Option<(usize, usize)>,
}

/// What became of one table's rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The model.
    pub model: &'static str,
    /// The rows that the profile has; of a load those of the parts that were not there yet.
    pub rows: usize,
    /// The rows that were not there yet.
    pub made: usize,
    /// How long writing took, that of connections side by side added up.
    pub took: Duration,
}

/// Adds what became of more rows of a table to the others.
pub(crate) fn add(tables: &mut Vec<Table>, more: Table) {
    match tables.iter_mut().find(|table| table.model == more.model) {
        Some(table) => {
            table.rows += more.rows;
            table.made += more.made;
            table.took += more.took;
        }
        None => tables.push(more),
    }
}

impl Summary {
    /// The rows that were not there yet.
    pub fn made(&self) -> usize {
        self.tables.iter().map(|table| table.made).sum()
    }

    /// A table for people.
    pub fn to_text(&self) -> String {
        let title =
            format!("profile {}, seed {}, as of {}", self.profile.name(), self.seed, self.now());
        let made = self.made();
        if made == 0 {
            let there = match self.parts {
                Some((_, parts)) => format!("all {} parts", grouped(parts)),
                None => {
                    format!(
                        "all {} rows",
                        grouped(self.tables.iter().map(|table| table.rows).sum())
                    )
                }
            };
            return format!("{title}: {there} are there, nothing to do\n");
        }
        let width = self.tables.iter().map(|table| table.model.len()).max().unwrap_or_default();
        let mut text = format!("{title}\n\n");
        // Writing to a String cannot fail.
        let _ =
            writeln!(text, "  {:width$}  {:>11}  {:>9}  {:>10}", "", "rows made", "time", "rows/s");
        for Table { model, rows, made, took } in &self.tables {
            let kept = rows - made;
            let note = if kept == 0 {
                String::new()
            } else {
                format!("   {} already there", grouped(kept))
            };
            let _ = writeln!(
                text,
                "  {model:width$}  {:>11}  {:>9}  {:>10}{note}",
                grouped(*made),
                time(*took),
                rate(*made, *took).map_or_else(|| "–".to_owned(), grouped),
            );
        }
        if let Some((there, parts)) = self.parts.filter(|(there, _)| *there > 0) {
            let _ = writeln!(text, "\n{} of {} parts were there", grouped(there), grouped(parts));
        }
        let rate = rate(made, self.took)
            .map_or_else(String::new, |rate| format!(", {} a second", grouped(rate)));
        let _ = writeln!(text, "\n{} rows made in {}{rate}", grouped(made), time(self.took));
        text
    }

    /// The same for programs:
    /// `{profile, seed, now, made, seconds, rowsPerSecond, parts, tables: [{model, rows, made, seconds, rowsPerSecond}]}`,
    /// where `parts` is `{there, all}` for a load and `null` otherwise.
    pub fn to_json(&self) -> Value {
        let table = |table: &Table| {
            json!({
                "model": table.model,
                "rows": table.rows,
                "made": table.made,
                "seconds": table.took.as_secs_f64(),
                "rowsPerSecond": rate(table.made, table.took),
            })
        };
        json!({
            "profile": self.profile.name(),
            "seed": self.seed,
            "now": self.now(),
            "made": self.made(),
            "seconds": self.took.as_secs_f64(),
            "rowsPerSecond": rate(self.made(), self.took),
            "parts": self.parts.map(|(there, all)| json!({"there": there, "all": all})),
            "tables": self.tables.iter().map(table).collect::<Vec<Value>>(),
        })
    }

    fn now(&self) -> String {
        self.now.to_rfc3339_opts(SecondsFormat::Secs, true)
    }
}

/// Rows a second; none where there were no rows or no time.
pub(crate) fn rate(rows: usize, took: Duration) -> Option<usize> {
    let nanoseconds = took.as_nanos();
    if rows == 0 || nanoseconds == 0 {
        return None;
    }
    usize::try_from(rows as u128 * 1_000_000_000 / nanoseconds).ok()
}

/// `12,345,678`
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `0.25 s`, `3 min 20 s`
pub(crate) fn time(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 100.. => format!("{} min {} s", seconds / 60, seconds % 60),
        10.. => format!("{:.1} s", time.as_secs_f64()),
        _ => format!("{:.2} s", time.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(made: usize) -> Summary {
        let took = Duration::from_millis(50);
        Summary {
            profile: Profile::Demo,
            seed: 1,
            now: DateTime::UNIX_EPOCH,
            tables: vec![
                Table { model: "Org", rows: 1, made: made.min(1), took: Duration::ZERO },
                Table { model: "Booking", rows: 1200, made, took },
            ],
            took: Duration::from_millis(500),
            parts: None,
        }
    }

    #[test]
    fn the_table_says_what_was_made_and_what_was_there() {
        let expected = "profile demo, seed 1, as of 1970-01-01T00:00:00Z\n\n             \
                        rows made       time      rows/s\n  \
                        Org                1     0.00 s           –\n  \
                        Booking        1,000     0.05 s      20,000   200 already there\n\n\
                        1,001 rows made in 0.50 s, 2,002 a second\n";
        assert_eq!(summary(1000).to_text(), expected);
    }

    #[test]
    fn a_second_run_has_nothing_to_do() {
        let title = "profile demo, seed 1, as of 1970-01-01T00:00:00Z";
        let text = summary(0).to_text();
        assert_eq!(text, format!("{title}: all 1,201 rows are there, nothing to do\n"));
        let load = Summary { tables: Vec::new(), parts: Some((40, 40)), ..summary(0) };
        assert_eq!(load.to_text(), format!("{title}: all 40 parts are there, nothing to do\n"));
    }

    #[test]
    fn what_a_load_found_is_told() {
        let load = Summary { parts: Some((12, 40)), ..summary(1000) };
        assert!(load.to_text().contains("\n12 of 40 parts were there\n"), "{}", load.to_text());
        assert_eq!(load.to_json()["parts"], json!({"there": 12, "all": 40}));
    }

    #[test]
    fn json_has_the_same_figures() {
        let json = summary(1000).to_json();
        assert_eq!(json["made"], 1001);
        assert_eq!(json["rowsPerSecond"], 2002);
        let booking = json!({
            "model": "Booking", "rows": 1200, "made": 1000, "seconds": 0.05, "rowsPerSecond": 20_000
        });
        assert_eq!(json["tables"][1], booking);
    }

    #[test]
    fn times_are_as_exact_as_is_of_use() {
        let texts = [250, 12_340, 200_000].map(|ms| time(Duration::from_millis(ms)));
        assert_eq!(texts, ["0.25 s", "12.3 s", "3 min 20 s"]);
    }
}
