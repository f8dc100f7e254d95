//! What took place: a lesson for each booking that is completed or under way, its drives and their GPS readings.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use client::BookingStatus::{Completed, InProgress};
use client::{lesson, trip, trip_point};
use rand::RngExt as _;

use crate::Error;
use crate::bookings::{Booking, Bookings};
use crate::identity::Identity;
use crate::invent::drive::{self, Reading};
use crate::people::People;
use crate::setting::Setting;
use crate::write::{Writer, stamp};

/// Before a drive: mirrors, seat, what today is about. After it: what went well.
const TALK: Duration = Duration::minutes(3);

/// A lesson longer than this has a pause in the middle, and so two drives.
const PAUSE_AFTER: Duration = Duration::minutes(75);

/// A lesson under way is shown as far as this, however long ago it began.
const UNDER_WAY: Duration = Duration::minutes(25);

/// What took place.
#[derive(Debug)]
pub(crate) struct Trips {
    org: String,
    instructor: String,
    lessons: Vec<Lesson>,
}

#[derive(Debug)]
struct Lesson {
    id: String,
    booking: String,
    student: String,
    started_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    rating: Option<i32>,
    notes: Option<&'static str>,
    trips: Vec<Arc<Trip>>,
    changed_at: DateTime<Utc>,
}

#[derive(Debug)]
struct Trip {
    id: String,
    started_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    readings: Vec<Reading>,
    /// What the ids of the readings are made of: there are too many of them to keep.
    setting: Setting,
    path: String,
}

const NOTES: [&str; 6] = [
    "Three-point turns are there; parallel parking next",
    "Good lane discipline on the M4",
    "Roundabouts: look right earlier",
    "Smooth gear changes today",
    "Hill starts without rolling back",
    "Ready for the test",
];

/// Lessons, drives and readings of what is completed or under way.
pub(crate) fn invent(
    setting: &Setting,
    identity: &Identity,
    people: &People,
    bookings: &Bookings,
) -> Trips {
    with_readings(setting, identity, people, bookings, |_| None)
}

/// The same with as many readings as `count` says of a lesson that is over, at most [`MOST_READINGS`]. What is under way
/// has none then.
pub(crate) fn with_readings(
    setting: &Setting,
    identity: &Identity,
    people: &People,
    bookings: &Bookings,
    mut count: impl FnMut(&Booking) -> Option<usize>,
) -> Trips {
    let lesson = |booking: &Booking| lesson(setting, booking, count(booking));
    Trips {
        org: identity.org.clone(),
        instructor: people.casey.id.clone(),
        lessons: bookings.all.iter().filter_map(lesson).collect(),
    }
}

/// What a lesson has time for at one reading a second: an hour that began four minutes late, without [`TALK`].
pub(crate) const MOST_READINGS: usize = 3_000;

fn lesson(setting: &Setting, booking: &Booking, readings: Option<usize>) -> Option<Lesson> {
    let started_at = booking.reached(InProgress)?;
    let ended_at = booking.reached(Completed);
    let path = format!("{}/lesson", booking.path);
    let dice = &mut setting.dice(&path);
    let over = ended_at.is_some();
    Some(Lesson {
        id: setting.id(&path),
        booking: booking.id.clone(),
        student: booking.student.id.clone(),
        started_at,
        ended_at,
        rating: (over && dice.random_ratio(3, 4)).then(|| dice.random_range(3..=5)),
        notes: over.then(|| NOTES[dice.random_range(0..NOTES.len())]),
        trips: trips(setting, booking, &path, spans(started_at, ended_at, setting.now), readings),
        changed_at: ended_at.unwrap_or(started_at),
    })
}

/// When the car moves during a lesson.
fn spans(
    started_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let first = started_at + TALK;
    let Some(ended_at) = ended_at else {
        let last = now.min(started_at + UNDER_WAY);
        return if last > first { vec![(first, last)] } else { Vec::new() };
    };
    let last = ended_at - TALK;
    if ended_at - started_at < PAUSE_AFTER {
        return vec![(first, last)];
    }
    let middle = first + (last - first) / 2;
    vec![(first, middle - TALK), (middle + TALK, last)]
}

