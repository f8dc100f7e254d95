-- Transactions that are open for long, but for those of the server itself.
SELECT
    'pid ' || pid AS "subject",
    (extract(epoch FROM clock_timestamp() - xact_start) / 60)::float8 AS "value",
    format(
        '%s, %s, runs %s', usename, state, left(regexp_replace(query, '\s+', ' ', 'g'), 80)
    ) AS "detail",
    format('SELECT pg_terminate_backend(%s)', pid) AS "advice"
FROM pg_stat_activity
WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
    AND backend_type = 'client backend'
