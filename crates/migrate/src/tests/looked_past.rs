//! What a diff looks past: what a schema cannot say is no difference, and no change of the schema takes it along.

use pg_schema::{EMPTY_SCRIPT, Pair, diff, render};
use postgres::Connection;
use postgres::introspect;

use crate::testing::{Project, analyzed};

const BEFORE: &str = r"
model Student {
  id      Int     @id @default(autoincrement())
  email   String  @unique
  name    String
  age     Int?
  active  Boolean @default(true)
  lessons Lesson[]
}

model Lesson {
  id        Int      @id
  startsAt  DateTime
  endsAt    DateTime
  studentId Int
  student   Student  @relation(fields: [studentId], references: [id])

  @@unique([studentId, startsAt])
}
";

/// Everything that a hand can add to those two tables.
const BY_HAND: &str = r#"
CREATE EXTENSION btree_gist;
CREATE INDEX expression ON "Student" (lower(email));
CREATE INDEX partial ON "Student" (name) WHERE active;
CREATE UNIQUE INDEX partial_unique ON "Student" (name) WHERE age IS NULL;
CREATE INDEX covering ON "Student" (age) INCLUDE (name);
DROP INDEX "Lesson_studentId_startsAt_key";
CREATE UNIQUE INDEX "Lesson_studentId_startsAt_key" ON "Lesson" ("studentId", "startsAt") WHERE id > 0;
ALTER TABLE "Student" ADD CONSTRAINT adult CHECK (age > 16);
ALTER TABLE "Lesson" ADD CONSTRAINT once EXCLUDE USING gist ("studentId" WITH =, tsrange("startsAt", "endsAt") WITH &&);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touched BEFORE UPDATE ON "Student" FOR EACH ROW EXECUTE FUNCTION touch();
CREATE RULE quiet AS ON DELETE TO "Lesson" WHERE OLD.id < 0 DO INSTEAD NOTHING;
ALTER TABLE "Student" ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON "Student" USING (true);
CREATE STATISTICS related ON name, active FROM "Student";
CREATE VIEW adults AS SELECT id, name FROM "Student" WHERE age > 18;
CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS lessons FROM "Lesson";
CREATE SEQUENCE invoice_number;
COMMENT ON TABLE "Student" IS 'people who learn';
COMMENT ON COLUMN "Student".email IS 'where they are reached';
"#;

/// What there is of all that, by kind and name.
const OBJECTS: &str = r#"
SELECT string_agg(line, E'\n' ORDER BY line) FROM (
    SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname IN
        ('expression', 'partial', 'partial_unique', 'covering', 'Lesson_studentId_startsAt_key', 'once')
    UNION ALL SELECT 'constraint ' || conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE conname IN ('adult', 'once')
    UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typname = 'positive'
    UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'rule ' || rulename FROM pg_rules WHERE schemaname = 'public'
    UNION ALL SELECT 'policy ' || policyname FROM pg_policies
    UNION ALL SELECT 'statistics ' || stxname FROM pg_statistic_ext
    UNION ALL SELECT 'row security ' || relname FROM pg_class WHERE relrowsecurity
    UNION ALL SELECT 'relation ' || relname FROM pg_class WHERE relname IN ('adults', 'counted', 'invoice_number')
    UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE proname = 'touch'
    UNION ALL SELECT 'comment ' || description FROM pg_description WHERE objoid = to_regclass('public."Student"')
) AS things (line)"#;

async fn script_to(connection: &Connection, schema: &str) -> String {
    let wanted = mapping::desired_schema(&analyzed(schema));
    let actual = introspect(connection, &wanted.namespaces).await.unwrap();
    let schemas = Pair::new(&actual, &wanted);
    render(&diff(schemas), schemas)
}

