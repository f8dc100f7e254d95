-- The tables that odd_migrations.sql finds: several checks without names, indexes over expressions, partitions of two levels and
-- those that are to become some, domains, functions, columns sorted otherwise.
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
CREATE FUNCTION steady() RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 7; END';
CREATE FUNCTION of_day() RETURNS date LANGUAGE sql STABLE AS 'SELECT current_date';
CREATE FUNCTION next_no() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 7; END';
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE sorted (
    id integer PRIMARY KEY,
    name text,
    slug text,
    code text COLLATE "C",
    alias citext,
    own text,
    seats integer,
    kind varchar(10),
    note_id integer,
    CONSTRAINT kind_known CHECK (kind IS NOT NULL)
);
CREATE INDEX ON sorted (name DESC);
CREATE UNIQUE INDEX ON sorted (slug text_pattern_ops);
CREATE INDEX ON sorted (code);
CREATE INDEX ON sorted (alias DESC NULLS LAST);
CREATE INDEX ON sorted (own COLLATE "C");
CREATE UNIQUE INDEX sorted_kind ON sorted (kind);
CREATE TABLE tied (kind varchar(10) REFERENCES sorted (kind), n integer, CONSTRAINT n_small CHECK (n < 1000) NOT VALID);
CREATE TABLE event (id bigint NOT NULL, day date NOT NULL, note_id integer REFERENCES note, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE INDEX ON event (note_id);
CREATE TABLE event_2025 PARTITION OF event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE event_2026 (id bigint NOT NULL, day date NOT NULL, note_id integer, CHECK (day >= '2026-01-01' AND day < '2027-01-01'));
CREATE TABLE event_2027 (
    id bigint NOT NULL,
    day date NOT NULL,
    note_id integer REFERENCES note,
    PRIMARY KEY (id, day),
    CHECK (day >= '2027-01-01' AND day < '2028-01-01')
);
CREATE INDEX ON event_2027 (note_id);
CREATE TABLE event_2028 (id bigint NOT NULL, day date NOT NULL, note_id integer, PRIMARY KEY (id, day), CHECK (day >= '2028-01-01' AND day < '2029-01-01'));
CREATE INDEX ON event_2028 (note_id);
CREATE TABLE bare (id bigint NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE bare_2025 PARTITION OF bare FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE bare_2027 (id bigint NOT NULL, day date NOT NULL, CHECK (day >= '2027-01-01' AND day < '2028-01-01'));
CREATE TABLE guarded (region text, n integer) PARTITION BY LIST (region);
CREATE TABLE guarded_rest PARTITION OF guarded DEFAULT;
ALTER TABLE guarded_rest ADD CONSTRAINT none CHECK (region NOT IN ('us', 'asia'));
CREATE TABLE guarded_us (region text NOT NULL, n integer, CHECK (region = 'us'));
CREATE TABLE dated (day date, n integer) PARTITION BY RANGE (day);
CREATE TABLE dated_rest PARTITION OF dated DEFAULT;
ALTER TABLE dated_rest ADD CONSTRAINT none CHECK (day < '2026-01-01' OR day >= '2027-01-01');
ALTER TABLE dated_rest ADD CONSTRAINT none_later CHECK (NOT (day >= '2028-01-01' AND day < '2030-01-01'));
CREATE TABLE animal (id integer NOT NULL, name varchar(20));
CREATE TABLE dog (bark text) INHERITS (animal);
INSERT INTO note SELECT n, 'a', 'b', 'x', 'r', 'a', n, NULL FROM generate_series(1, 30) n;
INSERT INTO plain SELECT n, 'a', 'b', 'x', 'r', 'e' FROM generate_series(1, 30) n;
INSERT INTO "Odd schema"."we ird" SELECT n, 'a', n, n FROM generate_series(1, 30) n;
INSERT INTO log SELECT n, '2025-06-01', 'info', 'x' FROM generate_series(1, 30) n;
INSERT INTO log SELECT n, '2025-06-01', 'warn', 'x' FROM generate_series(31, 60) n;
INSERT INTO log SELECT n, '2026-06-01', 'warn', 'x' FROM generate_series(61, 90) n;
INSERT INTO sorted SELECT n, 'a', n, 'c', 'a', 'o', n, n, n FROM generate_series(1, 30) n;
INSERT INTO tied SELECT n, n FROM generate_series(1, 30) n;
INSERT INTO event SELECT n, '2025-06-01', n FROM generate_series(1, 30) n;
INSERT INTO event_2026 SELECT n, '2026-06-01', n FROM generate_series(1, 30) n;
INSERT INTO event_2027 SELECT n, '2027-06-01', n FROM generate_series(1, 30) n;
INSERT INTO event_2028 SELECT n, '2028-06-01', n FROM generate_series(1, 30) n;
INSERT INTO bare_2027 SELECT n, '2027-06-01' FROM generate_series(1, 30) n;
INSERT INTO guarded SELECT 'mars', n FROM generate_series(1, 30) n;
INSERT INTO guarded_us SELECT 'us', n FROM generate_series(1, 30) n;
INSERT INTO dated SELECT '2020-01-01', n FROM generate_series(1, 30) n;
INSERT INTO animal SELECT n, 'a' FROM generate_series(1, 30) n;
INSERT INTO dog SELECT n, 'a', 'w' FROM generate_series(1, 30) n;
