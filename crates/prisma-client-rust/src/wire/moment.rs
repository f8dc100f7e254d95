//! Moments: microseconds and days since 1 January 2000, as PostgreSQL counts.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Offset as _, Utc};

const EPOCH_MICROS: i64 = 946_684_800_000_000;
const EPOCH_DAYS: i32 = 10_957;
const DAY_MICROS: i64 = 86_400_000_000;

/// The last moment that can be read back.
const LAST: i64 = DateTime::<Utc>::MAX_UTC.timestamp_micros() - EPOCH_MICROS;

/// Microseconds since PostgreSQL's epoch, rounded half away from it to `digits` after the second, as the server
/// rounds what it stores.
pub(super) fn to_micros(moment: &DateTime<FixedOffset>, digits: u8) -> Option<i64> {
    let micros = moment.timestamp_micros().checked_sub(EPOCH_MICROS)?;
    let step = 10_i64.pow(6 - u32::from(digits.min(6)));
    let half = if micros < 0 { -(step / 2) } else { step / 2 };
    let rounded = micros.checked_add(half)? / step * step;
    (rounded <= LAST).then_some(rounded)
}

/// The moment, or what is wrong with it.
pub(super) fn from_micros(micros: i64) -> Result<DateTime<FixedOffset>, String> {
    if micros == i64::MAX || micros == i64::MIN {
        return Err("the timestamp is infinite, which has no DateTime".to_owned());
    }
    let (days, rest) = (micros.div_euclid(DAY_MICROS), micros.rem_euclid(DAY_MICROS));
    moment(days, rest).ok_or_else(|| "the timestamp is outside the range of DateTime".to_owned())
}

/// Days since PostgreSQL's epoch, and microseconds of a day.
fn moment(days: i64, micros: i64) -> Option<DateTime<FixedOffset>> {
    let date = NaiveDate::from_epoch_days(i32::try_from(days).ok()?.checked_add(EPOCH_DAYS)?)?;
    // Below a day, both fit.
    let micros = u64::try_from(micros).ok()?;
    let seconds = u32::try_from(micros / 1_000_000).ok()?;
    let nanos = u32::try_from(micros % 1_000_000).ok()? * 1_000;
    let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanos)?;
    Some(DateTime::from_naive_utc_and_offset(date.and_time(time), Utc.fix()))
}

/// Days since PostgreSQL's epoch, in UTC.
pub(super) fn to_days(moment: &DateTime<FixedOffset>) -> Option<i32> {
    let micros = moment.timestamp_micros().checked_sub(EPOCH_MICROS)?;
    i32::try_from(micros.div_euclid(DAY_MICROS)).ok()
}

/// Midnight of the day in UTC.
pub(super) fn from_days(days: i32) -> Result<DateTime<FixedOffset>, String> {
    if days == i32::MAX || days == i32::MIN {
        return Err("the date is infinite, which has no DateTime".to_owned());
    }
    from_micros(i64::from(days).saturating_mul(DAY_MICROS))
}

/// Microseconds since midnight, in UTC.
pub(super) fn to_time(moment: &DateTime<FixedOffset>) -> i64 {
    moment.timestamp_micros().rem_euclid(DAY_MICROS)
}

/// The time of day on 1 January 1970; `west` is the zone in seconds west of Greenwich.
pub(super) fn from_time(micros: i64, west: i32) -> Result<DateTime<FixedOffset>, String> {
    let utc = (micros + i64::from(west) * 1_000_000).rem_euclid(DAY_MICROS);
    from_micros(utc - EPOCH_MICROS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(text).unwrap()
    }

    #[test]
    fn milliseconds_round_half_away_from_the_epoch() {
        let rounded = |text| from_micros(to_micros(&at(text), 3).unwrap()).unwrap();
        assert_eq!(rounded("2020-01-01T00:00:00.000499Z"), at("2020-01-01T00:00:00Z"));
        assert_eq!(rounded("2020-01-01T00:00:00.000500Z"), at("2020-01-01T00:00:00.001Z"));
        assert_eq!(rounded("1990-01-01T00:00:00.999500Z"), at("1990-01-01T00:00:00.999Z"));
        assert_eq!(rounded("1990-01-01T00:00:00.999501Z"), at("1990-01-01T00:00:01Z"));
        assert_eq!(rounded("2020-01-01T10:00:00.1+10:00"), at("2020-01-01T00:00:00.1Z"));
    }

    #[test]
    fn days_before_the_epoch_round_down() {
        assert_eq!(to_days(&at("1999-12-31T23:59:59Z")), Some(-1));
        assert_eq!(from_days(-1).unwrap(), at("1999-12-31T00:00:00Z"));
    }

    #[test]
    fn infinity_is_refused() {
        assert!(from_micros(i64::MAX).unwrap_err().contains("infinite"));
        assert!(from_days(i32::MIN).unwrap_err().contains("infinite"));
    }

    #[test]
    fn times_move_to_utc() {
        let ten = 10 * 3_600 * 1_000_000;
        assert_eq!(from_time(ten, -36_000).unwrap(), at("1970-01-01T00:00:00Z"));
    }
}
