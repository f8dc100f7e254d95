//! Who changed what: how the school was set up, and each booking that was cancelled or given.

use chrono::{DateTime, Utc};
use client::BookingStatus::{Cancelled, Completed};
use client::audit_log;
use rand::RngExt as _;
use serde_json::{Value, json};

use crate::Error;
use crate::bookings::{Booking, Bookings, Entry};
use crate::catalog::Catalog;
use crate::identity::Identity;
use crate::people::People;
use crate::setting::Setting;
use crate::write::{Writer, stamp};

/// Who changed what.
#[derive(Debug)]
pub(crate) struct Audit {
    org: String,
    changes: Vec<Change>,
}

#[derive(Debug)]
struct Change {
    id: String,
    /// The account; `None` for the system and for those who have none.
    actor: Option<String>,
    action: &'static str,
    entity: (&'static str, String),
    before: Option<Value>,
    after: Option<Value>,
    ip: Option<String>,
    at: DateTime<Utc>,
}

/// The changes that an office would want to look up.
pub(crate) fn invent(
    setting: &Setting,
    identity: &Identity,
    people: &People,
    catalog: &Catalog,
    bookings: &Bookings,
) -> Audit {
    let owner = Some(&identity.owner.id);
    let mut changes = vec![
        created(setting, ("Org", &identity.org), owner, setting.early(90)),
        created(setting, ("RateCard", &catalog.rate_card), owner, setting.early(89)),
    ];
    changes.extend(of_team(setting, identity, people).changes);
    changes.extend(of_bookings(setting, identity, bookings).changes);
    Audit { org: identity.org.clone(), changes }
}

/// How an instructor and the students came to the school.
pub(crate) fn of_team(setting: &Setting, identity: &Identity, people: &People) -> Audit {
    let owner = Some(&identity.owner.id);
    let office = Some(&identity.office.id);
    let casey = created(setting, ("Instructor", &people.casey.id), owner, setting.early(88));
    let students = people
        .students
        .iter()
        .map(|student| created(setting, ("Student", &student.id), office, student.created_at));
    Audit { org: identity.org.clone(), changes: std::iter::once(casey).chain(students).collect() }
}

/// What became of the bookings.
pub(crate) fn of_bookings(setting: &Setting, identity: &Identity, bookings: &Bookings) -> Audit {
    let changes = bookings.all.iter().flat_map(|booking| booking_changes(setting, booking));
    Audit { org: identity.org.clone(), changes: changes.collect() }
}

fn created(
    setting: &Setting,
    (entity, id): (&'static str, &str),
    actor: Option<&String>,
    at: DateTime<Utc>,
) -> Change {
    change(setting, "created", (entity, id.to_owned()), actor.cloned(), (None, None), at)
}

fn booking_changes(setting: &Setting, booking: &Booking) -> Vec<Change> {
    let changed = |entry: &Entry| {
        let step = &entry.step;
        let action = match step.to {
            Cancelled => "cancelled",
            Completed => "completed",
            _ => return None,
        };
        let status = |status: Option<_>| Some(json!({ "status": status? }));
        let values = (status(step.from.map(word)), status(Some(word(step.to))));
        Some(change(
            setting,
            action,
            ("Booking", booking.id.clone()),
            entry.account.clone(),
            values,
            step.at,
        ))
    };
    booking.history.iter().filter_map(changed).collect()
}

/// A status as the database writes it.
fn word(status: client::BookingStatus) -> Value {
    json!(status.to_string())
}

fn change(
    setting: &Setting,
    action: &'static str,
    entity: (&'static str, String),
    actor: Option<String>,
    (before, after): (Option<Value>, Option<Value>),
    at: DateTime<Utc>,
) -> Change {
    let path = format!("audit/{}/{}/{action}", entity.0, entity.1);
    // A range that is set aside for documentation.
    let ip =
        actor.as_ref().map(|_| format!("203.0.113.{}", setting.dice(&path).random_range(1..255)));
    Change { id: setting.id(&path), actor, action, entity, before, after, ip, at }
}

impl Audit {
    /// Writes the log.
    pub(crate) async fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.rows(self.changes.iter().map(|change| self.row(change)).collect()).await
    }

    fn row(&self, row: &Change) -> audit_log::CreateUnchecked {
        audit_log::CreateUnchecked {
            org_id: self.org.clone(),
            action: row.action.to_owned(),
            entity_type: row.entity.0.to_owned(),
            entity_id: row.entity.1.clone(),
            _params: vec![
                audit_log::id::set(row.id.clone()),
                audit_log::actor_user_id::set(row.actor.clone()),
                audit_log::before::set(row.before.clone()),
                audit_log::after::set(row.after.clone()),
                audit_log::ip::set(row.ip.clone()),
                audit_log::created_at::set(stamp(row.at)),
            ],
        }
    }
}
