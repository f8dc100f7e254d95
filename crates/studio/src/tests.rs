//! The studio as a browser meets it: over HTTP, on a real database.

mod browsing;
mod changing;
mod client;
mod console;

use client::Client;
use postgres::testing::TestDatabase;
use psl::SourceFile;

use crate::{Project, ReadOnly, Studio};

/// What most tests look at.
const SCHEMA: &str = r#"
datasource db {
  provider = "postgresql"
}

enum Level {
  beginner
  advanced
}

/// Who runs lessons.
model Org {
  id       String    @id @default(uuid())
  name     String
  students Student[]
}

model Student {
  id        Int      @id @default(autoincrement())
  orgId     String
  org       Org      @relation(fields: [orgId], references: [id])
  name      String
  nick      String?
  level     Level    @default(beginner)
  notes     Json?
  raw       Json?    @db.Json
  photo     Bytes?
  tags      String[]
  score     Decimal? @db.Decimal(9, 2)
  updatedAt DateTime @updatedAt
}

model Pair {
  a Int
  b String
  c Int?
  @@id([a, b])
}

model Later {
  id Int @id
}

view Names {
  name String
}
"#;

/// The tables of the schema, save one, and some rows.
const SQL: &str = r#"
CREATE TYPE "Level" AS ENUM ('beginner', 'advanced');
CREATE TABLE "Org" (id text PRIMARY KEY, name text NOT NULL);
CREATE TABLE "Student" (
    id serial PRIMARY KEY, "orgId" text NOT NULL REFERENCES "Org", name text NOT NULL, nick text,
    level "Level" NOT NULL DEFAULT 'beginner', notes jsonb, raw json, photo bytea, tags text[], score numeric(9,2),
    "updatedAt" timestamp(3) NOT NULL
);
CREATE TABLE "Pair" (a int, b text, c int, PRIMARY KEY (a, b));
CREATE VIEW "Names" AS SELECT name FROM "Student";
INSERT INTO "Org" VALUES ('north', 'North <b>School</b>'), ('south', 'South');
INSERT INTO "Student" ("orgId", name, nick, level, notes, raw, photo, tags, score, "updatedAt")
SELECT CASE WHEN n % 3 = 0 THEN 'south' ELSE 'north' END, 'Student ' || n, CASE WHEN n % 4 = 0 THEN NULL ELSE 'n' || n % 7 END,
       CASE WHEN n % 5 = 0 THEN 'advanced' ELSE 'beginner' END::"Level", '{"a": 1}', '{"b":  2}', '\xdeadbeef',
       ARRAY['t' || n % 2], n / 4.0, timestamp '2026-01-01 00:00' + n * interval '1 hour'
FROM generate_series(1, 203) n;
INSERT INTO "Pair" SELECT n % 10, 'b' || n, NULLIF(n % 6, 0) FROM generate_series(1, 150) n;
ANALYZE;
"#;

/// A studio on a database of its own.
async fn studio(label: &str) -> (TestDatabase, Client) {
    studio_as(label, None).await
}

async fn studio_as(label: &str, read_only: Option<ReadOnly>) -> (TestDatabase, Client) {
    let database = TestDatabase::from_sql(label, SQL);
    let client = serve(&database, SCHEMA, read_only).await;
    (database, client)
}

async fn serve(
    database: &TestDatabase,
    schema: &'static str,
    read_only: Option<ReadOnly>,
) -> Client {
    let project = Project {
        name: "driving".to_owned(),
        schema: Box::new(move || {
            Ok(psl::analyze(vec![SourceFile::new("schema.prisma", schema)]).schema)
        }),
        url: database.url().clone(),
        migrations: "no/such/folder".into(),
        programs: None,
    };
    let studio = Studio::bind(project, 0, read_only).await.expect("a free port");
    let link = studio.link().to_owned();
    tokio::spawn(studio.serve(std::future::pending()));
    Client::of(&link).await
}
