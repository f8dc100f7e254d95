//! A few weeks of bookings in every status, how each came to it, and what the system is still to do about them.

mod calendar;
mod life;
mod rows;
#[cfg(test)]
mod tests;

use std::ops::Range;

use chrono::{DateTime, Duration, Utc};
use client::BookingStatus::{
    Cancelled, Completed, Confirmed, Draft, InProgress, NoShow, PendingPayment, Requested,
    Scheduled,
};
use client::{BookingStatus, CancellationActor};
use rand::seq::SliceRandom as _;
use rand::{Rng, RngExt as _};

use calendar::Slot;
pub(crate) use life::{Actor, Ending, Step};

use crate::catalog::{self, Catalog, Service};
use crate::identity::Identity;
use crate::people::{People, Student};
use crate::scheduling::{Scheduling, day_off};
use crate::setting::Setting;

/// Percent of the price that the platform keeps.
const FEE_PERCENT: i32 = 10;

/// Of twelve lessons that are over.
const PAST: [BookingStatus; 12] = [
    Completed, Completed, Completed, Completed, Completed, Completed, Completed, Completed,
    Completed, Cancelled, Cancelled, NoShow,
];

/// Of ten lessons that are to come.
const FUTURE: [BookingStatus; 10] = [
    Confirmed,
    Confirmed,
    Confirmed,
    Confirmed,
    Scheduled,
    Scheduled,
    Requested,
    PendingPayment,
    Draft,
    Cancelled,
];

/// How cancellations come about, in turn: who, and how many hours before the start.
const CANCELLATIONS: [Ending; 7] = [
    Ending::CancelledBy(CancellationActor::Student, 30),
    Ending::CancelledBy(CancellationActor::Student, 5),
    Ending::Unpaid,
    Ending::CancelledBy(CancellationActor::Instructor, 20),
    Ending::CancelledBy(CancellationActor::Student, 0),
    Ending::CancelledBy(CancellationActor::Parent, 26),
    Ending::CancelledBy(CancellationActor::Admin, 50),
];

/// Every booking of the school, the earliest lesson first.
#[derive(Debug)]
pub(crate) struct Bookings {
    pub(crate) all: Vec<Booking>,
    org: String,
    instructor: String,
}

/// One booking and its life.
#[derive(Debug)]
pub(crate) struct Booking {
    pub(crate) id: String,
    /// Its place among the bookings: what belongs to it is named after it.
    pub(crate) path: String,
    pub(crate) student: Student,
    pub(crate) service: &'static str,
    service_id: String,
    pub(crate) start: DateTime<Utc>,
    pub(crate) end: DateTime<Utc>,
    pub(crate) ending: Ending,
    /// How it came to its status, the creation first.
    pub(crate) history: Vec<Entry>,
    pub(crate) money: Money,
    /// What is refunded, for those that are cancelled after they were paid.
    pub(crate) refund_percentage: Option<i32>,
    rescheduled: Option<Rescheduled>,
    transitions: Vec<Transition>,
}

/// A step of a booking's life, and the account of whoever took it, if there is one.
#[derive(Debug)]
pub(crate) struct Entry {
    id: String,
    pub(crate) step: Step,
    pub(crate) account: Option<String>,
}

/// A price and who gets it, in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Money {
    pub(crate) price: i32,
    pub(crate) fee: i32,
    pub(crate) share: i32,
}

#[derive(Debug)]
struct Rescheduled {
    from: DateTime<Utc>,
    at: DateTime<Utc>,
}

