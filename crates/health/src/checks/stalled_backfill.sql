-- Parts of backfills that are begun and not done, while no worker is connected: whether it stopped at an error, was killed, or
-- somebody pressed Ctrl-C. One that is paused is left so by somebody's own word.
SELECT
    format('%s, part %s', migration, part) AS "subject",
    (extract(epoch FROM clock_timestamp() - updated_at) / 60)::float8 AS "value",
    COALESCE('stopped by: ' || split_part(error, E'\n', 1), 'nobody is at it') AS "detail",
    format('cargo xtask backfill run %s', quote_ident(migration)) AS "advice"
FROM _driveflow.backfills
WHERE state = 'running'
    AND NOT EXISTS (
        SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'driveflow backfill'
    )
