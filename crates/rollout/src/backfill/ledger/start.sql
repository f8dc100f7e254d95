-- Begins a part, unless another worker has just done so. Its first batch, up to the lowest key, belongs to a worker that is
-- none, so that it is taken over like the batch of one that is gone; an empty table has none.
WITH started AS (
    UPDATE _driveflow.backfills
    SET state = CASE WHEN {upper} IS NULL THEN 'done' ELSE 'running' END,
        done_at = CASE WHEN {upper} IS NULL THEN clock_timestamp() END,
        relation = {relation}, key = {key}, cursor = {lowest}, upper = {upper}, total = {total},
        seen = 0, changed = 0, rate = NULL, rate_at = NULL,
        started_at = clock_timestamp(), updated_at = clock_timestamp(), error = NULL
    WHERE id = {id} AND state = 'waiting'
    RETURNING id, cursor
)
INSERT INTO _driveflow.batches (backfill, worker, after, upto, size)
SELECT id, 0, NULL, cursor, 1 FROM started WHERE cursor IS NOT NULL
