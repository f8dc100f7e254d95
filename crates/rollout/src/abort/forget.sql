-- What the ledger has of a migration's backfill goes. $1 is the history's schema, $2 the migration.
WITH gone AS (DELETE FROM _driveflow.backfills WHERE schema = $1 AND migration = $2 RETURNING id)
DELETE FROM _driveflow.batches WHERE backfill IN (SELECT id FROM gone)
