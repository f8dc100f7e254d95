//! diesel-async as its guide shows it: `table!`, `Queryable`, a join of the tables, one INSERT of many rows.

use std::io::Write as _;

use bigdecimal::BigDecimal;
use chrono::NaiveDateTime;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::{
    ExpressionMethods as _, Insertable, QueryDsl as _, Queryable, Selectable, SelectableHelper,
};
use diesel_async::pooled_connection::AsyncDieselConnectionManager;
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use postgres::ConnectionUrl;

use crate::data;
use crate::rows::Status;

#[derive(diesel::sql_types::SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(name = "BookingStatus"))]
pub struct StatusType;

/// The same values as [`Status`], with diesel's derives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = StatusType)]
pub(crate) struct DieselStatus(Status);

impl FromSql<StatusType, Pg> for DieselStatus {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Status::named(value.as_bytes()).map(Self).ok_or_else(|| "no BookingStatus".into())
    }
}

impl ToSql<StatusType, Pg> for DieselStatus {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(b"confirmed")?;
        Ok(IsNull::No)
    }
}

mod tables {
    diesel::table! {
        use diesel::sql_types::*;
        use super::super::StatusType;

        #[sql_name = "Booking"]
        bookings (id) {
            id -> Text,
            #[sql_name = "orgId"] org_id -> Text,
            #[sql_name = "studentId"] student_id -> Text,
            #[sql_name = "instructorId"] instructor_id -> Text,
            #[sql_name = "serviceId"] service_id -> Text,
            #[sql_name = "startAt"] start_at -> Timestamp,
            #[sql_name = "endAt"] end_at -> Timestamp,
            status -> StatusType,
            #[sql_name = "pickupAddress"] pickup_address -> Nullable<Text>,
            #[sql_name = "pickupLat"] pickup_lat -> Nullable<Numeric>,
            #[sql_name = "pickupLng"] pickup_lng -> Nullable<Numeric>,
            #[sql_name = "dropoffAddress"] dropoff_address -> Nullable<Text>,
            #[sql_name = "dropoffLat"] dropoff_lat -> Nullable<Numeric>,
            #[sql_name = "dropoffLng"] dropoff_lng -> Nullable<Numeric>,
            currency -> Text,
            #[sql_name = "priceCents"] price_cents -> Int4,
            #[sql_name = "platformFeeCents"] platform_fee_cents -> Int4,
            #[sql_name = "instructorShareCents"] instructor_share_cents -> Int4,
            notes -> Nullable<Text>,
            #[sql_name = "cancelledBy"] cancelled_by -> Nullable<Text>,
            #[sql_name = "cancelledAt"] cancelled_at -> Nullable<Timestamp>,
            #[sql_name = "cancellationReason"] cancellation_reason -> Nullable<Text>,
            #[sql_name = "rescheduledFrom"] rescheduled_from -> Nullable<Timestamp>,
            #[sql_name = "rescheduledAt"] rescheduled_at -> Nullable<Timestamp>,
            #[sql_name = "rescheduleReason"] reschedule_reason -> Nullable<Text>,
            #[sql_name = "previousStatus"] previous_status -> Nullable<StatusType>,
            #[sql_name = "statusChangedAt"] status_changed_at -> Nullable<Timestamp>,
            #[sql_name = "statusChangedBy"] status_changed_by -> Nullable<Text>,
            #[sql_name = "idempotencyKey"] idempotency_key -> Nullable<Text>,
            #[sql_name = "createdAt"] created_at -> Timestamp,
            #[sql_name = "updatedAt"] updated_at -> Timestamp,
        }
    }

    diesel::table! {
        #[sql_name = "Student"]
        students (id) {
            id -> Text,
            #[sql_name = "orgId"] org_id -> Text,
            #[sql_name = "fullName"] full_name -> Text,
            phone -> Nullable<Text>,
            email -> Nullable<Text>,
            dob -> Nullable<Timestamp>,
            notes -> Nullable<Text>,
            #[sql_name = "createdAt"] created_at -> Timestamp,
            #[sql_name = "updatedAt"] updated_at -> Timestamp,
        }
    }

    diesel::table! {
        #[sql_name = "Instructor"]
        instructors (id) {
            id -> Text,
            #[sql_name = "orgId"] org_id -> Text,
            #[sql_name = "userId"] user_id -> Nullable<Text>,
            #[sql_name = "displayName"] display_name -> Text,
            phone -> Nullable<Text>,
            #[sql_name = "licenseId"] license_id -> Nullable<Text>,
            active -> Bool,
            #[sql_name = "stripeAccountId"] stripe_account_id -> Nullable<Text>,
            #[sql_name = "stripeOnboardingStatus"] stripe_onboarding_status -> Text,
            #[sql_name = "stripeCapabilities"] stripe_capabilities -> Nullable<Jsonb>,
            #[sql_name = "stripeRequirementsDue"] stripe_requirements_due -> Nullable<Jsonb>,
            #[sql_name = "stripeConnectedAt"] stripe_connected_at -> Nullable<Timestamp>,
            #[sql_name = "stripeDisconnectedAt"] stripe_disconnected_at -> Nullable<Timestamp>,
            #[sql_name = "createdAt"] created_at -> Timestamp,
            #[sql_name = "updatedAt"] updated_at -> Timestamp,
        }
    }

