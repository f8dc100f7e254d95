-- Statements of this database that take long on average.
SELECT
    left(regexp_replace(query, '\s+', ' ', 'g'), 80) AS "subject",
    mean_exec_time::float8 AS "value",
    format('%s calls, %s ms altogether', calls, round(total_exec_time)) AS "detail",
    'EXPLAIN (ANALYZE, BUFFERS) it; an index on what it filters and sorts by is the usual cure' AS "advice"
FROM {extension}
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND calls >= 10
    AND query !~* '^\s*(copy|vacuum|analyze|create|alter|drop|reindex|cluster|refresh)\y'
