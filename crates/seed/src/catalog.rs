//! What a school sells and by which rules: services, the rate card, cancellation policies and state rules.

use chrono::{DateTime, Utc};
use client::{
    BookingStatus, CancellationActor, OrgRole, cancellation_policy, rate_card, rate_card_item,
    service, state_transition_rule,
};
use serde_json::{Value, json};

use crate::Error;
use crate::identity::Identity;
use crate::setting::Setting;
use crate::write::{Writer, stamp};

/// How long a lesson takes.
pub(crate) const LESSON_MINUTES: i32 = 60;

/// How long a test preparation takes.
pub(crate) const TEST_PREPARATION_MINUTES: i32 = 90;

/// What the school sells and by which rules.
#[derive(Debug)]
pub(crate) struct Catalog {
    org: String,
    pub(crate) lesson: Service,
    pub(crate) test_preparation: Service,
    package: Service,
    pub(crate) rate_card: String,
    policies: Vec<Policy>,
    rules: Vec<Rule>,
    created_at: DateTime<Utc>,
}

/// Something to book, at its price on the default rate card.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) id: String,
    pub(crate) name: &'static str,
    pub(crate) minutes: i32,
    pub(crate) price_cents: i32,
    description: &'static str,
    item: String,
}

#[derive(Debug)]
struct Policy {
    id: String,
    actor: CancellationActor,
    hours: i32,
    refund: i32,
    description: &'static str,
}

#[derive(Debug)]
struct Rule {
    id: String,
    from: Option<BookingStatus>,
    to: BookingStatus,
    role: Option<OrgRole>,
    conditions: Option<Value>,
    description: &'static str,
}

/// Who cancels, so many hours before the start at least, and the percentage that is refunded.
const POLICIES: [(CancellationActor, i32, i32, &str); 7] = [
    (CancellationActor::Student, 24, 100, "A day or more before the lesson: everything back"),
    (CancellationActor::Student, 2, 50, "Two hours or more before the lesson: half back"),
    (CancellationActor::Student, 0, 0, "Later than two hours before the lesson: nothing back"),
    (CancellationActor::Parent, 24, 100, "A day or more before the lesson: everything back"),
    (CancellationActor::Parent, 2, 50, "Two hours or more before the lesson: half back"),
    (CancellationActor::Instructor, 0, 100, "The instructor cancels: everything back"),
    (CancellationActor::Admin, 0, 100, "The school cancels: everything back"),
];

/// The catalog of the school.
pub(crate) fn invent(setting: &Setting, identity: &Identity) -> Catalog {
    of(setting, &identity.org, setting.early(89))
}

/// What any school begins with; the ids are of the setting, so it is that of one school.
pub(crate) fn of(setting: &Setting, org: &str, created_at: DateTime<Utc>) -> Catalog {
    let service = |name, minutes, price_cents, description| Service {
        id: setting.id(&format!("service/{name}")),
        name,
        minutes,
        price_cents,
        description,
        item: setting.id(&format!("rate-card-item/{name}")),
    };
    let policy = |(index, (actor, hours, refund, description))| Policy {
        id: setting.id(&format!("cancellation-policy/{index}")),
        actor,
        hours,
        refund,
        description,
    };
    Catalog {
        org: org.to_owned(),
        lesson: service(
            "60-minute lesson",
            LESSON_MINUTES,
            9_500,
            "One hour behind the wheel, from your door and back",
        ),
        test_preparation: service(
            "Test preparation",
            TEST_PREPARATION_MINUTES,
            13_500,
            "A mock test on the roads of the test centre",
        ),
        package: service(
            "10-lesson package",
            600,
            89_000,
            "Ten lessons of 60 minutes, paid in advance",
        ),
        rate_card: setting.id("rate-card/default"),
        policies: POLICIES.into_iter().enumerate().map(policy).collect(),
        rules: rules(setting),
        created_at,
    }
}

fn rules(setting: &Setting) -> Vec<Rule> {
    use BookingStatus::{
        Cancelled, Completed, Confirmed, Draft, InProgress, NoShow, PendingPayment,
    };
    use OrgRole::{Admin, Instructor, Owner, Student};
    let by_system = |minutes: u32, since: &str| {
        Some(json!({"actor": "system", "afterMinutes": minutes, "since": since}))
    };
    let rules = [
        (Some(Draft), PendingPayment, Some(Student), None, "A student goes to the checkout"),
        (Some(Confirmed), Cancelled, Some(Student), None, "A student cancels"),
        (Some(Confirmed), InProgress, Some(Instructor), None, "An instructor starts the lesson"),
        (Some(InProgress), Completed, Some(Instructor), None, "An instructor ends the lesson"),
        (Some(Confirmed), Cancelled, Some(Instructor), None, "An instructor cancels"),
        (None, Cancelled, Some(Admin), None, "The office cancels whatever it is"),
        (None, Confirmed, Some(Owner), None, "The owner confirms whatever it is"),
        (
            Some(PendingPayment),
            Cancelled,
            None,
            by_system(30, "statusChangedAt"),
            "Nobody paid for 30 minutes",
        ),
        (Some(Confirmed), NoShow, None, by_system(15, "startAt"), "Nobody came for 15 minutes"),
    ];
    let rule = |(index, (from, to, role, conditions, description))| Rule {
        id: setting.id(&format!("state-rule/{index}")),
        from,
        to,
        role,
        conditions,
        description,
    };
    rules.into_iter().enumerate().map(rule).collect()
}

