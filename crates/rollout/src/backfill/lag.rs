//! How far standbys are behind, from what this session sees: when the server wrote what the slowest of them has just
//! replayed.
//!
//! The server's own `replay_lag` stands still where a standby does; this one grows.

use std::collections::VecDeque;
use std::time::Duration;

use postgres::Connection;
use tokio::time::Instant;

use super::Error;

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(1);
/// How many moments are remembered: of ten minutes each second, of a longer time fewer, as far apart as they must be.
const MOST: usize = 600;

/// What is known of it.
#[derive(Debug, Default)]
pub(super) struct Lag {
    /// When the server's log ended where, the oldest first.
    moments: VecDeque<(Instant, f64)>,
    looked: Option<Instant>,
    behind: Duration,
}

impl Lag {
    /// How far the slowest standby is behind; nothing where there is none, or none that this user may see.
    pub(super) async fn look(&mut self, connection: &Connection) -> Result<Duration, Error> {
        let now = Instant::now();
        if self.looked.is_some_and(|looked| now - looked < EVERY) {
            return Ok(self.behind);
        }
        self.looked = Some(now);
        let sql = "SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), '0/0')::float8, \
                   (SELECT min(pg_catalog.pg_wal_lsn_diff(replay_lsn, '0/0'))::float8 FROM pg_catalog.pg_stat_replication \
                    WHERE state IN ('streaming', 'catchup'))";
        let row = connection.query_one(sql, &[]).await?;
        self.behind = self.take(now, row.get(0), row.get(1));
        Ok(self.behind)
    }

    fn take(&mut self, now: Instant, written: f64, replayed: Option<f64>) -> Duration {
        self.moments.push_back((now, written));
        if self.moments.len() > MOST {
            self.thin_out();
        }
        let Some(replayed) = replayed else { return Duration::ZERO };
        // What was written before it had all been replayed is not of interest any more.
        while self.moments.get(1).is_some_and(|(_, written)| *written <= replayed) {
            self.moments.pop_front();
        }
        // The first moment whose log it has not got: it is behind at least since then.
        let missing = self.moments.iter().find(|(_, written)| *written > replayed);
        missing.map_or(Duration::ZERO, |(moment, _)| now - *moment)
    }

    /// Forgets the moment without which the others are apart the least. The oldest tells how long a standby has been behind,
    /// and the longer that is, the less a few seconds matter.
    fn thin_out(&mut self) {
        let apart = |at: &usize| self.moments[at + 1].0 - self.moments[at - 1].0;
        if let Some(at) = (1..self.moments.len() - 1).min_by_key(apart) {
            self.moments.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standby_that_stands_still_falls_behind() {
        let (start, mut lag) = (Instant::now(), Lag::default());
        let mut at = |seconds: u64, written: u32, replayed: Option<u32>| {
            let now = start + Duration::from_secs(seconds);
            lag.take(now, f64::from(written), replayed.map(f64::from)).as_secs()
        };
        assert_eq!(at(0, 100, None), 0, "no standby");
        assert_eq!(at(1, 200, Some(200)), 0, "it has all");
        assert_eq!(at(2, 300, Some(200)), 0, "it lacks what was written just now");
        assert_eq!(at(5, 400, Some(250)), 3);
        assert_eq!(at(9, 500, Some(250)), 7);
        assert_eq!(at(10, 500, Some(300)), 5);
        assert_eq!(at(11, 500, Some(500)), 0);
        assert_eq!(at(30, 500, Some(500)), 0, "nothing is written");
    }

    #[test]
    fn it_may_be_behind_for_longer_than_there_are_moments() {
        let (start, mut lag) = (Instant::now(), Lag::default());
        let mut at = |seconds: u32, replayed: u32| {
            let now = start + Duration::from_secs(seconds.into());
            lag.take(now, f64::from(seconds), Some(f64::from(replayed))).as_secs()
        };
        for second in 1..=6 * 3600 {
            // It lacks what was written after the first second.
            let (behind, real) = (at(second, 1), u64::from(second.max(2) - 2));
            assert!((real - real / 50..=real).contains(&behind), "{behind} of {real}");
        }
        let behind = at(6 * 3600 + 1, 3 * 3600);
        assert!((3 * 3600 - 200..=3 * 3600).contains(&behind), "{behind}");
        assert_eq!(at(6 * 3600 + 2, 6 * 3600 + 2), 0, "it has all");
        assert_eq!(at(6 * 3600 + 5, 6 * 3600 + 2), 0);
    }
}
