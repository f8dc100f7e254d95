-- Migrations that are not what projects do every day, or of which the linter once said something else than the server does, each after
-- a line that names it.

-- migration 1: a type in partitions of two levels
ALTER TABLE log ALTER COLUMN body TYPE varchar(10);

-- migration 2: one that all rows have anyway
ALTER TABLE log ALTER COLUMN body TYPE varchar;

-- migration 3: serial in partitions
ALTER TABLE log ADD COLUMN no serial;

-- migration 4: a domain with conditions in partitions
ALTER TABLE log ADD COLUMN c cents;

-- migration 5: a check in one level
ALTER TABLE log_2025 ADD CHECK (level <> '');

-- migration 6: unique over partitions
ALTER TABLE log ADD UNIQUE (id, at, level);

-- migration 7: a domain with a volatile default
CREATE DOMAIN token AS uuid DEFAULT gen_random_uuid();
ALTER TABLE note ADD COLUMN c token;

-- migration 8: a domain of it
CREATE DOMAIN token AS uuid DEFAULT gen_random_uuid();
CREATE DOMAIN ticket AS token;
ALTER TABLE note ADD COLUMN c ticket;

-- migration 9: one with a default of the column's own
CREATE DOMAIN token AS uuid DEFAULT gen_random_uuid();
ALTER TABLE note ADD COLUMN c token DEFAULT '00000000-0000-0000-0000-000000000000';

-- migration 10: a domain with a steady default
CREATE DOMAIN rank AS int DEFAULT 3;
ALTER TABLE note ADD COLUMN c rank;

-- migration 11: a domain that lost its default
CREATE DOMAIN token AS uuid DEFAULT gen_random_uuid();
ALTER DOMAIN token DROP DEFAULT;
ALTER TABLE note ADD COLUMN c token;

-- migration 12: a domain that got one
CREATE DOMAIN token AS uuid;
ALTER DOMAIN token SET DEFAULT gen_random_uuid();
ALTER TABLE note ADD COLUMN c token;

-- migration 13: a domain that may be null again
CREATE DOMAIN must AS int NOT NULL;
ALTER DOMAIN must DROP NOT NULL;
ALTER TABLE note ADD COLUMN c must;

-- migration 14: a column that is there already
ALTER TABLE note ADD COLUMN IF NOT EXISTS rest uuid DEFAULT gen_random_uuid();

-- migration 15: one that is not
ALTER TABLE note ADD COLUMN IF NOT EXISTS key uuid DEFAULT gen_random_uuid();

-- migration 16: both
ALTER TABLE note ADD COLUMN IF NOT EXISTS rest uuid DEFAULT gen_random_uuid(), ADD COLUMN key int;

-- migration 17: an index over an expression of the column is built anew
ALTER TABLE plain ALTER COLUMN body TYPE varchar(80);

-- migration 18: and over that of another column, which the server names alike
ALTER TABLE plain ALTER COLUMN rest TYPE text;

-- migration 19: as is one whose condition names it
ALTER TABLE plain ALTER COLUMN kind TYPE varchar(80);

-- migration 20: an index of the column itself is not
ALTER TABLE plain ALTER COLUMN title TYPE varchar(80);

-- migration 21: unless it sorts otherwise
ALTER TABLE plain ALTER COLUMN title TYPE varchar(40) COLLATE "C";

-- migration 22: or compares otherwise
ALTER TABLE plain ALTER COLUMN title TYPE citext;

-- migration 23: without an index that is nothing
ALTER TABLE note ADD COLUMN free varchar(40);
ALTER TABLE note ALTER COLUMN free TYPE text COLLATE "C";

-- migration 24: an order or operators of an index are no expression
ALTER TABLE plain ALTER COLUMN extra TYPE varchar(80);

-- migration 25: and back
ALTER TABLE note ALTER COLUMN alias TYPE text;

-- migration 26: an expression of a column that has another name by now
ALTER TABLE plain RENAME COLUMN body TO content;
ALTER TABLE plain ALTER COLUMN content TYPE text;

-- migration 27: exactly one of two
ALTER TABLE note ALTER COLUMN "aId" SET NOT NULL;

-- migration 28: a check that says the opposite
ALTER TABLE note ALTER COLUMN rest SET NOT NULL;

-- migration 29: a check of what a function makes of it
ALTER TABLE note ALTER COLUMN kind SET NOT NULL;

-- migration 30: a check with a function beside it
ALTER TABLE note ALTER COLUMN title SET NOT NULL;

-- migration 31: a check in a deeper group
ALTER TABLE note ALTER COLUMN body SET NOT NULL;

-- migration 32: a check among several without a name
ALTER TABLE note ALTER COLUMN rest TYPE varchar;

-- migration 33: names that have to be quoted
ALTER TABLE "Odd schema"."we ird" ADD CONSTRAINT "$$" CHECK ("$$" > 0);

-- migration 34: and points in them
ALTER TABLE "Odd schema"."we ird" ALTER COLUMN "a.b" TYPE varchar(5), ALTER COLUMN "semi;colon" SET DEFAULT 1;

