-- A part of a backfill, known by the schema of its history, its migration and its number; one that does something else now,
-- or whose migration was applied anew, begins anew.
WITH entered AS (
    INSERT INTO _driveflow.backfills AS b (schema, migration, part, definition, attempt, state)
    VALUES ($1, $2, $3, $4, $5, 'waiting')
    ON CONFLICT (schema, migration, part) DO UPDATE
    SET definition = excluded.definition, attempt = excluded.attempt, state = 'waiting', relation = NULL, key = NULL, cursor = NULL, upper = NULL,
        seen = 0, changed = 0, total = NULL, rate = NULL, rate_at = NULL, started_at = NULL, done_at = NULL, error = NULL
    WHERE b.definition <> excluded.definition OR b.attempt IS DISTINCT FROM excluded.attempt
    RETURNING id, state, batch_size
), forgotten AS (
    DELETE FROM _driveflow.batches WHERE backfill IN (SELECT id FROM entered)
)
SELECT id, state, batch_size FROM entered
UNION ALL
SELECT id, state, batch_size FROM _driveflow.backfills
WHERE schema = $1 AND migration = $2 AND part = $3 AND NOT EXISTS (SELECT FROM entered)
