-- Who waits for whose lock, and for how long: the first of those in whose way others stand.
SELECT
    'pid ' || blocked.pid AS "subject",
    extract(epoch FROM clock_timestamp() - COALESCE(locks.waitstart, blocked.state_change))::float8 AS "value",
    format(
        'waits for pid %s (%s, %s); it runs %s',
        blocker.pid, COALESCE(blocker.usename, '?'), COALESCE(blocker.state, 'not visible'),
        left(regexp_replace(COALESCE(blocker.query, '?'), '\s+', ' ', 'g'), 80)
    ) AS "detail",
    format('SELECT pg_terminate_backend(%s)', blocker.pid) AS "advice"
FROM pg_stat_activity AS blocked
CROSS JOIN LATERAL unnest(pg_blocking_pids(blocked.pid)) AS blocking (pid)
JOIN pg_stat_activity AS blocker ON blocker.pid = blocking.pid
LEFT JOIN LATERAL (
    SELECT min({waitstart}) AS waitstart FROM pg_locks WHERE pg_locks.pid = blocked.pid AND NOT pg_locks.granted
) AS locks ON true
WHERE blocked.wait_event_type = 'Lock' AND blocked.datname = current_database() AND cardinality(pg_blocking_pids(blocker.pid)) = 0
