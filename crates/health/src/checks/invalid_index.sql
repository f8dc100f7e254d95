-- Indexes that cost writes and serve nobody, since building them failed; not those that are being built.
SELECT
    index.indexrelid::regclass::text AS "subject",
    1::float8 AS "value",
    format('on %s', index.indrelid::regclass) AS "detail",
    format('REINDEX INDEX CONCURRENTLY %s', index.indexrelid::regclass) AS "advice"
FROM pg_index AS index
JOIN pg_class AS class ON class.oid = index.indexrelid
WHERE NOT (index.indisvalid AND index.indisready)
    -- The parent of a partitioned index is invalid until every partition has its own.
    AND class.relkind = 'i'
    AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index AS building WHERE building.index_relid = index.indexrelid)
