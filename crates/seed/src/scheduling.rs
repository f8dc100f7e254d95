//! When Casey teaches: Monday to Friday, 9:00 to 17:00, with a break at noon, a day off, and the ways between suburbs.
//!
//! Days of the week count from Sunday, 0, as JavaScript's `getDay` does and the API with it.

use std::collections::BTreeSet;

use bigdecimal::BigDecimal;
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};
use client::{
    availability_exception, instructor_availability, instructor_working_hours, travel_time_cache,
};
use serde_json::json;

use crate::identity::Identity;
use crate::invent::place::{Place, Point};
use crate::people::People;
use crate::setting::Setting;
use crate::write::{Writer, stamp};
use crate::{Error, zone};

/// The first minute of the working day, and the first after it.
pub(crate) const HOURS: (i32, i32) = (9 * 60, 17 * 60);

const MONDAY_TO_FRIDAY: std::ops::RangeInclusive<i32> = 1..=5;

/// When Casey teaches.
#[derive(Debug)]
pub(crate) struct Scheduling {
    org: String,
    instructor: String,
    days: Vec<Day>,
    /// A working day that is not worked.
    pub(crate) day_off: NaiveDate,
    exception: String,
    travel: Vec<Travel>,
    created_at: DateTime<Utc>,
    now: DateTime<Utc>,
}

#[derive(Debug)]
struct Day {
    weekday: i32,
    availability: String,
    hours: String,
}

#[derive(Debug)]
struct Travel {
    id: String,
    from: Place,
    to: Place,
    metres: i32,
    minutes: i32,
}

/// The working week, a day off in about a week, and the ways between the first students' homes.
pub(crate) fn invent(setting: &Setting, identity: &Identity, people: &People) -> Scheduling {
    let day = |weekday| Day {
        weekday,
        availability: setting.id(&format!("availability/{weekday}")),
        hours: setting.id(&format!("working-hours/{weekday}")),
    };
    Scheduling {
        org: identity.org.clone(),
        instructor: people.casey.id.clone(),
        days: MONDAY_TO_FRIDAY.map(day).collect(),
        day_off: day_off(setting),
        exception: setting.id("availability-exception/day-off"),
        travel: travel(setting, people),
        created_at: setting.early(88),
        now: setting.now,
    }
}

/// A working day in about a week that is not worked.
pub(crate) fn day_off(setting: &Setting) -> NaiveDate {
    let today = zone::to_local(setting.now).date();
    let days = zone::working_days(today + Days::new(7), today + Days::new(14)).next();
    days.expect("a week has working days")
}

/// One way between any two suburbs of the first students.
fn travel(setting: &Setting, people: &People) -> Vec<Travel> {
    let mut seen = BTreeSet::new();
    let homes: Vec<&Place> = people
        .students
        .iter()
        .map(|student| &student.home)
        .filter(|home| seen.insert(home.suburb))
        .take(4)
        .collect();
    let pairs = homes.iter().flat_map(|from| homes.iter().map(move |to| (*from, *to)));
    let pairs = pairs.filter(|(from, to)| from.suburb != to.suburb);
    pairs
        .map(|(from, to)| {
            let metres = road_metres(from.point, to.point);
            Travel {
                id: setting.id(&format!("travel/{}/{}", from.suburb, to.suburb)),
                from: from.clone(),
                to: to.clone(),
                metres,
                // 30 km/h through the suburbs.
                minutes: metres / 500 + 2,
            }
        })
        .collect()
}

/// What a road between two points is likely to measure: once along each axis.
fn road_metres(from: Point, to: Point) -> i32 {
    let north = (from.lat - to.lat).abs() * 1_000 / 8_983;
    let east = (from.lng - to.lng).abs() * 1_000 / 10_810;
    i32::try_from(north + east).expect("both are in Sydney")
}

