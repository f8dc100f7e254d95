//! Which hours of Casey's weeks are booked, and for what.
//!
//! Lessons begin at fixed times with a quarter of an hour between them for the way, so no two overlap, whatever the
//! dice say. A test preparation takes the place of two lessons.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use rand::RngExt as _;

use crate::catalog::{LESSON_MINUTES, TEST_PREPARATION_MINUTES};
use crate::setting::Setting;
use crate::zone;

/// How many days before and after now have bookings.
const DAYS: (u64, u64) = (28, 14);

/// Minutes of the day at which a lesson can begin.
const STARTS: [u32; 6] =
    [9 * 60, 10 * 60 + 15, 11 * 60 + 30, 13 * 60 + 15, 14 * 60 + 30, 15 * 60 + 45];

/// Where a test preparation fits: neither into the break at 12:30 nor past 17:00.
const LONG_STARTS: [usize; 4] = [0, 1, 3, 4];

/// A booked time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) start: DateTime<Utc>,
    pub(crate) end: DateTime<Utc>,
    pub(crate) test_preparation: bool,
}

/// The booked times of some weeks around now, the earliest first.
pub(crate) fn weeks(setting: &Setting, day_off: NaiveDate) -> Vec<Slot> {
    let today = zone::to_local(setting.now).date();
    let days = zone::working_days(today - Days::new(DAYS.0), today + Days::new(DAYS.1));
    days.filter(|day| *day != day_off).flat_map(|day| slots_of(setting, day)).collect()
}

/// So many booked times before now and after it, the earliest first, over as many days as it takes.
pub(crate) fn many(setting: &Setting, day_off: NaiveDate, past: usize, future: usize) -> Vec<Slot> {
    let today = zone::to_local(setting.now).date();
    let begun = |slot: &Slot| slot.start <= setting.now;
    let before = (0..).map(|days| today - Days::new(days)).filter(|day| zone::is_working_day(*day));
    let before = before.flat_map(|day| slots_of(setting, day).into_iter().rev()).filter(begun);
    let mut slots: Vec<Slot> = before.take(past).collect();
    slots.reverse();
    let after = (0..).map(|days| today + Days::new(days)).filter(|day| zone::is_working_day(*day));
    let after = after.filter(|day| *day != day_off).flat_map(|day| slots_of(setting, day));
    slots.extend(after.filter(|slot| !begun(slot)).take(future));
    slots
}

fn slots_of(setting: &Setting, day: NaiveDate) -> Vec<Slot> {
    let dice = &mut setting.dice(&format!("day/{day}"));
    let lengths =
        [LESSON_MINUTES, TEST_PREPARATION_MINUTES].map(|minutes| Duration::minutes(minutes.into()));
    let mut slots = Vec::new();
    let mut index = 0;
    while index < STARTS.len() {
        let booked = dice.random_ratio(5, 8);
        let test_preparation = dice.random_ratio(1, 5) && LONG_STARTS.contains(&index);
        if booked {
            let start = zone::to_utc(day, STARTS[index]);
            slots.push(Slot {
                start,
                end: start + lengths[usize::from(test_preparation)],
                test_preparation,
            });
        }
        index += if booked && test_preparation { 2 } else { 1 };
    }
    slots
}

#[cfg(test)]
mod tests {
    use chrono::Timelike as _;

    use super::*;
    use crate::Profile;

    fn some(seed: u64) -> Vec<Slot> {
        let now = "2026-11-22T00:00:00Z".parse().expect("a time");
        let day_off = NaiveDate::from_ymd_opt(2026, 11, 30).expect("a date");
        weeks(&Setting::new(Profile::Demo, seed, now), day_off)
    }

    #[test]
    fn many_are_as_many_as_asked_for_in_order_and_on_either_side_of_now() {
        for (now, seed) in [("2026-11-22T00:00:00Z", 1), ("2026-11-25T03:20:00Z", 2)] {
            let setting = Setting::new(Profile::Demo, seed, now.parse().expect("a time"));
            let day_off = NaiveDate::from_ymd_opt(2026, 11, 30).expect("a date");
            let slots = many(&setting, day_off, 300, 40);
            assert_eq!(slots.len(), 340);
            assert_eq!(slots.iter().filter(|slot| slot.start <= setting.now).count(), 300);
            for pair in slots.windows(2) {
                assert!(pair[1].start - pair[0].end >= Duration::minutes(15), "{pair:?}");
            }
            let near = weeks(&setting, day_off);
            assert!(slots.iter().filter(|slot| near.contains(slot)).count() > 40);
        }
    }

    #[test]
    fn slots_are_in_order_with_time_for_the_way() {
        for seed in 0..50 {
            for pair in some(seed).windows(2) {
                assert!(pair[1].start - pair[0].end >= Duration::minutes(15), "{pair:?}");
            }
        }
    }

    #[test]
    fn slots_are_in_working_hours_and_not_in_the_break() {
        for slot in (0..50).flat_map(some) {
            let (start, end) = (zone::to_local(slot.start), zone::to_local(slot.end));
            let minutes = |time: chrono::NaiveDateTime| time.hour() * 60 + time.minute();
            assert!(minutes(start) >= 9 * 60 && minutes(end) <= 17 * 60, "{slot:?}");
            assert!(minutes(end) <= 12 * 60 + 30 || minutes(start) >= 13 * 60, "{slot:?}");
        }
    }

    #[test]
    fn nothing_is_booked_on_the_day_off() {
        let day_off = "2026-11-30";
        assert!(
            (0..50)
                .flat_map(some)
                .all(|slot| zone::to_local(slot.start).date().to_string() != day_off)
        );
    }
}
