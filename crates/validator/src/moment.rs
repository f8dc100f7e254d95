//! A moment as it is typed: how long ago, a day, or a time with its offset.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};

/// `1h` ago; the beginning of a day in UTC; or a moment.
///
/// # Errors
/// Anything else, in words that say what can be typed.
pub fn parse(text: &str) -> Result<DateTime<Utc>, String> {
    if let Some(ago) = ago(text) {
        return Utc::now()
            .checked_sub_signed(ago)
            .ok_or_else(|| "that is longer ago than there is a calendar for".to_owned());
    }
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(day.and_time(NaiveTime::MIN).and_utc());
    }
    text.parse().map_err(|_| {
        "neither how long ago (1h, 30m, 7d) nor a day (2026-11-28) nor a moment with its offset (2026-11-28T09:00:00Z)"
            .to_owned()
    })
}

fn ago(text: &str) -> Option<Duration> {
    let at = text.find(|char: char| !char.is_ascii_digit())?;
    let (number, unit) = text.split_at(at);
    let number: i64 = number.parse().ok()?;
    match unit {
        "s" => Duration::try_seconds(number),
        "m" | "min" => Duration::try_minutes(number),
        "h" => Duration::try_hours(number),
        "d" => Duration::try_days(number),
        "w" => Duration::try_weeks(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_three_ways() {
        let seconds_ago = |text: &str| {
            let moment = parse(text).expect("a moment");
            (Utc::now() - moment).num_seconds()
        };
        for (text, seconds) in [
            ("90s", 90),
            ("30m", 1_800),
            ("30min", 1_800),
            ("1h", 3_600),
            ("7d", 604_800),
            ("1w", 604_800),
        ] {
            assert!((seconds..seconds + 5).contains(&seconds_ago(text)), "{text}");
        }
        let written = |text: &str| parse(text).map(|moment| moment.to_rfc3339());
        assert_eq!(written("2026-11-28").as_deref(), Ok("2026-11-28T00:00:00+00:00"));
        assert_eq!(
            written("2026-11-28T09:00:00+10:00").as_deref(),
            Ok("2026-11-27T23:00:00+00:00")
        );
        for wrong in ["", "h", "1", "1y", "yesterday", "-1h", "9999999999999999d", "99999999999d"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
