-- What the proofs change: tables in use, with rows, keys, checks and indexes of each kind.
CREATE TABLE parent (id integer PRIMARY KEY, name varchar(20) NOT NULL, code text UNIQUE);
CREATE TABLE child (
    id integer PRIMARY KEY,
    parent_id integer REFERENCES parent (id),
    other_id integer,
    short varchar(10),
    long text,
    price numeric(10, 2),
    amount integer NOT NULL DEFAULT 0,
    maybe integer,
    proven integer,
    at timestamp(3),
    zoned timestamptz,
    flags varbit(8),
    address cidr,
    padded char(4),
    numbers integer[],
    checked varchar(10),
    CONSTRAINT amount_positive CHECK (amount >= 0),
    CONSTRAINT proven_not_null CHECK (proven IS NOT NULL),
    CONSTRAINT checked_long CHECK (length(checked) < 100)
);
CREATE INDEX child_long_idx ON child (long);
CREATE UNIQUE INDEX child_other_key ON child (other_id);
CREATE UNIQUE INDEX child_amount_key ON child (id, amount);
ALTER TABLE child ADD CONSTRAINT unsure CHECK (maybe > 0) NOT VALID;
ALTER TABLE child ADD CONSTRAINT unsure_key FOREIGN KEY (other_id) REFERENCES parent (id) NOT VALID;
CREATE TABLE plain (a integer, b text);
CREATE TABLE heir (c integer) INHERITS (plain);
CREATE TABLE lonely (a integer, b text);
CREATE TABLE logged (a integer);
CREATE UNLOGGED TABLE unlogged (a integer);
CREATE TABLE parted (id integer NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE parted_2025 PARTITION OF parted FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE parted_2026 (id integer NOT NULL, day date NOT NULL);
CREATE MATERIALIZED VIEW seen AS SELECT 1 AS id;
CREATE UNIQUE INDEX seen_id_key ON seen (id);
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER noted BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION nothing();
CREATE POLICY everybody ON child USING (true);
CREATE SCHEMA elsewhere;
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE DOMAIN money_like AS numeric(10, 2);
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 1000) NOT VALID;
CREATE TABLE priced (id integer, cost positive, fee money_like, felt mood, grade mood);
CREATE TABLE known_2027 (
    id integer NOT NULL,
    day date NOT NULL,
    CONSTRAINT bounds CHECK (day >= '2027-01-01' AND day < DATE '2028-01-01' AND day < '2028-01-01'::date)
);
CREATE TABLE half_2028 (id integer NOT NULL, day date NOT NULL, CHECK (day >= '2028-01-01'));
CREATE TABLE listed (kind text, n integer) PARTITION BY LIST (kind);
CREATE TABLE listed_rest PARTITION OF listed DEFAULT;
CREATE TABLE listed_a PARTITION OF listed FOR VALUES IN ('a');
CREATE TABLE listed_b (kind text NOT NULL, n integer, CHECK (kind IN ('b', 'c')));
CREATE TABLE computed (a integer, twice integer GENERATED ALWAYS AS (a * 2) STORED);
INSERT INTO parent SELECT n, 'name ' || n, 'code ' || n FROM generate_series(1, 50) n;
INSERT INTO child (id, parent_id, other_id, short, long, price, amount, maybe, proven, checked)
SELECT n, n, n, 'short', 'long', n, n, n, n, 'checked' FROM generate_series(1, 50) n;
INSERT INTO plain SELECT n, n::text FROM generate_series(1, 50) n;
INSERT INTO lonely SELECT n, n::text FROM generate_series(1, 50) n;
INSERT INTO logged SELECT 1;
INSERT INTO parted SELECT n, '2025-06-01' FROM generate_series(1, 50) n;
INSERT INTO parted_2026 SELECT n, '2026-06-01' FROM generate_series(1, 50) n;
INSERT INTO priced SELECT n, n, n, 'sad', 'glad' FROM generate_series(1, 50) n;
INSERT INTO known_2027 SELECT n, '2027-06-01' FROM generate_series(1, 50) n;
INSERT INTO half_2028 SELECT n, '2028-06-01' FROM generate_series(1, 50) n;
INSERT INTO listed SELECT 'x', n FROM generate_series(1, 50) n;
INSERT INTO listed_b SELECT 'b', n FROM generate_series(1, 50) n;
INSERT INTO computed SELECT n FROM generate_series(1, 50) n;
