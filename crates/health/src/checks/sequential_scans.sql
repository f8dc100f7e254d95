-- Large tables that are read whole again and again.
SELECT
    relid::regclass::text AS "subject",
    n_live_tup::float8 AS "value",
    format('%s rows, read whole %s times, by an index %s times', n_live_tup, seq_scan, COALESCE(idx_scan, 0)) AS "detail",
    format('find the query: SELECT query, calls FROM pg_stat_statements WHERE query ILIKE %L ORDER BY total_exec_time DESC', '%' || relname || '%') AS "advice"
FROM pg_stat_user_tables
WHERE seq_scan >= 100
    -- Whole reads, not those that end at a LIMIT.
    AND seq_tup_read / seq_scan >= n_live_tup / 2
