//! The demo school: every domain, invented one after the other and written in the same order.

use std::collections::BTreeMap;

use crate::Error;
use crate::audit::{self, Audit};
use crate::bookings::{self, Bookings};
use crate::catalog::{self, Catalog};
use crate::finance::{self, Finance};
use crate::identity::{self, Identity};
use crate::messaging::{self, Messaging};
use crate::people::{self, People};
use crate::scheduling::{self, Scheduling};
use crate::setting::Setting;
use crate::trips::{self, Trips};
use crate::write::Writer;

/// Everything there is to the demo school.
#[derive(Debug)]
pub(crate) struct Demo {
    identity: Identity,
    people: People,
    catalog: Catalog,
    scheduling: Scheduling,
    bookings: Bookings,
    trips: Trips,
    finance: Finance,
    messaging: Messaging,
    audit: Audit,
}

/// The demo school of a setting; `taken` are the ids of accounts that exist, by e-mail address.
pub(crate) fn invent(setting: &Setting, taken: &BTreeMap<String, String>) -> Demo {
    let identity = identity::invent(setting, taken);
    let people = people::invent(setting, &identity);
    let catalog = catalog::invent(setting, &identity);
    let scheduling = scheduling::invent(setting, &identity, &people);
    let bookings = bookings::invent(setting, &identity, &people, &catalog, &scheduling);
    let trips = trips::invent(setting, &identity, &people, &bookings);
    let finance = finance::invent(setting, &identity, &people, &bookings);
    let messaging = messaging::invent(setting, &identity, &bookings);
    let audit = audit::invent(setting, &identity, &people, &catalog, &bookings);
    Demo { identity, people, catalog, scheduling, bookings, trips, finance, messaging, audit }
}

impl Demo {
    /// Writes every domain, those that others refer to first.
    pub(crate) async fn write(&self, writer: &mut Writer<'_>) -> Result<(), Error> {
        self.identity.write(writer).await?;
        self.people.write(writer).await?;
        self.catalog.write(writer).await?;
        self.scheduling.write(writer).await?;
        self.bookings.write(writer).await?;
        self.trips.write(writer).await?;
        self.finance.write(writer).await?;
        self.messaging.write(writer).await?;
        self.audit.write(writer).await
    }
}

#[cfg(test)]
mod tests {
    use client::BookingStatus;

    use super::*;
    use crate::Profile;

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
            let identity = identity::invent(&setting, &BTreeMap::new());
            let people = people::invent(&setting, &identity);
            let catalog = catalog::invent(&setting, &identity);
            let scheduling = scheduling::invent(&setting, &identity, &people);
            let bookings = bookings::invent(&setting, &identity, &people, &catalog, &scheduling);
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
    fn equal_settings_give_equal_schools_and_others_do_not() {
        let school = |seed| {
            let setting = Setting::new(Profile::Demo, seed, NOWS[0].parse().expect("a time"));
            format!("{:?}", invent(&setting, &BTreeMap::new()))
        };
        assert_eq!(school(1), school(1));
        assert_ne!(school(1), school(2));
    }

    #[test]
    fn an_account_that_exists_is_used() {
        let setting = Setting::new(Profile::Demo, 1, NOWS[0].parse().expect("a time"));
        let taken = BTreeMap::from([("owner@demo.com".to_owned(), "somebody".to_owned())]);
        assert_eq!(invent(&setting, &taken).identity.owner.id, "somebody");
    }
}
