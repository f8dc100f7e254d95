//! What the school told its students, and what it told other systems.

use chrono::{DateTime, Duration, Utc};
use client::BookingStatus::{
    Cancelled, Completed, Confirmed, Draft, InProgress, NoShow, Requested, Scheduled,
};
use client::{MessageChannel, MessageStatus, message, outbox};
use rand::{Rng, RngExt as _};
use serde_json::{Value, json};

use crate::bookings::{Booking, Bookings, Ending, Entry};
use crate::identity::Identity;
use crate::setting::Setting;
use crate::write::{Writer, stamp};
use crate::{Error, zone};

/// What is younger than this is still waiting to be sent.
const QUEUE: Duration = Duration::minutes(15);

/// Messages to students and events for other systems.
#[derive(Debug)]
pub(crate) struct Messaging {
    org: String,
    messages: Vec<Message>,
    events: Vec<Event>,
}

#[derive(Debug)]
struct Message {
    id: String,
    booking: String,
    to: String,
    channel: MessageChannel,
    template: &'static str,
    subject: Option<String>,
    body: String,
    provider_id: String,
    status: MessageStatus,
    error: Option<&'static str>,
    created_at: DateTime<Utc>,
}

#[derive(Debug)]
struct Event {
    id: String,
    topic: &'static str,
    payload: Value,
    attempts: i32,
    error: Option<&'static str>,
    processed_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

/// A confirmation, a reminder, a cancellation or a receipt for each booking that calls for one, and its events.
pub(crate) fn invent(setting: &Setting, identity: &Identity, bookings: &Bookings) -> Messaging {
    let message = |booking| messages(setting, booking);
    let event = |booking| events(setting, booking);
    Messaging {
        org: identity.org.clone(),
        messages: bookings.all.iter().flat_map(message).collect(),
        events: bookings.all.iter().flat_map(event).collect(),
    }
}

fn messages(setting: &Setting, booking: &Booking) -> Vec<Message> {
    let when = zone::to_local(booking.start).format("%a %-d %b, %-I:%M %p");
    let service = booking.service;
    let confirmation = booking.reached(Confirmed).map(|at| {
        let subject = format!("Your {service} is confirmed");
        email(
            setting,
            booking,
            "booking-confirmed",
            subject,
            format!("See you on {when} at your door."),
            at,
        )
    });
    let receipt = booking.reached(Completed).map(|at| {
        let (dollars, cents) = (booking.money.price / 100, booking.money.price % 100);
        let body = format!("Thank you. {service}, {when}: AUD {dollars}.{cents:02}, paid.");
        email(setting, booking, "lesson-receipt", "Your receipt".to_owned(), body, at)
    });
    let cancellation =
        booking.reached(Cancelled).map(|at| cancelled(setting, booking, &when.to_string(), at));
    [confirmation, reminder(setting, booking, &when.to_string()), cancellation, receipt]
        .into_iter()
        .flatten()
        .collect()
}

fn email(
    setting: &Setting,
    booking: &Booking,
    template: &'static str,
    subject: String,
    body: String,
    at: DateTime<Utc>,
) -> Message {
    let path = format!("{}/{template}", booking.path);
    Message {
        id: setting.id(&path),
        booking: booking.id.clone(),
        to: booking.student.email.clone(),
        channel: MessageChannel::Email,
        template,
        subject: Some(subject),
        body,
        provider_id: setting.token("pm", &path),
        status: sent_by(setting.now, at),
        error: None,
        created_at: at,
    }
}

/// A text message the day before: sent before lessons that were to take place, queued before those to come.
fn reminder(setting: &Setting, booking: &Booking, when: &str) -> Option<Message> {
    let Ending::At(status @ (Confirmed | Scheduled | InProgress | Completed | NoShow)) =
        booking.ending
    else {
        return None;
    };
    let confirmed = booking.reached(Confirmed)?;
    let due = confirmed.max(booking.start - Duration::days(1));
    let waits = matches!(status, Confirmed | Scheduled) && due > setting.now - QUEUE;
    let path = format!("{}/reminder", booking.path);
    Some(Message {
        id: setting.id(&path),
        booking: booking.id.clone(),
        to: booking.student.phone.clone(),
        channel: MessageChannel::Sms,
        template: "lesson-reminder",
        subject: None,
        body: format!("Reminder: {} on {when}. Reply C to cancel.", booking.service),
        provider_id: setting.token("sm", &path),
        status: if waits { MessageStatus::Queued } else { MessageStatus::Sent },
        error: None,
        created_at: if waits { confirmed } else { due },
    })
}

/// A cancellation goes out by `WhatsApp`, which not everybody has.
fn cancelled(setting: &Setting, booking: &Booking, when: &str, at: DateTime<Utc>) -> Message {
    let path = format!("{}/cancelled", booking.path);
    let failed = setting.dice(&path).random_ratio(1, 3);
    Message {
        id: setting.id(&path),
        booking: booking.id.clone(),
        to: booking.student.phone.clone(),
        channel: MessageChannel::Whatsapp,
        template: "booking-cancelled",
        subject: None,
        body: format!("Your {} on {when} is cancelled.", booking.service),
        provider_id: setting.token("wa", &path),
        status: if failed { MessageStatus::Failed } else { sent_by(setting.now, at) },
        error: failed.then_some("the number is not on WhatsApp"),
        created_at: at,
    }
}

fn sent_by(now: DateTime<Utc>, created_at: DateTime<Utc>) -> MessageStatus {
    if created_at > now - QUEUE { MessageStatus::Queued } else { MessageStatus::Sent }
}

fn events(setting: &Setting, booking: &Booking) -> Vec<Event> {
    let event = |entry: &Entry| {
        let topic = match entry.step.to {
            Draft | Requested => "booking.created",
            Confirmed => "booking.confirmed",
            Cancelled => "booking.cancelled",
            Completed => "lesson.completed",
            _ => return None,
        };
        let path = format!("{}/{topic}", booking.path);
        let created_at = entry.step.at;
        let (attempts, error, processed_at) =
            delivery(&mut setting.dice(&path), created_at, setting.now);
        Some(Event {
            id: setting.id(&path),
            topic,
            payload: json!({
                "bookingId": booking.id,
                "studentId": booking.student.id,
                "startAt": booking.start.to_rfc3339(),
                "priceCents": booking.money.price,
            }),
            attempts,
            error,
            processed_at,
            created_at,
        })
    };
    booking.history.iter().filter_map(event).collect()
}

/// How the delivery of an event went: attempts, what went wrong last, and when it succeeded.
fn delivery(
    dice: &mut impl Rng,
    created_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> (i32, Option<&'static str>, Option<DateTime<Utc>>) {
    let delivered = Some(created_at + Duration::seconds(dice.random_range(1..20)));
    match dice.random_range(0..30) {
        _ if created_at > now - QUEUE => (0, None, None),
        0 => (5, Some("the calendar service answered 503"), None),
        1 | 2 => (2, Some("timed out after 10 s"), delivered),
        _ => (1, None, delivered),
    }
}

impl Messaging {
    /// Writes messages and events.
    pub(crate) async fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.rows(self.messages.iter().map(|message| self.message(message)).collect()).await?;
        writer.rows(self.events.iter().map(event_row).collect()).await
    }

    fn message(&self, row: &Message) -> message::CreateUnchecked {
        let sent = row.status == MessageStatus::Sent;
        message::CreateUnchecked {
            org_id: self.org.clone(),
            to_address: row.to.clone(),
            channel: row.channel,
            template_key: row.template.to_owned(),
            _params: vec![
                message::id::set(row.id.clone()),
                message::subject::set(row.subject.clone()),
                message::body::set(Some(row.body.clone())),
                message::provider_id::set(sent.then(|| row.provider_id.clone())),
                message::status::set(row.status),
                message::error::set(row.error.map(str::to_owned)),
                message::related_type::set(Some("Booking".to_owned())),
                message::related_id::set(Some(row.booking.clone())),
                message::created_at::set(stamp(row.created_at)),
                message::updated_at::set(stamp(row.created_at)),
            ],
        }
    }
}

fn event_row(row: &Event) -> outbox::CreateUnchecked {
    outbox::CreateUnchecked {
        topic: row.topic.to_owned(),
        payload: row.payload.clone(),
        _params: vec![
            outbox::id::set(row.id.clone()),
            outbox::attempts::set(row.attempts),
            outbox::last_error::set(row.error.map(str::to_owned)),
            outbox::processed_at::set(row.processed_at.map(stamp)),
            outbox::created_at::set(stamp(row.created_at)),
        ],
    }
}
