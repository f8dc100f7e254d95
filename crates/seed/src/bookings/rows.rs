//! Bookings as rows of the client.

use client::BookingStatus::Cancelled;
use client::{booking, lesson_state_history, scheduled_state_transition};
use serde_json::json;

use super::{Booking, Bookings, Entry};
use crate::Error;
use crate::write::{Writer, stamp};

impl Bookings {
    /// Writes bookings, histories and what is planned.
    pub(crate) async fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.rows(self.all.iter().map(|booking| self.row(booking)).collect()).await?;
        writer.rows(self.all.iter().flat_map(|booking| self.history(booking)).collect()).await?;
        writer.rows(self.all.iter().flat_map(|booking| self.planned(booking)).collect()).await
    }

    fn row(&self, booking: &Booking) -> booking::CreateUnchecked {
        let (lat, lng) = booking.student.home.point.decimals();
        let Entry { step: last, account, .. } = booking.last();
        let who = account.clone().unwrap_or_else(|| last.actor.word().to_owned());
        let cancelled = last.to == Cancelled;
        booking::CreateUnchecked {
            org_id: self.org.clone(),
            student_id: booking.student.id.clone(),
            instructor_id: self.instructor.clone(),
            service_id: booking.service_id.clone(),
            start_at: stamp(booking.start),
            end_at: stamp(booking.end),
            price_cents: booking.money.price,
            platform_fee_cents: booking.money.fee,
            instructor_share_cents: booking.money.share,
            _params: vec![
                booking::id::set(booking.id.clone()),
                booking::status::set(booking.status()),
                booking::pickup_address::set(Some(booking.student.home.address.clone())),
                booking::pickup_lat::set(Some(lat.clone())),
                booking::pickup_lng::set(Some(lng.clone())),
                booking::dropoff_address::set(Some(booking.student.home.address.clone())),
                booking::dropoff_lat::set(Some(lat)),
                booking::dropoff_lng::set(Some(lng)),
                booking::cancelled_by::set(cancelled.then(|| who.clone())),
                booking::cancelled_at::set(cancelled.then(|| stamp(last.at))),
                booking::cancellation_reason::set(cancelled.then(|| last.reason.to_owned())),
                booking::rescheduled_from::set(
                    booking.rescheduled.as_ref().map(|moved| stamp(moved.from)),
                ),
                booking::rescheduled_at::set(
                    booking.rescheduled.as_ref().map(|moved| stamp(moved.at)),
                ),
                booking::reschedule_reason::set(
                    booking
                        .rescheduled
                        .as_ref()
                        .map(|_| "Moved by a week at the student's wish".to_owned()),
                ),
                booking::previous_status::set(last.from),
                booking::status_changed_at::set(Some(stamp(last.at))),
                booking::status_changed_by::set(Some(who)),
                booking::idempotency_key::set(Some(format!("booking-{}", booking.id))),
                booking::created_at::set(stamp(booking.created_at())),
                booking::updated_at::set(stamp(last.at)),
            ],
        }
    }

    fn history<'a>(
        &'a self,
        booking: &'a Booking,
    ) -> impl Iterator<Item = lesson_state_history::CreateUnchecked> + 'a {
        booking.history.iter().map(|Entry { id, step, account }| {
            let actor = step.actor.word();
            let metadata = match booking.refund_percentage {
                Some(refund) if step.to == Cancelled => {
                    json!({ "actor": actor, "refundPercentage": refund })
                }
                _ => json!({ "actor": actor }),
            };
            lesson_state_history::CreateUnchecked {
                org_id: self.org.clone(),
                booking_id: booking.id.clone(),
                to_status: step.to,
                _params: vec![
                    lesson_state_history::id::set(id.clone()),
                    lesson_state_history::from_status::set(step.from),
                    lesson_state_history::actor_user_id::set(account.clone()),
                    lesson_state_history::reason::set(Some(step.reason.to_owned())),
                    lesson_state_history::metadata::set(Some(metadata)),
                    lesson_state_history::created_at::set(stamp(step.at)),
                ],
            }
        })
    }

    fn planned<'a>(
        &'a self,
        booking: &'a Booking,
    ) -> impl Iterator<Item = scheduled_state_transition::CreateUnchecked> + 'a {
        booking.transitions.iter().map(|planned| {
            let (done_at, outcome) = planned.processed.unzip();
            scheduled_state_transition::CreateUnchecked {
                org_id: self.org.clone(),
                booking_id: booking.id.clone(),
                to_status: planned.to,
                execute_at: stamp(planned.execute_at),
                reason: planned.reason.to_owned(),
                _params: vec![
                    scheduled_state_transition::id::set(planned.id.clone()),
                    scheduled_state_transition::metadata::set(
                        outcome.map(|outcome| json!({"outcome": outcome})),
                    ),
                    scheduled_state_transition::attempts::set(i32::from(outcome == Some("done"))),
                    scheduled_state_transition::processed_at::set(done_at.map(stamp)),
                    scheduled_state_transition::created_at::set(stamp(planned.planned_at)),
                    scheduled_state_transition::updated_at::set(stamp(
                        done_at.unwrap_or(planned.planned_at),
                    )),
                ],
            }
        })
    }
}
