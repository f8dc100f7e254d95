-- Indexes that no query has used since the statistics began, and that enforce nothing.
SELECT
    statistics.indexrelid::regclass::text AS "subject",
    (pg_relation_size(statistics.indexrelid) / 1024.0 ^ 2)::float8 AS "value",
    format(
        '%s on %s, not used since %s', pg_size_pretty(pg_relation_size(statistics.indexrelid)),
        statistics.relid::regclass,
        COALESCE(
            (SELECT to_char(stats_reset, 'YYYY-MM-DD') FROM pg_stat_database WHERE datname = current_database()),
            'the statistics began'
        )
    ) AS "detail",
    format('DROP INDEX CONCURRENTLY %s', statistics.indexrelid::regclass) AS "advice"
FROM pg_stat_user_indexes AS statistics
JOIN pg_index AS index USING (indexrelid)
WHERE statistics.idx_scan = 0
    AND NOT index.indisunique
    AND index.indisvalid
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = statistics.indexrelid)
    -- Those of a standby have statistics of their own.
    AND NOT pg_is_in_recovery()
