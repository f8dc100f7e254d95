-- How much of the connection table is in use, without what is kept for superusers.
SELECT
    'all users' AS "subject",
    (100.0 * used / allowed)::float8 AS "value",
    format('%s of %s connections, %s of them idle', used, allowed, idle) AS "detail",
    'lower connection_limit in the URLs of the applications, or put a pooler between' AS "advice"
FROM (
    SELECT
        count(*) AS used,
        count(*) FILTER (WHERE state = 'idle') AS idle,
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS allowed
    FROM pg_stat_activity
    WHERE backend_type = 'client backend'
) AS connections