    diesel::table! {
        #[sql_name = "Service"]
        services (id) {
            id -> Text,
            #[sql_name = "orgId"] org_id -> Text,
            name -> Text,
            description -> Nullable<Text>,
            #[sql_name = "durationMin"] duration_min -> Int4,
            active -> Bool,
            #[sql_name = "createdAt"] created_at -> Timestamp,
            #[sql_name = "updatedAt"] updated_at -> Timestamp,
        }
    }

    diesel::joinable!(bookings -> students (student_id));
    diesel::joinable!(bookings -> instructors (instructor_id));
    diesel::joinable!(bookings -> services (service_id));
    diesel::allow_tables_to_appear_in_same_query!(bookings, students, instructors, services);
}

use tables::{bookings, instructors, services, students};

macro_rules! rows {
    ($($table:ident $name:ident { $($field:ident: $ty:ty,)+ })+) => {
        $(
            #[derive(Debug, Clone, Queryable, Selectable)]
            #[diesel(table_name = $table, check_for_backend(Pg))]
            #[expect(dead_code, reason = "what is read is not looked at")]
            pub(crate) struct $name {
                $($field: $ty,)+
            }
        )+
    };
}

rows! {
    bookings Booking {
        id: String,
        org_id: String,
        student_id: String,
        instructor_id: String,
        service_id: String,
        start_at: NaiveDateTime,
        end_at: NaiveDateTime,
        status: DieselStatus,
        pickup_address: Option<String>,
        pickup_lat: Option<BigDecimal>,
        pickup_lng: Option<BigDecimal>,
        dropoff_address: Option<String>,
        dropoff_lat: Option<BigDecimal>,
        dropoff_lng: Option<BigDecimal>,
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
        previous_status: Option<DieselStatus>,
        status_changed_at: Option<NaiveDateTime>,
        status_changed_by: Option<String>,
        idempotency_key: Option<String>,
        created_at: NaiveDateTime,
        updated_at: NaiveDateTime,
    }
    students Student {
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
    instructors Instructor {
        id: String,
        org_id: String,
        user_id: Option<String>,
        display_name: String,
        phone: Option<String>,
        license_id: Option<String>,
        active: bool,
        stripe_account_id: Option<String>,
        stripe_onboarding_status: String,
        stripe_capabilities: Option<serde_json::Value>,
        stripe_requirements_due: Option<serde_json::Value>,
        stripe_connected_at: Option<NaiveDateTime>,
        stripe_disconnected_at: Option<NaiveDateTime>,
        created_at: NaiveDateTime,
        updated_at: NaiveDateTime,
    }
    services Service {
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

#[derive(Insertable)]
#[diesel(table_name = bookings)]
struct NewBooking {
    id: String,
    org_id: &'static str,
    student_id: &'static str,
    instructor_id: &'static str,
    service_id: &'static str,
    start_at: NaiveDateTime,
    end_at: NaiveDateTime,
    price_cents: i32,
    platform_fee_cents: i32,
    instructor_share_cents: i32,
    created_at: NaiveDateTime,
    status_changed_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

type Joined = (Booking, Student, Instructor, Service);

pub(crate) struct Diesel {
    pool: Pool<AsyncPgConnection>,
}

impl Diesel {
    pub(crate) fn connect(url: &ConnectionUrl, connections: usize) -> Diesel {
        // libpq's form: a socket's folder is a host like any other.
        let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
        let text = format!(
            "host={} port={} user={} dbname={}",
            quoted(url.host()),
            url.port(),
            quoted(url.user()),
            quoted(url.database())
        );
        let manager = AsyncDieselConnectionManager::<AsyncPgConnection>::new(text);
        Diesel { pool: Pool::builder(manager).max_size(connections).build().expect("a pool") }
    }

    async fn connection(&self) -> Object<AsyncPgConnection> {
        self.pool.get().await.expect("the server is there")
    }

    pub(crate) async fn find(&self, turn: usize) -> Booking {
        let query = bookings::table.find(data::id(turn)).select(Booking::as_select());
        query.first(&mut self.connection().await).await.expect("it is there")
    }

    pub(crate) async fn many(&self) -> Vec<Booking> {
        let query = bookings::table.order(bookings::id.asc()).limit(1_000);
        let query = query.select(Booking::as_select());
        query.load(&mut self.connection().await).await.expect("they are there")
    }

    pub(crate) async fn joined(&self) -> Vec<Joined> {
        let query = bookings::table
            .inner_join(students::table)
            .inner_join(instructors::table)
            .inner_join(services::table)
            .order(bookings::id.asc())
            .limit(500)
            .select(<Joined as SelectableHelper<Pg>>::as_select());
        query.load(&mut self.connection().await).await.expect("they are there")
    }

    pub(crate) async fn insert(&self, count: usize) {
        let rows: Vec<NewBooking> = (0..count)
            .map(|number| {
                let time = data::start(number).naive_utc();
                NewBooking {
                    id: data::new_id(number),
                    org_id: "org",
                    student_id: "s1",
                    instructor_id: "i1",
                    service_id: "v1",
                    start_at: time,
                    end_at: time,
                    price_cents: 9_000,
                    platform_fee_cents: 900,
                    instructor_share_cents: 8_100,
                    created_at: time,
                    status_changed_at: time,
                    updated_at: time,
                }
            })
            .collect();
        let insert = diesel::insert_into(bookings::table).values(&rows);
        let made = insert.execute(&mut self.connection().await).await;
        assert_eq!(made.expect("they can be inserted"), count);
    }
}
