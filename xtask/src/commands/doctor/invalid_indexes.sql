-- Indexes whose building failed; a partitioned one is invalid until each partition has its own.
SELECT indexrelid::regclass::text, indrelid::regclass::text
FROM pg_index
JOIN pg_class ON pg_class.oid = indexrelid
WHERE NOT (indisvalid AND indisready) AND relkind = 'i'
    AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index WHERE index_relid = indexrelid)
ORDER BY 1
LIMIT 3
