//! Names of new migrations: `20260131093001_add_nickname`, the moment in UTC and what a person
//! called it, in snake case.

use std::time::SystemTime;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::slug::slug;

/// Where Prisma's CLI cuts what was made of a title, so that its engine need not refuse it (P3010).
pub const MAXIMUM_BYTES: usize = 200;

const MOMENT: &str = "%Y%m%d%H%M%S";

/// The folder's name of a migration made at `now`. A title without letters and digits gives a name that
/// ends with the underscore, as Prisma's does.
pub fn new(title: &str, now: SystemTime) -> String {
    at(title, now.into())
}

/// Like [`new`], yet in any case a name that comes after `last`: two migrations may be made in one second,
/// and a colleague's clock may be ahead. Order is all that the moment is for.
pub fn after(last: Option<&str>, title: &str, now: SystemTime) -> String {
    let name = new(title, now);
    // One of the same second too: which of the two comes first is not to hang on their titles.
    match last.and_then(moment).filter(|taken| Some(*taken) >= moment(&name)) {
        Some(taken) => at(title, taken + TimeDelta::seconds(1)),
        None => name,
    }
}

/// A name that stands where `last` stood: with its moment, or else after it.
pub fn in_place_of(last: &str, title: &str) -> String {
    match moment(last) {
        Some(moment) => at(title, moment),
        None => format!("{last}_{}", cut_slug(title)),
    }
}

fn at(title: &str, moment: DateTime<Utc>) -> String {
    format!("{}_{}", moment.format(MOMENT), cut_slug(title))
}

fn cut_slug(title: &str) -> String {
    let mut slug = slug(title);
    // All of it is ASCII.
    slug.truncate(MAXIMUM_BYTES);
    slug
}

/// The moment in a name.
pub(super) fn moment(name: &str) -> Option<DateTime<Utc>> {
    let digits =
        name.get(..14).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    NaiveDateTime::parse_from_str(digits, MOMENT).ok().map(|moment| moment.and_utc())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_name_is_the_moment_in_utc_and_the_slug() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_769_851_801);
        assert_eq!(new("Add nickname", now), "20260131093001_add_nickname");
        assert_eq!(new("", now), "20260131093001_");
    }

    #[test]
    fn a_long_name_is_cut_where_the_reference_cuts_it() {
        let name = new(&"x".repeat(300), SystemTime::UNIX_EPOCH);
        assert_eq!(name, format!("19700101000000_{}", "x".repeat(200)));
    }
}
