//! Renames on a real server: what is there stays, nothing is left to do, and nothing tells of the old names.

mod asking;
mod random;

use insta::assert_snapshot;

use crate::dev;
use crate::testing::{Project, analyzed};

/// Everything that can have a name of its own in a small place.
const SCHOOL: &str = r#"
    enum Level {
      novice
      expert
    }
    model Student {
      id       Int      @id @default(autoincrement())
      email    String   @unique
      phone    String?
      level    Level    @default(novice)
      levels   Level[]  @default([novice, expert])
      tutorId  Int?
      tutor    Student? @relation("tutors", fields: [tutorId], references: [id])
      pupils   Student[] @relation("tutors")
      bookings Booking[]
      courses  Course[]
      friends  Course[] @relation("favourites")
      @@index([phone, level])
    }
    model Booking {
      studentId Int
      slot      DateTime
      student   Student @relation(fields: [studentId], references: [id], onDelete: Cascade)
      @@id([studentId, slot])
    }
    model Course {
      id       Int       @id @default(autoincrement())
      title    String
      students Student[]
      fans     Student[] @relation("favourites")
    }
"#;

const ROWS: &str = r#"
    INSERT INTO "Student" (email, phone, level, "tutorId") VALUES ('a@x', '1', 'expert', NULL), ('b@x', '2', 'novice', 1);
    INSERT INTO "Booking" VALUES (1, '2026-01-01'), (2, '2026-01-02');
    INSERT INTO "Course" (title) VALUES ('one'), ('two'), ('three');
    INSERT INTO "_CourseToStudent" ("A", "B") VALUES (3, 1), (2, 2);
    INSERT INTO "_favourites" ("A", "B") VALUES (3, 2);
"#;

/// Words for others, all at once.
fn reworded(text: &str, words: &[(&str, &str)]) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let new = words.iter().find(|(old, _)| *old == word).map_or(word, |(_, new)| new);
        out.push_str(new);
        let mark = after.chars().next().map_or(0, char::len_utf8);
        out.push_str(&after[..mark]);
        rest = &after[mark..];
    }
    out
}

impl Project {
    /// All rows of a query, as text.
    async fn rows(&self, sql: &str) -> String {
        let sql = format!("SELECT string_agg(r::text, ' ' ORDER BY r::text) FROM ({sql}) r");
        self.value(&sql).await.unwrap_or_default()
    }

    /// Nothing is left to do, and a database made at once has the same objects. Only sequences keep their names.
    async fn is_like_new(&self, schema: &str) {
        let left = dev::difference(&self.connect().await, &analyzed(schema)).await.unwrap();
        assert!(left.is_empty(), "{}", left.script);
        assert_eq!(self.dev(schema, "again").await, None, "nor between folder and schema");
        let new = Project::new("renamed_at_once");
        new.dev(schema, "init").await.unwrap();
        let (here, there) = (self.objects().await, new.objects().await);
        assert_eq!(here, there);
    }

    /// Every column, index, constraint and enum as the server prints it, without the order of columns.
    async fn objects(&self) -> Vec<String> {
        const SQL: &str = r"
            SELECT attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull AS object
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            WHERE relkind = 'r' AND attnum > 0 AND NOT attisdropped AND relnamespace = 'public'::regnamespace
            UNION ALL
            SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
            WHERE relnamespace = 'public'::regnamespace
            UNION ALL
            SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f', 'c')
            UNION ALL
            SELECT enumtypid::regtype || ' ' || enumlabel FROM pg_enum
            ORDER BY 1";
        let rows = self.connect().await.query(SQL, &[]).await.unwrap();
        let objects = rows.iter().map(|row| row.get::<_, String>(0));
        objects.filter(|object| !object.contains("_prisma_migrations")).collect()
    }
}