/// The percentage that is refunded when `actor` cancels so many hours before the start.
pub(crate) fn refund_percentage(actor: CancellationActor, hours_before_start: i64) -> i32 {
    let mut policies = POLICIES
        .into_iter()
        .filter(|(who, hours, ..)| *who == actor && hours_before_start >= i64::from(*hours));
    // Listed with the longest notice first, so the first that applies is the most generous.
    policies.next().map_or(0, |(_, _, refund, _)| refund)
}

impl Catalog {
    fn services(&self) -> [&Service; 3] {
        [&self.lesson, &self.test_preparation, &self.package]
    }

    /// Writes all of it.
    pub(crate) async fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        self.write_offer(writer).await?;
        self.write_policies(writer).await?;
        self.write_rules(writer).await
    }

    /// Writes services, the rate card and its prices.
    pub(crate) async fn write_offer(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.rows(self.services().map(|service| self.service(service)).into()).await?;
        writer.rows(self.rate_cards()).await?;
        writer.rows(self.services().map(|service| self.item(service)).into()).await
    }

    /// Writes what is refunded to whom.
    pub(crate) async fn write_policies(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.rows(self.policies.iter().map(|policy| self.policy(policy)).collect()).await
    }

    /// Writes which changes of status are allowed.
    pub(crate) async fn write_rules(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.rows(self.rules.iter().map(|rule| self.rule(rule)).collect()).await
    }

    fn service(&self, row: &Service) -> service::CreateUnchecked {
        service::CreateUnchecked {
            org_id: self.org.clone(),
            name: row.name.to_owned(),
            duration_min: row.minutes,
            _params: vec![
                service::id::set(row.id.clone()),
                service::description::set(Some(row.description.to_owned())),
                service::created_at::set(stamp(self.created_at)),
                service::updated_at::set(stamp(self.created_at)),
            ],
        }
    }

    fn rate_cards(&self) -> Vec<rate_card::CreateUnchecked> {
        vec![rate_card::CreateUnchecked {
            org_id: self.org.clone(),
            name: "Default".to_owned(),
            _params: vec![
                rate_card::id::set(self.rate_card.clone()),
                rate_card::currency::set("AUD".to_owned()),
                rate_card::is_default::set(true),
                rate_card::created_at::set(stamp(self.created_at)),
                rate_card::updated_at::set(stamp(self.created_at)),
            ],
        }]
    }

    fn item(&self, row: &Service) -> rate_card_item::CreateUnchecked {
        rate_card_item::CreateUnchecked {
            rate_card_id: self.rate_card.clone(),
            service_id: row.id.clone(),
            price_cents: row.price_cents,
            _params: vec![
                rate_card_item::id::set(row.item.clone()),
                rate_card_item::created_at::set(stamp(self.created_at)),
            ],
        }
    }

    fn policy(&self, row: &Policy) -> cancellation_policy::CreateUnchecked {
        cancellation_policy::CreateUnchecked {
            org_id: self.org.clone(),
            actor: row.actor,
            hours_before_start: row.hours,
            _params: vec![
                cancellation_policy::id::set(row.id.clone()),
                cancellation_policy::refund_percentage::set(row.refund),
                cancellation_policy::description::set(Some(row.description.to_owned())),
                cancellation_policy::created_at::set(stamp(self.created_at)),
                cancellation_policy::updated_at::set(stamp(self.created_at)),
            ],
        }
    }

    fn rule(&self, row: &Rule) -> state_transition_rule::CreateUnchecked {
        state_transition_rule::CreateUnchecked {
            org_id: self.org.clone(),
            to_status: row.to,
            _params: vec![
                state_transition_rule::id::set(row.id.clone()),
                state_transition_rule::from_status::set(row.from),
                state_transition_rule::required_role::set(row.role),
                state_transition_rule::conditions::set(row.conditions.clone()),
                state_transition_rule::description::set(Some(row.description.to_owned())),
                state_transition_rule::created_at::set(stamp(self.created_at)),
                state_transition_rule::updated_at::set(stamp(self.created_at)),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refunds_follow_the_notice() {
        assert_eq!(refund_percentage(CancellationActor::Student, 30), 100);
        assert_eq!(refund_percentage(CancellationActor::Student, 24), 100);
        assert_eq!(refund_percentage(CancellationActor::Student, 5), 50);
        assert_eq!(refund_percentage(CancellationActor::Student, 1), 0);
        assert_eq!(refund_percentage(CancellationActor::Parent, 1), 0);
        assert_eq!(refund_percentage(CancellationActor::Instructor, 0), 100);
    }
}
