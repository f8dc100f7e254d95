//! `tenant(..)`: two tenants with rows that are alike, and every way in which one could see or reach the other's.

#[rustfmt::skip]
mod generated;

mod chance;
mod reads;
mod relations;
mod scopes;
mod uuid;
mod writes;

use postgres::Connection;
use postgres::testing::TestDatabase;
use prisma_client_rust::QueryError;

use self::generated::PrismaClient;

const SCHEMA: &str = include_str!("tenant/schema.sql");

/// The rows of one tenant: `{n}` is its number, `{l}` its letter.
const ROWS: &str = r#"
INSERT INTO "Org" VALUES ({n}, '{l}', 'Org {l}');
INSERT INTO "Member" VALUES ('{l}-m', {n}, 'p@x');
INSERT INTO "Student" VALUES ('{l}-s1', {n}, '{l}-c1', 'Ann', NULL), ('{l}-s2', {n}, '{l}-c2', 'Bob', '{l}-s1');
INSERT INTO "_Friends" VALUES ('{l}-s2', '{l}-s1');
INSERT INTO "Lesson" VALUES ('{l}-l1', {n}, '{l}-s1', '{l}-m', 'First', 60), ('{l}-l2', {n}, '{l}-s2', NULL, 'Second', 30);
INSERT INTO "_LessonToTopic" VALUES ('{l}-l1', 'parking');
INSERT INTO "Trip" VALUES ('{l}-t1', '{l}-l1', 100), ('{l}-t2', '{l}-l1', 200);
INSERT INTO "Point" ("tripId", "second") VALUES ('{l}-t1', 1), ('{l}-t1', 2), ('{l}-t2', 1);
INSERT INTO "Rating" VALUES ('{l}-l1', '{l}-s1', 5);
INSERT INTO "Label" VALUES ('{l}-g', {n}, 'Good');
INSERT INTO "_LabelToStudent" VALUES ('{l}-g', '{l}-s1');
INSERT INTO "Locker" VALUES ({n}, {n}, '{l}-s1'), ({n} + 10, {n}, NULL);
INSERT INTO "Room" VALUES ({n}, 1, 'Room {l}'), ({n}, 2, 'Other {l}');
INSERT INTO "Seat" ("orgId", "number") VALUES ({n}, 1);
INSERT INTO "Note" ("orgId", "text") VALUES ({n}, 'note of {l}'), (NULL, 'nobody''s');
"#;

/// What belongs to the tenant `$1`, table by table.
const BELONGS: &[(&str, &str)] = &[
    ("Org", "id = $1"),
    ("Member", "\"orgId\" = $1"),
    ("Student", "\"orgId\" = $1"),
    ("Lesson", "\"orgId\" = $1"),
    ("Trip", "\"lessonId\" IN (SELECT id FROM \"Lesson\" WHERE \"orgId\" = $1)"),
    (
        "Point",
        "\"tripId\" IN (SELECT t.id FROM \"Trip\" t JOIN \"Lesson\" l ON l.id = \"lessonId\" WHERE \"orgId\" = $1)",
    ),
    (
        "Rating",
        "\"lessonId\" IN (SELECT id FROM \"Lesson\" WHERE \"orgId\" = $1) OR \"studentId\" IN (SELECT id FROM \"Student\" WHERE \"orgId\" = $1)",
    ),
    ("Label", "\"orgId\" = $1"),
    ("Locker", "\"orgId\" = $1"),
    ("Room", "\"orgId\" = $1"),
    ("Seat", "\"orgId\" = $1"),
    ("Note", "\"orgId\" = $1"),
    (
        "_Friends",
        "\"A\" IN (SELECT id FROM \"Student\" WHERE \"orgId\" = $1) OR \"B\" IN (SELECT id FROM \"Student\" WHERE \"orgId\" = $1)",
    ),
    (
        "_LabelToStudent",
        "\"A\" IN (SELECT id FROM \"Label\" WHERE \"orgId\" = $1) OR \"B\" IN (SELECT id FROM \"Student\" WHERE \"orgId\" = $1)",
    ),
    ("_LessonToTopic", "\"A\" IN (SELECT id FROM \"Lesson\" WHERE \"orgId\" = $1)"),
];

/// A database with the tenants 1 (`a-…`) and 2 (`b-…`).
struct World {
    /// Everybody's.
    client: PrismaClient,
    /// Of tenant 1.
    a: PrismaClient,
    sql: Connection,
    before: Vec<String>,
    database: TestDatabase,
}

impl World {
    async fn new(label: &str) -> Self {
        let database = TestDatabase::from_sql(label, SCHEMA);
        let client =
            PrismaClient::_builder().with_url(database.url().expose()).build().await.unwrap();
        let sql = postgres::connect(database.url()).await.unwrap();
        sql.batch_execute(&fresh()).await.unwrap();
        let a = client.tenant(1);
        let before = belongings(&sql, 2).await;
        Self { client, a, sql, before, database }
    }

    /// Nothing of tenant 2 has changed.
    async fn b_is_untouched(&self) {
        assert_eq!(belongings(&self.sql, 2).await, self.before);
    }
}

fn fresh() -> String {
    let tenant = |n: i32, l: &str| ROWS.replace("{n}", &n.to_string()).replace("{l}", l);
    let shared = "INSERT INTO \"Person\" VALUES ('p@x'), ('q@x'); INSERT INTO \"Topic\" VALUES ('parking'), ('night');";
    format!("{shared}{}{}", tenant(1, "a"), tenant(2, "b"))
}

/// Every row of a tenant as text.
async fn belongings(sql: &Connection, tenant: i32) -> Vec<String> {
    let select = |(table, belongs): &(&str, &str)| {
        format!("SELECT '{table} ' || to_jsonb(t)::text AS line FROM \"{table}\" t WHERE {belongs}")
    };
    let all: Vec<String> = BELONGS.iter().map(select).collect();
    let all = format!(
        "SELECT line FROM ({}) AS lines ORDER BY line COLLATE \"C\"",
        all.join(" UNION ALL ")
    );
    sql.query(&all, &[&tenant]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// The code of an error, and the fields that it names.
fn refused<T: std::fmt::Debug>(answer: Result<T, QueryError>) -> (&'static str, String) {
    let error = answer.unwrap_err();
    (error.code(), error.fields().join(","))
}

fn code<T: std::fmt::Debug>(answer: Result<T, QueryError>) -> &'static str {
    answer.unwrap_err().code()
}
