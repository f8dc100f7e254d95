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
