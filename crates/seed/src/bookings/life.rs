//! How a booking got to its status: who took it there, step by step, and when.
//!
//! The steps of a life begin with the booking's creation, follow on from each other, are in order of time and never
//! after now.

use chrono::{DateTime, Duration, Utc};
use client::BookingStatus::{
    Cancelled, Completed, Confirmed, Draft, InProgress, NoShow, PendingPayment, Requested,
    Scheduled,
};
use client::{BookingStatus, CancellationActor};
use rand::{Rng, RngExt as _};

use super::calendar::Slot;

/// Minutes after which the system cancels what is not paid.
pub(crate) const UNPAID_AFTER: Duration = Duration::minutes(30);

/// Minutes after the start when the system gives up waiting.
pub(crate) const NO_SHOW_AFTER: Duration = Duration::minutes(15);

/// Where a booking's life has got to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// On the way, or done: the status itself.
    At(BookingStatus),
    /// Cancelled by someone, so many hours before the start or more.
    CancelledBy(CancellationActor, i64),
    /// Cancelled by the system, since nobody paid.
    Unpaid,
}

/// Who took a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Actor {
    Student,
    Parent,
    Instructor,
    Office,
    System,
}

/// One change of status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) from: Option<BookingStatus>,
    pub(crate) to: BookingStatus,
    pub(crate) at: DateTime<Utc>,
    pub(crate) actor: Actor,
    pub(crate) reason: &'static str,
}

/// The steps to `ending` of a booking of `slot`.
pub(crate) fn live(
    dice: &mut impl Rng,
    ending: Ending,
    slot: &Slot,
    now: DateTime<Utc>,
) -> Vec<Step> {
    let created = created_at(dice, ending, slot, now);
    if ending == Ending::At(Requested) {
        return vec![Step::first(Requested, created, "Asked for by telephone")];
    }
    let mut steps = vec![Step::first(Draft, created, "Chosen in the app")];
    let mut step = |to, at, actor, reason| {
        let from = steps.last().map(|step: &Step| step.to);
        steps.push(Step { from, to, at, actor, reason });
    };
    if ending == Ending::At(Draft) {
        return steps;
    }
    let checkout = created + seconds(dice, 40, 240);
    step(PendingPayment, checkout, Actor::Student, "Went to the checkout");
    let paid = checkout + seconds(dice, 30, 400);
    match ending {
        Ending::At(PendingPayment) => return steps,
        Ending::Unpaid => {
            step(Cancelled, checkout + UNPAID_AFTER, Actor::System, "Not paid within 30 minutes");
            return steps;
        }
        _ => step(Confirmed, paid, Actor::System, "Payment received"),
    }
    let started = (slot.start + seconds(dice, 0, 240)).min(now);
    match ending {
        Ending::At(Scheduled) => {
            step(
                Scheduled,
                paid + seconds(dice, 600, 7_200),
                Actor::Instructor,
                "Put in the diary",
            );
        }
        Ending::At(NoShow) => {
            step(NoShow, slot.start + NO_SHOW_AFTER, Actor::System, "Nobody came for 15 minutes");
        }
        Ending::At(InProgress | Completed) => {
            step(InProgress, started, Actor::Instructor, "Lesson started");
        }
        Ending::CancelledBy(actor, notice) => {
            let latest = now - seconds(dice, 1_800, 14_400);
            let notice = Duration::hours(notice) + seconds(dice, 60, 1_800);
            step(Cancelled, (slot.start - notice).min(latest), actor.into(), reason_of(actor));
        }
        _ => {}
    }
    if ending == Ending::At(Completed) {
        step(Completed, slot.end + seconds(dice, 0, 180), Actor::Instructor, "Lesson ended");
    }
    steps
}

/// When it was booked: early enough for everything that has happened since.
fn created_at(
    dice: &mut impl Rng,
    ending: Ending,
    slot: &Slot,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    match ending {
        // Somebody is choosing at this moment: on the day it is seeded, health counts these among the last 24 hours.
        Ending::At(Draft) => now,
        Ending::At(PendingPayment) => now - seconds(dice, 360, 1_200),
        Ending::At(Requested) => now - seconds(dice, 3_600, 40 * 3_600),
        _ => {
            let ahead = slot.start - seconds(dice, 3 * 86_400, 12 * 86_400);
            ahead.min(now - seconds(dice, 5 * 3_600, 60 * 3_600))
        }
    }
}

