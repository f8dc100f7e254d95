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
