UPDATE {table} SET rolled_back_at = clock_timestamp()
WHERE migration_name = {name} AND finished_at IS NULL AND rolled_back_at IS NULL;
INSERT INTO {table} (id, checksum, started_at, finished_at, migration_name)
SELECT {id}, {checksum}, coalesce(max(started_at), now()), coalesce(max(finished_at), now()), {name}
FROM {table} WHERE migration_name IN ({replaced}) AND finished_at IS NOT NULL AND rolled_back_at IS NULL
HAVING NOT EXISTS (
    SELECT FROM {table} WHERE migration_name = {name} AND finished_at IS NOT NULL AND rolled_back_at IS NULL
);
UPDATE {table} SET logs = (
    SELECT {header} || string_agg(
        concat_ws(
            ' ', checksum,
            CASE WHEN rolled_back_at IS NOT NULL THEN 'rolled-back' WHEN finished_at IS NULL THEN 'failed' ELSE 'applied' END,
            to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            coalesce(to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '-'),
            migration_name
        ) || coalesce(E'\n    ' || replace(trim(E'\n' FROM logs), E'\n', E'\n    '), ''),
        E'\n' ORDER BY started_at, id
    ) FROM {table} WHERE migration_name IN ({replaced})
) WHERE migration_name = {name} AND finished_at IS NOT NULL AND rolled_back_at IS NULL;
DELETE FROM {table} WHERE migration_name IN ({replaced});