-- migration 35: a check of the same statement proves nothing yet
ALTER TABLE plain ADD CONSTRAINT c CHECK (id IS NOT NULL) NOT VALID, ALTER COLUMN id SET NOT NULL;

-- migration 36: several clauses, none of them slow
ALTER TABLE plain ADD COLUMN a int, ALTER COLUMN title SET DEFAULT 'x', ALTER COLUMN extra TYPE varchar(200), DROP COLUMN rest;

-- migration 37: one of them slow
ALTER TABLE plain ADD COLUMN a int, ALTER COLUMN id TYPE bigint, DROP COLUMN rest;

-- migration 38: comments in comments, strings in pieces
/* a /* b; */ ALTER TABLE plain ALTER COLUMN id TYPE bigint; */ ALTER TABLE plain ADD COLUMN x int; -- ; more
INSERT INTO plain (title) VALUES ('a;'
'b; CREATE INDEX'), (E'it\'s; \\'), (U&'\0061;'), ($q$;$q$);

-- migration 39: code in a string with quotes
DO 'BEGIN ALTER TABLE plain ADD CONSTRAINT c CHECK (title <> ''''); END';

-- migration 40: code in a string with escapes
DO E'BEGIN\n  ALTER TABLE plain ALTER COLUMN id TYPE bigint;\nEND';

-- migration 41: and something that is done at once
DO E'BEGIN\n  ALTER TABLE plain ADD COLUMN a text DEFAULT \'it\'\'s\';\nEND';

-- migration 42: an order of its own in the other direction is one
ALTER TABLE sorted ALTER COLUMN name TYPE text COLLATE "C";

-- migration 43: and with operators of its own
ALTER TABLE sorted ALTER COLUMN slug TYPE text COLLATE "C";

-- migration 44: sorted as it is
ALTER TABLE sorted ALTER COLUMN code TYPE text COLLATE "C";

-- migration 45: by a longer name
ALTER TABLE sorted ALTER COLUMN code TYPE varchar COLLATE pg_catalog."C";

-- migration 46: as everything is again
ALTER TABLE sorted ALTER COLUMN code TYPE text;

-- migration 47: as everything is anyway
ALTER TABLE sorted ALTER COLUMN name TYPE text COLLATE "default";

-- migration 48: by a collation of the schema's own
CREATE COLLATION shelf FROM "C";
ALTER TABLE sorted ALTER COLUMN name TYPE text COLLATE shelf;

-- migration 49: where the index says by what
ALTER TABLE sorted ALTER COLUMN own TYPE text COLLATE "C";

-- migration 50: compared otherwise, in the other direction
ALTER TABLE sorted ALTER COLUMN name TYPE citext;

-- migration 51: and back
ALTER TABLE sorted ALTER COLUMN alias TYPE text;

-- migration 52: a tablespace that it is in
ALTER TABLE sorted SET TABLESPACE pg_default;

-- migration 53: a default of a function that is the same for every row
ALTER TABLE note ADD COLUMN c int DEFAULT steady();

-- migration 54: or as long as the statement runs
ALTER TABLE note ADD COLUMN c date DEFAULT public.of_day() + 1;

-- migration 55: of one that is not
ALTER TABLE note ADD COLUMN c int DEFAULT next_no();

-- migration 56: of one inside of another
ALTER TABLE note ADD COLUMN c int DEFAULT greatest(steady(), next_no());

-- migration 57: of one that is said to be so by now
ALTER FUNCTION next_no() STABLE;
ALTER TABLE note ADD COLUMN c int DEFAULT next_no();

-- migration 58: of one that is not any more
ALTER FUNCTION steady() VOLATILE;
ALTER TABLE note ADD COLUMN c int DEFAULT steady();

-- migration 59: of one that was made anew
CREATE OR REPLACE FUNCTION steady() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 8; END';
ALTER TABLE note ADD COLUMN c int DEFAULT steady();

-- migration 60: of one that has another name by now
ALTER FUNCTION steady() RENAME TO fixed;
ALTER TABLE note ADD COLUMN c int DEFAULT fixed();

-- migration 61: of one of two of the name
CREATE FUNCTION steady(n int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN n; END';
ALTER TABLE note ADD COLUMN c int DEFAULT steady(3);

-- migration 62: of a range type's own
CREATE TYPE span AS RANGE (subtype = int4);
ALTER TABLE note ADD COLUMN c span DEFAULT span(1, 2);

-- migration 63: of functions that PostgreSQL has
ALTER TABLE note ADD COLUMN c text DEFAULT upper(left(format('%s', 'abc'), 2)), ADD COLUMN d point DEFAULT point(1, 2), ADD COLUMN e bytea DEFAULT sha256('x');

-- migration 64: of one that is volatile there
ALTER TABLE note ADD COLUMN c text DEFAULT left(timeofday(), 3);

-- migration 65: what EXECUTE is given
DO $$ BEGIN EXECUTE 'ALTER TABLE sorted ALTER COLUMN seats TYPE bigint'; END $$;

-- migration 66: what is done at once
DO $$ BEGIN EXECUTE 'ALTER TABLE sorted ADD COLUMN c int'; END $$;

-- migration 67: what EXECUTE is given in parts
DO $$ BEGIN EXECUTE 'ALTER TABLE ' || quote_ident('sorted') || ' ALTER COLUMN seats ' || 'TYPE bigint'; END $$;

-- migration 68: what format makes of constants
DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD CHECK (name <> %L)', 'sorted', 'it''s'); END $$;

-- migration 69: a row with parameters
DO $$ BEGIN EXECUTE 'UPDATE sorted SET seats = $1 WHERE id = 3' USING 4; END $$;

-- migration 70: a query that writes under a lock
ALTER TABLE sorted ADD COLUMN c int;
WITH gone AS (DELETE FROM tied RETURNING n) SELECT count(*) FROM gone;
WITH set AS (UPDATE sorted SET c = 1 RETURNING id) INSERT INTO tied (n) SELECT id FROM set;

-- migration 71: rows of ONLY this table under a lock
LOCK TABLE animal;
UPDATE ONLY animal SET name = 'b';

-- migration 72: a lock against writers, and rows of the table
CREATE TRIGGER t AFTER INSERT ON tied FOR EACH ROW EXECUTE FUNCTION stamp();
UPDATE tied SET n = n + 1;

-- migration 73: of another table
CREATE TRIGGER t AFTER INSERT ON tied FOR EACH ROW EXECUTE FUNCTION stamp();
UPDATE sorted SET seats = seats + 1;

-- migration 74: a trigger that is silent meanwhile
ALTER TABLE tied DISABLE TRIGGER ALL;
UPDATE tied SET n = 0 WHERE n = 3;
ALTER TABLE tied ENABLE TRIGGER ALL;

-- migration 75: a foreign key that is validated where it is made
ALTER TABLE sorted ADD CONSTRAINT f FOREIGN KEY (note_id) REFERENCES note NOT VALID;
ALTER TABLE sorted VALIDATE CONSTRAINT f;

-- migration 76: a check of a table that others now refer to
CREATE TABLE later (kind varchar(10) REFERENCES sorted (kind));
ALTER TABLE tied VALIDATE CONSTRAINT n_small;

-- migration 77: a proof that the same statement drops
ALTER TABLE sorted ALTER COLUMN kind SET NOT NULL, DROP CONSTRAINT kind_known;

-- migration 78: a proof that it does not
ALTER TABLE sorted ALTER COLUMN kind SET NOT NULL;

-- migration 79: a check that the same statement drops
ALTER TABLE sorted ALTER COLUMN kind TYPE varchar(20), DROP CONSTRAINT kind_known;

-- migration 80: a column that the same statement drops
ALTER TABLE sorted DROP COLUMN own, ADD COLUMN IF NOT EXISTS own text DEFAULT timeofday();

-- migration 81: a key of the table that is divided ONLY
ALTER TABLE ONLY bare ADD PRIMARY KEY (id, day);

-- migration 82: a check of ONLY the table that others inherit
ALTER TABLE ONLY animal ADD CONSTRAINT positive CHECK (id > 0) NO INHERIT;

-- migration 83: a default of ONLY it
ALTER TABLE ONLY animal ALTER COLUMN name SET DEFAULT 'x';

-- migration 84: a partition without the indexes of the whole
ALTER TABLE event ATTACH PARTITION event_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

-- migration 85: with all that it has
ALTER TABLE event ATTACH PARTITION event_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');

-- migration 86: without its foreign key
ALTER TABLE event ATTACH PARTITION event_2028 FOR VALUES FROM ('2028-01-01') TO ('2029-01-01');

-- migration 87: for more than its check allows
ALTER TABLE bare ATTACH PARTITION bare_2027 FOR VALUES FROM ('2026-06-01') TO (MAXVALUE);

-- migration 88: for less
ALTER TABLE bare ATTACH PARTITION bare_2027 FOR VALUES FROM ('2027-01-01') TO ('2027-12-01');

-- migration 89: a rest that is known to have none of it
ALTER TABLE guarded ATTACH PARTITION guarded_us FOR VALUES IN ('us');

-- migration 90: none of several
CREATE TABLE guarded_new PARTITION OF guarded FOR VALUES IN ('us', 'asia');

-- migration 91: some of several
CREATE TABLE guarded_new PARTITION OF guarded FOR VALUES IN ('us', 'eu');

-- migration 92: a rest of which nothing is known any more
ALTER TABLE guarded_rest DROP CONSTRAINT none;
CREATE TABLE guarded_new PARTITION OF guarded FOR VALUES IN ('us');

-- migration 93: a rest before and behind
CREATE TABLE dated_2026 PARTITION OF dated FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

-- migration 94: a rest beside
CREATE TABLE dated_2029 PARTITION OF dated FOR VALUES FROM ('2029-01-01') TO ('2030-01-01');

-- migration 95: a rest in which it may be
CREATE TABLE dated_2027 PARTITION OF dated FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
