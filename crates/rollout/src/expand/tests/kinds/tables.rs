//! Tables and enums, and names that are odd.

use super::Change;

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
async fn what_is_made_by_hand_of_an_enum_is_made_of_what_is_left_of_it() {
    let (_, stage) = change! {
        before: "enum E {\n a\n b\n}\nmodel T {\n id Int @id\n e E\n}",
        by_hand: r#"
            CREATE INDEX some_of_them ON "T" (id) WHERE e = 'b';
            ALTER TABLE "T" ADD CONSTRAINT late CHECK (e <> 'b' OR id > 1)"#,
        rows: "INSERT INTO \"T\" VALUES (1, 'a'), (2, 'b')",
        after: "enum E {\n b\n}\nmodel T {\n id Int @id\n e E?\n}",
        usings: &["T.e=nullif(e, 'a')"],
    }
    .holds("enum_by_hand")
    .await;
    assert_eq!(
        stage.rows("SELECT indexdef FROM pg_indexes WHERE indexname = 'some_of_them'").await.len(),
        1
    );
}