/// A change of status that the system has planned.
#[derive(Debug)]
struct Transition {
    id: String,
    to: BookingStatus,
    execute_at: DateTime<Utc>,
    reason: &'static str,
    planned_at: DateTime<Utc>,
    /// When it was done or found to be no longer needed.
    processed: Option<(DateTime<Utc>, &'static str)>,
}

/// The booked times of one instructor, the earliest first, and what became of each.
#[derive(Debug)]
pub(crate) struct Diary {
    slots: Vec<Slot>,
    endings: Vec<Ending>,
}

/// The bookings around now.
pub(crate) fn invent(
    setting: &Setting,
    identity: &Identity,
    people: &People,
    catalog: &Catalog,
    scheduling: &Scheduling,
) -> Bookings {
    let diary = Diary::of(setting, calendar::weeks(setting, scheduling.day_off));
    diary.bookings(setting, identity, people, catalog, 0..diary.slots.len())
}

impl Diary {
    /// So many times before now and after it.
    pub(crate) fn of_many(setting: &Setting, past: usize, future: usize) -> Self {
        Self::of(setting, calendar::many(setting, day_off(setting), past, future))
    }

    fn of(setting: &Setting, slots: Vec<Slot>) -> Self {
        let endings = endings(&mut setting.dice("endings"), &slots, setting.now);
        Self { slots, endings }
    }

    /// Which of the times have a lesson that is over.
    pub(crate) fn completed(&self) -> impl Iterator<Item = bool> {
        self.endings.iter().map(|ending| *ending == Ending::At(Completed))
    }

