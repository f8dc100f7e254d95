//! What a load is made of: schools with teams, and the parts that are written one after the other.
//!
//! A team is an instructor with students and bookings, made by the same domains as the demo. Which part has what
//! follows from the sizes, the seed and the now alone, so a part can be made again, or found to be there, by its number.

use std::ops::Range;

use crate::Error;
use crate::audit;
use crate::bookings::{self, Diary};
use crate::catalog;
use crate::finance;
use crate::identity::{self, Identity};
use crate::licences;
use crate::messaging;
use crate::people::{self, People};
use crate::scheduling;
use crate::setting::Setting;
use crate::summary::grouped;
use crate::trips::{self, MOST_READINGS};
use crate::write::Writer;

use super::Size;

/// Bookings of one team at most: half a year that is over and a few weeks to come.
const TEAM_BOOKINGS: usize = 600;

/// Days by which schools are older than the demo's: longer than the bookings of a team go back.
pub(super) const LONGER_PAST: i64 = 365;

/// Students of one team.
const STUDENTS: usize = 24;

/// Rows of a team beside its bookings, and rows of a booking beside its readings, about.
const TEAM_ROWS: usize = 110;
const BOOKING_ROWS: usize = 14;

/// Rows of a part, about: enough that a commit does not count, few enough to be at hand at once.
const PART_ROWS: usize = 20_000;

/// Everything that is to be there.
#[derive(Debug)]
pub(super) struct Plan {
    setting: Setting,
    /// How many teams each school has.
    schools: Vec<usize>,
    bookings: Vec<Part>,
    /// Readings of a lesson that is over, and how many of the first lessons have one more.
    readings: (usize, usize),
}

/// What is written in one transaction.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// A school and its teams, without bookings.
    School {
        /// The number of the school.
        school: usize,
        /// Its teams.
        teams: usize,
    },
    /// Bookings of one team, and everything that became of them.
    Bookings {
        /// The number of the school.
        school: usize,
        /// The number of the team in it.
        team: usize,
        /// Bookings of the team that are before now, and after it.
        around: (usize, usize),
        /// Which of them.
        range: Range<usize>,
        /// The lessons that are over, numbered through the whole load.
        lessons: Range<usize>,
    },
}

/// The setting of a load: other sizes are another load beside the first.
pub(super) fn setting(base: &Setting, size: &Size) -> Setting {
    let Size { orgs, bookings, trip_points, .. } = size;
    base.within(&format!("{orgs}/{bookings}/{trip_points}")).with_longer_past(LONGER_PAST)
}

/// The ids of the schools.
pub(super) fn schools(setting: &Setting, size: &Size) -> Vec<String> {
    (0..size.orgs).map(|school| identity::org_id(&of_school(setting, school))).collect()
}

fn of_school(setting: &Setting, school: usize) -> Setting {
    setting.within(&format!("school/{school}"))
}

impl Plan {
    /// Fails where lessons have no time for so many readings.
    pub(super) fn new(setting: Setting, size: &Size) -> Result<Self, Error> {
        if size.orgs == 0 {
            return Err(Error::Size("a load has at least one school: --orgs 1".to_owned()));
        }
        let readings = size.trip_points.checked_div(size.bookings).unwrap_or_default();
        let step = (PART_ROWS / (BOOKING_ROWS + readings)).clamp(1, TEAM_BOOKINGS);
        let mut plan =
            Self { setting, schools: Vec::new(), bookings: Vec::new(), readings: (0, 0) };
        let mut over = 0;
        for (school, bookings) in shares(size.bookings, size.orgs).enumerate() {
            let teams = bookings.div_ceil(TEAM_BOOKINGS).max(1);
            plan.schools.push(teams);
            for (team, bookings) in shares(bookings, teams).enumerate() {
                over = plan.plan_team(school, team, bookings, step, over);
            }
        }
        plan.readings = readings_of(size, over)?;
        // Parts that lie side by side are of different schools, so that those at work do not meet at one row.
        plan.bookings.sort_by_key(|part| match part {
            Part::School { .. } => (0, 0),
            Part::Bookings { team, range, .. } => (range.start, *team),
        });
        Ok(plan)
    }

