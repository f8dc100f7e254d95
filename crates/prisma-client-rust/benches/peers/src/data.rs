//! The database of the bench: DriveFlow's migrations, a school, ten thousand bookings.

use client::booking;
use client::prisma_client_rust::{DateTime, FixedOffset};
use postgres::Connection;
use postgres::testing::{TestDatabase, migrations};

const ROWS: &str = r#"
INSERT INTO "Org" ("id", "name", "updatedAt") VALUES ('org', 'Org', now());
INSERT INTO "Instructor" ("id", "orgId", "displayName", "updatedAt")
    SELECT 'i' || n, 'org', 'Instructor ' || n, now() FROM generate_series(0, 19) n;
INSERT INTO "Student" ("id", "orgId", "fullName", "updatedAt")
    SELECT 's' || n, 'org', 'Student ' || n, now() FROM generate_series(0, 199) n;
INSERT INTO "Service" ("id", "orgId", "name", "durationMin", "updatedAt")
    SELECT 'v' || n, 'org', 'Service ' || n, 60, now() FROM generate_series(0, 4) n;
INSERT INTO "Booking" ("id", "orgId", "studentId", "instructorId", "serviceId", "startAt", "endAt", "priceCents",
    "platformFeeCents", "instructorShareCents", "pickupLat", "pickupLng", "status", "updatedAt")
    SELECT 'b' || n, 'org', 's' || n % 200, 'i' || n % 20, 'v' || n % 5, '2025-01-01'::timestamp + n * interval '1 hour',
        '2025-01-01'::timestamp + (n + 1) * interval '1 hour', 9000, 900, 8100, -33.8688, 151.2093,
        (CASE n % 3 WHEN 0 THEN 'requested' WHEN 1 THEN 'confirmed' ELSE 'completed' END)::"BookingStatus", now()
    FROM generate_series(0, 9999) n;
"#;

/// How many bookings there are: `b0` to `b9999`.
pub(crate) const BOOKINGS: usize = 10_000;

pub(crate) fn database() -> TestDatabase {
    let database = TestDatabase::from_sql("peers", &format!("{}\n{ROWS}", migrations()));
    postgres::testing::block_on(async {
        let connection = database.connect().await;
        connection.batch_execute("VACUUM ANALYZE").await.expect("it can be analyzed");
    });
    database
}

/// A key that is there, another one each time.
pub(crate) fn id(turn: usize) -> String {
    format!("b{}", turn * 7 % BOOKINGS)
}

/// The key of a row that a bench adds.
pub(crate) fn new_id(number: usize) -> String {
    format!("n{number}")
}

/// When such a row's lesson starts.
pub(crate) fn start(number: usize) -> DateTime<FixedOffset> {
    let seconds = 1_750_000_000 + i64::try_from(number).expect("there are not so many") * 3_600;
    DateTime::from_timestamp(seconds, 0).expect("that is this century").fixed_offset()
}

/// The row itself, for the client.
pub(crate) fn row(number: usize) -> booking::CreateUnchecked {
    booking::create_unchecked(
        "org",
        "s1",
        "i1",
        "v1",
        start(number),
        start(number),
        9_000,
        900,
        8_100,
        vec![
            booking::id::set(new_id(number)),
            // As the peers have them: what lies in indexes is to be the same.
            booking::created_at::set(start(number)),
            booking::status_changed_at::set(Some(start(number))),
            booking::updated_at::set(start(number)),
        ],
    )
}

/// Removes what a bench added.
pub(crate) async fn clean(connection: &Connection) {
    connection
        .batch_execute("DELETE FROM \"Booking\" WHERE \"id\" LIKE 'n%'")
        .await
        .expect("it can be deleted");
}
