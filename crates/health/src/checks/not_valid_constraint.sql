-- Constraints that were added NOT VALID and never validated. The catalog has no date of them: what stands for it is when
-- the row of the constraint was written, where the server keeps that, else the last migration.
SELECT
    format('%s on %s', quote_ident(conname), conrelid::regclass) AS "subject",
    (extract(epoch FROM clock_timestamp() - "since") / 86400)::float8 AS "value",
    format('since %s', to_char("since", 'YYYY-MM-DD HH24:MI')) AS "detail",
    format('ALTER TABLE %s VALIDATE CONSTRAINT %I', conrelid::regclass, conname) AS "advice"
FROM (
    SELECT conname, conrelid, {since} AS "since"
    FROM pg_constraint
    WHERE NOT convalidated AND contype IN ('c', 'f', 'n')
) AS constraints