    /// Plans the bookings of a team, where `over` lessons are over before it; says how many are with it.
    fn plan_team(
        &mut self,
        school: usize,
        team: usize,
        bookings: usize,
        step: usize,
        mut over: usize,
    ) -> usize {
        let future = bookings / 6;
        let around = (bookings - future, future);
        let diary = Diary::of_many(&self.of_team(school, team), around.0, around.1);
        let completed: Vec<bool> = diary.completed().collect();
        for start in (0..completed.len()).step_by(step) {
            let range = start..completed.len().min(start + step);
            let more = completed[range.clone()].iter().filter(|completed| **completed).count();
            let lessons = over..over + more;
            self.bookings.push(Part::Bookings { school, team, around, range, lessons });
            over += more;
        }
        over
    }

    fn of_team(&self, school: usize, team: usize) -> Setting {
        of_school(&self.setting, school).within(&format!("team/{team}"))
    }

    /// The schools, which come before anything of theirs.
    pub(super) fn schools(&self) -> Vec<Part> {
        let part = |(school, teams): (usize, &usize)| Part::School { school, teams: *teams };
        self.schools.iter().enumerate().map(part).collect()
    }

    /// Everything else.
    pub(super) fn bookings(&self) -> Vec<Part> {
        self.bookings.clone()
    }

    /// The row by which a part is known to be there: all of a part is, or nothing.
    pub(super) fn mark(&self, part: &Part) -> String {
        match part {
            Part::School { school, .. } => identity::org_id(&of_school(&self.setting, *school)),
            Part::Bookings { school, team, range, .. } => {
                bookings::id(&self.of_team(*school, *team), range.start)
            }
        }
    }

    /// The rows of a part, about.
    pub(super) fn rows(&self, part: &Part) -> usize {
        match part {
            Part::School { teams, .. } => teams * TEAM_ROWS,
            Part::Bookings { range, lessons, .. } => {
                range.len() * BOOKING_ROWS + lessons.len() * self.readings.0
            }
        }
    }

    /// Writes a part.
    pub(super) async fn write(&self, part: &Part, writer: &mut Writer) -> Result<(), Error> {
        match part {
            Part::School { school, teams } => self.write_school(*school, *teams, writer).await,
            Part::Bookings { school, team, around, range, lessons } => {
                let setting = &self.of_team(*school, *team);
                let (identity, people) = self.people(*school, *team);
                let catalog = catalog::invent(&of_school(&self.setting, *school), &identity);
                let diary = Diary::of_many(setting, around.0, around.1);
                let bookings = diary.bookings(setting, &identity, &people, &catalog, range.clone());
                let mut lessons = lessons.clone();
                let count = |booking: &bookings::Booking| {
                    Some(if booking.is_over() { self.readings_of(lessons.next()) } else { 0 })
                };
                let trips = trips::with_readings(setting, &identity, &people, &bookings, count);
                bookings.write(writer).await?;
                trips.write(writer).await?;
                finance::invent(setting, &identity, &people, &bookings).write(writer).await?;
                messaging::invent(setting, &identity, &bookings).write(writer).await?;
                audit::of_bookings(setting, &identity, &bookings).write(writer).await
            }
        }
    }

    async fn write_school(
        &self,
        school: usize,
        teams: usize,
        writer: &mut Writer,
    ) -> Result<(), Error> {
        let setting = of_school(&self.setting, school);
        for team in 0..teams {
            let (identity, people) = self.people(school, team);
            let of_team = self.of_team(school, team);
            let scheduling = scheduling::invent(&of_team, &identity, &people);
            if team == 0 {
                identity.write(writer).await?;
                catalog::invent(&setting, &identity).write(writer).await?;
                licences::invent(&setting, &identity).write(writer).await?;
                people.write(writer).await?;
                scheduling.write(writer).await?;
            } else {
                let accounts = [&identity.instructor, &identity.student];
                identity.write_accounts(writer, &accounts).await?;
                people.write(writer).await?;
                scheduling.write_hours(writer).await?;
            }
            audit::of_team(&of_team, &identity, &people).write(writer).await?;
        }
        Ok(())
    }