    /// The bookings of a range of the times.
    pub(crate) fn bookings(
        &self,
        setting: &Setting,
        identity: &Identity,
        people: &People,
        catalog: &Catalog,
        range: Range<usize>,
    ) -> Bookings {
        let book = |index: usize| {
            let (slot, ending) = (&self.slots[index], self.endings[index]);
            let path = path(index);
            let student =
                &people.students[student_of(&mut setting.dice(&format!("{path}/student")), people)];
            let service =
                if slot.test_preparation { &catalog.test_preparation } else { &catalog.lesson };
            booking(setting, path, identity, student, service, slot, ending)
        };
        Bookings {
            all: range.map(book).collect(),
            org: identity.org.clone(),
            instructor: people.casey.id.clone(),
        }
    }
}

/// The id of the booking that a diary has at `index`.
pub(crate) fn id(setting: &Setting, index: usize) -> String {
    setting.id(&path(index))
}

fn path(index: usize) -> String {
    format!("booking/{index}")
}

/// What became of each slot: of the past ones the last is under way.
fn endings(dice: &mut impl Rng, slots: &[Slot], now: DateTime<Utc>) -> Vec<Ending> {
    let begun = slots.iter().filter(|slot| slot.start <= now).count();
    let over = begun.saturating_sub(1);
    let mut statuses = dealt(dice, &PAST, over);
    statuses.extend(std::iter::repeat_n(InProgress, begun - over));
    statuses.extend(dealt(dice, &FUTURE, slots.len() - begun));
    let mut cancellations = CANCELLATIONS.into_iter().cycle();
    let ending = |status| match status {
        Cancelled => cancellations.next().unwrap_or(Ending::Unpaid),
        status => Ending::At(status),
    };
    statuses.into_iter().map(ending).collect()
}

/// So many statuses, dealt from shuffled decks, so that each comes as often as it should.
fn dealt(dice: &mut impl Rng, deck: &[BookingStatus], count: usize) -> Vec<BookingStatus> {
    let mut statuses = Vec::new();
    while statuses.len() < count {
        let mut deck = deck.to_vec();
        deck.shuffle(dice);
        statuses.extend(deck);
    }
    statuses.truncate(count);
    statuses
}

/// Every third booking is Alex's, where there are few.
fn student_of(dice: &mut impl Rng, people: &People) -> usize {
    let regular = u32::try_from(people.students.len() / 4).unwrap_or(u32::MAX).max(3);
    if dice.random_ratio(1, regular) { 0 } else { dice.random_range(1..people.students.len()) }
}

fn booking(
    setting: &Setting,
    path: String,
    identity: &Identity,
    student: &Student,
    service: &Service,
    slot: &Slot,
    ending: Ending,
) -> Booking {
    let dice = &mut setting.dice(&path);
    let steps = life::live(dice, ending, slot, setting.now);
    let fee = service.price_cents * FEE_PERCENT / 100;
    let refund_percentage = match ending {
        Ending::CancelledBy(actor, _) => {
            let notice = slot.start - steps[steps.len() - 1].at;
            Some(catalog::refund_percentage(actor, notice.num_hours()))
        }
        _ => None,
    };
    let account = |actor| match actor {
        Actor::Student => student.user.clone(),
        Actor::Instructor => Some(identity.instructor.id.clone()),
        Actor::Office => Some(identity.office.id.clone()),
        Actor::Parent | Actor::System => None,
    };
    Booking {
        id: setting.id(&path),
        student: student.clone(),
        service: service.name,
        service_id: service.id.clone(),
        start: slot.start,
        end: slot.end,
        ending,
        money: Money { price: service.price_cents, fee, share: service.price_cents - fee },
        refund_percentage,
        rescheduled: rescheduled(dice, ending, slot, &steps),
        transitions: transitions(setting, &path, slot, ending, &steps),
        history: (0..)
            .zip(steps)
            .map(|(index, step): (u32, Step)| Entry {
                id: setting.id(&format!("{path}/step/{index}")),
                account: account(step.actor),
                step,
            })
            .collect(),
        path,
    }
}

/// Some of those to come were moved by a week after they were confirmed.
fn rescheduled(
    dice: &mut impl Rng,
    ending: Ending,
    slot: &Slot,
    steps: &[Step],
) -> Option<Rescheduled> {
    let moved = ending == Ending::At(Confirmed) && dice.random_ratio(1, 6);
    moved.then(|| Rescheduled {
        from: slot.start - Duration::days(7),
        at: steps[steps.len() - 1].at + Duration::hours(2),
    })
}

/// What the system planned: to cancel what is not paid, and to give up on those who do not come.
fn transitions(
    setting: &Setting,
    path: &str,
    slot: &Slot,
    ending: Ending,
    steps: &[Step],
) -> Vec<Transition> {
    let reached = |status| steps.iter().position(|step| step.to == status);
    let next = |index: usize, done: BookingStatus| {
        let next = steps.get(index + 1)?;
        Some((next.at, if next.to == done { "done" } else { "superseded" }))
    };
    let mut transitions = Vec::new();
    if let Some(index) = reached(PendingPayment) {
        transitions.push(Transition {
            id: setting.id(&format!("{path}/unpaid")),
            to: Cancelled,
            execute_at: steps[index].at + life::UNPAID_AFTER,
            reason: "Not paid within 30 minutes",
            planned_at: steps[index].at,
            processed: next(index, Cancelled),
        });
    }
    if let Some(index) = reached(Confirmed) {
        transitions.push(Transition {
            id: setting.id(&format!("{path}/no-show")),
            to: NoShow,
            execute_at: slot.start + life::NO_SHOW_AFTER,
            reason: "Nobody came for 15 minutes",
            planned_at: steps[index].at,
            processed: next(index, NoShow),
        });
    }
    // A lesson in the diary still waits for its student, as one that is only confirmed does.
    if ending == Ending::At(Scheduled) {
        transitions
            .iter_mut()
            .filter(|transition| transition.to == NoShow)
            .for_each(|waits| waits.processed = None);
    }
    transitions
}

impl Booking {
    pub(crate) fn status(&self) -> BookingStatus {
        self.ending.status()
    }

    /// Whether its lesson took place.
    pub(crate) fn is_over(&self) -> bool {
        self.status() == Completed
    }

    pub(crate) fn created_at(&self) -> DateTime<Utc> {
        self.history[0].step.at
    }

    /// The last change of its status.
    pub(crate) fn last(&self) -> &Entry {
        &self.history[self.history.len() - 1]
    }

    /// When it came to `status`, if it ever did.
    pub(crate) fn reached(&self, status: BookingStatus) -> Option<DateTime<Utc>> {
        self.history
            .iter()
            .map(|entry| &entry.step)
            .find(|step| step.to == status)
            .map(|step| step.at)
    }
}

impl Actor {
    /// The word for it in texts and metadata.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Student => "student",
            Self::Parent => "parent",
            Self::Instructor => "instructor",
            Self::Office => "admin",
            Self::System => "system",
        }
    }
}