/// A trip for each time that the car moves; `readings` is for all of them together.
fn trips(
    setting: &Setting,
    booking: &Booking,
    path: &str,
    spans: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    readings: Option<usize>,
) -> Vec<Arc<Trip>> {
    let home = booking.student.home.point;
    let over = booking.reached(Completed).is_some();
    let count = spans.len();
    let trip = |(index, (started_at, ended_at)): (usize, (DateTime<Utc>, DateTime<Utc>))| {
        let path = format!("{path}/trip/{index}");
        let dice = &mut setting.dice(&path);
        let seconds = (ended_at - started_at).num_seconds();
        let readings = match readings {
            None => drive::drive(dice, home, seconds),
            Some(readings) => drive::readings(dice, home, seconds, (readings + index) / count),
        };
        Arc::new(Trip {
            id: setting.id(&path),
            started_at,
            ended_at: over.then_some(ended_at),
            readings,
            setting: setting.clone(),
            path,
        })
    };
    spans.into_iter().enumerate().map(trip).collect()
}

impl Lesson {
    fn metres(&self) -> i32 {
        let of_trip = |trip: &Arc<Trip>| drive::metres(&trip.readings);
        i32::try_from(self.trips.iter().map(of_trip).sum::<i64>())
            .expect("a lesson goes around town")
    }

    fn seconds(&self) -> Option<i32> {
        self.ended_at
            .and_then(|ended_at| i32::try_from((ended_at - self.started_at).num_seconds()).ok())
    }
}

impl Trips {
    /// Writes lessons, drives and readings.
    pub(crate) async fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.rows(self.lessons.iter().map(|lesson| self.lesson(lesson)).collect()).await?;
        let trips = || {
            self.lessons
                .iter()
                .flat_map(|lesson| lesson.trips.iter().map(move |trip| (lesson, trip)))
        };
        writer.rows(trips().map(|(lesson, trip)| trip_row(lesson, trip)).collect()).await?;
        let trips: Vec<Arc<Trip>> = trips().map(|(_, trip)| trip.clone()).collect();
        writer.stream(trips.into_iter().flat_map(points)).await
    }

    fn lesson(&self, row: &Lesson) -> lesson::CreateUnchecked {
        lesson::CreateUnchecked {
            org_id: self.org.clone(),
            booking_id: row.booking.clone(),
            instructor_id: self.instructor.clone(),
            student_id: row.student.clone(),
            _params: vec![
                lesson::id::set(row.id.clone()),
                lesson::started_at::set(Some(stamp(row.started_at))),
                lesson::ended_at::set(row.ended_at.map(stamp)),
                lesson::rating::set(row.rating),
                lesson::notes::set(row.notes.map(str::to_owned)),
                lesson::distance_meters::set(row.ended_at.map(|_| row.metres())),
                lesson::duration_sec::set(row.seconds()),
                lesson::created_at::set(stamp(row.started_at)),
                lesson::updated_at::set(stamp(row.changed_at)),
            ],
        }
    }
}

fn trip_row(lesson: &Lesson, row: &Trip) -> trip::CreateUnchecked {
    trip::CreateUnchecked {
        lesson_id: lesson.id.clone(),
        started_at: stamp(row.started_at),
        _params: vec![
            trip::id::set(row.id.clone()),
            trip::ended_at::set(row.ended_at.map(stamp)),
            trip::created_at::set(stamp(row.started_at)),
        ],
    }
}

/// The readings of a trip, each made as it is written.
fn points(trip: Arc<Trip>) -> impl Iterator<Item = trip_point::CreateUnchecked> {
    (0..trip.readings.len()).map(move |index| {
        let reading = &trip.readings[index];
        let id = trip.setting.id(&format!("{}/{}", trip.path, reading.second));
        let ts = stamp(trip.started_at + Duration::seconds(reading.second));
        let (lat, lng) = reading.point.decimals();
        trip_point::CreateUnchecked {
            trip_id: trip.id.clone(),
            ts,
            lat,
            lng,
            _params: vec![
                trip_point::id::set(id),
                trip_point::speed_kph::set(Some(reading.kph())),
                trip_point::created_at::set(ts),
            ],
        }
    })
}
