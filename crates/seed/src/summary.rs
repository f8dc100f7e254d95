//! What a run made, as a value and as text or JSON.

use std::fmt::Write as _;

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
}

/// What became of one table's rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The model.
    pub model: &'static str,
    /// The rows that the profile has.
    pub rows: usize,
    /// The rows that were not there yet.
    pub made: usize,
}

impl Summary {
    /// The rows that were not there yet.
    pub fn made(&self) -> usize {
        self.tables.iter().map(|table| table.made).sum()
    }

    /// A table for people.
    pub fn to_text(&self) -> String {
        let rows: usize = self.tables.iter().map(|table| table.rows).sum();
        if self.made() == 0 {
            return format!("{}: all {rows} rows are there, nothing to do\n", self.title());
        }
        let width = self.tables.iter().map(|table| table.model.len()).max().unwrap_or_default();
        let mut text = format!("{}\n\n", self.title());
        for Table { model, rows, made } in &self.tables {
            let kept = rows - made;
            let note = if kept == 0 { String::new() } else { format!("   {kept} already there") };
            // Writing to a String cannot fail.
            let _ = writeln!(text, "  {model:width$}  {made:>7}{note}");
        }
        let _ = writeln!(text, "\n{} rows made", self.made());
        text
    }

    /// The same for programs: `{profile, seed, now, made, tables: [{model, rows, made}]}`.
    pub fn to_json(&self) -> Value {
        let table =
            |table: &Table| json!({"model": table.model, "rows": table.rows, "made": table.made});
        json!({
            "profile": self.profile.name(),
            "seed": self.seed,
            "now": self.now(),
            "made": self.made(),
            "tables": self.tables.iter().map(table).collect::<Vec<Value>>(),
        })
    }

    fn title(&self) -> String {
        format!("profile {}, seed {}, as of {}", self.profile.name(), self.seed, self.now())
    }

    fn now(&self) -> String {
        self.now.to_rfc3339_opts(SecondsFormat::Secs, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(made: usize) -> Summary {
        Summary {
            profile: Profile::Demo,
            seed: 1,
            now: DateTime::UNIX_EPOCH,
            tables: vec![
                Table { model: "Org", rows: 1, made: made.min(1) },
                Table { model: "Booking", rows: 120, made },
            ],
        }
    }

    #[test]
    fn the_table_says_what_was_made_and_what_was_there() {
        let expected = "profile demo, seed 1, as of 1970-01-01T00:00:00Z\n\n  \
                        Org            1\n  Booking      100   20 already there\n\n101 rows made\n";
        assert_eq!(summary(100).to_text(), expected);
    }

    #[test]
    fn a_second_run_has_nothing_to_do() {
        let expected = "profile demo, seed 1, as of 1970-01-01T00:00:00Z: all 121 rows are there, nothing to do\n";
        assert_eq!(summary(0).to_text(), expected);
    }

    #[test]
    fn json_has_the_same_figures() {
        let json = summary(100).to_json();
        assert_eq!(json["made"], 101);
        assert_eq!(json["tables"][1], json!({"model": "Booking", "rows": 120, "made": 100}));
    }
}
