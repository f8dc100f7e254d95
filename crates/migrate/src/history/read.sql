SELECT id, migration_name, checksum, logs,
       finished_at IS NOT NULL AS finished,
       rolled_back_at IS NOT NULL AS rolled_back,
       to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS started_at
FROM {table}
ORDER BY {table}.started_at, id
