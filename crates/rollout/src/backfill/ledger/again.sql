-- Has all parts of a backfill begin anew.
WITH forgotten AS (
    DELETE FROM _driveflow.batches
    WHERE backfill IN (SELECT id FROM _driveflow.backfills WHERE schema = $1 AND migration = $2)
)
UPDATE _driveflow.backfills
SET state = 'waiting', cursor = NULL, upper = NULL, seen = 0, changed = 0, rate = NULL, rate_at = NULL,
    started_at = NULL, done_at = NULL, error = NULL, updated_at = clock_timestamp()
WHERE schema = $1 AND migration = $2
