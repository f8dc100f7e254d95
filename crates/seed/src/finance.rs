//! Who paid, who was paid, and what the payment provider told us of it. Amounts are those of the booking.

use chrono::{DateTime, Duration, Utc};
use client::BookingStatus::{Completed, Confirmed, Draft, PendingPayment, Requested};
use client::{PaymentStatus, payment, payout, webhook_event};
use serde_json::json;

use crate::Error;
use crate::bookings::{Booking, Bookings, Ending, Money};
use crate::identity::Identity;
use crate::people::People;
use crate::setting::Setting;
use crate::write::{Writer, stamp};

/// Lessons are paid out so many days after they took place.
const PAID_OUT_AFTER: Duration = Duration::days(3);

/// Payments, payouts and the provider's events.
#[derive(Debug)]
pub(crate) struct Finance {
    org: String,
    instructor: String,
    payments: Vec<Payment>,
    payouts: Vec<Payout>,
}

#[derive(Debug)]
struct Payment {
    id: String,
    booking: String,
    status: PaymentStatus,
    money: Money,
    intent: String,
    charge: Option<String>,
    refund: Option<String>,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    event_id: String,
    event: String,
}

#[derive(Debug)]
struct Payout {
    id: String,
    booking: String,
    cents: i32,
    transfer: Option<String>,
    created_at: DateTime<Utc>,
}

/// A payment for each booking that got to the checkout, a payout for each lesson given.
pub(crate) fn invent(
    setting: &Setting,
    identity: &Identity,
    people: &People,
    bookings: &Bookings,
) -> Finance {
    Finance {
        org: identity.org.clone(),
        instructor: people.casey.id.clone(),
        payments: bookings.all.iter().filter_map(|booking| payment(setting, booking)).collect(),
        payouts: bookings.all.iter().filter_map(|booking| payout(setting, booking)).collect(),
    }
}

fn payment(setting: &Setting, booking: &Booking) -> Option<Payment> {
    let status = payment_status(booking)?;
    let path = format!("{}/payment", booking.path);
    let created_at = booking.reached(PendingPayment)?;
    let changed_at = match status {
        PaymentStatus::IntentCreated => created_at,
        PaymentStatus::Failed => created_at + Duration::minutes(1),
        PaymentStatus::Succeeded => booking.reached(Confirmed)?,
        PaymentStatus::Refunded => booking.last().step.at,
    };
    let paid = matches!(status, PaymentStatus::Succeeded | PaymentStatus::Refunded);
    Some(Payment {
        id: setting.id(&path),
        booking: booking.id.clone(),
        status,
        money: booking.money,
        intent: setting.token("pi", &path),
        charge: paid.then(|| setting.token("ch", &path)),
        refund: (status == PaymentStatus::Refunded).then(|| setting.token("re", &path)),
        created_at,
        changed_at,
        event_id: setting.id(&format!("{path}/event")),
        event: setting.token("evt", &path),
    })
}

fn payment_status(booking: &Booking) -> Option<PaymentStatus> {
    match booking.ending {
        Ending::At(Draft | Requested) => None,
        Ending::At(PendingPayment) => Some(PaymentStatus::IntentCreated),
        Ending::Unpaid => Some(PaymentStatus::Failed),
        Ending::CancelledBy(..) if booking.refund_percentage > Some(0) => {
            Some(PaymentStatus::Refunded)
        }
        Ending::At(_) | Ending::CancelledBy(..) => Some(PaymentStatus::Succeeded),
    }
}

fn payout(setting: &Setting, booking: &Booking) -> Option<Payout> {
    let completed_at = booking.reached(Completed)?;
    let path = format!("{}/payout", booking.path);
    let transferred = completed_at + PAID_OUT_AFTER <= setting.now;
    Some(Payout {
        id: setting.id(&path),
        booking: booking.id.clone(),
        cents: booking.money.share,
        transfer: transferred.then(|| setting.token("tr", &path)),
        created_at: completed_at,
    })
}

impl Finance {
    /// Writes payments, payouts and events.
    pub(crate) async fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.rows(self.payments.iter().map(|payment| self.payment(payment)).collect()).await?;
        writer.rows(self.payouts.iter().map(|payout| self.payout(payout)).collect()).await?;
        writer.rows(self.payments.iter().filter_map(event).collect()).await
    }

    fn payment(&self, row: &Payment) -> payment::CreateUnchecked {
        payment::CreateUnchecked {
            org_id: self.org.clone(),
            booking_id: row.booking.clone(),
            amount_cents: row.money.price,
            platform_fee_cents: row.money.fee,
            instructor_share_cents: row.money.share,
            stripe_payment_intent_id: row.intent.clone(),
            _params: vec![
                payment::id::set(row.id.clone()),
                payment::status::set(row.status),
                payment::stripe_charge_id::set(row.charge.clone()),
                payment::stripe_refund_id::set(row.refund.clone()),
                payment::created_at::set(stamp(row.created_at)),
                payment::updated_at::set(stamp(row.changed_at)),
            ],
        }
    }

    fn payout(&self, row: &Payout) -> payout::CreateUnchecked {
        let status = if row.transfer.is_some() { "paid" } else { "pending" };
        payout::CreateUnchecked {
            org_id: self.org.clone(),
            instructor_id: self.instructor.clone(),
            amount_cents: row.cents,
            _params: vec![
                payout::id::set(row.id.clone()),
                payout::booking_id::set(Some(row.booking.clone())),
                payout::status::set(status.to_owned()),
                payout::stripe_transfer_id::set(row.transfer.clone()),
                payout::created_at::set(stamp(row.created_at)),
            ],
        }
    }
}

/// What the provider told of a payment, for those that something became of.
fn event(row: &Payment) -> Option<webhook_event::CreateUnchecked> {
    let event_type = match row.status {
        PaymentStatus::IntentCreated => return None,
        PaymentStatus::Succeeded => "payment_intent.succeeded",
        PaymentStatus::Failed => "payment_intent.payment_failed",
        PaymentStatus::Refunded => "charge.refunded",
    };
    Some(webhook_event::CreateUnchecked {
        provider: "stripe".to_owned(),
        event_type: event_type.to_owned(),
        event_id: row.event.clone(),
        payload: json!({
            "type": event_type,
            "data": { "object": { "id": row.intent, "amount": row.money.price, "currency": "aud" } },
        }),
        _params: vec![
            webhook_event::id::set(row.event_id.clone()),
            webhook_event::processed_at::set(Some(stamp(row.changed_at))),
            webhook_event::received_at::set(stamp(row.changed_at)),
        ],
    })
}
