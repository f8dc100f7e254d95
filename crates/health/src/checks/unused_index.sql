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
    -- Dropped by hand, one that the schema asks for would be drift, and come back.
    CASE
        WHEN {migrated} AND indexrelname LIKE '%\_idx' THEN format(
            'where the schema has it: take @@index([%s]) out of the model of %s, then cargo xtask migrate dev; or except it in prisma/health.toml',
            (
                SELECT string_agg(attname, ', ' ORDER BY position)
                FROM unnest((index.indkey::int2[])[0:index.indnkeyatts - 1]) WITH ORDINALITY AS columns (attnum, position)
                JOIN pg_attribute ON attrelid = index.indrelid AND pg_attribute.attnum = columns.attnum
            ), statistics.relid::regclass
        )
        ELSE format('DROP INDEX CONCURRENTLY %s', statistics.indexrelid::regclass)
    END AS "advice"
FROM pg_stat_user_indexes AS statistics
JOIN pg_index AS index USING (indexrelid)
WHERE statistics.idx_scan = 0
    AND NOT index.indisunique
    AND index.indisvalid
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = statistics.indexrelid)
    -- Those of a standby have statistics of their own.
    AND NOT pg_is_in_recovery()
