//! Sydney's clock: local times to UTC and back.
//!
//! The rule since 2008: daylight time (UTC+11) from the first Sunday of October, 2:00, to the first Sunday of April,
//! 3:00; standard time (UTC+10) for the rest. That one rule is all a seed needs, and a zone database would be the
//! largest dependency of this crate. Local times that do not exist, or exist twice, are read as standard time, as
//! PostgreSQL reads them. Years before 2008 had other rules and are not for here.

use chrono::{
    DateTime, Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc, Weekday,
};

const STANDARD: Duration = Duration::hours(10);
const DAYLIGHT: Duration = Duration::hours(11);

/// The moment at which clocks in Sydney show `minute` (0 to 1439) of `date`.
pub(crate) fn to_utc(date: NaiveDate, minute: u32) -> DateTime<Utc> {
    let local = date.and_time(NaiveTime::MIN) + Duration::minutes(i64::from(minute));
    let year = date.year();
    // The hour that is skipped in October and the one that comes twice in April both count as standard time.
    let summer = local < at(first_sunday(year, 4), 2) || local >= at(first_sunday(year, 10), 3);
    (local - if summer { DAYLIGHT } else { STANDARD }).and_utc()
}

/// What clocks in Sydney show at `moment`.
pub(crate) fn to_local(moment: DateTime<Utc>) -> NaiveDateTime {
    let standard = moment.naive_utc() + STANDARD;
    let year = standard.year();
    let summer =
        standard < at(first_sunday(year, 4), 2) || standard >= at(first_sunday(year, 10), 2);
    moment.naive_utc() + if summer { DAYLIGHT } else { STANDARD }
}

/// The days from `first` to `last`, both included, that are not on a weekend.
pub(crate) fn working_days(first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    first.iter_days().take_while(move |day| *day <= last).filter(|day| is_working_day(*day))
}

/// Whether the day is not on a weekend.
pub(crate) fn is_working_day(day: NaiveDate) -> bool {
    day.weekday().number_from_monday() <= 5
}

fn first_sunday(year: i32, month: u32) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(year, month, 1).expect("a month of the calendar");
    let ahead = Weekday::Sun.days_since(first.weekday());
    first + Days::new(u64::from(ahead))
}

fn at(date: NaiveDate, hour: u32) -> NaiveDateTime {
    date.and_time(NaiveTime::MIN) + Duration::hours(i64::from(hour))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a date")
    }

    fn nine_o_clock(year: i32, month: u32, day: u32) -> String {
        to_utc(date(year, month, day), 9 * 60).format("%F %R").to_string()
    }

    #[test]
    fn a_morning_in_winter_and_in_summer() {
        assert_eq!(nine_o_clock(2026, 7, 1), "2026-06-30 23:00");
        assert_eq!(nine_o_clock(2026, 12, 1), "2026-11-30 22:00");
    }

    #[test]
    fn the_days_around_both_changes() {
        assert_eq!(nine_o_clock(2026, 4, 4), "2026-04-03 22:00");
        assert_eq!(nine_o_clock(2026, 4, 5), "2026-04-04 23:00");
        assert_eq!(nine_o_clock(2026, 10, 3), "2026-10-02 23:00");
        assert_eq!(nine_o_clock(2026, 10, 4), "2026-10-03 22:00");
    }

    #[test]
    fn the_skipped_and_the_doubled_hour_are_standard_time() {
        assert_eq!(to_utc(date(2026, 10, 4), 150).format("%F %R").to_string(), "2026-10-03 16:30");
        assert_eq!(to_utc(date(2026, 4, 5), 150).format("%F %R").to_string(), "2026-04-04 16:30");
    }

    #[test]
    fn local_time_is_the_way_back() {
        for day in date(2026, 1, 1).iter_days().take(730) {
            for minute in [0, 9 * 60, 17 * 60, 23 * 60 + 59] {
                let local = to_local(to_utc(day, minute));
                assert_eq!(
                    local,
                    day.and_time(NaiveTime::MIN) + Duration::minutes(i64::from(minute))
                );
            }
        }
    }

    #[test]
    fn working_days_leave_out_the_weekend() {
        let days: Vec<String> = working_days(date(2026, 11, 20), date(2026, 11, 24))
            .map(|day| day.to_string())
            .collect();
        assert_eq!(days, ["2026-11-20", "2026-11-23", "2026-11-24"]);
    }
}
