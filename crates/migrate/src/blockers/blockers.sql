-- Who keeps the session $1 waiting for a lock. A prepared transaction has no process: the server counts it as 0.
SELECT b.pid,
       coalesce(nullif(a.application_name, ''), a.backend_type, CASE WHEN b.pid = 0 THEN 'a prepared transaction' ELSE '' END),
       coalesce(a.state, ''),
       coalesce(a.query, ''),
       coalesce(extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, a.query_start, a.backend_start)), 0)::float8
FROM pg_catalog.pg_stat_activity me
CROSS JOIN LATERAL (SELECT DISTINCT pid FROM unnest(pg_catalog.pg_blocking_pids(me.pid)) AS u (pid)) AS b
LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid
WHERE me.pid = $1 AND me.wait_event_type = 'Lock'
ORDER BY 5 DESC, 1
