//! The schema-evolution examples of the migration guide, run as they stand there, by the commands that make them safe.

use postgres::testing::{TestDatabase, block_on};
use postgres::{ConnectionUrl, connect};

use super::app::{ROWS, Release};
use super::cases::Case;
use crate::sandbox::Sandbox;

/// Its breaking changes.
pub(super) const EXAMPLES: &[Case] = &[
    // "Removing Fields"
    Case {
        label: "guide_remove",
        before: "model Student {\n  id String @id @default(uuid())\n  fullName String\n  nickname String\n}\n",
        after: "model Student {\n  id String @id @default(uuid())\n  fullName String\n}\n",
        flags: &[],
        seed: "INSERT INTO \"Student\" SELECT i, 'Ann ' || i, 'n' || i FROM generate_series(1, {rows}) i",
        old: &[
            "UPDATE \"Student\" SET \"fullName\" = 'old {v}', nickname = 'o{v}' WHERE id = '{i}'",
            "INSERT INTO \"Student\" VALUES ('{n}', 'old {v}', 'o{v}') ON CONFLICT (id) DO UPDATE SET \"fullName\" = EXCLUDED.\"fullName\"",
        ],
        new: &[
            "UPDATE \"Student\" SET \"fullName\" = 'new {v}' WHERE id = '{i}'",
            "INSERT INTO \"Student\" (id, \"fullName\") VALUES ('{n}', 'new {v}') ON CONFLICT (id) DO NOTHING",
        ],
        plain: "ALTER TABLE \"Student\" DROP COLUMN nickname",
        is_swapped: false,
        is_noticed: true,
        checks: &[],
    },
    // "Renaming Fields"
    Case {
        label: "guide_rename",
        before: "model Student {\n  id String @id @default(uuid())\n  fullName String\n}\n",
        after: "model Student {\n  id String @id @default(uuid())\n  full_name String\n}\n",
        flags: &["--rename", "Student.fullName:full_name"],
        seed: "INSERT INTO \"Student\" SELECT i, 'Ann ' || i FROM generate_series(1, {rows}) i",
        old: &[
            "UPDATE \"Student\" SET \"fullName\" = 'old {v}' WHERE id = '{i}'",
            "DELETE FROM \"Student\" WHERE id = '{i}' AND {i} % 9 = 0",
        ],
        new: &["UPDATE \"Student\" SET full_name = 'new {v}' WHERE id = '{i}'"],
        plain: "ALTER TABLE \"Student\" RENAME COLUMN \"fullName\" TO full_name",
        is_swapped: false,
        is_noticed: true,
        checks: &[],
    },
    // "Changing Field Types"
    Case {
        label: "guide_cents",
        before: "model RateCardItem {\n  id String @id @default(uuid())\n  price_decimal Decimal\n}\n",
        after: "model RateCardItem {\n  id String @id @default(uuid())\n  price_cents Int\n}\n",
        flags: &[
            "--rename",
            "RateCardItem.price_decimal:price_cents",
            "--using",
            "ROUND(\"price_decimal\" * 100)",
        ],
        seed: "INSERT INTO \"RateCardItem\" SELECT i, i + 0.25 FROM generate_series(1, {rows}) i",
        old: &[
            "UPDATE \"RateCardItem\" SET price_decimal = {v}.75 WHERE id = '{i}'",
            "INSERT INTO \"RateCardItem\" (id, price_decimal) VALUES ('{n}', {v}.05) ON CONFLICT (id) DO UPDATE SET price_decimal = EXCLUDED.price_decimal",
        ],
        new: &[
            "UPDATE \"RateCardItem\" SET price_cents = {v} WHERE id = '{i}'",
            "INSERT INTO \"RateCardItem\" (id, price_cents) VALUES ('{n}', {v}) ON CONFLICT (id) DO UPDATE SET price_cents = EXCLUDED.price_cents",
        ],
        plain: "ALTER TABLE \"RateCardItem\" ALTER COLUMN price_decimal TYPE integer USING ROUND(price_decimal * 100); \
                ALTER TABLE \"RateCardItem\" RENAME COLUMN price_decimal TO price_cents",
        is_swapped: false,
        is_noticed: true,
        checks: &[],
    },
    // "Zero-Downtime Migrations", phases 1 to 4
    Case {
        label: "guide_utc",
        before: "model Org {\n  id Int @id\n  timeZone String\n  bookings Booking[]\n}\n\n\
                 model Booking {\n  id Int @id\n  orgId Int\n  org Org @relation(fields: [orgId], references: [id])\n  startAt DateTime @db.Timestamp(3)\n}\n",
        after: "model Org {\n  id Int @id\n  timeZone String\n  bookings Booking[]\n}\n\n\
                model Booking {\n  id Int @id\n  orgId Int\n  org Org @relation(fields: [orgId], references: [id])\n  startAtUtc DateTime @db.Timestamptz(3)\n}\n",
        flags: &[
            "--rename",
            "Booking.startAt:startAtUtc",
            "--using",
            "\"startAt\" AT TIME ZONE org.\"timeZone\"",
        ],
        seed: "INSERT INTO \"Org\" VALUES (0, 'UTC'), (1, 'Australia/Sydney'), (2, 'America/New_York'); \
               INSERT INTO \"Booking\" SELECT i, i % 3, timestamp '2026-01-01' + i * interval '1 hour' FROM generate_series(1, {rows}) i",
        old: &[
            "UPDATE \"Booking\" SET \"startAt\" = timestamp '2026-07-01' + {v} * interval '1 hour' WHERE id = {i}",
            "INSERT INTO \"Booking\" (id, \"orgId\", \"startAt\") VALUES ({n}, {v} % 3, timestamp '2026-05-01' + {v} * interval '1 hour') ON CONFLICT (id) DO UPDATE SET \"startAt\" = EXCLUDED.\"startAt\"",
        ],
        new: &[
            "UPDATE \"Booking\" SET \"startAtUtc\" = timestamptz '2026-08-01 00:00Z' + {v} * interval '1 hour' WHERE id = {i}",
        ],
        plain: "SET TimeZone TO 'UTC'; ALTER TABLE \"Booking\" ADD COLUMN x timestamptz(3); \
                UPDATE \"Booking\" b SET x = b.\"startAt\" AT TIME ZONE o.\"timeZone\" FROM \"Org\" o WHERE o.id = b.\"orgId\"; \
                ALTER TABLE \"Booking\" DROP COLUMN \"startAt\"; ALTER TABLE \"Booking\" RENAME COLUMN x TO \"startAtUtc\"; \
                ALTER TABLE \"Booking\" ALTER COLUMN \"startAtUtc\" SET NOT NULL",
        is_swapped: false,
        is_noticed: true,
        checks: &[],
    },
];