#[tokio::test]
async fn what_a_schema_cannot_say_survives() {
    let project = Project::new("surviving");
    let connection = project.connect().await;
    connection.batch_execute(&script_to(&connection, BEFORE).await).await.unwrap();
    connection.batch_execute(BY_HAND).await.unwrap();
    let objects = async || -> String { connection.query_one(OBJECTS, &[]).await.unwrap().get(0) };
    let made = objects().await;
    assert_eq!(made.lines().count(), 20, "{made}");
    assert_eq!(script_to(&connection, BEFORE).await, EMPTY_SCRIPT);

    // None of it depends on what changes here: then it is for the server to refuse.
    let after = BEFORE
        .replace(
            "  name    String\n",
            "  name    String @default(\"nobody\")\n  nickname String?\n",
        )
        .replace(
            "  endsAt    DateTime\n",
            "  endsAt    DateTime\n  place     String?\n  @@index([place])\n",
        )
        .replace("references: [id])", "references: [id], onDelete: Cascade)")
        .replace("@unique\n", "@unique(map: \"by_email\")\n");
    let script = script_to(&connection, &after).await;
    assert_ne!(script, EMPTY_SCRIPT);
    connection.batch_execute(&script).await.unwrap();
    assert_eq!(objects().await, made, "{script}");
    assert_eq!(script_to(&connection, &after).await, EMPTY_SCRIPT);
}

/// The server cuts the names of partitions' indexes off and numbers them, in the order of their making.
#[tokio::test]
async fn what_a_partition_has_of_its_own_is_no_drift() {
    let model = r"
model LessonTripTrackingPoint {
  id             Int
  organisationId Int
  vehicleId      Int
  recordedAt     DateTime

  @@id([id, recordedAt])
  @@index([organisationId, vehicleId, recordedAt])
}
";
    let months = |digits: [&str; 2]| {
        digits.map(|month| {
            format!(
                "CREATE TABLE \"LessonTripTrackingPoint_2026_{month}\" PARTITION OF \"LessonTripTrackingPoint\" \
                 FOR VALUES FROM ('2026-{month}-01') TO ('2026-{month}-28');\n"
            )
        })
    };
    let table = r#"CREATE TABLE "LessonTripTrackingPoint" (
    "id" INTEGER NOT NULL,
    "organisationId" INTEGER NOT NULL,
    "vehicleId" INTEGER NOT NULL,
    "recordedAt" TIMESTAMP(3) NOT NULL,
    CONSTRAINT "LessonTripTrackingPoint_pkey" PRIMARY KEY ("id", "recordedAt")
) PARTITION BY RANGE ("recordedAt");
CREATE INDEX "LessonTripTrackingPoint_organisationId_vehicleId_recordedAt_idx"
    ON "LessonTripTrackingPoint" ("organisationId", "vehicleId", "recordedAt");
"#;
    let script = table.to_owned() + &months(["10", "11"]).concat();
    let project = Project::with("partition_names", &[("20260101000000_init", &script)]);
    project.deploy().await.unwrap();
    let names = "SELECT string_agg(indexrelid::regclass::text, ' ' ORDER BY indrelid::regclass::text, indexrelid::regclass::text) \
                 FROM pg_index WHERE indrelid::regclass::text LIKE '%2026%'";
    let before = project.value(names).await;
    let drops =
        "DROP TABLE \"LessonTripTrackingPoint_2026_10\", \"LessonTripTrackingPoint_2026_11\"";
    project.execute(drops).await;
    project.execute(&months(["11", "10"]).concat()).await;
    assert_ne!(project.value(names).await, before, "the names are others");
    project
        .execute("CREATE INDEX by_hand ON \"LessonTripTrackingPoint_2026_10\" (\"vehicleId\")")
        .await;
    assert!(!project.drift(model).await.is_any());
    assert!(project.ready(model).await.next.is_empty());
    // What the table itself has is compared as ever.
    project.execute("CREATE INDEX of_all ON \"LessonTripTrackingPoint\" (\"vehicleId\")").await;
    assert_eq!(project.drift(model).await.database.steps, 1);
}
