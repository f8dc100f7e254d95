//! Of each rule, what it reports and what it lets pass, on the schema of the proofs.

/// The rule, a script that it reports, and one that is like it and safe.
pub(super) const CASES: &[(&str, &str, &str)] = &[
    (
        "create-index-concurrently",
        "CREATE INDEX i ON lonely (a)",
        "CREATE INDEX CONCURRENTLY i ON lonely (a)",
    ),
    (
        "create-index-concurrently",
        "CREATE UNIQUE INDEX ON nowhere (a)",
        "CREATE TABLE new (a int); CREATE INDEX ON new (a)",
    ),
    (
        "create-index-concurrently",
        "CREATE INDEX ON parted (day)",
        "CREATE INDEX ON ONLY parted (day)",
    ),
    ("concurrently-in-transaction", "BEGIN; VACUUM lonely; COMMIT", "BEGIN; COMMIT; VACUUM lonely"),
    (
        "if-not-exists-hides-invalid",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON lonely (a)",
        "DROP INDEX CONCURRENTLY IF EXISTS i; CREATE INDEX CONCURRENTLY i ON lonely (a)",
    ),
    (
        "drop-index-concurrently",
        "DROP INDEX child_long_idx",
        "DROP INDEX CONCURRENTLY child_long_idx",
    ),
    (
        "drop-index-concurrently",
        "DROP INDEX unheard_of",
        "CREATE TABLE n (a int); CREATE INDEX i ON n (a); DROP INDEX i",
    ),
    ("reindex-concurrently", "REINDEX INDEX child_long_idx", "REINDEX TABLE CONCURRENTLY child"),
    (
        "key-on-table-in-use",
        "ALTER TABLE lonely ADD UNIQUE (a)",
        "ALTER TABLE child ADD UNIQUE USING INDEX child_other_key",
    ),
    (
        "key-on-table-in-use",
        "ALTER TABLE lonely ADD c int UNIQUE",
        "CREATE TABLE n (a int); ALTER TABLE n ADD PRIMARY KEY (a)",
    ),
    (
        "exclusion-constraint",
        "ALTER TABLE lonely ADD EXCLUDE (a WITH =)",
        "CREATE TABLE n (a int, EXCLUDE (a WITH =))",
    ),
    (
        "check-not-valid",
        "ALTER TABLE lonely ADD CHECK (a > 0)",
        "ALTER TABLE lonely ADD CHECK (a > 0) NOT VALID",
    ),
    (
        "check-not-valid",
        "ALTER TABLE plain ADD CHECK (a > 0)",
        "CREATE TABLE n (a int); ALTER TABLE n ADD CHECK (a > 0)",
    ),
    (
        "foreign-key-not-valid",
        "ALTER TABLE lonely ADD FOREIGN KEY (a) REFERENCES parent",
        "ALTER TABLE lonely ADD FOREIGN KEY (a) REFERENCES parent NOT VALID",
    ),
    (
        "references-at-once",
        "ALTER TABLE lonely ADD c int REFERENCES parent",
        "ALTER TABLE lonely ADD c int",
    ),
    (
        "references-at-once",
        "CREATE TABLE n (a int REFERENCES parent)",
        "CREATE TABLE m (id text); CREATE TABLE n (a text REFERENCES m)",
    ),
    (
        "set-not-null",
        "ALTER TABLE child ALTER maybe SET NOT NULL",
        "ALTER TABLE child ALTER proven SET NOT NULL",
    ),
    (
        "set-not-null",
        "ALTER TABLE child ADD PRIMARY KEY USING INDEX child_other_key",
        "ALTER TABLE child ADD PRIMARY KEY USING INDEX child_amount_key",
    ),
    (
        "required-column",
        "ALTER TABLE lonely ADD c int NOT NULL",
        "ALTER TABLE lonely ADD c int NOT NULL DEFAULT 1",
    ),
    (
        "volatile-default",
        "ALTER TABLE lonely ADD c uuid DEFAULT gen_random_uuid()",
        "ALTER TABLE lonely ADD c timestamptz DEFAULT now()",
    ),
    ("stored-column", "ALTER TABLE lonely ADD c bigserial", "ALTER TABLE lonely ADD c bigint"),
    (
        "stored-column",
        "ALTER TABLE lonely ADD c int GENERATED ALWAYS AS (a) STORED",
        "CREATE TABLE n (a int GENERATED ALWAYS AS IDENTITY)",
    ),
    (
        "type-change",
        "ALTER TABLE child ALTER short TYPE varchar(5)",
        "ALTER TABLE child ALTER short TYPE varchar(20)",
    ),
    (
        "type-change",
        "ALTER TABLE child ALTER checked TYPE text",
        "ALTER TABLE child ALTER price TYPE numeric(20, 2)",
    ),
    (
        "rename-breaks-release",
        "ALTER TABLE lonely RENAME TO alone",
        "ALTER INDEX child_long_idx RENAME TO x",
    ),
    (
        "rename-breaks-release",
        "ALTER TABLE lonely RENAME a TO c",
        "ALTER TABLE child RENAME CONSTRAINT unsure TO sure",
    ),
    (
        "rename-breaks-release",
        "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
        "ALTER TYPE mood ADD VALUE 'blue'",
    ),
    ("drop-breaks-release", "DROP TABLE lonely", "CREATE TABLE n (a int); DROP TABLE n"),
    (
        "drop-breaks-release",
        "ALTER TABLE lonely DROP b",
        "CREATE TABLE n (a int); ALTER TABLE n DROP a",
    ),
    (
        "drop-foreign-key",
        "ALTER TABLE child DROP CONSTRAINT unsure_key",
        "SET lock_timeout = '2s'; ALTER TABLE child DROP CONSTRAINT unsure_key",
    ),
    (
        "enum-value-used-early",
        "ALTER TYPE mood ADD VALUE 'mad'; INSERT INTO m VALUES ('mad')",
        "BEGIN; ALTER TYPE mood ADD VALUE 'mad'; COMMIT; INSERT INTO m VALUES ('mad')",
    ),
    ("rewrites-table", "VACUUM FULL lonely", "VACUUM lonely"),
    ("rewrites-table", "ALTER TABLE logged SET UNLOGGED", "ALTER TABLE logged SET LOGGED"),
    (
        "rewrites-table",
        "REFRESH MATERIALIZED VIEW seen",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY seen",
    ),
    (
        "partition-locks",
        "ALTER TABLE parted DETACH PARTITION parted_2025",
        "ALTER TABLE parted DETACH PARTITION parted_2025 CONCURRENTLY",
    ),
    (
        "partition-locks",
        "ALTER TABLE parted ATTACH PARTITION parted_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
        "CREATE TABLE n (LIKE parted); ALTER TABLE parted ATTACH PARTITION n FOR VALUES FROM ('2028-01-01') TO ('2029-01-01')",
    ),
    (
        "strong-lock",
        "ALTER TABLE child REPLICA IDENTITY FULL",
        "SET lock_timeout = '2s'; DROP POLICY everybody ON child",
    ),
    (
        "strong-lock",
        "CREATE POLICY p ON lonely USING (true)",
        "CREATE TABLE n (a int); CREATE POLICY p ON n USING (true)",
    ),
    (
        "work-under-lock",
        "ALTER TABLE lonely ADD c int; UPDATE plain SET b = 'x'",
        "BEGIN; ALTER TABLE lonely ADD c int; COMMIT; CREATE TABLE n (a int); CREATE INDEX ON n (a)",
    ),
    ("unbatched-write", "DELETE FROM lonely WHERE a < 10", "CREATE TABLE n (a int); DELETE FROM n"),
    (
        "short-timeout-for-build",
        "SET lock_timeout = '2s'; CREATE INDEX CONCURRENTLY ON lonely (a)",
        "SET lock_timeout = 0; CREATE INDEX CONCURRENTLY ON lonely (a)",
    ),
    ("truncate-cascade", "TRUNCATE parent CASCADE", "TRUNCATE lonely"),
    (
        "drop-not-null",
        "ALTER TABLE child ALTER amount DROP NOT NULL",
        "ALTER TABLE child ALTER amount DROP DEFAULT",
    ),
    (
        "long-identifier",
        "CREATE TABLE a234567890123456789012345678901234567890123456789012345678901234 (a text)",
        "CREATE TABLE a23456789012345678901234567890123456789012345678901234567890123 (a text)",
    ),
    (
        "domain-constraint",
        "ALTER DOMAIN positive ADD CHECK (VALUE < 500)",
        "ALTER DOMAIN positive ADD CHECK (VALUE < 500) NOT VALID",
    ),
    (
        "domain-constraint",
        "ALTER TABLE lonely ADD c positive",
        "ALTER TABLE lonely ADD c money_like",
    ),
    (
        "partition-locks",
        "CREATE TABLE n PARTITION OF listed FOR VALUES IN ('b')",
        "CREATE TABLE n (LIKE listed)",
    ),
    (
        "partition-locks",
        "ALTER TABLE parted ATTACH PARTITION half_2028 FOR VALUES FROM ('2028-01-01') TO ('2029-01-01')",
        "ALTER TABLE parted ATTACH PARTITION known_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')",
    ),
    ("unread", "ALTER TABEL lonely ADD c int", "ALTER TABLE lonely ADD c int"),
    (
        "unread",
        "DO $$ BEGIN EXECUTE 'DROP TABLE ' || name; END $$",
        "DO $$ BEGIN CREATE TABLE n (a int); END $$",
    ),
    ("unread", "CALL p()", "SELECT 1"),
    // What stands in code literally is judged as though it stood alone, and so is what is executed as a constant.
    (
        "drop-breaks-release",
        "DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'lonely'); END $$",
        "DO $$ BEGIN EXECUTE 'CREATE TABLE n (a int)'; END $$",
    ),
    (
        "unbatched-write",
        "WITH gone AS (DELETE FROM ONLY lonely RETURNING a) INSERT INTO plain SELECT a FROM gone",
        "WITH some AS (SELECT a FROM lonely) INSERT INTO plain SELECT a FROM some",
    ),
    (
        "work-under-lock",
        "ALTER TABLE lonely ADD FOREIGN KEY (a) REFERENCES parent NOT VALID; ALTER TABLE lonely VALIDATE CONSTRAINT lonely_a_fkey",
        "ALTER TABLE lonely ADD FOREIGN KEY (a) REFERENCES parent NOT VALID; UPDATE plain SET a = 1",
    ),
    (
        "rewrites-table",
        "ALTER TABLE lonely SET TABLESPACE fast",
        "ALTER TABLE lonely SET TABLESPACE pg_default",
    ),
    (
        "create-index-concurrently",
        "DO $$ BEGIN CREATE INDEX ON lonely (a); END $$",
        "DO $$ BEGIN CREATE INDEX IF NOT EXISTS child_long_idx ON child (long); END $$",
    ),
    // A type that takes another's name is that other one.
    (
        "type-change",
        "ALTER TABLE priced ALTER felt TYPE mood USING felt::text::mood",
        "ALTER TYPE mood RENAME TO temper; ALTER TABLE priced ALTER felt TYPE temper",
    ),
    (
        "type-change",
        "CREATE TYPE mood_new AS ENUM ('sad'); ALTER TABLE priced ALTER felt TYPE mood_new USING (felt::text::mood_new); \
         ALTER TYPE mood RENAME TO mood_old; ALTER TYPE mood_new RENAME TO mood",
        "ALTER TABLE priced ALTER felt TYPE mood",
    ),
    (
        "type-change",
        "ALTER TYPE mood RENAME TO mood_old; CREATE TYPE mood AS ENUM ('sad'); \
         ALTER TABLE priced ALTER felt TYPE mood USING (felt::text::mood)",
        "ALTER TYPE mood RENAME TO mood_old; ALTER TABLE priced ALTER felt TYPE mood_old",
    ),
    // A name means what is looked for first.
    (
        "create-index-concurrently",
        "CREATE TEMP TABLE lonely (a int); CREATE INDEX ON public.lonely (a)",
        "CREATE TEMP TABLE lonely (a int); CREATE INDEX ON lonely (a)",
    ),
    (
        "create-index-concurrently",
        "CREATE TABLE n (a int); SET search_path TO elsewhere; CREATE INDEX ON n (a)",
        "SET search_path TO elsewhere, public; CREATE TABLE n (a int); CREATE INDEX ON elsewhere.n (a)",
    ),
    (
        "set-not-null",
        "ALTER TABLE child RENAME proven TO sure; ALTER TABLE child RENAME maybe TO proven; ALTER TABLE child ALTER proven SET NOT NULL",
        "ALTER TABLE child RENAME proven TO sure; ALTER TABLE child ALTER sure SET NOT NULL",
    ),
    (
        "set-not-null",
        "ALTER TABLE child DROP CONSTRAINT proven_not_null; ALTER TABLE child ALTER proven SET NOT NULL",
        "ALTER TABLE child RENAME CONSTRAINT proven_not_null TO p; ALTER TABLE child ALTER proven SET NOT NULL",
    ),
    (
        "set-not-null",
        "ALTER TABLE child ADD CHECK (maybe IS NOT NULL) NOT VALID; ALTER TABLE child VALIDATE CONSTRAINT child_check; \
         ALTER TABLE child ALTER maybe SET NOT NULL",
        "ALTER TABLE child ADD CHECK (maybe IS NOT NULL) NOT VALID; ALTER TABLE child VALIDATE CONSTRAINT child_maybe_check; \
         ALTER TABLE child ALTER maybe SET NOT NULL",
    ),
    (
        "drop-index-concurrently",
        "ALTER INDEX child_pkey RENAME TO k; ALTER TABLE child DROP CONSTRAINT k; DROP INDEX k",
        "CREATE TABLE n (a int CONSTRAINT k PRIMARY KEY); DROP TABLE n",
    ),
    (
        "weak-type",
        "CREATE TABLE n (id integer PRIMARY KEY)",
        "CREATE TABLE n (id bigint PRIMARY KEY, n integer)",
    ),
    (
        "weak-type",
        "ALTER TABLE lonely ADD c char(3)",
        "ALTER TABLE lonely ADD c text, ADD d char(3)[]",
    ),
];