/// Its safe changes, for which no phases are needed even where they are asked for.
#[test]
fn what_only_adds_is_one_migration() {
    let database = TestDatabase::empty("guide_adds");
    let url = database.url().expose();
    let student = "model Student {\n  id String @id @default(uuid())\n  fullName String\n}\n";
    let sandbox = Sandbox::new(&schema(student));
    let dev = ["migrate", "dev", "--skip-generate", "--zero-downtime", "--name"];
    sandbox.run_on(&url, &[&dev[..], &["init"]].concat()).success();
    execute(
        database.url(),
        "INSERT INTO \"Student\" SELECT i, 'Ann' FROM generate_series(1, 3000) i",
    );
    let mut old = Release::start(
        database.url(),
        &["UPDATE \"Student\" SET \"fullName\" = 'old {v}' WHERE id = '{i}'"],
        0,
    );
    let mut text = student.to_owned();
    for (name, from, to) in [
        ("nickname", "  fullName String\n", "  fullName String\n  nickname String?\n"),
        (
            "vehicle_type",
            "model Student",
            "model VehicleType {\n  id String @id @default(uuid())\n  name String\n}\n\nmodel Student",
        ),
    ] {
        text = text.replace(from, to);
        sandbox.write("prisma/schema.prisma", schema(&text));
        let run = sandbox.run_on(&url, &[&dev[..], &[name]].concat()).success();
        assert!(run.stdout.contains("one migration will do"), "{name}: {run:#?}");
    }
    // An index breaks nobody either, and keeps nobody waiting where it is built beside them.
    let indexed = "  nickname String?\n\n  @@index([fullName, nickname])\n";
    sandbox.write("prisma/schema.prisma", schema(&text.replace("  nickname String?\n", indexed)));
    sandbox.run_on(&url, &[&dev[..], &["index"]].concat()).success();
    sandbox.run_on(&url, &["backfill", "run"]).success();
    let is_there = "SELECT count(*) FROM pg_index WHERE indrelid = '\"Student\"'::regclass AND indisvalid AND NOT indisprimary";
    assert_eq!(number(database.url(), is_there), 1);
    sandbox.run_on(&url, &["migrate", "contract", "index"]).success();
    assert!(old.stop().len() > 20, "it has gone on");
    let status = sandbox.run_on(&url, &["migrate", "status", "--drift"]).success();
    assert!(status.stdout.contains("No drift"), "{status:#?}");
}

