-- Says what is to become of the parts of a backfill that are in one of the states $3. One that nobody has begun is begun
-- when it is resumed.
UPDATE _driveflow.backfills
SET state = CASE WHEN $4 = 'running' AND started_at IS NULL THEN 'waiting' ELSE $4 END,
    updated_at = clock_timestamp(), rate = NULL, rate_at = NULL
WHERE schema = $1 AND migration = $2 AND state = ANY ($3::text[])
