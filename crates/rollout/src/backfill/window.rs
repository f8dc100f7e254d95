//! The hours in which a backfill may work: `01:00-05:00`, also over midnight.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::{NaiveTime, TimeDelta};

/// From one time of day up to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    from: NaiveTime,
    to: NaiveTime,
}

impl Window {
    /// How long until it opens; nothing while it is open.
    pub fn opens_in(&self, now: NaiveTime) -> Option<Duration> {
        let is_open = if self.from < self.to {
            now >= self.from && now < self.to
        } else {
            now >= self.from || now < self.to
        };
        if is_open {
            return None;
        }
        let until = self.from - now;
        let until = if until < TimeDelta::zero() { until + TimeDelta::days(1) } else { until };
        until.to_std().ok()
    }
}

impl FromStr for Window {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
        let ends = text.split_once('-').and_then(|(from, to)| Some((time(from)?, time(to)?)));
        match ends {
            Some((from, to)) if from != to => Ok(Self { from, to }),
            _ => Err("a window is two times of day: 01:00-05:00".to_owned()),
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from.format("%H:%M"), self.to.format("%H:%M"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_may_lie_over_midnight() {
        let opens = |window: &str, now: &str| {
            let now = NaiveTime::parse_from_str(now, "%H:%M:%S").unwrap();
            window.parse::<Window>().unwrap().opens_in(now).map(|wait| wait.as_secs())
        };
        assert_eq!(opens("01:00-05:00", "01:00:00"), None);
        assert_eq!(opens("01:00-05:00", "04:59:59"), None);
        assert_eq!(opens("01:00-05:00", "05:00:00"), Some(20 * 3600));
        assert_eq!(opens("01:00-05:00", "00:59:59"), Some(1));
        assert_eq!(opens("22:30-05:00", "23:00:00"), None);
        assert_eq!(opens("22:30-05:00", "02:00:00"), None);
        assert_eq!(opens("22:30-05:00", "05:00:00"), Some(17 * 3600 + 1800));
        assert_eq!(opens("22:30-00:00", "00:00:00"), Some(22 * 3600 + 1800));
    }

    #[test]
    fn what_is_no_window_is_told() {
        for text in ["", "1-5", "01:00", "01:00-25:00", "01:00-01:00", "01:00–05:00"] {
            assert!(text.parse::<Window>().is_err(), "{text}");
        }
        assert_eq!("1:00 - 5:30".parse::<Window>().unwrap().to_string(), "01:00-05:30");
    }
}