impl Scheduling {
    /// Writes availability, working hours, the day off and travel times.
    pub(crate) async fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        self.write_hours(writer).await?;
        writer.rows(self.travel.iter().map(|travel| self.travel_time(travel)).collect()).await
    }

    /// Writes when the instructor teaches. Travel times are the school's: two instructors may know the same way.
    pub(crate) async fn write_hours(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.rows(self.days.iter().map(|day| self.availability(day)).collect()).await?;
        writer.rows(self.days.iter().map(|day| self.working_hours(day)).collect()).await?;
        writer.rows(self.exceptions()).await
    }

    fn availability(&self, day: &Day) -> instructor_availability::CreateUnchecked {
        instructor_availability::CreateUnchecked {
            org_id: self.org.clone(),
            instructor_id: self.instructor.clone(),
            day_of_week: day.weekday,
            start_minute: HOURS.0,
            end_minute: HOURS.1,
            _params: vec![
                instructor_availability::id::set(day.availability.clone()),
                instructor_availability::created_at::set(stamp(self.created_at)),
                instructor_availability::updated_at::set(stamp(self.created_at)),
            ],
        }
    }

    fn working_hours(&self, day: &Day) -> instructor_working_hours::CreateUnchecked {
        instructor_working_hours::CreateUnchecked {
            org_id: self.org.clone(),
            instructor_id: self.instructor.clone(),
            day_of_week: day.weekday,
            start_time: "09:00".to_owned(),
            end_time: "17:00".to_owned(),
            _params: vec![
                instructor_working_hours::id::set(day.hours.clone()),
                instructor_working_hours::break_start_time::set(Some("12:30".to_owned())),
                instructor_working_hours::break_end_time::set(Some("13:00".to_owned())),
                instructor_working_hours::max_lessons_per_day::set(Some(6)),
                instructor_working_hours::travel_buffer_min::set(15),
                instructor_working_hours::effective_from::set(Some(stamp(self.created_at))),
                instructor_working_hours::created_at::set(stamp(self.created_at)),
                instructor_working_hours::updated_at::set(stamp(self.created_at)),
            ],
        }
    }

    fn exceptions(&self) -> Vec<availability_exception::CreateUnchecked> {
        vec![availability_exception::CreateUnchecked {
            org_id: self.org.clone(),
            instructor_id: self.instructor.clone(),
            // A day without a time is midnight UTC, as everywhere in the schema.
            date: stamp(self.day_off.and_time(NaiveTime::MIN).and_utc()),
            is_available: false,
            _params: vec![
                availability_exception::id::set(self.exception.clone()),
                availability_exception::note::set(Some("First-aid course".to_owned())),
                availability_exception::created_at::set(stamp(self.created_at)),
            ],
        }]
    }

    fn travel_time(&self, row: &Travel) -> travel_time_cache::CreateUnchecked {
        let (from_lat, from_lng) = row.from.point.decimals();
        let (to_lat, to_lng) = row.to.point.decimals();
        travel_time_cache::CreateUnchecked {
            org_id: self.org.clone(),
            from_location_hash: hash(&row.from),
            to_location_hash: hash(&row.to),
            from_lat,
            from_lng,
            to_lat,
            to_lng,
            driving_time_min: row.minutes,
            distance_meters: row.metres,
            cache_valid_until: stamp(self.now + Duration::days(30)),
            _params: vec![
                travel_time_cache::id::set(row.id.clone()),
                travel_time_cache::traffic_multiplier::set(BigDecimal::new(110.into(), 2)),
                travel_time_cache::time_of_day_factors::set(Some(
                    json!({"morning": 1.3, "noon": 1.0, "evening": 1.4}),
                )),
                travel_time_cache::last_updated::set(stamp(self.created_at)),
                travel_time_cache::created_at::set(stamp(self.created_at)),
                travel_time_cache::updated_at::set(stamp(self.created_at)),
            ],
        }
    }
}

/// The place to about a hundred metres, as the key of the cache.
fn hash(place: &Place) -> String {
    format!("{}:{}", place.point.lat / 1_000, place.point.lng / 1_000)
}
