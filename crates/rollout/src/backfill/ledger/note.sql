-- Notes a batch with its rows, in their transaction. What was claimed and is not at its end yet is kept, from where it now
-- goes on. How much the server has written by now, and how many wait for this transaction, is asked on the way.
WITH claim AS (
    {claim}
), noted AS (
    UPDATE _driveflow.backfills f
    SET seen = f.seen + (SELECT seen FROM claim), changed = f.changed + {changed},
        batch_size = {size}, updated_at = clock_timestamp(), error = NULL,
        rate = CASE
            WHEN f.rate_at IS NULL OR f.rate_at < clock_timestamp() - INTERVAL '30 s' THEN NULL
            WHEN f.rate_at > clock_timestamp() - INTERVAL '2 s' THEN f.rate
            ELSE (f.seen - f.rate_seen) / extract(epoch FROM clock_timestamp() - f.rate_at)
        END,
        rate_at = CASE WHEN f.rate_at > clock_timestamp() - INTERVAL '2 s' THEN f.rate_at ELSE clock_timestamp() END,
        rate_seen = CASE WHEN f.rate_at > clock_timestamp() - INTERVAL '2 s' THEN f.rate_seen ELSE f.seen END
    WHERE f.id = {id}
    RETURNING f.id
)
SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::float8 AS written,
       (SELECT count(*) FROM pg_catalog.pg_locks l
        WHERE NOT l.granted AND l.pid <> pg_catalog.pg_backend_pid()
          AND pg_catalog.pg_backend_pid() = ANY (pg_catalog.pg_blocking_pids(l.pid))
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks w
                          WHERE w.pid = l.pid AND w.locktype = 'advisory' AND w.classid = {locks}::int4::oid)) AS blocked
FROM noted
