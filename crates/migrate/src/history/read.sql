SELECT id, migration_name, checksum, logs,
       finished_at IS NOT NULL AS finished,
       rolled_back_at IS NOT NULL AS rolled_back,
       -- Of all it would take as long as the rest of the query.
       CASE WHEN finished_at IS NULL
           THEN to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') END AS started_at
FROM {table}
ORDER BY {table}.started_at, id
