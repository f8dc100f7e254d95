//! Columns that are called otherwise, change their types, are required, split, merged, swapped.

use super::Change;

#[tokio::test]
async fn a_column_is_renamed() {
    let (plan, stage) = change! {
        before: r#"
            model Org {
              id Int @id
              students Student[]
            }
            model Student {
              id Int @id @default(autoincrement())
              orgId Int
              fullName String
              nick String? @default("none")
              org Org @relation(fields: [orgId], references: [id])
              @@index([orgId, fullName])
              @@unique([fullName, nick])
            }"#,
        by_hand: r#"
            CREATE INDEX by_hand ON "Student" (lower("fullName")) WHERE "fullName" <> 'x';
            ALTER TABLE "Student" ADD CONSTRAINT "long" CHECK (length("fullName") > 1);
            COMMENT ON COLUMN "Student"."fullName" IS 'it''s a name'"#,
        rows: r#"
            INSERT INTO "Org" VALUES (1), (2);
            INSERT INTO "Student" ("orgId", "fullName") SELECT 1 + i % 2, 'name ' || i FROM generate_series(1, 50) AS i"#,
        after: r#"
            model Org {
              id Int @id
              students Student[]
            }
            model Student {
              id Int @id @default(autoincrement())
              org_id Int
              full_name String
              nickName String? @default("none")
              org Org @relation(fields: [org_id], references: [id])
              @@index([org_id, full_name])
              @@unique([full_name, nickName])
            }"#,
        renames: &["Student.fullName:full_name", "Student.nick:nickName", "Student.orgId:org_id"],
    }
    .holds("rename_column")
    .await;
    assert_eq!(plan.document.old_writes.as_deref(), Some("old_writes_20261128101112"));
    assert_eq!(
        stage.rows(r#"SELECT full_name, org_id FROM "Student" ORDER BY id LIMIT 2"#).await,
        [r#"{"full_name":"name 1","org_id":2}"#, r#"{"full_name":"name 2","org_id":1}"#,]
    );
}

#[tokio::test]
async fn a_price_becomes_cents() {
    let (plan, stage) = change! {
        before: r"
            model Item {
              id String @id
              price Decimal @db.Decimal(10, 2)
              at DateTime @default(now())
            }",
        rows: r#"INSERT INTO "Item" (id, price) VALUES ('a', 19.99), ('b', 0.005), ('c', -1)"#,
        after: r"
            model Item {
              id String @id
              priceCents Int
              at DateTime @default(now())
              @@index([priceCents])
            }",
        renames: &["Item.price:priceCents"],
        usings: &[r#"ROUND("price" * 100)"#],
    }
    .holds("cents")
    .await;
    assert_eq!(
        plan.document.summary,
        [r#"rename column "Item"."price" to "priceCents", from DECIMAL(10,2) to INTEGER"#]
    );
    assert_eq!(
        stage.rows(r#"SELECT id, "priceCents" FROM "Item" ORDER BY id"#).await,
        [
            r#"{"id":"a","priceCents":1999}"#,
            r#"{"id":"b","priceCents":1}"#,
            r#"{"id":"c","priceCents":-100}"#,
        ]
    );
}

#[tokio::test]
async fn a_type_changes_under_the_same_name() {
    let (plan, _) = change! {
        before: r#"
            model T {
              id Int @id
              n Int @default(7)
              text String? @unique
              list Int[]
              code String @db.VarChar(3)
              json Json? @db.Json
              @@index([n, code], map: "by n")
            }"#,
        rows: "INSERT INTO \"T\" VALUES (1, 2, 'a', '{1}', 'abc', '{\"a\": 1}'), (2, 3, NULL, '{}', 'de', NULL)",
        after: r#"
            model T {
              id Int @id
              n BigInt @default(7)
              text String? @unique @db.Citext
              list BigInt[]
              code String @db.VarChar(4)
              json Json?
              @@index([n, code], map: "by n")
            }"#,
        by_hand: "CREATE EXTENSION citext",
        usings: &["T.list=list::bigint[]"],
    }
    .holds("type_same_name")
    .await;
    assert_eq!(plan.document.old_writes, None, "nothing tells the releases from one another");
    // The twin may be written to, where it leads back.
    assert!(plan.migration.contains(r#"NEW."n" := NEW."n_next"::INTEGER"#), "{}", plan.migration);
    assert!(
        plan.migration.contains("ALTER COLUMN \"code\" SET DATA TYPE VARCHAR(4)"),
        "{}",
        plan.migration
    );
}

#[tokio::test]
async fn local_times_become_instants() {
    let (plan, stage) = change! {
        before: r#"
            model Org {
              id Int @id
              timeZone String @map("time_zone")
              bookings Booking[]
            }
            model Booking {
              id Int @id
              orgId Int
              startAt DateTime
              org Org @relation(fields: [orgId], references: [id])
            }"#,
        rows: r#"
            INSERT INTO "Org" VALUES (1, 'Australia/Sydney'), (2, 'UTC');
            INSERT INTO "Booking" VALUES (1, 1, '2026-01-15 10:00'), (2, 1, '2026-07-15 10:00'), (3, 2, '2026-07-15 10:00')"#,
        after: r#"
            model Org {
              id Int @id
              timeZone String @map("time_zone")
              bookings Booking[]
            }
            model Booking {
              id Int @id
              orgId Int
              startAtUtc DateTime @db.Timestamptz(3)
              org Org @relation(fields: [orgId], references: [id])
            }"#,
        renames: &["Booking.startAt:startAtUtc"],
        usings: &[r#"Booking.startAtUtc="startAt" AT TIME ZONE org."timeZone""#],
    }
    .holds("instants")
    .await;
    assert!(
        plan.document.fills[0].set[0].1.contains("FROM \"public\".\"Org\" AS r"),
        "{:?}",
        plan.document
    );
    stage.run("SET TimeZone = 'UTC'").await;
    assert_eq!(
        stage.rows(r#"SELECT id, "startAtUtc" FROM "Booking" ORDER BY id"#).await,
        [
            r#"{"id":1,"startAtUtc":"2026-01-14T23:00:00+00:00"}"#,
            r#"{"id":2,"startAtUtc":"2026-07-15T00:00:00+00:00"}"#,
            r#"{"id":3,"startAtUtc":"2026-07-15T10:00:00+00:00"}"#,
        ]
    );
}

#[tokio::test]
async fn an_optional_column_becomes_required() {
    let (_, stage) = change! {
        before: r"
            model T {
              id Int @id
              a String?
              b Int? @default(3)
              c String?
            }",
        rows: "INSERT INTO \"T\" VALUES (1, NULL, NULL, NULL), (2, 'x', 5, 'y')",
        after: r#"
            model T {
              id Int @id
              a String
              b Int @default(3)
              c String? @default("z")
              made String @default(dbgenerated("gen_random_uuid()::text"))
              of String
              at DateTime @default(now())
              fixed Int @default(9)
            }"#,
        usings: &["T.a='none ' || id", "T.b=3", "T.of=coalesce(a, '-') || coalesce(c, '-')"],
    }
    .holds("required")
    .await;
    let _ = stage;
}

#[tokio::test]
async fn a_column_is_split_and_another_merged() {
    let (_, stage) = change! {
        before: r"
            model P {
              id Int @id
              name String
              street String?
              town String?
            }",
        rows: "INSERT INTO \"P\" VALUES (1, 'Ada Lovelace', 'St 1', 'London'), (2, 'Plato', NULL, 'Athens')",
        after: r"
            model P {
              id Int @id
              first String
              last String
              address String?
              @@index([last, first])
            }",
        usings: &[
            "P.first=split_part(name, ' ', 1)",
            "P.last=substr(name, length(split_part(name, ' ', 1)) + 2)",
            "P.name=rtrim(first || ' ' || last)",
            "P.address=coalesce(street, '') || '; ' || town",
            "P.street=nullif(split_part(address, '; ', 1), '')",
            "P.town=split_part(address, '; ', 2)",
        ],
    }
    .holds("split_merge")
    .await;
    assert_eq!(
        stage.rows("SELECT id, first, last, address FROM \"P\" ORDER BY id").await,
        [
            r#"{"id":1,"first":"Ada","last":"Lovelace","address":"St 1; London"}"#,
            r#"{"id":2,"first":"Plato","last":"","address":"; Athens"}"#,
        ]
    );
}

#[tokio::test]
async fn columns_swap_their_names() {
    let (_, stage) = change! {
        before: "model T {\n id Int @id\n a String\n b String\n}",
        rows: r#"INSERT INTO "T" VALUES (1, 'was a', 'was b')"#,
        after: "model T {\n id Int @id\n a String\n b String\n}",
        renames: &["T.a:b", "T.b:a"],
    }
    .holds("swapped")
    .await;
    assert_eq!(stage.rows(r#"SELECT a, b FROM "T""#).await, [r#"{"a":"was b","b":"was a"}"#]);
}
