-- The statements of this database that take longest on average.
SELECT left(query, 100), mean_exec_time::float8, calls
FROM {view}
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND calls >= 10 AND mean_exec_time >= 20
ORDER BY mean_exec_time DESC
LIMIT 3
