-- Constraints that were added NOT VALID and never validated. The catalog has no date of them: what stands for it is when
-- the row of the constraint was written, where the server keeps that, else the last migration.
SELECT
    format('%s on %s', quote_ident(conname), conrelid::regclass) AS "subject",
    (extract(epoch FROM clock_timestamp() - "since") / 86400)::float8 AS "value",
    format('since %s', to_char("since", 'YYYY-MM-DD HH24:MI')) AS "detail",
    -- Of a rollout, it is the end of its backfill that validates it.
    CASE
        WHEN conname ~ '^rollout_[0-9]{14}_[0-9]+$' THEN 'cargo xtask backfill run'
        ELSE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', conrelid::regclass, conname)
    END AS "advice"
FROM (
    SELECT conname, conrelid, {since} AS "since"
    FROM pg_constraint
    WHERE NOT convalidated AND contype IN ('c', 'f', 'n')
) AS constraints
