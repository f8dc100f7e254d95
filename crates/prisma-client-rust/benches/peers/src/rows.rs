//! The rows that the peers read, column by column as a hand would write it: every column of a model, in its own type.
//!
//! The drivers below an ORM read by position, which is the fastest they can.

use chrono::NaiveDateTime;
use rust_decimal::Decimal;
use serde_json::Value;
use tokio_postgres::types::{FromSql, Type};

/// `BookingStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "sqlx", derive(sqlx::Type))]
#[cfg_attr(feature = "sqlx", sqlx(type_name = "\"BookingStatus\"", rename_all = "snake_case"))]
pub(crate) enum Status {
    Draft,
    PendingPayment,
    Requested,
    Confirmed,
    Scheduled,
    InProgress,
    Completed,
    Cancelled,
    NoShow,
}

impl Status {
    pub(crate) fn named(name: &[u8]) -> Option<Status> {
        Some(match name {
            b"draft" => Status::Draft,
            b"pending_payment" => Status::PendingPayment,
            b"requested" => Status::Requested,
            b"confirmed" => Status::Confirmed,
            b"scheduled" => Status::Scheduled,
            b"in_progress" => Status::InProgress,
            b"completed" => Status::Completed,
            b"cancelled" => Status::Cancelled,
            b"no_show" => Status::NoShow,
            _ => return None,
        })
    }
}

impl<'a> FromSql<'a> for Status {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Status::named(raw).ok_or_else(|| "no BookingStatus".into())
    }

    fn accepts(ty: &Type) -> bool {
        ty.name() == "BookingStatus"
    }
}

macro_rules! rows {
    ($($name:ident { $($field:ident: $ty:ty,)+ })+) => {
        $(
            #[derive(Debug, Clone)]
            #[expect(dead_code, reason = "what is read is not looked at")]
            pub(crate) struct $name {
                $(pub(crate) $field: $ty,)+
            }

            impl $name {
                /// The row whose first column stands at `at`.
                #[expect(unused_assignments, reason = "the last column has none after it")]
                pub(crate) fn of(row: &tokio_postgres::Row, mut at: usize) -> Self {
                    $(
                        let $field: $ty = row.get(at);
                        at += 1;
                    )+
                    Self { $($field,)+ }
                }

                /// The same through sqlx.
                #[cfg(feature = "sqlx")]
                #[expect(unused_assignments, reason = "the last column has none after it")]
                pub(crate) fn of_sqlx(row: &sqlx::postgres::PgRow, mut at: usize) -> Self {
                    use sqlx::Row as _;
                    $(
                        let $field: $ty = row.get(at);
                        at += 1;
                    )+
                    Self { $($field,)+ }
                }
            }
        )+
    };
}

rows! {
    Booking {
        id: String,
        org_id: String,
        student_id: String,
        instructor_id: String,
        service_id: String,
        start_at: NaiveDateTime,
        end_at: NaiveDateTime,
        status: Status,
        pickup_address: Option<String>,
        pickup_lat: Option<Decimal>,
        pickup_lng: Option<Decimal>,
        dropoff_address: Option<String>,
        dropoff_lat: Option<Decimal>,
        dropoff_lng: Option<Decimal>,
        currency: String,
        price_cents: i32,
        platform_fee_cents: i32,
        instructor_share_cents: i32,
        notes: Option<String>,
        cancelled_by: Option<String>,
        cancelled_at: Option<NaiveDateTime>,
        cancellation_reason: Option<String>,
        rescheduled_from: Option<NaiveDateTime>,
        rescheduled_at: Option<NaiveDateTime>,
        reschedule_reason: Option<String>,
        previous_status: Option<Status>,
        status_changed_at: Option<NaiveDateTime>,
        status_changed_by: Option<String>,
        idempotency_key: Option<String>,
        created_at: NaiveDateTime,
        updated_at: NaiveDateTime,
    }
    Student {
        id: String,
        org_id: String,
        full_name: String,
        phone: Option<String>,
        email: Option<String>,
        dob: Option<NaiveDateTime>,
        notes: Option<String>,
        created_at: NaiveDateTime,
        updated_at: NaiveDateTime,
    }
    Instructor {
        id: String,
        org_id: String,
        user_id: Option<String>,
        display_name: String,
        phone: Option<String>,
        license_id: Option<String>,
        active: bool,
        stripe_account_id: Option<String>,
        stripe_onboarding_status: String,
        stripe_capabilities: Option<Value>,
        stripe_requirements_due: Option<Value>,
        stripe_connected_at: Option<NaiveDateTime>,
        stripe_disconnected_at: Option<NaiveDateTime>,
        created_at: NaiveDateTime,
        updated_at: NaiveDateTime,
    }
    Service {
        id: String,
        org_id: String,
        name: String,
        description: Option<String>,
        duration_min: i32,
        active: bool,
        created_at: NaiveDateTime,
        updated_at: NaiveDateTime,
    }
}

/// How many columns each model has, for rows of several.
pub(crate) const BOOKING: usize = 31;
pub(crate) const STUDENT: usize = 9;
pub(crate) const INSTRUCTOR: usize = 15;

/// Every column of a model as SQL, its table called `name`.
pub(crate) fn columns(model: &str, name: &str) -> String {
    let model = client::MODELS.iter().find(|of| of.name == model).expect("the schema has it");
    let columns: Vec<String> =
        model.columns.iter().map(|column| format!("{name}.\"{}\"", column.name)).collect();
    columns.join(", ")
}

/// The hand-written query of a row by its key.
pub(crate) fn by_id() -> String {
    format!("SELECT {} FROM \"Booking\" b WHERE b.\"id\" = $1", columns("Booking", "b"))
}

/// The hand-written query of many rows.
pub(crate) fn many() -> String {
    format!("SELECT {} FROM \"Booking\" b ORDER BY b.\"id\" LIMIT 1000", columns("Booking", "b"))
}

/// The hand-written join.
pub(crate) fn joined() -> String {
    format!(
        "SELECT {}, {}, {}, {} FROM \"Booking\" b JOIN \"Student\" s ON s.\"id\" = b.\"studentId\" JOIN \"Instructor\" i \
         ON i.\"id\" = b.\"instructorId\" JOIN \"Service\" v ON v.\"id\" = b.\"serviceId\" ORDER BY b.\"id\" LIMIT 500",
        columns("Booking", "b"),
        columns("Student", "s"),
        columns("Instructor", "i"),
        columns("Service", "v"),
    )
}
