//! Each kind of change, from the schema before to the schema after, and back.

use super::stage::Change;

macro_rules! change {
    ($($field:ident: $value:expr),* $(,)?) => {
        Change { $($field: $value,)* ..Change::default() }
    };
}

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
async fn columns_and_tables_are_dropped() {
    let (plan, _) = change! {
        before: r"
            enum Mood {
              good
              bad
            }
            model Parent {
              id Int @id
              gone String
              kept String?
              mood Mood @default(good)
              children Child[]
              @@unique([gone, kept])
            }
            model Child {
              id Int @id @default(autoincrement())
              parentId Int
              parent Parent @relation(fields: [parentId], references: [id])
            }",
        rows: "INSERT INTO \"Parent\" VALUES (1, 'a', 'b'); INSERT INTO \"Child\" (\"parentId\") VALUES (1), (1)",
        after: r"
            model Parent {
              id Int @id
              kept String?
            }",
    }
    .holds("dropped")
    .await;
    assert_eq!(
        plan.document.retires,
        [r#"column "Parent"."gone""#, r#"column "Parent"."mood""#, r#"table "Child""#,]
    );
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
async fn uniques_foreign_keys_and_checks_come() {
    let (_, stage) = change! {
        before: r"
            model Org {
              id Int @id
            }
            model U {
              id Int @id
              email String
              orgId Int?
              cents Int
              tag String?
            }",
        rows: r#"
            INSERT INTO "Org" VALUES (1);
            INSERT INTO "U" VALUES (1, 'a', 1, 5), (2, 'a', 9, -5), (3, 'b', NULL, 0), (4, 'a', 1, 1)"#,
        after: r"
            model Org {
              id Int @id
              users U[]
            }
            model U {
              id Int @id
              email String @unique
              orgId Int?
              cents Int
              tag String?
              org Org? @relation(fields: [orgId], references: [id])
              @@index([tag])
            }",
        usings: &["U.email=email || '-' || id", "U.orgId=NULL", "U.cents=abs(cents)"],
        checks: &["U.cents_are_not_negative=cents >= 0"],
    }
    .holds("constraints")
    .await;
    assert_eq!(
        stage.rows("SELECT id, email, \"orgId\", cents FROM \"U\" ORDER BY id").await,
        [
            r#"{"id":1,"email":"a","orgId":1,"cents":5}"#,
            r#"{"id":2,"email":"a-2","orgId":null,"cents":5}"#,
            r#"{"id":3,"email":"b","orgId":null,"cents":0}"#,
            r#"{"id":4,"email":"a-4","orgId":1,"cents":1}"#,
        ]
    );
}

#[tokio::test]
async fn a_table_is_renamed() {
    let (plan, _) = change! {
        before: r"
            model Pupil {
              id Int @id @default(autoincrement())
              name String @unique
              lessons Lesson[]
              tags Tag[]
            }
            model Lesson {
              id Int @id
              pupilId Int
              pupil Pupil @relation(fields: [pupilId], references: [id])
            }
            model Tag {
              id Int @id
              pupils Pupil[]
            }",
        rows: "INSERT INTO \"Pupil\" (name) VALUES ('a'), ('b'); INSERT INTO \"Lesson\" VALUES (1, 1); INSERT INTO \"Tag\" VALUES (1); INSERT INTO \"_PupilToTag\" VALUES (1, 1)",
        after: r"
            model Student {
              id Int @id @default(autoincrement())
              full_name String @unique
              lessons Lesson[]
              tags Tag[]
            }
            model Lesson {
              id Int @id
              pupilId Int
              pupil Student @relation(fields: [pupilId], references: [id])
            }
            model Tag {
              id Int @id
              pupils Student[]
            }",
        renames: &["Pupil:Student", "Student.name:full_name"],
    }
    .holds("rename_table")
    .await;
    assert!(plan.migration.contains(r#"CREATE VIEW "public"."Pupil""#));
}

#[tokio::test]
async fn an_enum_loses_values() {
    let (plan, stage) = change! {
        before: r"
            enum Status {
              draft
              open
              shut
            }
            model T {
              id Int @id
              status Status @default(draft)
              all Status[]
              maybe Status?
              same Status @default(shut)
              @@index([status])
            }",
        rows: "INSERT INTO \"T\" VALUES (1, 'draft', '{draft,open}', NULL), (2, 'open', '{}', 'shut'), (3, 'shut', NULL, 'draft')",
        after: r"
            enum Status {
              open
              shut
              lost
            }
            model T {
              id Int @id
              status Status @default(open)
              all Status[]
              maybe Status?
              same Status @default(shut)
              @@index([status])
            }",
        usings: &[
            "T.status=CASE status WHEN 'draft' THEN 'open' ELSE status END",
            "T.all=array_remove(\"all\", 'draft')",
            "T.maybe=nullif(maybe, 'draft')",
            "T.same=CASE same::text WHEN 'draft' THEN 'lost' ELSE same::text END",
        ],
    }
    .holds("enum_values")
    .await;
    assert!(plan.document.old_writes.is_some(), "values that go are those of the old release");
    assert_eq!(
        stage.rows("SELECT id, status, \"all\", maybe FROM \"T\" ORDER BY id").await,
        [
            r#"{"id":1,"status":"open","all":["open"],"maybe":null}"#,
            r#"{"id":2,"status":"open","all":[],"maybe":"shut"}"#,
            r#"{"id":3,"status":"shut","all":null,"maybe":null}"#,
        ]
    );
}

#[tokio::test]
async fn a_value_of_an_enum_is_renamed() {
    let (_, stage) = change! {
        before: "enum E {\n a\n b\n}\nmodel T {\n id Int @id\n e E\n l E[]\n}",
        rows: "INSERT INTO \"T\" VALUES (1, 'a', '{a,b}'), (2, 'b', NULL)",
        after: "enum E {\n c\n b\n}\nmodel T {\n id Int @id\n e E\n l E[]\n}",
        renames: &["E.a:c"],
    }
    .holds("enum_value_renamed")
    .await;
    assert_eq!(
        stage.rows("SELECT id, e, l FROM \"T\" ORDER BY id").await,
        [r#"{"id":1,"e":"c","l":["c","b"]}"#, r#"{"id":2,"e":"b","l":null}"#,]
    );
}

#[tokio::test]
async fn a_primary_key_changes_its_type() {
    let (_, stage) = change! {
        before: r#"
            model User {
              id Int @id @default(autoincrement())
              name String
              posts Post[]
              friends User[] @relation("friends")
              friendOf User[] @relation("friends")
              bossId Int?
              boss User? @relation("boss", fields: [bossId], references: [id])
              staff User[] @relation("boss")
            }
            model Post {
              authorId Int
              number Int
              author User @relation(fields: [authorId], references: [id], onDelete: Cascade)
              @@id([authorId, number])
            }"#,
        rows: r#"
            INSERT INTO "User" (name, "bossId") VALUES ('a', NULL), ('b', 1);
            INSERT INTO "Post" VALUES (1, 1), (2, 1);
            INSERT INTO "_friends" VALUES (1, 2)"#,
        after: r#"
            model User {
              id BigInt @id @default(autoincrement())
              name String
              posts Post[]
              friends User[] @relation("friends")
              friendOf User[] @relation("friends")
              bossId BigInt?
              boss User? @relation("boss", fields: [bossId], references: [id])
              staff User[] @relation("boss")
            }
            model Post {
              authorId BigInt
              number Int
              author User @relation(fields: [authorId], references: [id], onDelete: Cascade)
              @@id([authorId, number])
            }"#,
    }
    .holds("key_type")
    .await;
    stage.run("INSERT INTO \"User\" (name) VALUES ('c')").await;
    assert_eq!(
        stage.rows("SELECT id, \"bossId\" FROM \"User\" ORDER BY id").await,
        [r#"{"id":1,"bossId":null}"#, r#"{"id":2,"bossId":1}"#, r#"{"id":3,"bossId":null}"#,]
    );
}

#[tokio::test]
async fn odd_names_and_several_schemas() {
    let long = "x".repeat(63);
    let source = "datasource db {\n provider = \"postgresql\"\n url = env(\"DATABASE_URL\")\n schemas = [\"public\", \"other\"]\n}\n";
    let before = format!(
        "{source}model A {{\n id Int @id @map(\"i d\")\n a String @map(\"it's \\\"a\\\" %s\")\n l String? @map(\"{long}\") @unique(map: \"{long}\")\n @@map(\"t \\\"$rollout$\\\" %\")\n @@schema(\"other\")\n}}"
    );
    let after = format!(
        "{source}model A {{\n id Int @id @map(\"i d\")\n b String @map(\"new ''\\\"\")\n l BigInt? @map(\"{long}\") @unique(map: \"{long}\")\n @@map(\"t \\\"$rollout$\\\" %\")\n @@schema(\"other\")\n}}"
    );
    let using = format!("A.l=\"{long}\"::bigint");
    change! {
        before: &before,
        rows: r#"INSERT INTO other."t ""$rollout$"" %" VALUES (1, 'x', '5')"#,
        after: &after,
        renames: &["A.it's \"a\" %s:b"],
        usings: &[using.as_str()],
    }
    .holds("odd_names")
    .await;
}

#[tokio::test]
async fn a_text_key_becomes_a_uuid() {
    let (_, stage) = change! {
        before: r"
            model User {
              id String @id
              posts Post[]
            }
            model Post {
              id Int @id
              authorId String?
              author User? @relation(fields: [authorId], references: [id])
              @@index([authorId])
            }",
        rows: r#"
            INSERT INTO "User" VALUES ('6f5b7c1e-0d0c-4f6a-9a57-0d8e2f1c3b4a');
            INSERT INTO "Post" VALUES (1, '6f5b7c1e-0d0c-4f6a-9a57-0d8e2f1c3b4a'), (2, NULL)"#,
        after: r"
            model User {
              id String @id @db.Uuid
              posts Post[]
              likes Like[]
            }
            model Post {
              id Int @id
              authorId String? @db.Uuid
              author User? @relation(fields: [authorId], references: [id])
              @@index([authorId])
            }
            model Like {
              id Int @id
              userId String @db.Uuid
              user User @relation(fields: [userId], references: [id])
            }",
        usings: &["User.id=id::uuid", r#"Post.authorId="authorId"::uuid"#],
    }
    .holds("key_uuid")
    .await;
    assert_eq!(
        stage.rows(r#"SELECT p.id, u.id AS "of" FROM "Post" AS p LEFT JOIN "User" AS u ON u.id = p."authorId" ORDER BY p.id"#).await,
        [r#"{"id":1,"of":"6f5b7c1e-0d0c-4f6a-9a57-0d8e2f1c3b4a"}"#, r#"{"id":2,"of":null}"#]
    );
}

#[tokio::test]
async fn a_key_is_renamed_and_another_made_of_more_columns() {
    let (_, stage) = change! {
        before: r"
            model A {
              id Int @id @default(autoincrement())
              bs B[]
            }
            model B {
              a Int
              n Int
              o Int
              of A @relation(fields: [a], references: [id], onDelete: Cascade)
              @@id([a, n])
              @@unique([o])
            }",
        rows: r#"INSERT INTO "A" SELECT FROM generate_series(1, 3); INSERT INTO "B" VALUES (1, 1, 1), (1, 2, 2), (3, 1, 3)"#,
        after: r"
            model A {
              aId Int @id @default(autoincrement())
              bs B[]
            }
            model B {
              a Int
              n Int
              o Int
              of A @relation(fields: [a], references: [aId], onDelete: Restrict, onUpdate: NoAction)
              @@id([a, n, o])
            }",
        renames: &["A.id:aId"],
    }
    .holds("key_renamed")
    .await;
    stage.run(r#"INSERT INTO "A" DEFAULT VALUES"#).await;
    assert_eq!(stage.rows(r#"SELECT max("aId") FROM "A""#).await, [r#"{"max":4}"#]);
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
