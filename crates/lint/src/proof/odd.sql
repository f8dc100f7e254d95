-- The tables that odd_migrations.sql finds: several checks without names, indexes over expressions, partitions of two levels, domains.
CREATE EXTENSION IF NOT EXISTS citext;
CREATE SCHEMA "Odd schema";
CREATE DOMAIN label AS varchar(30);
CREATE DOMAIN cents AS bigint CHECK (VALUE >= 0);
CREATE TABLE note (
    id integer PRIMARY KEY,
    title varchar(40),
    body varchar(40),
    kind varchar(20),
    rest text,
    alias citext,
    "aId" integer,
    "bId" integer,
    CHECK (("aId" IS NOT NULL) <> ("bId" IS NOT NULL)),
    CHECK (NOT (rest IS NOT NULL AND id < 0)),
    CHECK (coalesce(kind IS NOT NULL, true) IS NOT NULL),
    CHECK (length(title) < 30 AND title IS NOT NULL),
    CHECK (id > 0 AND (body IS NOT NULL AND upper(body) <> 'Q'))
);
CREATE TABLE plain (id integer, title varchar(40), body varchar(40), kind varchar(20), rest varchar(40), extra varchar(40));
CREATE INDEX ON plain (lower(body));
CREATE INDEX ON plain (upper(rest));
CREATE INDEX ON plain (id) WHERE kind = 'x';
CREATE INDEX ON plain (title);
CREATE INDEX ON plain (extra DESC, id int4_ops);
CREATE TABLE "Odd schema"."we ird" ("the id" integer PRIMARY KEY, "a.b" text, "semi;colon" integer, "$$" integer);
CREATE TABLE log (id bigint NOT NULL, at timestamptz NOT NULL, level text, body text) PARTITION BY RANGE (at);
CREATE TABLE log_2025 PARTITION OF log FOR VALUES FROM ('2025-01-01 00:00+00') TO ('2026-01-01 00:00+00') PARTITION BY LIST (level);
CREATE TABLE log_2025_info PARTITION OF log_2025 FOR VALUES IN ('info');
CREATE TABLE log_2025_rest PARTITION OF log_2025 DEFAULT;
CREATE TABLE log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2027-01-01 00:00+00');
INSERT INTO note SELECT n, 'a', 'b', 'x', 'r', 'a', n, NULL FROM generate_series(1, 30) n;
INSERT INTO plain SELECT n, 'a', 'b', 'x', 'r', 'e' FROM generate_series(1, 30) n;
INSERT INTO "Odd schema"."we ird" SELECT n, 'a', n, n FROM generate_series(1, 30) n;
INSERT INTO log SELECT n, '2025-06-01', 'info', 'x' FROM generate_series(1, 30) n;
INSERT INTO log SELECT n, '2025-06-01', 'warn', 'x' FROM generate_series(31, 60) n;
INSERT INTO log SELECT n, '2026-06-01', 'warn', 'x' FROM generate_series(61, 90) n;