/// "Large Table Migrations": its DO block as a backfill.
#[test]
fn the_batched_update_of_trip_points() {
    let database = TestDatabase::empty("guide_batched");
    let url = database.url().expose();
    let point = "model TripPoint {\n  id String @id @default(uuid())\n  lat Float\n}\n";
    let sandbox = Sandbox::new(&schema(point));
    let dev = ["migrate", "dev", "--skip-generate", "--name"];
    sandbox.run_on(&url, &[&dev[..], &["init"]].concat()).success();
    execute(
        database.url(),
        &format!("INSERT INTO \"TripPoint\" SELECT i, i FROM generate_series(1, {ROWS}) i"),
    );
    sandbox.write(
        "prisma/schema.prisma",
        schema(&point.replace("  lat Float\n", "  lat Float\n  processed_at DateTime?\n")),
    );
    sandbox.run_on(&url, &[&dev[..], &["processed_at"]].concat()).success();
    let migration = sandbox.list("prisma/migrations")[1].clone();
    sandbox.write(
        &format!("prisma/migrations/{migration}/backfill.sql"),
        "UPDATE \"TripPoint\"\nSET \"processed_at\" = NOW()\nWHERE \"processed_at\" IS NULL AND :batch;\n",
    );
    // One release writes what there was, the other one the new column too.
    let mut old =
        Release::start(database.url(), &["UPDATE \"TripPoint\" SET lat = {v} WHERE id = '{i}'"], 0);
    let mut new = Release::start(
        database.url(),
        &[
            "UPDATE \"TripPoint\" SET processed_at = '2026-01-01', lat = {v} WHERE id = '{i}'",
            "INSERT INTO \"TripPoint\" VALUES ('{n}', {v}, '2026-01-01') ON CONFLICT (id) DO NOTHING",
        ],
        1,
    );
    sandbox.run_on(&url, &["backfill", "run"]).success();
    let unprocessed = "SELECT count(*) FROM \"TripPoint\" WHERE processed_at IS NULL";
    assert_eq!(number(database.url(), unprocessed), 0);
    assert!(!old.stop().is_empty() && !new.stop().is_empty());
    // What was processed before keeps its time.
    let own = "SELECT count(*) FROM \"TripPoint\" WHERE processed_at = '2026-01-01'";
    assert!(number(database.url(), own) > 0);
    let again = sandbox.run_on(&url, &["backfill", "run"]).success();
    assert_eq!(number(database.url(), unprocessed), 0, "{again:#?}");
}

pub(super) fn schema(models: &str) -> String {
    format!(
        "datasource db {{\n  provider = \"postgresql\"\n  url      = env(\"DATABASE_URL\")\n}}\n\n{models}"
    )
}

fn execute(url: &ConnectionUrl, sql: &str) {
    block_on(async {
        connect(url).await.expect("the database is there").batch_execute(sql).await.expect(sql);
    });
}

fn number(url: &ConnectionUrl, sql: &str) -> i64 {
    block_on(async {
        let connection = connect(url).await.expect("the database is there");
        connection.query_one(sql, &[]).await.expect(sql).get(0)
    })
}
