-- Sessions that hold a transaction open and do nothing in it.
SELECT
    'pid ' || pid AS "subject",
    extract(epoch FROM clock_timestamp() - state_change)::float8 AS "value",
    format(
        '%s of %s; its last statement was %s',
        usename, COALESCE(NULLIF(application_name, ''), 'an unnamed application'),
        left(regexp_replace(query, '\s+', ' ', 'g'), 80)
    ) AS "detail",
    format('SELECT pg_terminate_backend(%s)', pid) AS "advice"
FROM pg_stat_activity
WHERE datname = current_database() AND state IN ('idle in transaction', 'idle in transaction (aborted)')
