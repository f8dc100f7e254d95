-- How the backfills of one history stand. $1 is its schema, $2 the number that workers' locks have in common.
SELECT b.migration, b.part, b.definition, b.attempt, b.state, b.seen, b.changed, b.total,
       -- What nobody has added to for half a minute is no rate.
       CASE WHEN b.rate_at > clock_timestamp() - INTERVAL '30 s' THEN b.rate END AS rate,
       (SELECT count(*) FROM _driveflow.batches c
        JOIN pg_catalog.pg_locks l ON l.locktype = 'advisory' AND l.classid = $2::int4::oid AND l.objid = c.worker::oid
             AND l.objsubid = 2 AND l.granted
             AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        WHERE c.backfill = b.id) AS workers,
       to_char(b.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS started_at,
       to_char(b.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS updated_at,
       to_char(b.done_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS done_at,
       b.error
FROM _driveflow.backfills b
WHERE b.schema = $1
