//! The bookings of the demo school, on all kinds of days.

use client::BookingStatus;

use super::{Bookings, invent};
use crate::setting::Setting;
use crate::{Profile, catalog, identity, people, scheduling};

/// Noon and midnight, a weekend and both changes of Sydney's clock.
const NOWS: [&str; 5] = [
    "2026-11-23T00:00:00Z",
    "2026-11-22T00:00:00Z",
    "2026-11-25T03:20:00Z",
    "2026-10-06T00:00:00Z",
    "2026-04-07T13:00:00Z",
];

fn calendars() -> impl Iterator<Item = (Setting, Bookings)> {
    let settings = NOWS.into_iter().flat_map(|now| {
        (0..20).map(move |seed| Setting::new(Profile::Demo, seed, now.parse().expect("a time")))
    });
    settings.map(|setting| {
        let identity = identity::invent(&setting);
        let people = people::invent(&setting, &identity);
        let catalog = catalog::invent(&setting, &identity);
        let scheduling = scheduling::invent(&setting, &identity, &people);
        let bookings = invent(&setting, &identity, &people, &catalog, &scheduling);
        (setting, bookings)
    })
}

#[test]
fn there_are_bookings_in_every_status() {
    use BookingStatus::{
        Cancelled, Completed, Confirmed, Draft, InProgress, NoShow, PendingPayment, Requested,
        Scheduled,
    };
    for (setting, bookings) in calendars() {
        let all = [
            Draft,
            PendingPayment,
            Requested,
            Confirmed,
            Scheduled,
            InProgress,
            Completed,
            Cancelled,
            NoShow,
        ];
        for status in all {
            let has = bookings.all.iter().any(|booking| booking.status() == status);
            assert!(has, "{status:?} is missing: {setting:?}");
        }
    }
}

#[test]
fn what_happened_is_before_now_and_what_is_to_come_after() {
    use BookingStatus::{Completed, InProgress, NoShow};
    for (setting, bookings) in calendars() {
        for booking in &bookings.all {
            assert!(
                booking.history.iter().all(|entry| entry.step.at <= setting.now),
                "{booking:?}"
            );
            let happened = matches!(booking.status(), Completed | InProgress | NoShow);
            assert!(!happened || booking.start <= setting.now, "{booking:?}");
        }
    }
}

#[test]
fn equal_settings_give_equal_bookings_and_others_do_not() {
    let all: Vec<String> = calendars().map(|(_, bookings)| format!("{bookings:?}")).collect();
    assert_eq!(all, calendars().map(|(_, bookings)| format!("{bookings:?}")).collect::<Vec<_>>());
    assert_ne!(all[0], all[1]);
}