#[tokio::test]
async fn a_column_is_renamed_with_what_it_holds() {
    let project = Project::new("rename_column");
    project.dev(SCHOOL, "init").await.unwrap();
    project.execute(ROWS).await;
    let renamed = reworded(SCHOOL, &[("phone", "mobile")]);

    let without = project.ready(&renamed).await;
    assert_eq!(without.next.risks.warnings.len(), 1, "else two numbers are lost");
    let next =
        project.dev_with(&renamed, "mobile", &["Student.phone:mobile"]).await.unwrap().unwrap();
    assert_snapshot!(next.script, @r#"
    -- RenameColumn
    ALTER TABLE "Student" RENAME COLUMN "phone" TO "mobile";

    -- RenameIndex
    ALTER INDEX "Student_phone_level_idx" RENAME TO "Student_mobile_level_idx";
    "#);
    assert!(next.risks.warnings.is_empty() && next.risks.unexecutable.is_empty());
    assert_eq!(project.rows(r#"SELECT id, mobile FROM "Student""#).await, "(1,1) (2,2)");
    project.is_like_new(&renamed).await;
}

#[tokio::test]
async fn models_fields_enums_and_values_are_renamed_at_once() {
    let project = Project::new("rename_all");
    project.dev(SCHOOL, "init").await.unwrap();
    project.execute(ROWS).await;
    // `Attendee` comes before `Course`: A and B of what joins them change places.
    let words = [
        ("Student", "Attendee"),
        ("Level", "Skill"),
        ("novice", "beginner"),
        ("phone", "mobile"),
        ("tutorId", "mentorId"),
        ("studentId", "attendeeId"),
        ("Booking", "Lesson"),
    ];
    let renamed = reworded(SCHOOL, &words);
    let flags = [
        "Attendee.phone:mobile",
        "Student:Attendee",
        "Level:Skill",
        "Level.novice:beginner",
        "Student.tutorId:Attendee.mentorId",
        "Booking:Lesson",
        "Lesson.studentId:attendeeId",
    ];
    let next = project.dev_with(&renamed, "all", &flags).await.unwrap().unwrap();
    assert_snapshot!(next.script);
    assert_eq!(
        project
            .rows(r#"SELECT id, email, mobile, level, levels, "mentorId" FROM "Attendee""#)
            .await,
        r#"(1,a@x,1,expert,"{beginner,expert}",) (2,b@x,2,beginner,"{beginner,expert}",1)"#
    );
    assert_eq!(project.rows(r#"SELECT "attendeeId" FROM "Lesson""#).await, "(1) (2)");
    assert_eq!(
        project.rows(r#"SELECT "A", "B" FROM "_AttendeeToCourse""#).await,
        "(1,3) (2,2)",
        "who takes which course"
    );
    assert_eq!(project.rows(r#"SELECT "A", "B" FROM "_favourites""#).await, "(2,3)");
    project.is_like_new(&renamed).await;
    project.execute(r#"INSERT INTO "Attendee" (email) VALUES ('c@x')"#).await;
    let level =
        project.value(r#"SELECT level || ' ' || id FROM "Attendee" WHERE email = 'c@x'"#).await;
    assert_eq!(level.as_deref(), Some("beginner 3"), "defaults and sequences go on");
}

#[tokio::test]
async fn names_are_exchanged() {
    let schema = r#"
        enum Colour {
          red
          blue
        }
        model A {
          id    Int    @id @default(autoincrement())
          left  String @unique
          right String @unique
          up    Int?
          over  A?     @relation("a", fields: [up], references: [id])
          under A[]    @relation("a")
          ref   Int?
          b     B?     @relation(fields: [ref], references: [id])
        }
        model B {
          id     Int    @id @default(autoincrement())
          colour Colour @default(red)
          as     A[]
          @@index([colour])
        }
    "#;
    let project = Project::new("rename_swap");
    project.dev(schema, "init").await.unwrap();
    project
        .execute(
            r#"INSERT INTO "B" (colour) VALUES ('red'), ('blue');
            INSERT INTO "A" ("left", "right", up, ref) VALUES ('l', 'r', NULL, 2), ('m', 's', 1, 1);"#,
        )
        .await;
    let renamed = reworded(
        schema,
        &[
            ("A", "B"),
            ("B", "A"),
            ("left", "right"),
            ("right", "left"),
            ("red", "blue"),
            ("blue", "red"),
            ("up", "ref"),
            ("ref", "up"),
        ],
    );
    let flags = [
        "A:B",
        "B:A",
        "A.left:right",
        "A.right:left",
        "A.up:ref",
        "A.ref:up",
        "Colour.red:blue",
        "Colour.blue:red",
    ];
    let next = project.dev_with(&renamed, "swap", &flags).await.unwrap().unwrap();
    for lost in ["DROP", "ADD "] {
        assert!(!next.script.contains(lost), "{}", next.script);
    }
    assert_eq!(
        project.rows(r#"SELECT id, "left", "right", up, ref FROM "B""#).await,
        "(1,r,l,2,) (2,s,m,1,1)"
    );
    assert_eq!(project.rows(r#"SELECT id, colour FROM "A""#).await, "(1,blue) (2,red)");
    project.is_like_new(&renamed).await;
}

#[tokio::test]
async fn names_move_up_a_chain() {
    let schema = "model T {\n  id Int @id\n  a Int? @unique\n  b Int? @unique\n}\n";
    let next = "model T {\n  id Int @id\n  b Int? @unique\n  c Int? @unique\n}\n";
    let project = Project::new("rename_chain");
    project.dev(schema, "init").await.unwrap();
    project.execute(r#"INSERT INTO "T" VALUES (1, 10, 20)"#).await;
    project.dev_with(next, "chain", &["T.a:b", "T.b:c"]).await.unwrap().unwrap();
    assert_eq!(project.rows(r#"SELECT id, b, c FROM "T""#).await, "(1,10,20)");
    project.is_like_new(next).await;
}

#[tokio::test]
async fn a_rename_may_come_with_other_changes() {
    let project = Project::new("rename_more");
    project.dev(SCHOOL, "init").await.unwrap();
    project.execute(ROWS).await;
    let renamed =
        reworded(SCHOOL, &[("phone", "mobile"), ("Level", "Skill"), ("expert", "master")])
            .replace("mobile    String?", "mobile    String @db.VarChar(20)")
            .replace("title    String", "title    String\n  seats Int @default(8)")
            .replace("beginner", "beginner\n  other");
    let flags = ["Student.phone:mobile", "Level:Skill", "Skill.expert:master"];
    let next = project.dev_with(&renamed, "more", &flags).await.unwrap().unwrap();
    assert_eq!(
        next.risks.warnings,
        [
            "You are about to alter the column `mobile` on the `Student` table, which contains 2 non-null values. The data \
          in that column will be cast from `Text` to `VarChar(20)`."
        ],
        "counted under the name that the column had"
    );
    assert!(next.risks.unexecutable.is_empty(), "none is NULL: {:?}", next.risks);
    assert_eq!(
        project.rows(r#"SELECT mobile, level FROM "Student""#).await,
        "(1,master) (2,novice)"
    );
    project.is_like_new(&renamed).await;
}

#[tokio::test]
async fn an_enum_that_also_loses_a_value_keeps_the_others() {
    let schema = |values: &str, default: &str| {
        format!(
            "enum E {{\n  {values}\n}}\nmodel T {{\n  id Int @id\n  e E @default({default})\n}}\n"
        )
    };
    let project = Project::new("rename_value");
    project.dev(&schema("a\n  b\n  c", "a"), "init").await.unwrap();
    project.execute(r#"INSERT INTO "T" VALUES (1, 'a'), (2, 'b')"#).await;
    let renamed = schema("x\n  b\n  d", "x");
    project.dev_with(&renamed, "values", &["E.a:x"]).await.unwrap().unwrap();
    assert_eq!(project.rows(r#"SELECT id, e FROM "T""#).await, "(1,x) (2,b)");
    project.is_like_new(&renamed).await;
}

#[tokio::test]
async fn what_a_schema_cannot_say_follows_too() {
    let project = Project::with(
        "rename_hidden",
        &[(
            "1_init",
            r#"CREATE TYPE "E" AS ENUM ('a', 'b');
            CREATE TABLE "T" ("id" INTEGER NOT NULL, "e" "E" NOT NULL, "n" INTEGER, CONSTRAINT "T_pkey" PRIMARY KEY ("id"),
                CONSTRAINT positive CHECK ("n" > 0));
            CREATE UNIQUE INDEX partly ON "T"("n") WHERE ("e" = 'a'::"E" AND "n" IS NOT NULL);
            CREATE INDEX half ON "T"(("n" / 2));
            CREATE VIEW v AS SELECT "n" FROM "T";"#,
        )],
    );
    project.deploy().await.unwrap();
    let schema = r#"
        generator client {
          provider        = "prisma-client-js"
          previewFeatures = ["partialIndexes", "views"]
        }
        datasource db {
          provider = "postgresql"
          url      = env("DATABASE_URL")
        }
        enum F {
          x
          b
        }
        model T {
          id Int  @id
          f  F
          m  Int?
          @@unique([m], map: "partly", where: raw("f = 'x' AND m IS NOT NULL"))
        }
    "#;
    let next =
        project.dev_with(schema, "f", &["E:F", "E.a:x", "T.e:f", "T.n:m"]).await.unwrap().unwrap();
    assert_eq!(next.steps, 4, "the index is what it was: {}", next.script);
    assert_eq!(project.dev(schema, "again").await, None);
}

#[tokio::test]
async fn several_schemas_keep_their_names_apart() {
    let schema = r#"
        datasource db {
          provider = "postgresql"
          url      = env("DATABASE_URL")
          schemas  = ["public", "billing"]
        }
        enum Kind {
          a
          @@schema("billing")
        }
        model Invoice {
          id   Int    @id @default(autoincrement())
          kind Kind
          due  String
          @@schema("billing")
        }
        model Bill {
          id Int @id
          @@schema("public")
        }
    "#;
    let project = Project::new("rename_schemas");
    project.dev(schema, "init").await.unwrap();
    project.execute("INSERT INTO billing.\"Invoice\" (kind, due) VALUES ('a', 'now')").await;
    let renamed =
        reworded(schema, &[("Invoice", "Statement"), ("Kind", "Sort"), ("due", "payable")]);
    let flags = ["billing.Invoice:Statement", "Kind:Sort", "billing.Invoice.due:payable"];
    project.dev_with(&renamed, "statement", &flags).await.unwrap().unwrap();
    assert_eq!(
        project.rows("SELECT id, kind, payable FROM billing.\"Statement\"").await,
        "(1,a,now)"
    );
    assert_eq!(project.dev(&renamed, "again").await, None);
}
