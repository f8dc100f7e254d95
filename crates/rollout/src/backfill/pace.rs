//! How many rows a batch has, and how long to rest after it. Pure: who calls it measures.

use std::time::Duration;

/// What a backfill may take of the server.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// How long a batch is to take: for so long others may have to wait for a row of it.
    pub target: Duration,
    /// Rows a second, of all workers together.
    pub max_rate: Option<u64>,
    /// Bytes of WAL a second that are written while batches run.
    pub max_wal_rate: Option<u64>,
    /// How far standbys may be behind.
    pub max_lag: Option<Duration>,
    /// When it may work.
    pub window: Option<super::Window>,
}

/// How long a batch takes where nobody says otherwise.
pub const TARGET: Duration = Duration::from_millis(80);
/// How far standbys may be behind where nobody says otherwise.
pub const MAX_LAG: Duration = Duration::from_secs(10);

impl Default for Limits {
    fn default() -> Self {
        Self {
            target: TARGET,
            max_rate: None,
            max_wal_rate: None,
            max_lag: Some(MAX_LAG),
            window: None,
        }
    }
}

/// The sizes of a worker's batches.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pace {
    size: u64,
    largest: u64,
}

/// What a batch was like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Took {
    /// How many rows it looked at, and how many it changed.
    pub(super) seen: u64,
    pub(super) changed: u64,
    pub(super) time: Duration,
    /// Bytes of WAL that the server has written meanwhile.
    pub(super) written: f64,
    /// Sessions that waited for it at its end.
    pub(super) blocked: u64,
}

/// Larger ones gain nothing, and what they hold back grows.
const LARGEST: u64 = 100_000;
/// Of smaller ones most of the time is not spent on rows, on a server that has much to do. They are for rows of which each
/// takes long, and where others have them.
const SMALL: u64 = 500;
/// And so it is of these wherever they run.
const SMALLEST: u64 = 50;

impl Pace {
    pub(super) fn new(size: u64, limits: &Limits) -> Self {
        // At most what a second may have.
        let largest = limits.max_rate.unwrap_or(LARGEST).clamp(1, LARGEST);
        Self { size: size.clamp(1, largest), largest }
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// After a batch that went well.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "sizes are small"
    )]
    pub(super) fn after(&mut self, took: &Took, limits: &Limits) {
        let ratio = limits.target.as_secs_f64() / took.time.as_secs_f64().max(1e-6);
        let most = match took {
            // Somebody is in want of these rows.
            Took { blocked: 1.., .. } => 0.7,
            // The last batch of a range may be a short one, of which nothing follows.
            Took { seen, .. } if *seen < self.size => 1.0,
            _ => 2.0,
        };
        let size = (self.size as f64 * ratio.clamp(0.25, most)) as u64;
        let smallest = match took {
            Took { blocked: 1.., .. } => self.size.min(SMALLEST),
            Took { time, .. } if *time > limits.target * 2 => (self.size * 2).min(SMALLEST),
            _ => (self.size * 2).min(SMALL),
        };
        self.size = size.max(smallest).clamp(1, self.largest);
    }

    /// After one of so many rows that did not.
    pub(super) fn smaller(&mut self, seen: u64) {
        self.size = (self.size.min(seen) / 4).max(1);
    }
}

/// How long to rest after a batch; `workers` share what all may have.
#[expect(clippy::cast_precision_loss, reason = "sizes are small")]
pub(super) fn rest(took: &Took, limits: &Limits, workers: u64) -> Duration {
    let workers = workers.max(1) as f64;
    let of_rate = |amount: f64, rate: u64| amount * workers / (rate.max(1) as f64);
    let rows = limits.max_rate.map_or(0.0, |rate| of_rate(took.changed as f64, rate));
    // What all have written meanwhile is in it, so that it need not be shared.
    let wal = limits.max_wal_rate.map_or(0.0, |rate| took.written / rate.max(1) as f64);
    let due = Duration::try_from_secs_f64(rows.max(wal)).unwrap_or(Duration::from_mins(1));
    let rest = due.saturating_sub(took.time);
    // Whoever waited for us gets a turn before we ask for the next rows.
    if took.blocked > 0 { rest.max(took.time / 2) } else { rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn took(seen: u64, milliseconds: u64) -> Took {
        let time = Duration::from_millis(milliseconds);
        Took { seen, changed: seen, time, written: 0.0, blocked: 0 }
    }

    #[test]
    fn batches_grow_and_shrink_towards_the_target() {
        let limits = Limits { target: Duration::from_millis(100), ..Limits::default() };
        let mut pace = Pace::new(500, &limits);
        pace.after(&took(500, 10), &limits);
        assert_eq!(pace.size(), 1_000, "no more than twice as large at once");
        pace.after(&took(1_000, 80), &limits);
        assert_eq!(pace.size(), 1_250);
        pace.after(&took(1_250, 1_000), &limits);
        assert_eq!(pace.size(), 312, "no less than a quarter at once");
        pace.after(&took(312, 150), &limits);
        assert_eq!(pace.size(), SMALL, "small ones are a little longer");
        pace.after(&took(100, 1), &limits);
        assert_eq!(pace.size(), SMALL, "a short one says nothing");
        pace.after(&Took { blocked: 2, ..took(500, 90) }, &limits);
        assert_eq!(pace.size(), 350, "others waited");
        pace.smaller(350);
        assert_eq!(pace.size(), 87);
        pace.smaller(20);
        assert_eq!(pace.size(), 5);
        pace.smaller(3);
        assert_eq!(pace.size(), 1);
        for _ in 0..8 {
            pace.after(&took(pace.size(), 300), &limits);
        }
        assert_eq!(pace.size(), SMALLEST, "however long they take");
        for _ in 0..40 {
            pace.after(&took(LARGEST, 0), &limits);
        }
        assert_eq!(pace.size(), LARGEST);
    }

    #[test]
    fn rests_keep_the_rates() {
        let limits = Limits { max_rate: Some(1_000), ..Limits::default() };
        assert_eq!(Pace::new(5_000, &limits).size(), 1_000);
        assert_eq!(rest(&took(500, 100), &limits, 1), Duration::from_millis(400));
        assert_eq!(rest(&took(500, 100), &limits, 4), Duration::from_millis(1_900));
        let limits = Limits { max_wal_rate: Some(1 << 20), ..Limits::default() };
        let heavy = Took { written: f64::from(1 << 21), ..took(10, 500) };
        assert_eq!(rest(&heavy, &limits, 1), Duration::from_millis(1_500));
        assert_eq!(rest(&took(500, 100), &Limits::default(), 1), Duration::ZERO);
        let blocking = Took { blocked: 1, ..took(10, 100) };
        assert_eq!(rest(&blocking, &Limits::default(), 1), Duration::from_millis(50));
    }
}
