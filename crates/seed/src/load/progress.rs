//! How far a load has got, as a value and as words.

use std::time::Duration;

use crate::summary::{grouped, rate, time};

/// Signs of a full bar.
const WIDTH: usize = 24;

/// How far a load has got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Rows that there are to be, about.
    pub rows: usize,
    /// Of these, the ones that were there before.
    pub there: usize,
    /// Of these, the ones of parts that are done by now.
    pub done: usize,
    /// Rows made, counted.
    pub made: usize,
    /// Since the start.
    pub took: Duration,
}

impl Progress {
    /// Rows made a second.
    pub fn rate(&self) -> Option<usize> {
        rate(self.made, self.took)
    }

    /// How long the rest will take at this rate.
    pub fn left(&self) -> Option<Duration> {
        let rest = self.rows.saturating_sub(self.there + self.done);
        let milliseconds = self.took.as_millis() * rest as u128;
        let left = u64::try_from(milliseconds.checked_div(self.done as u128)?).ok()?;
        Some(Duration::from_millis(left))
    }

    /// How much of all is there, of a hundred.
    pub fn percent(&self) -> usize {
        ((self.there + self.done) * 100).checked_div(self.rows).unwrap_or(100).min(100)
    }

    /// For a stream that is read line by line: ` 42 %  1,250,000 rows  81,000 a second  46.0 s left`.
    pub fn to_line(&self) -> String {
        let rate = self.rate().map(|rate| format!("{} a second", grouped(rate)));
        let left = self.left().map(|left| Duration::from_secs(left.as_secs()));
        let all = [
            Some(format!("{:>3} %", self.percent())),
            Some(format!("{} rows", grouped(self.made))),
            rate,
            left.map(|left| format!("{} left", time(left))),
        ];
        all.into_iter().flatten().collect::<Vec<String>>().join("  ")
    }

    /// The same behind a bar.
    pub fn to_bar(&self) -> String {
        let full = self.percent() * WIDTH / 100;
        format!("[{}{}] {}", "=".repeat(full), " ".repeat(WIDTH - full), self.to_line())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(there: usize, done: usize) -> Progress {
        let took = Duration::from_secs(20);
        Progress { rows: 4_000_000, there, done, made: done + 5, took }
    }

    #[test]
    fn what_was_there_counts_as_done_but_not_for_the_rate() {
        let half = progress(1_000_000, 1_000_000);
        assert_eq!(half.to_line(), " 50 %  1,000,005 rows  50,000 a second  40.0 s left");
        assert_eq!(half.to_bar(), format!("[============            ] {}", half.to_line()));
    }

    #[test]
    fn a_start_has_no_rate_and_an_end_no_rest() {
        let start = Progress { made: 0, ..progress(0, 0) };
        assert_eq!(start.to_line(), "  0 %  0 rows");
        let end = progress(0, 4_000_000);
        assert!(end.to_bar().starts_with("[========================] 100 %"), "{}", end.to_bar());
        assert!(end.to_bar().ends_with(" 0.00 s left"), "{}", end.to_bar());
        // The estimate was too low.
        assert!(progress(3_000_000, 2_000_000).to_bar().contains("] 100 %"));
    }
}