fn seconds(dice: &mut impl Rng, least: i64, most: i64) -> Duration {
    Duration::seconds(dice.random_range(least..=most))
}

fn reason_of(actor: CancellationActor) -> &'static str {
    match actor {
        CancellationActor::Student => "Has an exam on that day",
        CancellationActor::Parent => "The family is away",
        CancellationActor::Instructor => "The car is at the workshop",
        CancellationActor::Admin => "Storm warning for the area",
    }
}

impl Step {
    fn first(to: BookingStatus, at: DateTime<Utc>, reason: &'static str) -> Self {
        Self { from: None, to, at, actor: Actor::Student, reason }
    }
}

impl From<CancellationActor> for Actor {
    fn from(actor: CancellationActor) -> Self {
        match actor {
            CancellationActor::Student => Self::Student,
            CancellationActor::Parent => Self::Parent,
            CancellationActor::Instructor => Self::Instructor,
            CancellationActor::Admin => Self::Office,
        }
    }
}

impl Ending {
    /// The status it ends at.
    pub(crate) fn status(self) -> BookingStatus {
        match self {
            Self::At(status) => status,
            Self::CancelledBy(..) | Self::Unpaid => Cancelled,
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;

    use super::*;

    const ENDINGS: [Ending; 14] = [
        Ending::At(Draft),
        Ending::At(PendingPayment),
        Ending::At(Requested),
        Ending::At(Confirmed),
        Ending::At(Scheduled),
        Ending::At(InProgress),
        Ending::At(Completed),
        Ending::At(NoShow),
        Ending::Unpaid,
        Ending::CancelledBy(CancellationActor::Student, 1),
        Ending::CancelledBy(CancellationActor::Student, 30),
        Ending::CancelledBy(CancellationActor::Parent, 26),
        Ending::CancelledBy(CancellationActor::Instructor, 2),
        Ending::CancelledBy(CancellationActor::Admin, 50),
    ];

    /// Lives of a lesson that began so many hours before now, or will.
    fn lives(hours_ago: i64, endings: &[Ending]) -> Vec<(Ending, Vec<Step>)> {
        let now = DateTime::UNIX_EPOCH + Duration::days(20_000);
        let start = now - Duration::hours(hours_ago);
        let slot = Slot { start, end: start + Duration::hours(1), test_preparation: false };
        let all = (0..40).flat_map(|seed| endings.iter().map(move |ending| (seed, *ending)));
        all.map(|(seed, ending)| {
            (ending, live(&mut StdRng::seed_from_u64(seed), ending, &slot, now))
        })
        .inspect(|(_, steps)| assert!(steps.iter().all(|step| step.at <= now), "{steps:?}"))
        .collect()
    }

    fn assert_follow_on(lives: &[(Ending, Vec<Step>)]) {
        for (ending, steps) in lives {
            assert_eq!(steps[0].from, None);
            assert_eq!(steps.last().map(|step| step.to), Some(ending.status()));
            for pair in steps.windows(2) {
                assert_eq!(pair[1].from, Some(pair[0].to));
                assert!(pair[0].at < pair[1].at, "{ending:?}: {steps:?}");
            }
        }
    }

    #[test]
    fn past_lives_follow_on_and_end_at_their_status() {
        assert_follow_on(&lives(2, &ENDINGS));
        assert_follow_on(&lives(400, &ENDINGS));
    }

    #[test]
    fn future_lives_follow_on_and_end_at_their_status() {
        let future: Vec<Ending> = ENDINGS
            .into_iter()
            .filter(|ending| !matches!(ending, Ending::At(InProgress | Completed | NoShow)))
            .collect();
        assert_follow_on(&lives(-1, &future));
        assert_follow_on(&lives(-200, &future));
    }

    #[test]
    fn who_cancels_gives_the_notice() {
        for (ending, steps) in lives(100, &ENDINGS[9..]) {
            let Ending::CancelledBy(_, notice) = ending else { continue };
            let start = DateTime::UNIX_EPOCH + Duration::days(20_000) - Duration::hours(100);
            assert!((start - steps[steps.len() - 1].at).num_hours() >= notice, "{ending:?}");
        }
    }
}
