-- Nobody begins another batch of a migration's backfill. $1 is the history's schema, $2 the migration.
UPDATE _driveflow.backfills SET state = 'cancelled', updated_at = clock_timestamp()
WHERE schema = $1 AND migration = $2 AND state IN ('waiting', 'running', 'paused')