    fn people(&self, school: usize, team: usize) -> (Identity, People) {
        let setting = self.of_team(school, team);
        let identity = identity::one_of_many(&of_school(&self.setting, school), &setting);
        let people = people::team(&setting, &identity, STUDENTS - 1);
        (identity, people)
    }

    fn readings_of(&self, lesson: Option<usize>) -> usize {
        let (readings, more) = self.readings;
        readings + usize::from(lesson.is_some_and(|lesson| lesson < more))
    }
}

/// `total` in so many shares that differ by one at most.
fn shares(total: usize, count: usize) -> impl Iterator<Item = usize> {
    (0..count).map(move |index| total / count + usize::from(index < total % count))
}

/// How many readings each of so many lessons has, and how many have one more.
fn readings_of(size: &Size, lessons: usize) -> Result<(usize, usize), Error> {
    let points = size.trip_points;
    if points > lessons * MOST_READINGS {
        // Those that are over are not a fixed share: a little more than by the rule of three.
        let needed = points.div_ceil(MOST_READINGS) * 8 / 5 + 2 * size.orgs;
        return Err(Error::Size(format!(
            "a lesson has time for {} readings, and of {} bookings {} are lessons that are over: for {} trip points \
             take --bookings {needed}",
            grouped(MOST_READINGS),
            grouped(size.bookings),
            grouped(lessons),
            grouped(points),
        )));
    }
    Ok((points.checked_div(lessons).unwrap_or(0), points.checked_rem(lessons).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;

    fn plan(orgs: usize, bookings: usize, trip_points: usize) -> Result<Plan, Error> {
        let now = "2026-11-23T00:00:00Z".parse().expect("a time");
        let size = Size { orgs, bookings, trip_points, ..Size::default() };
        Plan::new(setting(&Setting::new(Profile::Load, 1, now), &size), &size)
    }

    #[test]
    fn the_parts_have_every_booking_and_reading_once() {
        for (orgs, bookings, points) in
            [(1, 1, 0), (3, 100, 7), (2, 2_000, 100_001), (7, 5_000, 0), (2, 0, 0)]
        {
            let plan = plan(orgs, bookings, points).expect("a plan");
            let (mut count, mut readings) = (0, 0);
            for part in plan.bookings() {
                let Part::Bookings { range, lessons, .. } = &part else { panic!("{part:?}") };
                assert!(lessons.len() <= range.len());
                count += range.len();
                readings += lessons.clone().map(|one| plan.readings_of(Some(one))).sum::<usize>();
            }
            assert_eq!((count, readings), (bookings, points));
            assert_eq!(plan.schools().len(), orgs);
        }
    }

    #[test]
    fn every_part_has_a_mark_of_its_own() {
        let plan = plan(3, 3_000, 500_000).expect("a plan");
        let parts = plan.bookings();
        let marks: std::collections::BTreeSet<String> =
            parts.iter().map(|part| plan.mark(part)).collect();
        assert!(parts.len() > 20 && marks.len() == parts.len(), "{} parts", parts.len());
        assert!(parts.iter().all(|part| plan.rows(part) < 2 * PART_ROWS));
    }

    #[test]
    fn too_many_readings_are_refused_with_what_would_do() {
        let error = plan(2, 100, 1_000_000).expect_err("no time for so many").to_string();
        let needed = error.rsplit(' ').next().and_then(|words| words.parse().ok());
        assert!(plan(2, needed.expect("a number"), 1_000_000).is_ok(), "{error}");
        assert!(plan(0, 100, 0).is_err());
    }
}
